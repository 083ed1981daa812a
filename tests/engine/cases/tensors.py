"""Cases of torchwire.catalogue.functions.tensors."""

# ruff: noqa: B008  (a loop binds its function in a default)

from __future__ import annotations

import torch
import torch.nn.functional as F
from tests.engine.cases.tools import IMAGE, P, X, Y, b, case, n, r, u

# -- joining ---------------------------------------------------------------------------------------------------------

case("cat", torch.cat, tensors=[X, Y])
case("cat", lambda tensors: torch.cat(tensors, dim=-1), {"dim": -1}, tensors=[X, r(2, 3, 1), Y])
case("cat", torch.cat, tensors=[X])
case("stack", lambda tensors: torch.stack(tensors, dim=1), {"dim": 1}, tensors=[X, Y, P])
case("hstack", torch.hstack, tensors=[X, Y])
case("vstack", torch.vstack, tensors=[X, Y])
case("split", lambda tensor: tensor.split(2, dim=2), {"split_size_or_sections": 2, "dim": 2}, outputs="0 1", tensor=X)
case(
    "split",
    lambda tensor: tensor.split([1, 3], -1),
    {"split_size_or_sections": [1, 3], "dim": -1},
    outputs="0 1",
    tensor=X,
)
case("split", lambda tensor: tensor.split(4), {"split_size_or_sections": 4}, outputs="0", tensor=X)
case("chunk", lambda input: input.chunk(4), {"chunks": 4}, outputs="0 1 2", input=r(5))  # of 5: three pieces
case("chunk", lambda input: input.chunk(2, dim=-1), {"chunks": 2, "dim": -1}, outputs="0 1", input=X)
case("unbind", torch.unbind, outputs="0 1", input=X)
case("unbind", lambda input: input.unbind(1), {"dim": 1}, outputs="0 1 2", input=X)
case("meshgrid", lambda tensors: torch.meshgrid(*tensors, indexing="ij"), outputs="0 1", tensors=[r(2), r(3)])
case(
    "meshgrid",
    lambda tensors: torch.meshgrid(*tensors, indexing="xy"),
    {"indexing": "xy"},
    outputs="0 1",
    tensors=[r(2), r(3)],
)
case("broadcast_tensors", lambda tensors: torch.broadcast_tensors(*tensors), outputs="0 1", tensors=[r(2, 1), r(3)])
case("block_diag", lambda tensors: torch.block_diag(*tensors), tensors=[r(2, 2), r(1, 3)])

# -- shape -----------------------------------------------------------------------------------------------------------

case("getitem", lambda input: input[:, -1], {"index": ":, -1"}, input=X)
case("getitem", lambda input: input[..., :3], {"index": "..., :3"}, input=X)
case("getitem", lambda input: input[..., :2], {"index": {"$": "..., :x.shape[0]"}}, input=X)
case("getitem", lambda input: input[0], {"index": "0"}, input=X)
case("getitem", lambda input: input[0], {"index": 0}, input=X)
case("getitem", lambda input: input[None, :, 1:, ::2], {"index": "None, :, 1:, ::2"}, input=X)
case("getitem", lambda input: input[[0, 1], [1, 2]], {"index": "[0, 1], [1, 2]"}, input=X)
case("getitem", lambda input, index: input[index[0]], input=r(5, 3), index=n(5, 2, 2))
case("getitem", lambda input, index: input[index[0], index[1]], input=X, index=[n(2, 4), n(3, 4)])
case("getitem", lambda input, index: input[index[0]], input=X, index=b(2, 3, 4))
case("view", lambda input: input.view(2, -1), {"shape": [2, -1]}, input=X)
case("view", lambda input: input.view(-1), {"shape": -1}, input=X)
case("view", lambda input: input.view(input.shape[0], 12), {"shape": [{"$": "x.shape[0]"}, 12]}, input=X)
case("reshape", lambda input: input.reshape(4, 6), {"shape": [4, 6]}, input=X)
case("reshape", lambda input: input.reshape(2, 6, 2), {"shape": {"$": "[x.shape[0], -1, x.shape[2] // 2]"}}, input=X)
case("flatten", torch.flatten, input=X)
case("flatten", lambda input: torch.flatten(input, 1), {"start_dim": 1}, input=IMAGE)
case("flatten", lambda input: torch.flatten(input, 0, 1), {"start_dim": 0, "end_dim": 1}, input=X)
case("unflatten", lambda input: input.unflatten(2, (2, -1)), {"dim": 2, "sizes": [2, -1]}, input=X)
case("ravel", torch.ravel, input=X)
case("squeeze", torch.squeeze, input=r(1, 2, 1))
case("squeeze", lambda input: torch.squeeze(input, 0), {"dim": 0}, input=r(1, 2, 1))
case("squeeze", lambda input: torch.squeeze(input, (0, 2)), {"dim": [0, 2]}, input=r(1, 2, 1))
case("unsqueeze", lambda input: input.unsqueeze(-1), {"dim": -1}, input=X)
case("permute", lambda input: input.permute(0, 2, 3, 1), {"dims": [0, 2, 3, 1]}, input=IMAGE)
case("transpose", lambda input: input.transpose(1, -1), {"dim0": 1, "dim1": -1}, input=X)
case("swapaxes", lambda input: input.swapaxes(0, 1), {"axis0": 0, "axis1": 1}, input=X)
case("movedim", lambda input: input.movedim(1, -1), {"source": 1, "destination": -1}, input=IMAGE)
case("movedim", lambda input: input.movedim((0, 1), (1, 0)), {"source": [0, 1], "destination": [1, 0]}, input=X)
case("expand", lambda input: input.expand(4, -1, 3), {"size": [4, -1, 3]}, input=r(2, 1))
case("expand_as", lambda input, other: input.expand_as(other), input=r(3, 1), other=X)
case("view_as", lambda input, other: input.view_as(other), input=r(24), other=X)
case("reshape_as", lambda input, other: input.reshape_as(other), input=r(24), other=X)
case("broadcast_to", lambda input: input.broadcast_to(2, 3), {"size": [2, 3]}, input=r(3))
case("repeat", lambda input: input.repeat(2, 1, 3), {"repeats": [2, 1, 3]}, input=r(2, 3))
case("repeat_interleave", lambda input: torch.repeat_interleave(input, 2, dim=1), {"repeats": 2, "dim": 1}, input=X)
case("repeat_interleave", lambda input: torch.repeat_interleave(input, 3), {"repeats": 3}, input=r(3))
case(
    "repeat_interleave",
    lambda input, repeats: torch.repeat_interleave(input, repeats, dim=0),
    {"dim": 0},
    input=r(3, 2),
    repeats=torch.tensor([1, 0, 2]),
)
case("tile", lambda input: input.tile(2, 2), {"dims": [2, 2]}, input=X)
case("roll", lambda input: torch.roll(input, 1), {"shifts": 1}, input=X)
case("roll", lambda input: torch.roll(input, (1, -1), (1, 2)), {"shifts": [1, -1], "dims": [1, 2]}, input=X)
case("flip", lambda input: input.flip(0, 2), {"dims": [0, 2]}, input=X)
case("flip", lambda input: input.flip(1), {"dims": 1}, input=X)
case("fliplr", torch.fliplr, input=X)
case("flipud", torch.flipud, input=X)
case("rot90", lambda input: torch.rot90(input, 1, (1, 2)), {"k": 1, "dims": [1, 2]}, input=X)
case("contiguous", lambda input: input.contiguous(), input=X)
case("narrow", lambda input: input.narrow(2, 1, 2), {"dim": 2, "start": 1, "length": 2}, input=X)
case("select", lambda input: input.select(1, -1), {"dim": 1, "index": -1}, input=X)
case("diagonal", lambda input: torch.diagonal(input, 1, 1, 2), {"offset": 1, "dim1": 1, "dim2": 2}, input=X)
case("diag", torch.diag, input=r(3))
case("diag_embed", torch.diag_embed, input=r(2, 3))
case("clone", lambda input: input.clone(), input=X)
case("detach", lambda input: input.detach(), input=X)

# -- indexing --------------------------------------------------------------------------------------------------------

case("gather", lambda input, index: torch.gather(input, 1, index), {"dim": 1}, input=r(3, 4), index=n(4, 3, 2))
case("index_select", lambda input, index: torch.index_select(input, 1, index), {"dim": 1}, input=X, index=n(3, 5))
case(
    "take_along_dim",
    lambda input, indices: torch.take_along_dim(input, indices, dim=1),
    {"dim": 1},
    input=r(3, 4),
    indices=n(4, 3, 1),
)
case("take", torch.take, input=X, index=n(24, 2, 3))
case(
    "masked_fill", lambda input, mask: input.masked_fill(mask, float("-inf")), {"value": "-inf"}, input=X, mask=b(3, 4)
)
case("masked_fill", lambda input, mask: input.masked_fill(mask, 0), {"value": 0}, input=X, mask=b(2, 1, 4))
case("masked_fill", lambda input, mask, value: input.masked_fill(mask, value), input=X, mask=b(3, 4), value=r())
case("masked_select", torch.masked_select, input=X, mask=b(2, 3, 4))
case("masked_scatter", torch.masked_scatter, input=X, mask=b(2, 3, 4), source=Y)
case("nonzero", torch.nonzero, input=X)
case(
    "scatter",
    lambda input, index, src: torch.scatter(input, 1, index, src),
    {"dim": 1},
    input=r(3, 5),
    index=torch.tensor([[0, 1, 2], [2, 3, 4], [1, 3, 0]]),
    src=r(3, 3),
)
case(
    "scatter",
    lambda input, index: torch.scatter(input, 1, index, 1),
    {"dim": 1, "value": 1},
    input=torch.zeros(3, 5),
    index=n(5, 3, 2),
)
case(
    "scatter",
    lambda input, index: torch.scatter(input, 1, index, 2, reduce="multiply"),
    {"dim": 1, "value": 2, "reduce": "multiply"},
    input=r(3, 5),
    index=torch.tensor([[0, 1], [2, 3], [4, 0]]),
)
case(
    "scatter_add",
    lambda input, index, src: torch.scatter_add(input, 0, index, src),
    {"dim": 0},
    input=r(4, 3),
    index=n(4, 2, 3),
    src=r(2, 3),
)
for _reduce in "sum prod mean amax amin".split():
    case(
        "scatter_reduce",
        lambda input, index, src, _r=_reduce: torch.scatter_reduce(input, 0, index, src, _r),
        {"dim": 0, "reduce": _reduce},
        input=r(4),
        index=n(4, 6),
        src=r(6),
    )
case(
    "index_add",
    lambda input, index, source: torch.index_add(input, 0, index, source),
    {"dim": 0},
    input=r(4, 3),
    index=n(4, 5),
    source=r(5, 3),
)
case(
    "index_copy",
    lambda input, index, source: torch.index_copy(input, 0, index, source),
    {"dim": 0},
    input=r(4, 3),
    index=torch.tensor([2, 0]),
    source=r(2, 3),
)
case(
    "index_fill",
    lambda input, index: torch.index_fill(input, 1, index, 5),
    {"dim": 1, "value": 5},
    input=X,
    index=torch.tensor([0, 2]),
)
case("tril", torch.tril, input=X)
case("tril", lambda input: input.tril(1), {"diagonal": 1}, input=X)
case("triu", lambda input: input.triu(1), {"diagonal": 1}, input=X)
case("one_hot", lambda input: F.one_hot(input, 5), {"num_classes": 5}, input=n(5, 2, 3))
case("one_hot", F.one_hot, input=torch.tensor([0, 2, 1]))
case("bucketize", torch.bucketize, input=X, boundaries=torch.tensor([-1.0, 0.0, 1.0]))
case(
    "searchsorted",
    lambda sorted_sequence, input: torch.searchsorted(sorted_sequence, input, side="right"),
    {"side": "right"},
    sorted_sequence=torch.tensor([-1.0, 0.0, 1.0]),
    input=r(4),
)

# -- making ----------------------------------------------------------------------------------------------------------

case("arange", lambda: torch.arange(5), {"end": 5})
case("arange", lambda: torch.arange(5.0), {"end": {"$": "5.0"}})
case("arange", lambda: torch.arange(1, 2, 0.25), {"start": 1, "end": 2, "step": 0.25})
case(
    "arange", lambda: torch.arange(0, 8, 2, dtype=torch.float32), {"start": 0, "end": 8, "step": 2, "dtype": "float32"}
)
case("linspace", lambda: torch.linspace(0, 1, 5), {"start": 0, "end": 1, "steps": 5})
case("logspace", lambda: torch.logspace(0, 2, 3), {"start": 0, "end": 2, "steps": 3})
case("zeros", lambda: torch.zeros(2, 3), {"size": [2, 3]})
case("zeros", lambda: torch.zeros(3, dtype=torch.bool), {"size": 3, "dtype": "bool"})
case("ones", lambda: torch.ones(2, 3, dtype=torch.int64), {"size": [2, 3], "dtype": "int64"})
case("ones", lambda: torch.ones(()), {"size": []})
case("full", lambda: torch.full((2, 2), 1), {"size": [2, 2], "fill_value": 1})
case("full", lambda: torch.full((2, 2), 1.0), {"size": [2, 2], "fill_value": {"$": "1.0"}})
case("full", lambda: torch.full((2, 2), float("-inf")), {"size": [2, 2], "fill_value": "-inf"})
case("full", lambda: torch.full((2,), True), {"size": [2], "fill_value": True})
case("eye", lambda: torch.eye(3), {"n": 3})
case("eye", lambda: torch.eye(2, 3, dtype=torch.float64), {"n": 2, "m": 3, "dtype": "float64"})
case("rand", lambda: torch.rand(2, 3), {"size": [2, 3]})
case("randn", lambda: torch.randn(2, 3), {"size": [2, 3]})
for _name in "zeros_like ones_like rand_like randn_like".split():
    case(_name, lambda input, _f=getattr(torch, _name): _f(input), input=X)
    case(_name, lambda input, _f=getattr(torch, _name): _f(input, dtype=torch.float64), {"dtype": "float64"}, input=X)
case("full_like", lambda input: torch.full_like(input, 7), {"fill_value": 7}, input=X)
case(
    "full_like",
    lambda input: torch.full_like(input, 0.5, dtype=torch.float16),
    {"fill_value": 0.5, "dtype": "float16"},
    input=n(3, 2),
)
case("randint_like", lambda input: torch.randint_like(input, 10), {"high": 10}, input=X)
case("randint_like", lambda input: torch.randint_like(input, 2, 5), {"low": 2, "high": 5}, input=n(3, 4))
case("bernoulli", torch.bernoulli, input=P)
case("bernoulli", lambda input: torch.bernoulli(input, 0.5), {"p": 0.5}, input=X)
case("multinomial", lambda input: torch.multinomial(input, 2), {"num_samples": 2}, input=u(3, 4))

# -- casting ---------------------------------------------------------------------------------------------------------

for _name in "float double half bfloat16 int long short bool".split():
    case(_name, lambda input, _n=_name: getattr(input, _n)(), input=X * 3)
for _dtype in "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split():
    case("to", lambda input, _d=_dtype: input.to(getattr(torch, _d)), {"dtype": _dtype}, input=n(9, 5))
case("type_as", lambda input, other: input.type_as(other), input=X, other=n(3, 2))

# -- every choice, every bound ---------------------------------------------------------------------------------------

case("split", lambda tensor: tensor.split([2, 0]), {"split_size_or_sections": [2, 0]}, outputs="0 1", tensor=X)
case(
    "scatter",
    lambda input, index: torch.scatter(input, 1, index, 2, reduce="add"),
    {"dim": 1, "value": 2, "reduce": "add"},
    input=r(3, 5),
    index=torch.tensor([[0, 1], [2, 3], [4, 0]]),
)
case(
    "searchsorted",
    lambda sorted_sequence, input: torch.searchsorted(sorted_sequence, input, side="left"),
    {"side": "left"},
    sorted_sequence=torch.tensor([-1.0, 0.0, 1.0]),
    input=r(4),
)
