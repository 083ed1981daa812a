"""Cases of torchwire.catalogue.functions.layers."""

# ruff: noqa: B008  (a loop binds its function in a default)

from __future__ import annotations

import torch
import torch.nn.functional as F
from tests.engine.cases.tools import IMAGE, X, b, case, n, r, u

# -- activations -----------------------------------------------------------------------------------------------------

for (
    _name
) in """relu relu6 gelu silu mish leaky_relu elu selu celu glu logsigmoid hardtanh hardswish hardsigmoid softplus
    softsign tanhshrink hardshrink softshrink""".split():
    case(_name, lambda input, _f=getattr(F, _name): _f(input), input=X)
case("sigmoid", torch.sigmoid, input=X)
case("tanh", torch.tanh, input=X)
case("gelu", lambda input: F.gelu(input, approximate="tanh"), {"approximate": "tanh"}, input=X)
case("leaky_relu", lambda input: F.leaky_relu(input, 0.2), {"negative_slope": 0.2}, input=X)
case("prelu", F.prelu, input=X, weight=torch.tensor([0.25]))
case("rrelu", lambda input: F.rrelu(input, training=False), input=X)
case("rrelu", lambda input: F.rrelu(input, training=True), training=True, input=X)
case("elu", lambda input: F.elu(input, 2.0), {"alpha": 2}, input=X)
case("celu", lambda input: F.celu(input, 2.0), {"alpha": 2}, input=X)
case("glu", lambda input: F.glu(input, 0), {"dim": 0}, input=X)
case("hardtanh", lambda input: F.hardtanh(input, -2.0, 0.5), {"min_val": -2, "max_val": 0.5}, input=X)
case("softplus", lambda input: F.softplus(input, 2, 3), {"beta": 2, "threshold": 3}, input=X)
case("hardshrink", lambda input: F.hardshrink(input, 1), {"lambd": 1}, input=X)
case("threshold", lambda input: F.threshold(input, 0.1, -7), {"threshold": 0.1, "value": -7}, input=X)
for _name in "softmax log_softmax softmin".split():
    case(_name, lambda input, _f=getattr(F, _name): _f(input, dim=-1), {"dim": -1}, input=X)
    case(
        _name,
        lambda input, _f=getattr(F, _name): _f(input, dim=1, dtype=torch.float64),
        {"dim": 1, "dtype": "float64"},
        input=X,
    )
case("gumbel_softmax", lambda logits: F.gumbel_softmax(logits, tau=0.5, dim=1), {"tau": 0.5, "dim": 1}, logits=X)
case("gumbel_softmax", lambda logits: F.gumbel_softmax(logits, hard=True), {"hard": True}, logits=X)

# -- dropout ---------------------------------------------------------------------------------------------------------

for _name, _shape in {
    "dropout": (2, 3, 4),
    "dropout1d": (2, 3, 4),
    "dropout2d": (2, 3, 4, 4),
    "dropout3d": (2, 3, 2, 2, 2),
    "alpha_dropout": (2, 3, 4),
    "feature_alpha_dropout": (2, 3, 4),
}.items():
    _f = getattr(F, _name)
    case(_name, lambda input, _f=_f: _f(input, training=False), input=r(*_shape))  # the network's mode
    case(_name, lambda input, _f=_f: _f(input, training=True), training=True, input=r(*_shape))
    case(_name, lambda input, _f=_f: _f(input, p=0.3, training=True), {"p": 0.3, "training": True}, input=r(*_shape))
case("dropout", lambda input: F.dropout(input, training=False), {"training": False}, training=True, input=X)
case("dropout", lambda input: F.dropout(input, training=True), {"training": {"$": "training"}}, training=True, input=X)

# -- normalisation ---------------------------------------------------------------------------------------------------

case("normalize", F.normalize, input=X)
case("normalize", lambda input: F.normalize(input, p=1, dim=-1), {"p": 1, "dim": -1}, input=X)
case("layer_norm", lambda input: F.layer_norm(input, (4,)), {"normalized_shape": 4}, input=X)
case(
    "layer_norm",
    lambda input, weight, bias: F.layer_norm(input, (3, 4), weight, bias, 1e-3),
    {"normalized_shape": [3, 4], "eps": 1e-3},
    input=X,
    weight=r(3, 4),
    bias=r(3, 4),
)
case(
    "layer_norm",
    lambda input, weight: F.layer_norm(input, input.shape[-1:], weight),
    {"normalized_shape": [{"$": "x.shape[-1]"}]},
    input=X,
    weight=r(4),
)
case(
    "batch_norm",
    lambda input, running_mean, running_var: F.batch_norm(input, running_mean, running_var),
    input=IMAGE,
    running_mean=r(4),
    running_var=u(4),
)
case(
    "batch_norm",
    lambda input, running_mean, running_var, weight, bias: F.batch_norm(
        input, running_mean.clone(), running_var.clone(), weight, bias, training=True, momentum=0.3
    ),
    {"momentum": 0.3},
    training=True,
    input=IMAGE,
    running_mean=r(4),
    running_var=u(4),
    weight=r(4),
    bias=r(4),
)
case("batch_norm", lambda input: F.batch_norm(input, None, None, training=True), {"training": True}, input=IMAGE)
case("instance_norm", F.instance_norm, input=IMAGE)
case(
    "instance_norm",
    lambda input, weight, bias: F.instance_norm(input, weight=weight, bias=bias),
    input=IMAGE,
    weight=r(4),
    bias=r(4),
)
case("group_norm", lambda input: F.group_norm(input, 2), {"num_groups": 2}, input=IMAGE)
case(
    "group_norm",
    lambda input, weight, bias: F.group_norm(input, 4, weight, bias),
    {"num_groups": 4},
    input=IMAGE,
    weight=r(4),
    bias=r(4),
)
case("rms_norm", lambda input: F.rms_norm(input, (4,)), {"normalized_shape": [4]}, input=X)
case(
    "rms_norm",
    lambda input, weight: F.rms_norm(input, (4,), weight, 1e-3),
    {"normalized_shape": [4], "eps": 1e-3},
    input=X,
    weight=r(4),
)
case("local_response_norm", lambda input: F.local_response_norm(input, 2), {"size": 2}, input=IMAGE)

# -- pooling ---------------------------------------------------------------------------------------------------------

_WINDOWS = {1: r(2, 3, 8), 2: r(2, 3, 6, 8), 3: r(1, 2, 4, 4, 6)}
for _n, _x in _WINDOWS.items():
    _max, _avg, _lp = (getattr(F, f"{_kind}_pool{_n}d") for _kind in ("max", "avg", "lp"))
    case(f"max_pool{_n}d", lambda input, _f=_max: _f(input, 2), {"kernel_size": 2}, input=_x)
    case(
        f"max_pool{_n}d",
        lambda input, _f=_max: _f(input, 3, stride=2, padding=1, ceil_mode=True),
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        input=_x,
    )
    case(
        f"max_pool{_n}d",
        lambda input, _f=_max: _f(input, 2, return_indices=True),
        {"kernel_size": 2, "return_indices": True},
        outputs="output indices",
        input=_x,
    )
    case(f"min_pool{_n}d", lambda input, _f=_max: -_f(-input, 2), {"kernel_size": 2}, input=_x)
    case(
        f"min_pool{_n}d",
        lambda input, _f=_max: -_f(-input, 2, stride=1, padding=1, dilation=2),
        {"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2},
        input=_x,
    )
    case(f"avg_pool{_n}d", lambda input, _f=_avg: _f(input, 2), {"kernel_size": 2}, input=_x)
    case(
        f"avg_pool{_n}d",
        lambda input, _f=_avg: _f(input, 3, stride=2, padding=1, count_include_pad=False),
        {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
        input=_x,
    )
    case(f"lp_pool{_n}d", lambda input, _f=_lp: _f(input, 2, 2), {"norm_type": 2, "kernel_size": 2}, input=_x)
    for _kind in ("avg", "max"):
        _f = getattr(F, f"adaptive_{_kind}_pool{_n}d")
        case(f"adaptive_{_kind}_pool{_n}d", lambda input, _f=_f: _f(input, 1), {"output_size": 1}, input=_x)
        case(
            f"adaptive_{_kind}_pool{_n}d",
            lambda input, _f=_f, _n=_n: _f(input, (2,) * _n),
            {"output_size": [2] * _n if _n > 1 else 2},
            input=_x,
        )
    case(
        f"adaptive_max_pool{_n}d",
        lambda input, _f=_f: _f(input, 2, return_indices=True),
        {"output_size": 2, "return_indices": True},
        outputs="output indices",
        input=_x,
    )
    _pooled, _where = _max(_x, 2, return_indices=True)
    _unpool = getattr(F, f"max_unpool{_n}d")
    _small, _there = _max(_x, 1, return_indices=True)
    case(
        f"max_unpool{_n}d",
        lambda input, indices, _f=_unpool: _f(input, indices, 1, stride=1),
        {"kernel_size": 1, "stride": 1},
        input=_small,
        indices=_there,
    )
    case(
        f"max_unpool{_n}d",
        lambda input, indices, _f=_unpool: _f(input, indices, 2),
        {"kernel_size": 2},
        input=_pooled,
        indices=_where,
    )
    case(
        f"max_unpool{_n}d",
        lambda input, indices, _f=_unpool, _s=tuple(_x.shape): _f(input, indices, 2, output_size=_s),
        {"kernel_size": 2, "output_size": list(_x.shape)},
        input=_pooled,
        indices=_where,
    )
case(
    "max_pool2d",
    lambda input: F.max_pool2d(input, (2, 3), (1, 2)),
    {"kernel_size": [2, 3], "stride": [1, 2]},
    input=_WINDOWS[2],
)
case(
    "avg_pool2d",
    lambda input: F.avg_pool2d(input, 2, divisor_override=3),
    {"kernel_size": 2, "divisor_override": 3},
    input=_WINDOWS[2],
)
case("adaptive_avg_pool2d", lambda input: F.adaptive_avg_pool2d(input, (3, 2)), {"output_size": [3, 2]}, input=IMAGE)

# -- convolution -----------------------------------------------------------------------------------------------------

for _n, _x in {1: r(2, 4, 9), 2: r(2, 4, 7, 9), 3: r(1, 4, 5, 5, 6)}.items():
    _conv, _transposed = getattr(F, f"conv{_n}d"), getattr(F, f"conv_transpose{_n}d")
    _kernel = (3,) * _n
    case(f"conv{_n}d", _conv, input=_x, weight=r(6, 4, *_kernel), bias=r(6))
    case(
        f"conv{_n}d",
        lambda input, weight, _f=_conv: _f(input, weight, stride=2, padding=1, groups=2),
        {"stride": 2, "padding": 1, "groups": 2},
        input=_x,
        weight=r(6, 2, *_kernel),
    )
    case(
        f"conv{_n}d",
        lambda input, weight, _f=_conv: _f(input, weight, padding="same", dilation=2),
        {"padding": "same", "dilation": 2},
        input=_x,
        weight=r(2, 4, *_kernel),
    )
    case(f"conv_transpose{_n}d", _transposed, input=_x, weight=r(4, 3, *_kernel), bias=r(3))
    case(
        f"conv_transpose{_n}d",
        lambda input, weight, _f=_transposed: _f(input, weight, stride=2, padding=1, output_padding=1),
        {"stride": 2, "padding": 1, "output_padding": 1},
        input=_x,
        weight=r(4, 3, *_kernel),
    )
case(
    "conv2d",
    lambda input, weight: F.conv2d(input, weight, stride=(1, 2), padding=(0, 1)),
    {"stride": [1, 2], "padding": [0, 1]},
    input=IMAGE,
    weight=r(3, 4, 3, 5),
)
for _n, _f in {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}.items():
    case(
        f"conv{_n}d",
        lambda input, weight, _f=_f: _f(input, weight, padding="valid"),
        {"padding": "valid"},
        input=r(1, 2, *(5,) * _n),
        weight=r(2, 2, *(3,) * _n),
    )
case("unfold", lambda input: F.unfold(input, 2), {"kernel_size": 2}, input=IMAGE)
case(
    "unfold",
    lambda input: F.unfold(input, (2, 3), padding=1, stride=2),
    {"kernel_size": [2, 3], "padding": 1, "stride": 2},
    input=IMAGE,
)
case(
    "fold",
    lambda input: F.fold(input, (4, 5), 1),
    {"output_size": [4, 5], "kernel_size": 1},
    input=r(2, 3, 20),
)
case("fold", lambda input: F.fold(input, (4, 5), 2), {"output_size": [4, 5], "kernel_size": 2}, input=r(2, 12, 12))

# -- resampling ------------------------------------------------------------------------------------------------------

case("interpolate", lambda input: F.interpolate(input, scale_factor=2), {"scale_factor": 2}, input=IMAGE)
case("interpolate", lambda input: F.interpolate(input, size=(3, 9)), {"size": [3, 9]}, input=IMAGE)
case("interpolate", lambda input: F.interpolate(input, size=5), {"size": 5}, input=IMAGE)
case(
    "interpolate",
    lambda input: F.interpolate(input, scale_factor=(0.5, 1.5), mode="bilinear", align_corners=False),
    {"scale_factor": [0.5, 1.5], "mode": "bilinear", "align_corners": False},
    input=IMAGE,
)
case(
    "interpolate",
    lambda input: F.interpolate(input, size=input.shape[2:], mode="bilinear", align_corners=True),
    {"size": [{"$": "x.shape[2]"}, {"$": "x.shape[3]"}], "mode": "bilinear", "align_corners": True},
    input=IMAGE,
)
for _mode, _shape in {
    "linear": (2, 3, 4),
    "bicubic": (1, 2, 4, 4),
    "trilinear": (1, 2, 3, 3, 3),
    "area": (1, 2, 4, 4),
    "nearest-exact": (1, 2, 4, 4),
}.items():
    case(
        "interpolate",
        lambda input, _m=_mode: F.interpolate(input, scale_factor=2.0, mode=_m),
        {"scale_factor": 2, "mode": _mode},
        input=r(*_shape),
    )
case(
    "interpolate",
    lambda input: F.interpolate(input, size=3, mode="bicubic", antialias=True),
    {"size": 3, "mode": "bicubic", "antialias": True},
    input=IMAGE,
)
case("pad", lambda input: F.pad(input, (1, 2)), {"pad": [1, 2]}, input=X)
case("pad", lambda input: F.pad(input, (0, 1, -1, 0), value=-5.0), {"pad": [0, 1, -1, 0], "value": -5}, input=X)
case(
    "pad",
    lambda input: F.pad(input, (0, 0, 1, 0), value=float("-inf")),
    {"pad": [0, 0, 1, 0], "value": "-inf"},
    input=X,
)
for _mode in ("reflect", "replicate", "circular"):
    case(
        "pad",
        lambda input, _m=_mode: F.pad(input, (1, 1, 2, 0), mode=_m),
        {"pad": [1, 1, 2, 0], "mode": _mode},
        input=IMAGE,
    )
case("pixel_shuffle", lambda input: F.pixel_shuffle(input, 2), {"upscale_factor": 2}, input=IMAGE)
case("pixel_unshuffle", lambda input: F.pixel_unshuffle(input, 2), {"downscale_factor": 2}, input=IMAGE)
case("channel_shuffle", lambda input: F.channel_shuffle(input, 2), {"groups": 2}, input=IMAGE)
for _mode in ("bilinear", "nearest", "bicubic"):
    for _border in ("zeros", "border", "reflection"):
        case(
            "grid_sample",
            lambda input, grid, _m=_mode, _b=_border: F.grid_sample(
                input, grid, mode=_m, padding_mode=_b, align_corners=False
            ),
            {"mode": _mode, "padding_mode": _border, "align_corners": False},
            input=IMAGE,
            grid=r(2, 3, 3, 2),
        )
case(
    "affine_grid",
    lambda theta: F.affine_grid(theta, (2, 1, 3, 4), align_corners=False),
    {"size": [2, 1, 3, 4], "align_corners": False},
    theta=r(2, 2, 3),
)

# -- embedding, attention --------------------------------------------------------------------------------------------

case("embedding", F.embedding, input=n(5, 2, 3), weight=r(5, 4))
case(
    "embedding",
    lambda input, weight: F.embedding(input, weight, padding_idx=0),
    {"padding_idx": 0},
    input=n(5, 3),
    weight=r(5, 4),
)
for _mode in ("sum", "mean", "max"):
    case(
        "embedding_bag",
        lambda input, weight, _m=_mode: F.embedding_bag(input, weight, mode=_m),
        {"mode": _mode},
        input=n(5, 2, 3),
        weight=r(5, 4),
    )
case(
    "embedding_bag",
    lambda input, weight, offsets: F.embedding_bag(input, weight, offsets),
    input=n(5, 6),
    weight=r(5, 4),
    offsets=torch.tensor([0, 2]),
)

_sdpa = F.scaled_dot_product_attention
_Q, _K, _V = r(2, 3, 5, 4), r(2, 3, 6, 4), r(2, 3, 6, 4)
case("scaled_dot_product_attention", _sdpa, query=_Q, key=_K, value=_V)
case(
    "scaled_dot_product_attention",
    lambda query, key, value: _sdpa(query, key, value, is_causal=True),
    {"is_causal": True},
    query=_K,
    key=_K,
    value=_V,
)
case("scaled_dot_product_attention", _sdpa, query=_Q, key=_K, value=_V, attn_mask=b(5, 6) | torch.eye(5, 6).bool())
case("scaled_dot_product_attention", _sdpa, query=_Q, key=_K, value=_V, attn_mask=r(5, 6))
case(
    "scaled_dot_product_attention",
    lambda query, key, value: _sdpa(query, key, value, dropout_p=0.5),
    {"dropout_p": {"$": "0.5 if training else 0.0"}},
    training=True,
    query=_Q,
    key=_K,
    value=_V,
)
case(
    "scaled_dot_product_attention",
    lambda query, key, value: _sdpa(query, key, value),
    {"dropout_p": {"$": "0.5 if training else 0.0"}},
    query=_Q,
    key=_K,
    value=_V,
)
case(
    "scaled_dot_product_attention",
    lambda query, key, value: _sdpa(query, key, value, scale=0.5, enable_gqa=True),
    {"scale": 0.5, "enable_gqa": True},
    query=r(1, 4, 3, 4),
    key=r(1, 2, 3, 4),
    value=r(1, 2, 3, 4),
)
