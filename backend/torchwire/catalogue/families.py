"""Outputs, inferred parameters and search words of the catalogue's types: what torch's signatures do not say."""

from __future__ import annotations

from torchwire.catalogue.layer import Port

_RECURRENT = (Port("output"), Port("h_n"))
OUTPUTS: dict[str, tuple[Port, ...]] = {
    "LSTM": (*_RECURRENT, Port("c_n")),
    "GRU": _RECURRENT,
    "RNN": _RECURRENT,
    "LSTMCell": (Port("h_1"), Port("c_1")),
    "MultiheadAttention": (Port("attn_output"), Port("attn_output_weights", when={"need_weights": True})),
    "AdaptiveLogSoftmaxWithLoss": (Port("output"), Port("loss")),
}
"""Outputs by torch's documentation, where there are several."""

INFERRED = frozenset(
    """in_features in1_features in2_features in_channels num_features num_channels input_size normalized_shape embed_dim
    d_model""".split()
)
"""Parameters that the input decides. Where torch has a default too (Transformer's d_model), the input comes first."""

ALIASES: dict[str, tuple[str, ...]] = {
    "Linear": ("fc", "dense", "fully connected", "affine", "perceptron"),
    "Conv1d": ("convolution", "cnn"),
    "Conv2d": ("convolution", "cnn"),
    "Conv3d": ("convolution", "cnn"),
    "ConvTranspose2d": ("deconvolution", "upconv", "transposed convolution"),
    "Embedding": ("lookup", "token", "word vector"),
    "LSTM": ("recurrent", "memory"),
    "GRU": ("recurrent",),
    "BatchNorm1d": ("bn", "batch normalization"),
    "BatchNorm2d": ("bn", "batch normalization"),
    "LayerNorm": ("ln", "layer normalization"),
    "MultiheadAttention": ("self-attention", "mha"),
    "Dropout": ("drop", "regularisation"),
    "MaxPool2d": ("pool", "subsample", "downsample"),
    "AvgPool2d": ("pool", "average pooling", "subsample"),
    "AdaptiveAvgPool2d": ("global average pooling", "gap"),
    "ReLU": ("rectifier", "activation"),
    "SiLU": ("swish",),
    "CrossEntropyLoss": ("softmax loss", "log loss"),
    "MSELoss": ("mean squared error", "l2"),
    "L1Loss": ("mean absolute error", "mae"),
    "Upsample": ("resize", "interpolate"),
    "Flatten": ("reshape",),
    "Input": ("data", "placeholder"),
    "Output": ("return", "result"),
    "Parameter": ("weight", "learnable"),
    "Constant": ("buffer",),
}
"""Other words for the same thing."""

LABELS: dict[str, str] = {
    "input": "prediction",
    "target": "what it should have been",
    "log_input": "prediction (log of the rate)",
    "log_probs": "prediction (log probabilities)",
    "targets": "what it should have been",
    "anchor": "anchor",
    "positive": "similar to the anchor",
    "negative": "unlike the anchor",
}
"""Friendlier words for the ports of losses."""
