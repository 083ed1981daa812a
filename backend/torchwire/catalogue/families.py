"""Families of the torch.nn classes, their outputs, search words, and what is left out and why."""

from __future__ import annotations

from torchwire.catalogue.layer import Port

EXCLUDED: dict[str, str] = {
    "Module": "the abstract base of all layers",
    "RNNBase": "the abstract base of RNN, LSTM and GRU",
    "RNNCellBase": "the abstract base of RNNCell, LSTMCell and GRUCell",
    "Container": "a deprecated alias of Module",
    "Sequential": "layers in a row are nodes on wires, and blocks hold them",
    "ModuleList": "blocks and `repeat` replace it",
    "ModuleDict": "blocks replace it",
    "ParameterList": "Parameter nodes replace it",
    "ParameterDict": "Parameter nodes replace it",
    "DataParallel": "it spreads a network over GPUs; it is no layer",
    "NLLLoss2d": "a deprecated alias of NLLLoss",
}

NOT_LAYERS = frozenset("Parameter Buffer UninitializedParameter UninitializedBuffer LinearCrossEntropyOptions".split())
"""Public classes of torch.nn that are no modules."""

# the first prefix that fits decides
FAMILIES: tuple[tuple[str, str], ...] = (
    ("LinearCrossEntropy", "Losses"),
    ("AdaptiveLogSoftmax", "Losses"),
    ("Conv Unfold Fold", "Convolution"),
    ("Linear Bilinear Identity", "Linear"),
    ("Embedding", "Embedding"),
    ("RNN LSTM GRU", "Recurrent"),
    ("Transformer MultiheadAttention", "Attention"),
    ("MaxPool MaxUnpool AvgPool AdaptiveAvg AdaptiveMax FractionalMax LPPool", "Pooling"),
    ("BatchNorm InstanceNorm LayerNorm GroupNorm RMSNorm SyncBatchNorm LocalResponse CrossMapLRN", "Normalisation"),
    ("Dropout AlphaDropout FeatureAlpha", "Dropout"),
    ("CosineSimilarity PairwiseDistance", "Distances"),
    ("Upsampl PixelShuffle PixelUnshuffle ChannelShuffle", "Resampling"),
    ("ConstantPad ReflectionPad ReplicationPad CircularPad ZeroPad", "Padding"),
    ("Flatten Unflatten", "Shape"),
)


def family_of(name: str) -> str:
    if name.endswith("Loss"):
        return "Losses"
    for prefixes, family in FAMILIES:
        if name.startswith(tuple(prefixes.split())):
            return family
    return "Activations"


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

INFERRED: dict[str, frozenset[str]] = {
    "in_features": frozenset(),
    "in1_features": frozenset(),
    "in2_features": frozenset(),
    "in_channels": frozenset(),
    "num_features": frozenset(),
    "num_channels": frozenset(),
    "input_size": frozenset(),
    "normalized_shape": frozenset(),
    "embed_dim": frozenset(),
    "d_model": frozenset(),
}
"""Parameters that the input decides."""

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
    "cat": ("concat", "concatenate", "join"),
    "add": ("plus", "+", "residual", "skip"),
    "sub": ("minus", "-"),
    "mul": ("times", "*", "multiply"),
    "div": ("divide", "/"),
    "matmul": ("@", "dot", "product"),
    "getitem": ("slice", "index", "select"),
    "where": ("if", "choose"),
    "Input": ("data", "placeholder"),
    "Output": ("return", "result"),
    "Parameter": ("weight", "learnable"),
    "Constant": ("buffer",),
    "min_pool2d": ("minimum pooling", "erosion"),
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

SUMMARIES: dict[str, str] = {
    "Linear": "connects every input to every output",
    "Conv1d": "slides kernels over sequences and signals",
    "Conv2d": "slides kernels over images",
    "Conv3d": "slides kernels over volumes and video",
    "Embedding": "looks up a row per token",
    "LSTM": "remembers over time",
    "GRU": "remembers over time with a lighter memory",
    "RNN": "carries a state over time",
    "MultiheadAttention": "lets tokens look at tokens",
    "BatchNorm2d": "normalises each channel over the batch",
    "LayerNorm": "normalises each sample over its features",
    "Dropout": "zeroes values at random while training",
    "MaxPool2d": "keeps the largest value of each window",
    "AvgPool2d": "averages each window",
    "ReLU": "keeps what is positive",
    "Flatten": "makes one long row of each sample",
    "CrossEntropyLoss": "compares class scores with the right class",
    "MSELoss": "averages the squared differences",
}
"""Plain words where torch's first sentence is for experts."""
