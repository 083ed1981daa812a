"""Cases of torchwire.catalogue.functions.numbers."""

# ruff: noqa: B008, SIM300  (a loop binds its function in a default)

from __future__ import annotations

import torch
import torch.nn.functional as F
from tests.engine.cases.tools import IMAGE, VALUES, P, X, Y, b, case, n, r, u

# -- arithmetic ------------------------------------------------------------------------------------------------------

for _name in """abs sign square exp exp2 expm1 floor ceil trunc frac sin cos tan atan sinh cosh asinh erf erfc sinc
    isnan isinf isfinite logical_not""".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=X)
for _name in "sqrt rsqrt reciprocal log log1p log2 log10 logit asin acos atanh erfinv lgamma digamma".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=P)
for _name in """maximum minimum atan2 hypot logaddexp logical_and logical_or logical_xor isclose dist
    fmod""".split():
    case(_name, lambda input, other, _f=getattr(torch, _name): _f(input, other), input=X, other=Y)

case("add", lambda input, other: input + other, input=X, other=r(3, 1))
case("add", lambda input: input + 1, {"other": 1}, input=n(9, 3))  # an int stays an int
case("add", lambda input: input + 1.0, {"other": {"$": "1.0"}}, input=n(9, 3))
case("add", lambda other: 2 + other, {"input": 2}, other=X)
case("add", lambda input: input + float("inf"), {"other": "inf"}, input=X)
case("sub", lambda input, other: input - other, input=X, other=Y)
case("sub", lambda other: 1 - other, {"input": 1}, other=X)
case("mul", lambda input, other: input * other, input=X, other=Y)
case("mul", lambda input: input * 0.5, {"other": 0.5}, input=n(9, 4))
case("mul", lambda input: input * 4**0.5, {"other": {"$": "x.shape[-1] ** 0.5"}}, input=X)
case("div", lambda input, other: input / other, input=X, other=P)
case("div", lambda input: input / 2, {"other": 2}, input=n(9, 4))
case("div", lambda other: 1 / other, {"input": 1}, other=P)
case("pow", lambda input, exponent: input**exponent, input=P, exponent=Y)
case("pow", lambda input: input**2, {"exponent": 2}, input=X)
case("pow", lambda exponent: 2**exponent, {"input": 2}, exponent=X)
case("pow", lambda exponent: 10000**exponent, {"input": 10000}, exponent=X)
case("floor_divide", lambda input, other: input // other, input=n(20, 5), other=n(4, 5) + 1)
case("floor_divide", lambda input: input // 3, {"other": 3}, input=n(20, 5))
case("remainder", lambda input: input % 3, {"other": 3}, input=n(20, 5))
case("remainder", lambda input, other: input % other, input=X, other=P)
case("remainder", lambda other: 7 % other, {"input": 7}, other=P)
case("fmod", lambda input: torch.fmod(input, 2), {"other": 2}, input=X)
case("neg", lambda input: -input, input=X)
case("round", torch.round, input=X)
case("round", lambda input: torch.round(input, decimals=2), {"decimals": 2}, input=X)
case("acosh", torch.acosh, input=P + 1)
case("logit", lambda input: torch.logit(input, 0.1), {"eps": 0.1}, input=P)
case("clamp", lambda input: input.clamp(0, 1), {"min": 0, "max": 1}, input=X)
case("clamp", lambda input: input.clamp(min=0.25), {"min": 0.25}, input=X)
case("clamp", lambda input, min, max: input.clamp(min, max), input=X, min=-P, max=P)
case("xlogy", torch.xlogy, input=P, other=u(2, 3, 4))
case("xlogy", lambda input: torch.xlogy(input, 2), {"other": 2}, input=P)
case("lerp", lambda input, end: torch.lerp(input, end, 0.3), {"weight": 0.3}, input=X, end=Y)
case("lerp", torch.lerp, input=X, end=Y, weight=P)
case(
    "addcmul",
    lambda input, tensor1, tensor2: torch.addcmul(input, tensor1, tensor2, value=2),
    {"value": 2},
    input=X,
    tensor1=Y,
    tensor2=P,
)
case("addcdiv", torch.addcdiv, input=X, tensor1=Y, tensor2=P)
case(
    "nan_to_num",
    lambda input: torch.nan_to_num(input, nan=1.0, posinf=9.0),
    {"nan": 1, "posinf": 9},
    input=torch.tensor([float("nan"), float("inf"), -float("inf"), 2.0]),
)

# -- comparison ------------------------------------------------------------------------------------------------------

case("eq", lambda input, other: input == other, input=n(3, 5), other=n(3, 5))
case("eq", lambda input: input == 0, {"other": 0}, input=X)
case("ne", lambda input: input != 1, {"other": 1}, input=X)
case("lt", lambda other: 0 < other, {"input": 0}, other=X)
case("lt", lambda input, other: input < other, input=X, other=Y)
case("le", lambda input, other: input <= other, input=X, other=Y)
case("gt", lambda input: input > 0, {"other": 0}, input=X)
case("ge", lambda input, other: input >= other, input=r(3, 1), other=r(1, 4))
case("bitwise_and", lambda input, other: input & other, input=b(5), other=b(5))
case("bitwise_and", lambda input: input & 3, {"other": 3}, input=n(9, 5))
case("bitwise_or", lambda input, other: input | other, input=b(5), other=b(5))
case("bitwise_xor", lambda input, other: input ^ other, input=b(5), other=b(5))
case("bitwise_not", lambda input: ~input, input=b(5))
case("isin", torch.isin, elements=n(9, 3, 3), test_elements=n(9, 3))
case("isclose", lambda input, other: torch.isclose(input, other, atol=0.5), {"atol": 0.5}, input=X, other=Y)
case(
    "where",
    lambda condition, input, other: torch.where(condition, input, other),
    condition=b(2, 3, 4),
    input=X,
    other=Y,
)
case("where", lambda condition, input: torch.where(condition, input, 0), {"other": 0}, condition=b(2, 3, 4), input=X)
case(
    "where",
    lambda condition, other: torch.where(condition, -float("inf"), other),
    {"input": "-inf"},
    condition=b(2, 3, 4),
    other=X,
)
case("where", lambda condition: torch.where(condition, 1, 0), {"input": 1, "other": 0}, condition=b(4))

# -- matrices --------------------------------------------------------------------------------------------------------

case("matmul", lambda input, other: input @ other, input=r(5, 2, 3), other=r(3, 4))
case("matmul", lambda input, other: input @ other, input=r(3), other=r(3))
case("bmm", torch.bmm, input=r(2, 3, 4), mat2=r(2, 4, 5))
case("mm", torch.mm, input=r(3, 4), mat2=r(4, 5))
case("mv", torch.mv, input=r(3, 4), vec=r(4))
case("dot", torch.dot, input=r(4), tensor=r(4))
case("outer", torch.outer, input=r(4), vec2=r(3))
case(
    "einsum",
    lambda operands: torch.einsum("bhqd,bhkd->bhqk", *operands),
    {"equation": "bhqd,bhkd->bhqk"},
    operands=[r(2, 2, 3, 4), r(2, 2, 5, 4)],
)
case(
    "einsum",
    lambda operands: torch.einsum("i,j,ij->", *operands),
    {"equation": "i,j,ij->"},
    operands=[r(3), r(4), r(3, 4)],
)
case("einsum", lambda operands: torch.einsum("ii->i", *operands), {"equation": "ii->i"}, operands=[r(3, 3)])
case("addmm", torch.addmm, input=r(2, 4), mat1=r(2, 3), mat2=r(3, 4))
case("addmv", torch.addmv, input=r(2), mat=r(2, 3), vec=r(3))
case(
    "baddbmm",
    lambda input, batch1, batch2: torch.baddbmm(input, batch1, batch2, beta=0.5, alpha=2),
    {"beta": 0.5, "alpha": 2},
    input=r(2, 3, 5),
    batch1=r(2, 3, 4),
    batch2=r(2, 4, 5),
)
case("kron", torch.kron, input=r(2, 2), other=r(2, 3))
case("cross", lambda input, other: torch.cross(input, other, dim=1), {"dim": 1}, input=r(4, 3), other=r(4, 3))
case("tensordot", lambda a, b: torch.tensordot(a, b, 1), {"dims": 1}, a=r(2, 3), b=r(3, 4))
case("tensordot", torch.tensordot, a=r(2, 3, 4), b=r(3, 4, 5))
case("trace", torch.trace, input=r(3, 3))
case("t", torch.t, input=r(2, 3))
case("linear", F.linear, input=r(2, 3), weight=r(4, 3), bias=r(4))
case("linear", F.linear, input=r(2, 3), weight=r(4, 3))
case("bilinear", F.bilinear, input1=r(2, 3), input2=r(2, 4), weight=r(5, 3, 4), bias=r(5))

# -- reduction -------------------------------------------------------------------------------------------------------

for _name in "sum mean nansum nanmean amax amin all any var std norm".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=X)
    case(
        _name,
        lambda input, _f=getattr(torch, _name): _f(input, dim=-1, keepdim=True),
        {"dim": -1, "keepdim": True},
        input=X,
    )
    case(_name, lambda input, _f=getattr(torch, _name): _f(input, dim=(0, 2)), {"dim": [0, 2]}, input=X)
case("sum", lambda input: input.sum(dtype=torch.float64), {"dtype": "float64"}, input=n(9, 3))
case("mean", lambda input: input.mean((2, 3)), {"dim": [2, 3]}, input=IMAGE)
case("mean", lambda input: input.mean(None), {"dim": None}, input=X)
for _name in "var std".split():
    case(
        _name,
        lambda input, _f=getattr(torch, _name): _f(input, dim=1, correction=0),
        {"dim": 1, "correction": 0},
        input=X,
    )
    case(
        _name,
        lambda input, _f=getattr(torch, _name): _f(input, dim=1, unbiased=False),
        {"dim": 1, "unbiased": False},
        input=X,
    )
case(
    "var_mean",
    lambda input: torch.var_mean(input, dim=1, keepdim=True),
    {"dim": 1, "keepdim": True},
    outputs="var mean",
    input=X,
)
case("std_mean", lambda input: torch.std_mean(input, correction=0), {"correction": 0}, outputs="std mean", input=X)
for _p in (1, 3, "inf", "fro"):
    case(
        "norm",
        lambda input, _p=_p: torch.norm(input, p=float("inf") if _p == "inf" else _p, dim=1),
        {"p": _p, "dim": 1},
        input=X,
    )
case("norm", lambda input: torch.norm(input, p="nuc"), {"p": "nuc"}, input=r(3, 4))
case("norm", lambda input: torch.norm(input, dtype=torch.float64), {"dtype": "float64"}, input=X)
for _name in "max min median".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=X)
    case(_name, lambda input, _f=getattr(torch, _name): _f(input, 1), {"dim": 1}, outputs=VALUES, input=X)
    case(
        _name,
        lambda input, _f=getattr(torch, _name): _f(input, -1, keepdim=True),
        {"dim": -1, "keepdim": True},
        outputs=VALUES,
        input=X,
    )
for _name in "max min".split():
    case(_name, lambda input, other, _f=getattr(torch, _name): _f(input, other), input=X, other=Y)
for _name in "argmax argmin".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=X)
    case(
        _name,
        lambda input, _f=getattr(torch, _name): _f(input, dim=1, keepdim=True),
        {"dim": 1, "keepdim": True},
        input=X,
    )
case("prod", torch.prod, input=X)
case("prod", lambda input: torch.prod(input, 1, keepdim=True), {"dim": 1, "keepdim": True}, input=X)
for _name in "cumsum cumprod logcumsumexp".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input, 1), {"dim": 1}, input=X)
case("cumsum", lambda input: torch.cumsum(input, -1, dtype=torch.float32), {"dim": -1, "dtype": "float32"}, input=b(5))
for _name in "cummax cummin".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input, 1), {"dim": 1}, outputs=VALUES, input=X)
case("topk", lambda input: torch.topk(input, 2), {"k": 2}, outputs=VALUES, input=X)
case(
    "topk",
    lambda input: torch.topk(input, 2, dim=1, largest=False),
    {"k": 2, "dim": 1, "largest": False},
    outputs=VALUES,
    input=X,
)
case("kthvalue", lambda input: torch.kthvalue(input, 2), {"k": 2}, outputs=VALUES, input=X)
case("sort", torch.sort, outputs=VALUES, input=X)
case(
    "sort",
    lambda input: torch.sort(input, dim=1, descending=True, stable=True),
    {"dim": 1, "descending": True, "stable": True},
    outputs=VALUES,
    input=X,
)
case("argsort", torch.argsort, input=X)
case("argsort", lambda input: torch.argsort(input, dim=1, descending=True), {"dim": 1, "descending": True}, input=X)
case("mode", torch.mode, outputs=VALUES, input=n(3, 4, 7))
case(
    "quantile",
    lambda input: torch.quantile(input, 0.3, dim=1, interpolation="lower"),
    {"q": 0.3, "dim": 1, "interpolation": "lower"},
    input=X,
)
case("quantile", torch.quantile, input=X, q=torch.tensor([0.1, 0.9]))
case("count_nonzero", torch.count_nonzero, input=X)
case("count_nonzero", lambda input: torch.count_nonzero(input, dim=(0, 1)), {"dim": [0, 1]}, input=X)
case("logsumexp", lambda input: torch.logsumexp(input, (1, 2), True), {"dim": [1, 2], "keepdim": True}, input=X)
case("diff", torch.diff, input=X)
for _way in ("higher", "midpoint", "nearest"):
    case(
        "quantile",
        lambda input, _w=_way: torch.quantile(input, 0.3, interpolation=_w),
        {"q": 0.3, "interpolation": _way},
        input=X,
    )
