"""What torch.nn.functional computes with weights that come over wires, or without any."""

from __future__ import annotations

from torchwire.catalogue.functions.entry import INPUT, Function, family
from torchwire.catalogue.layer import Param, Port

_DIM = Param("dim", "int", nullable=True, summary="the dimension that sums to 1")

_ACTIVATIONS = (
    Function("relu", "keeps what is positive", "rectifier"),
    Function("relu6", "keeps what lies between 0 and 6"),
    Function("gelu", "smooth relu, as transformers use it"),
    Function("silu", "the value times its sigmoid", "swish"),
    Function("mish", "smooth relu by tanh and softplus"),
    Function("leaky_relu", "relu with a small slope for negative values"),
    Function("prelu", "relu with a learned slope for negative values"),
    Function("rrelu", "relu with a random slope while training"),
    Function("elu", "relu that bends to -alpha"),
    Function("selu", "elu that keeps mean and variance"),
    Function("celu", "elu with a smooth slope"),
    Function("glu", "one half gated by the sigmoid of the other", "gate"),
    Function("sigmoid", "squeezes values between 0 and 1", "logistic, gate", code="torch.sigmoid"),
    Function("tanh", "squeezes values between -1 and 1", code="torch.tanh"),
    Function("logsigmoid", "logarithm of the sigmoid", reads="log_sigmoid"),
    Function("hardtanh", "cuts values at -1 and 1"),
    Function("hardswish", "silu from straight pieces"),
    Function("hardsigmoid", "sigmoid from straight pieces"),
    Function("softplus", "smooth relu that is never 0"),
    Function("softsign", "the value divided by 1 plus its size"),
    Function("tanhshrink", "the value minus its tanh"),
    Function("hardshrink", "zero near 0, else the value"),
    Function("softshrink", "moves values towards 0"),
    Function("threshold", "replaces values up to a threshold"),
    Function(
        "softmax",
        "positive values that sum to 1",
        "probabilities, attention",
        params=(_DIM, Param("dtype", "dtype", nullable=True)),
    ),
    Function(
        "log_softmax",
        "logarithm of softmax",
        "log probabilities",
        params=(_DIM, Param("dtype", "dtype", nullable=True)),
    ),
    Function("softmin", "softmax of the negative values", params=(_DIM, Param("dtype", "dtype", nullable=True))),
    Function("gumbel_softmax", "a random choice that gradients can pass", drops="eps"),
)

_DROPOUT = (
    Function("dropout", "zeroes values at random while training", "regularisation"),
    Function("dropout1d", "zeroes whole channels of sequences while training"),
    Function("dropout2d", "zeroes whole feature maps while training"),
    Function("dropout3d", "zeroes whole channels of volumes while training"),
    Function("alpha_dropout", "dropout that keeps mean and variance, for selu"),
    Function("feature_alpha_dropout", "alpha dropout of whole channels"),
)

_NORMALISATION = (
    Function("normalize", "divides by the length, so that it is 1", "unit vector, l2"),
    Function("layer_norm", "normalises over the last dimensions", "ln"),
    Function(
        "batch_norm",
        "normalises each channel over the batch",
        "bn",
        code="F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)",
        ports=(
            INPUT,
            Port("running_mean", optional=True),
            Port("running_var", optional=True),
            Port("weight", optional=True),
            Port("bias", optional=True),
        ),
    ),
    Function("instance_norm", "normalises each channel of each sample"),
    Function("group_norm", "normalises groups of channels of each sample", "gn"),
    Function("rms_norm", "divides by the root of the mean square", "llama"),
    Function(
        "local_response_norm",
        "normalises over neighbouring channels",
        "lrn",
        params=(Param("size", "int", required=True, min=1),),
    ),
)


_KERNEL = Param("kernel_size", "int_or_ints", required=True, min=1)
_STRIDE = Param("stride", "int_or_ints", nullable=True, min=1, summary="left out: kernel_size")
_WINDOWS = (_KERNEL, _STRIDE, Param("padding", "int_or_ints", 0, min=0))


def _min_pool(n: int, what: str, also: str) -> Function:
    code = f"-F.max_pool{n}d(-input, kernel_size, stride, padding, dilation, ceil_mode)"
    return Function(
        f"min_pool{n}d",
        f"smallest value of each window of {what}",
        also,
        code=code,
        reads=f"max_pool{n}d",
        params=_WINDOWS,
        drops="return_indices",
    )


_OUT = Param("output_size", "int_or_ints", required=True, min=0)

_POOLING = (
    Function("max_pool1d", "largest value of each window of sequences", "subsample", params=_WINDOWS),
    Function("max_pool2d", "largest value of each window of images", "subsample, downsample", params=_WINDOWS),
    Function("max_pool3d", "largest value of each window of volumes", "subsample", params=_WINDOWS),
    _min_pool(1, "sequences", "minimum pooling"),
    _min_pool(2, "images", "minimum pooling, erosion"),
    _min_pool(3, "volumes", "minimum pooling"),
    Function("avg_pool1d", "average of each window of sequences", "subsample", params=_WINDOWS),
    Function("avg_pool2d", "average of each window of images", "subsample, downsample", params=_WINDOWS),
    Function("avg_pool3d", "average of each window of volumes", "subsample", params=_WINDOWS),
    Function("lp_pool1d", "power average of each window of sequences", params=(_STRIDE,)),
    Function("lp_pool2d", "power average of each window of images", params=(_STRIDE,)),
    Function("lp_pool3d", "power average of each window of volumes", params=(_STRIDE,)),
    *(
        Function(
            f"adaptive_{kind}_pool{n}d",
            f"{word} of windows, to a given size of {what}",
            "global pooling" if kind == "max" else "global average pooling",
            params=(_OUT,),
        )
        for kind, word in (("avg", "average"), ("max", "largest value"))
        for n, what in ((1, "sequences"), (2, "images"), (3, "volumes"))
    ),
    *(
        Function(
            f"max_unpool{n}d",
            f"puts the largest values of {what} back in place",
            "upsample",
            params=(
                Param("output_size", "ints", nullable=True),
                Param("kernel_size", "int_or_ints", required=True),
                _STRIDE,
                Param("padding", "int_or_ints", 0),
            ),
        )
        for n, what in ((1, "sequences"), (2, "images"), (3, "volumes"))
    ),
)

_KERNELS = (INPUT, Port("weight"), Port("bias", optional=True))


def _conv(n: int, what: str) -> Function:
    padding = Param("padding", "int_or_ints", 0, min=0, choices=("same", "valid"))
    return Function(
        f"conv{n}d", f"slides kernels from a wire over {what}", "convolution, cnn", params=(padding,), ports=_KERNELS
    )


_CONVOLUTION = (
    _conv(1, "sequences"),
    _conv(2, "images"),
    _conv(3, "volumes"),
    *(
        Function(
            f"conv_transpose{n}d",
            f"transposed convolution of {what}, kernels from a wire",
            "deconvolution, upconv, upsample",
            ports=_KERNELS,
        )
        for n, what in ((1, "sequences"), (2, "images"), (3, "volumes"))
    ),
    Function("unfold", "takes the windows of images out as columns", "im2col, patches"),
    Function("fold", "puts windows back into images and adds them up", "col2im, patches"),
)

_RESAMPLING = (
    Function(
        "interpolate",
        "makes images larger or smaller",
        "upsample, resize, scale, downsample",
        params=(
            Param("size", "int_or_ints", nullable=True, min=1),
            Param("scale_factor", "float_or_floats", nullable=True),
            Param(
                "mode",
                "choice",
                "nearest",
                choices=("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"),
            ),
        ),
    ),
    Function(
        "pad",
        "adds a border",
        "padding, border, margin",
        params=(
            Param("pad", "ints", required=True, summary="pairs, the last dimension first; negative crops"),
            Param("mode", "choice", "constant", choices=("constant", "reflect", "replicate", "circular")),
        ),
    ),
    Function("pixel_shuffle", "makes larger images of channels", "upsample, super resolution"),
    Function("pixel_unshuffle", "makes channels of pixels", "downsample, space to depth"),
    Function("channel_shuffle", "mixes groups of channels"),
    Function(
        "grid_sample",
        "takes pixels at given positions",
        "warp, spatial transformer",
        params=(
            Param("mode", "choice", "bilinear", choices=("bilinear", "nearest", "bicubic")),
            Param("padding_mode", "choice", "zeros", choices=("zeros", "border", "reflection")),
        ),
    ),
    Function(
        "affine_grid",
        "sampling positions of a rotated, scaled or moved image",
        "spatial transformer",
        params=(Param("size", "ints", required=True, min=1),),
    ),
)

# max_norm rewrites the wired table in place
_RENORM = "max_norm norm_type"

_EMBEDDING = (
    Function("embedding", "looks up a row of a table per number", "lookup, token", drops=_RENORM),
    Function(
        "embedding_bag",
        "sums or averages rows of a table",
        "lookup",
        drops=_RENORM,
        params=(Param("mode", "choice", "mean", choices=("sum", "mean", "max")),),
    ),
)

_ATTENTION = (
    Function(
        "scaled_dot_product_attention",
        "lets queries look at keys and take their values",
        "sdpa, attention, attn, flash, transformer",
        params=(
            Param("dropout_p", "float", 0.0, min=0, max=1, summary="applies in eval too; write p if training else 0.0"),
        ),
    ),
)

LAYERS = (
    *family("Activations", _ACTIVATIONS),
    *family("Dropout", _DROPOUT),
    *family("Normalisation", _NORMALISATION),
    *family("Pooling", _POOLING),
    *family("Convolution", _CONVOLUTION),
    *family("Resampling", _RESAMPLING),
    *family("Embedding", _EMBEDDING),
    *family("Attention", _ATTENTION),
)
