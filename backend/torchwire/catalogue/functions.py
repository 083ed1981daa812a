"""The functions and tensor methods of the catalogue: one entry each, in one place.

An entry is a name; what it takes is read from torch. A name is looked up in ours, then torch.nn.functional, then torch,
then Tensor. `CODE` holds the entries that are written in another way than as a call by keywords.
"""

from __future__ import annotations

from torchwire.catalogue.layer import Param, Port

FUNCTIONS: dict[str, str] = {
    "Arithmetic": """add sub mul div pow neg abs sign square sqrt rsqrt reciprocal exp expm1 log log1p log2 log10 floor
        ceil round clamp maximum minimum remainder sin cos tan asin acos atan sinh cosh erf lerp addcmul""",
    "Comparison": "eq ne lt le gt ge logical_and logical_or logical_not logical_xor isnan isinf isfinite where",
    "Matrices": "matmul bmm mm mv dot outer einsum addmm baddbmm t linear bilinear",
    "Joining": "cat stack split chunk unbind",
    "Shape": """getitem view reshape flatten unflatten squeeze unsqueeze permute transpose movedim expand expand_as
        repeat repeat_interleave tile roll flip contiguous narrow swapaxes broadcast_to diagonal clone detach""",
    "Indexing": "gather index_select masked_fill take_along_dim scatter tril triu one_hot",
    "Making": "arange linspace zeros ones full eye zeros_like ones_like full_like rand_like randn_like randint_like",
    "Reduction": """sum mean max min amax amin argmax argmin var std norm prod cumsum cumprod topk sort argsort all any
        logsumexp median softmax log_softmax softmin""",
    "Activations": """relu relu6 gelu silu leaky_relu elu selu celu prelu mish hardtanh hardswish hardsigmoid hardshrink
        softshrink tanhshrink softplus softsign threshold glu rrelu sigmoid tanh logsigmoid gumbel_softmax""",
    "Dropout": "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout",
    "Normalisation": "normalize layer_norm batch_norm group_norm instance_norm rms_norm local_response_norm",
    "Pooling": """max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d
        adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d lp_pool1d
        lp_pool2d lp_pool3d""",
    "Convolution": """conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d unfold fold""",
    "Resampling": "interpolate pad pixel_shuffle pixel_unshuffle channel_shuffle grid_sample affine_grid",
    "Embedding": "embedding embedding_bag",
    "Attention": "scaled_dot_product_attention",
    "Distances": "cosine_similarity pairwise_distance cdist",
    "Losses": """mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy
        binary_cross_entropy_with_logits kl_div""",
    "Casting": "float double half bfloat16 int long short bool to",
}

_OPERATORS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "pow": "**",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
}
_OPERATORS |= {"gt": ">", "ge": ">="}

CODE: dict[str, str] = {name: f"input {sign} other" for name, sign in _OPERATORS.items()}
CODE["pow"] = "input ** exponent"
CODE |= {name: f"input.{name}()" for name in "float double half bfloat16 int long short bool contiguous".split()}
CODE |= {
    "getitem": "input[index]",
    "view": "input.view(shape)",
    "expand": "input.expand(size)",
    "expand_as": "input.expand_as(other)",
    "repeat": "input.repeat(repeats)",
    "einsum": "torch.einsum(equation, *operands)",
    "to": "input.to(dtype)",
}

_NUMBER = "number"
_BOTH = (Port("input"), Port("other"))


def _operator(second: str) -> tuple[tuple[Param, ...], tuple[Port, ...]]:
    """A number may stand on either side."""
    params = (Param("input", _NUMBER), Param(second, _NUMBER))
    return params, (Port("input"), Port(second))


SIGNATURES: dict[str, tuple[tuple[Param, ...], tuple[Port, ...]]] = {
    **{name: _operator("exponent" if name == "pow" else "other") for name in _OPERATORS},
    **{name: ((), (Port("input"),)) for name in "float double half bfloat16 int long short bool contiguous".split()},
    "getitem": ((Param("index", "index", required=True),), (Port("input"), Port("index", optional=True))),
    "view": ((Param("shape", "ints", required=True, summary="sizes; one may be -1"),), (Port("input"),)),
    "expand": ((Param("size", "ints", required=True, min=-1),), (Port("input"),)),
    "expand_as": ((), _BOTH),
    "repeat": ((Param("repeats", "ints", required=True, min=0),), (Port("input"),)),
    "einsum": ((Param("equation", "string", required=True),), (Port("operands", many=True),)),
    "to": ((Param("dtype", "dtype", required=True),), (Port("input"),)),
}
"""What the entries of CODE take, since no signature of torch's says it."""

LISTS = frozenset("split chunk unbind".split())
"""Functions that give a list: their outputs are numbered by the run."""

OUTPUTS: dict[str, tuple[str, ...]] = {
    "topk": ("values", "indices"),
    "sort": ("values", "indices"),
    "median": ("values", "indices"),
    "max": ("values", "indices"),
    "min": ("values", "indices"),
}
"""Outputs of functions that give several; with a single result the port is `output`."""
