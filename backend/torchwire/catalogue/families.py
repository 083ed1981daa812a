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
    "Linear": (
        *("fc", "dense", "fully connected", "affine", "perceptron", "projection"),
        *("mlp", "ffn", "feed forward", "hidden layer", "classifier", "head"),
    ),
    "Bilinear": ("outer product", "interaction"),
    "Identity": ("nothing", "pass through", "no-op"),
    "Conv1d": ("convolution", "cnn"),
    "Conv2d": ("convolution", "cnn", "depthwise", "separable", "filter", "image"),
    "Conv3d": ("convolution", "cnn"),
    "ConvTranspose1d": ("deconvolution", "transposed convolution"),
    "ConvTranspose2d": ("deconvolution", "upconv", "transposed convolution"),
    "ConvTranspose3d": ("deconvolution", "transposed convolution"),
    "Unfold": ("im2col", "patches"),
    "Fold": ("col2im", "patches"),
    "MaxPool1d": ("pool", "subsample", "downsample"),
    "MaxPool2d": ("pool", "subsample", "downsample"),
    "MaxPool3d": ("pool", "subsample", "downsample"),
    "AvgPool1d": ("pool", "average pooling", "mean pooling"),
    "AvgPool2d": ("pool", "average pooling", "mean pooling", "subsample"),
    "AvgPool3d": ("pool", "average pooling", "mean pooling"),
    "AdaptiveAvgPool1d": ("global average pooling", "gap"),
    "AdaptiveAvgPool2d": ("global average pooling", "gap"),
    "AdaptiveMaxPool2d": ("global max pooling",),
    "MaxUnpool2d": ("unpooling",),
    "ReLU": ("rectifier", "activation", "nonlinearity"),
    "LeakyReLU": ("leaky rectifier",),
    "PReLU": ("parametric relu", "learned slope"),
    "GELU": ("gaussian error linear unit",),
    "SiLU": ("swish",),
    "Sigmoid": ("logistic", "squash"),
    "Tanh": ("hyperbolic tangent", "squash"),
    "Hardtanh": ("clip", "clamp"),
    "Softmax": ("probabilities", "normalised exponential"),
    "GLU": ("gate", "gated linear unit"),
    "BatchNorm1d": ("bn", "batch normalization"),
    "BatchNorm2d": ("bn", "batch normalization", "norm"),
    "BatchNorm3d": ("bn", "batch normalization"),
    "InstanceNorm2d": ("style transfer", "instance normalization"),
    "LayerNorm": ("ln", "layer normalization", "norm"),
    "GroupNorm": ("gn", "group normalization"),
    "RMSNorm": ("root mean square", "llama"),
    "LocalResponseNorm": ("lrn", "alexnet"),
    "Dropout": ("drop", "regularisation", "regularization"),
    "Dropout2d": ("spatial dropout", "channel dropout"),
    "RNN": ("recurrent", "elman"),
    "LSTM": ("recurrent", "memory"),
    "GRU": ("recurrent", "gated"),
    "MultiheadAttention": ("attention", "attn", "self-attention", "mha", "cross-attention"),
    "Transformer": ("encoder decoder", "translation"),
    "TransformerEncoder": ("bert",),
    "TransformerEncoderLayer": ("self-attention", "feed forward", "bert", "encoder block"),
    "TransformerDecoderLayer": ("cross-attention", "decoder block"),
    "Embedding": ("lookup", "token", "word vector", "text"),
    "EmbeddingBag": ("bag of words", "lookup"),
    "CosineSimilarity": ("angle", "similarity"),
    "PairwiseDistance": ("euclidean", "l2 distance"),
    "Upsample": ("resize", "interpolate", "enlarge"),
    "PixelShuffle": ("sub-pixel", "super resolution", "depth to space"),
    "PixelUnshuffle": ("space to depth",),
    "ZeroPad2d": ("border", "padding"),
    "ConstantPad2d": ("border", "padding"),
    "ReflectionPad2d": ("mirror", "border"),
    "ReplicationPad2d": ("edge", "border"),
    "CircularPad2d": ("wrap", "periodic"),
    "Flatten": ("reshape", "vector"),
    "Unflatten": ("reshape", "split dimension"),
    "CrossEntropyLoss": ("loss", "softmax loss", "log loss", "classification"),
    "NLLLoss": ("negative log likelihood", "classification"),
    "BCELoss": ("binary cross entropy",),
    "BCEWithLogitsLoss": ("binary cross entropy", "sigmoid loss"),
    "MSELoss": ("loss", "mean squared error", "l2", "regression"),
    "L1Loss": ("mean absolute error", "mae", "regression"),
    "HuberLoss": ("robust regression",),
    "KLDivLoss": ("kullback-leibler", "relative entropy"),
    "CTCLoss": ("speech", "alignment"),
    "TripletMarginLoss": ("metric learning", "siamese"),
    "CosineEmbeddingLoss": ("siamese", "similarity"),
    "spectral_norm": ("gan", "lipschitz"),
    "Input": ("data", "placeholder"),
    "Output": ("return", "result"),
    "Parameter": ("weight", "learnable"),
    "Constant": ("buffer",),
}
"""Other words for the same thing."""

WORDS: dict[str, str] = {
    "dtype": "the dtype of the weights; float32 where it is left out",
    "num_features": "the number of channels of the input",
    "normalized_shape": "the sizes of the last dimensions, over which it normalises",
    "track_running_stats": "keeps a running mean and variance for eval mode",
    "output_size": "the size of the output",
    "num_classes": "the number of classes",
    "padding_idx": "the row that stands for padding and is not learned",
    "sparse": "makes the weight's gradient a sparse tensor",
    "label_smoothing": "how much of the right answer is spread over all classes",
}
"""What parameters of classes mean, where torch's docstrings say it in formulas or not at all."""

LABELS: dict[str, str] = {
    "input": "prediction",
    "target": "what it should have been",
    "log_input": "prediction (log of the rate)",
    "log_probs": "prediction (log probabilities)",
    "targets": "what it should have been",
    "anchor": "anchor",
    "input1": "first",
    "input2": "second",
    "var": "predicted variance",
    "input_lengths": "lengths of the predictions",
    "target_lengths": "lengths of what it should have been",
    "positive": "similar to the anchor",
    "negative": "unlike the anchor",
}
"""Friendlier words for the ports of losses."""
