"""Bounds and choices of the parameters of torch.nn's classes: what torch checks when it constructs or runs them.

Every number here was measured: at it the layer runs on some input, beyond it torch 2.13 raises on every input
(tests/catalogue/test_module_bounds.py). What torch lets pass has no bound, sensible or not: a MaxUnpool2d takes a
negative padding, a momentum may be anything. Bounds are inclusive; where torch wants "greater than 0" of a float
(HuberLoss's delta, scale_factor) it says so itself.
"""

from __future__ import annotations

from dataclasses import replace

from torchwire.catalogue.layer import Param

_CONVOLUTIONS = "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d"
_POOLS = "MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d"
_LP_POOLS = "LPPool1d LPPool2d LPPool3d"
_DROPOUTS = "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
_BATCH_NORMS = "BatchNorm1d BatchNorm2d BatchNorm3d"
_INSTANCE_NORMS = "InstanceNorm1d InstanceNorm2d InstanceNorm3d"
_RECURRENT = "RNN LSTM GRU"
_CELLS = "RNNCell LSTMCell GRUCell"
_TRANSFORMER_LAYERS = "TransformerEncoderLayer TransformerDecoderLayer"
_TRANSFORMERS = f"Transformer {_TRANSFORMER_LAYERS}"
_ADAPTIVE = " ".join(f"Adaptive{kind}Pool{dims}d" for kind in ("Avg", "Max") for dims in (1, 2, 3))
_FRACTIONAL = "FractionalMaxPool2d FractionalMaxPool3d"

# (parameter, classes, smallest, largest)
_ROWS: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("in_features", "Linear AdaptiveLogSoftmaxWithLoss LinearCrossEntropyLoss", 0, None),
    ("out_features", "Linear Bilinear LinearCrossEntropyLoss", 0, None),
    ("in1_features", "Bilinear", 1, None),
    ("in2_features", "Bilinear", 1, None),
    ("in_channels", "Conv1d Conv2d Conv3d", 0, None),
    ("in_channels", "ConvTranspose1d ConvTranspose2d ConvTranspose3d", 1, None),
    ("out_channels", _CONVOLUTIONS, 1, None),
    ("kernel_size", f"{_CONVOLUTIONS} {_POOLS} {_LP_POOLS} FractionalMaxPool3d MaxUnpool3d Fold Unfold", 1, None),
    ("stride", f"{_CONVOLUTIONS} {_POOLS} {_LP_POOLS} MaxUnpool3d Fold Unfold", 1, None),
    ("dilation", f"{_CONVOLUTIONS} MaxPool1d MaxPool2d MaxPool3d Fold Unfold", 1, None),
    ("padding", f"{_CONVOLUTIONS} {_POOLS} Fold Unfold", 0, None),
    ("output_padding", "ConvTranspose1d ConvTranspose2d ConvTranspose3d", 0, None),
    ("groups", f"{_CONVOLUTIONS} ChannelShuffle", 1, None),
    ("output_size", f"{_ADAPTIVE} {_FRACTIONAL}", 0, None),
    ("output_size", "Fold", 1, None),
    ("num_features", f"{_BATCH_NORMS} {_INSTANCE_NORMS}", 0, None),
    ("num_features", "SyncBatchNorm", 1, None),
    ("eps", f"{_BATCH_NORMS} SyncBatchNorm CosineSimilarity", 0, None),
    ("num_groups", "GroupNorm", 1, None),
    ("num_channels", "GroupNorm", 0, None),
    ("normalized_shape", "LayerNorm RMSNorm", 0, None),
    ("size", "LocalResponseNorm Upsample UpsamplingNearest2d UpsamplingBilinear2d", 1, None),
    ("p", _DROPOUTS, 0, 1),
    ("input_size", _RECURRENT, 1, None),
    ("hidden_size", _RECURRENT, 1, None),
    ("num_layers", f"{_RECURRENT} TransformerEncoder TransformerDecoder", 1, None),
    ("dropout", f"{_RECURRENT} {_TRANSFORMERS}", 0, 1),
    ("proj_size", "LSTM", 0, None),
    ("input_size", _CELLS, 0, None),
    ("hidden_size", _CELLS, 0, None),
    ("embed_dim", "MultiheadAttention", 1, None),
    ("num_heads", "MultiheadAttention", 1, None),
    ("kdim", "MultiheadAttention", 0, None),
    ("vdim", "MultiheadAttention", 0, None),
    ("d_model", _TRANSFORMERS, 1, None),
    ("nhead", _TRANSFORMERS, 1, None),
    ("dim_feedforward", _TRANSFORMERS, 0, None),
    ("num_encoder_layers", "Transformer", 1, None),
    ("num_decoder_layers", "Transformer", 1, None),
    ("num_embeddings", "Embedding EmbeddingBag", 0, None),
    ("embedding_dim", "Embedding EmbeddingBag", 0, None),
    ("num_parameters", "PReLU", 0, None),
    ("lambd", "Softshrink", 0, None),
    ("upscale_factor", "PixelShuffle", 1, None),
    ("downscale_factor", "PixelUnshuffle", 1, None),
    ("unflattened_size", "Unflatten", -1, None),
    ("blank", "CTCLoss", 0, None),
    ("beta", "SmoothL1Loss", 0, None),
    ("label_smoothing", "CrossEntropyLoss", None, 1),
    ("label_smoothing", "LinearCrossEntropyLoss", 0, 1),
    ("num_classes", "LinearCrossEntropyLoss", 0, None),
    ("n_classes", "AdaptiveLogSoftmaxWithLoss", 2, None),
    ("cutoffs", "AdaptiveLogSoftmaxWithLoss", 1, None),
    ("n_power_iterations", "spectral_norm", 1, None),
)
BOUNDS: dict[tuple[str, str], tuple[float | None, float | None]] = {
    (layer, name): (low, high) for name, layers, low, high in _ROWS for layer in layers.split()
}
"""(class, parameter) -> (smallest, largest)."""

_REDUCTIONS = ("none", "mean", "sum")
CHOICES: dict[tuple[str, str], tuple[object, ...]] = {
    **{
        (f"Conv{dims}d", name): choices
        for dims in (1, 2, 3)
        for name, choices in (
            ("padding", ("same", "valid")),
            ("padding_mode", ("zeros", "reflect", "replicate", "circular")),
        )
    },
    **{(f"ConvTranspose{dims}d", "padding_mode"): ("zeros",) for dims in (1, 2, 3)},
    **{(layer, "nonlinearity"): ("tanh", "relu") for layer in ("RNN", "RNNCell")},
    **{(layer, "activation"): ("relu", "gelu") for layer in _TRANSFORMERS.split()},
    ("KLDivLoss", "reduction"): ("none", "batchmean", "sum", "mean"),
    ("MultiMarginLoss", "p"): (1, 2),
    ("GELU", "approximate"): ("none", "tanh"),
    ("EmbeddingBag", "mode"): ("mean", "sum", "max"),
    ("Upsample", "mode"): ("nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"),
}
"""(class, parameter) -> the words or numbers that it takes; `reduction` is the same for all losses but one."""


def bounded_module(layer: str, param: Param) -> Param:
    """The constructor's parameter with its bounds and choices."""
    low, high = BOUNDS.get((layer, param.name), (None, None))
    choices = CHOICES.get((layer, param.name))
    if choices is None and param.name == "reduction":
        choices = _REDUCTIONS
    kind = "choice" if choices is not None and param.kind in ("string", "any", "choice") else param.kind
    return replace(param, kind=kind, min=low, max=high, choices=choices)
