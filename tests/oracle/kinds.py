"""Kinds of nodes of the random networks, each written twice: as JSON for a document, and directly in torch.

The torch half knows nothing of Torchwire: it is what a person would write by hand.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

Tensors = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`draw` makes the JSON params; `make` and `run` are the torch code; `infers` is what the input decides."""

    type: str
    ports: tuple[str, ...]
    outputs: tuple[str, ...]
    draw: Callable[[random.Random, list[int]], dict[str, Any]]  # of the first input's shape, which may be a guess
    run: Callable[[Any, dict[str, Any], Tensors, bool], Tensors]
    make: Callable[[dict[str, Any]], nn.Module] | None = None
    infers: tuple[tuple[str, Callable[[tuple[int, ...]], Any]], ...] = ()
    many: str | None = None  # the port that takes a list


def _one(name: str = "input") -> Callable[[Any, dict[str, Any], Tensors, bool], Tensors]:
    return lambda module, params, x, training: {"output": module(x[name])}


def _pair(rng: random.Random, *values: int) -> Any:
    a, b = rng.choice(values), rng.choice(values)
    return a if rng.random() < 0.5 else [a, b]


def _tuple(params: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in params.items()}


def _maybe(rng: random.Random, chance: float, params: dict[str, Any]) -> dict[str, Any]:
    return params if rng.random() < chance else {}


def _last(shape: tuple[int, ...]) -> int:
    return shape[-1]


def _channels(spatial: int) -> Callable[[tuple[int, ...]], int]:
    return lambda shape: shape[-(spatial + 1)]


def _wrong(rng: random.Random, name: str, right: int) -> dict[str, Any]:
    """An explicit width: mostly the right one, sometimes off by a little."""
    return {name: max(1, right + rng.choice((0, 0, 0, 0, 1, -1, 3)))}


def _at(shape: list[int], index: int) -> int:
    return shape[index] if -len(shape) <= index < len(shape) else 3


def _linear(rng: random.Random, shape: list[int]) -> dict[str, Any]:
    params = {"out_features": rng.randint(1, 8), **_maybe(rng, 0.2, {"bias": False})}
    return {**params, **(_wrong(rng, "in_features", _at(shape, -1)) if rng.random() < 0.3 else {})}


def _conv(spatial: int) -> Callable[[random.Random, list[int]], dict[str, Any]]:
    def draw(rng: random.Random, shape: list[int]) -> dict[str, Any]:
        params: dict[str, Any] = {"out_channels": rng.choice((2, 4, 6)), "kernel_size": rng.choice((1, 2, 3))}
        if spatial == 2 and rng.random() < 0.3:
            params["kernel_size"] = [rng.choice((1, 3)), rng.choice((2, 3))]
        params |= _maybe(rng, 0.3, {"padding": rng.choice(("same", 1, "valid", 2))})
        params |= _maybe(rng, 0.3, {"stride": rng.choice((1, 2))})
        params |= _maybe(rng, 0.2, {"dilation": 2})
        params |= _maybe(rng, 0.2, {"groups": 2})
        params |= _maybe(rng, 0.2, {"padding_mode": rng.choice(("reflect", "circular"))})
        return {**params, **(_wrong(rng, "in_channels", _at(shape, -(spatial + 1))) if rng.random() < 0.3 else {})}

    return draw


def _norm(name: str, index: int) -> Callable[[random.Random, list[int]], dict[str, Any]]:
    def draw(rng: random.Random, shape: list[int]) -> dict[str, Any]:
        params = _maybe(rng, 0.3, {"momentum": rng.choice((0.3, None))}) | _maybe(rng, 0.2, {"affine": False})
        return {**params, **(_wrong(rng, name, _at(shape, index)) if rng.random() < 0.3 else {})}

    return draw


def _recurrent(rng: random.Random, shape: list[int]) -> dict[str, Any]:
    params: dict[str, Any] = {"hidden_size": rng.randint(1, 5), **_maybe(rng, 0.3, {"num_layers": 2})}
    params |= _maybe(rng, 0.3, {"bidirectional": True}) | _maybe(rng, 0.5, {"batch_first": True})
    if params.get("num_layers") == 2 and rng.random() < 0.5:
        params["dropout"] = 0.5
    return {**params, **(_wrong(rng, "input_size", _at(shape, -1)) if rng.random() < 0.2 else {})}


def _run_lstm(module: Any, params: dict[str, Any], x: Tensors, training: bool) -> Tensors:
    output, (h_n, c_n) = module(x["input"])
    return {"output": output, "h_n": h_n, "c_n": c_n}


def _run_gru(module: Any, params: dict[str, Any], x: Tensors, training: bool) -> Tensors:
    output, h_n = module(x["input"])
    return {"output": output, "h_n": h_n}


def _attention(rng: random.Random, shape: list[int]) -> dict[str, Any]:
    return {"num_heads": rng.choice((1, 2, 2, 3)), "batch_first": True, **_maybe(rng, 0.3, {"dropout": 0.5})}


def _run_attention(module: Any, params: dict[str, Any], x: Tensors, training: bool) -> Tensors:
    output, attention = module(x["query"], x["key"], x["value"])
    return {"attn_output": output, "attn_output_weights": attention}


def _numbered(pieces: Any) -> Tensors:
    return {str(number): piece for number, piece in enumerate(pieces)}


def _nothing(rng: random.Random, shape: list[int]) -> dict[str, Any]:
    return {}


_X = ("input",)
_OUT = ("output",)
KINDS: tuple[Kind, ...] = (
    Kind("Linear", _X, _OUT, _linear, _one(), lambda p: nn.Linear(**p), (("in_features", _last),)),
    Kind("Conv1d", _X, _OUT, _conv(1), _one(), lambda p: nn.Conv1d(**_tuple(p)), (("in_channels", _channels(1)),)),
    Kind("Conv2d", _X, _OUT, _conv(2), _one(), lambda p: nn.Conv2d(**_tuple(p)), (("in_channels", _channels(2)),)),
    Kind(
        "BatchNorm1d",
        _X,
        _OUT,
        _norm("num_features", 1),
        _one(),
        lambda p: nn.BatchNorm1d(**p),
        (("num_features", lambda shape: shape[1]),),
    ),
    Kind(
        "BatchNorm2d",
        _X,
        _OUT,
        _norm("num_features", 1),
        _one(),
        lambda p: nn.BatchNorm2d(**p),
        (("num_features", lambda shape: shape[1]),),
    ),
    Kind(
        "LayerNorm",
        _X,
        _OUT,
        lambda rng, shape: _wrong(rng, "normalized_shape", _at(shape, -1)) if rng.random() < 0.3 else {},
        _one(),
        lambda p: nn.LayerNorm(**p),
        (("normalized_shape", lambda shape: (shape[-1],)),),
    ),
    Kind(
        "GroupNorm",
        _X,
        _OUT,
        lambda rng, shape: {"num_groups": rng.choice((1, 2, 3))},
        _one(),
        lambda p: nn.GroupNorm(**p),
        (("num_channels", lambda shape: shape[1]),),
    ),
    Kind("LSTM", _X, ("output", "h_n", "c_n"), _recurrent, _run_lstm, lambda p: nn.LSTM(**p), (("input_size", _last),)),
    Kind("GRU", _X, ("output", "h_n"), _recurrent, _run_gru, lambda p: nn.GRU(**p), (("input_size", _last),)),
    Kind(
        "MultiheadAttention",
        ("query", "key", "value"),
        ("attn_output", "attn_output_weights"),
        _attention,
        _run_attention,
        lambda p: nn.MultiheadAttention(**p),
        (("embed_dim", _last),),
    ),
    Kind(
        "Embedding",
        _X,
        _OUT,
        lambda rng, shape: {"num_embeddings": rng.choice((9, 9, 9, 4)), "embedding_dim": 4},
        _one(),
        lambda p: nn.Embedding(**p),
    ),
    Kind("ReLU", _X, _OUT, lambda rng, shape: _maybe(rng, 0.3, {"inplace": True}), _one(), lambda p: nn.ReLU()),
    Kind("PReLU", _X, _OUT, _nothing, _one(), lambda p: nn.PReLU(**p)),
    Kind("Dropout", _X, _OUT, lambda rng, shape: {"p": rng.choice((0.1, 0.5, 1.0))}, _one(), lambda p: nn.Dropout(**p)),
    Kind(
        "MaxPool2d",
        _X,
        _OUT,
        lambda rng, shape: {"kernel_size": _pair(rng, 1, 2, 3), **_maybe(rng, 0.3, {"stride": 1})},
        _one(),
        lambda p: nn.MaxPool2d(**_tuple(p)),
    ),
    Kind("AvgPool1d", _X, _OUT, lambda rng, shape: {"kernel_size": 2}, _one(), lambda p: nn.AvgPool1d(**p)),
    Kind(
        "AdaptiveAvgPool2d",
        _X,
        _OUT,
        lambda rng, shape: {"output_size": rng.choice((1, 2, [1, 3]))},
        _one(),
        lambda p: nn.AdaptiveAvgPool2d(**_tuple(p)),
    ),
    Kind("Flatten", _X, _OUT, _nothing, _one(), lambda p: nn.Flatten()),
    Kind("relu", _X, _OUT, _nothing, lambda m, p, x, t: {"output": F.relu(x["input"])}),
    Kind("tanh", _X, _OUT, _nothing, lambda m, p, x, t: {"output": torch.tanh(x["input"])}),
    Kind(
        "dropout",
        _X,
        _OUT,
        lambda rng, shape: {"p": 0.5},
        lambda m, p, x, t: {"output": F.dropout(x["input"], p=0.5, training=t)},
    ),
    Kind(
        "softmax",
        _X,
        _OUT,
        lambda rng, shape: {"dim": rng.choice((1, -1, 3))},
        lambda m, p, x, t: {"output": F.softmax(x["input"], dim=p["dim"])},
    ),
    Kind(
        "transpose",
        _X,
        _OUT,
        lambda rng, shape: {"dim0": rng.choice((0, 1)), "dim1": rng.choice((1, 2, -1))},
        lambda m, p, x, t: {"output": x["input"].transpose(p["dim0"], p["dim1"])},
    ),
    Kind(
        "flatten",
        _X,
        _OUT,
        lambda rng, shape: {"start_dim": 1},
        lambda m, p, x, t: {"output": torch.flatten(x["input"], start_dim=1)},
    ),
    Kind(
        "view",
        _X,
        _OUT,
        lambda rng, shape: {"shape": [_at(shape, 0), rng.choice((-1, -1, 2))]},
        lambda m, p, x, t: {"output": x["input"].view(p["shape"])},
    ),
    Kind(
        "mean",
        _X,
        _OUT,
        lambda rng, shape: {"dim": [1], **_maybe(rng, 0.5, {"keepdim": True})},
        lambda m, p, x, t: {"output": torch.mean(x["input"], **p)},
    ),
    Kind(
        "mul",
        _X,
        _OUT,
        lambda rng, shape: {"other": rng.choice((2, 0.5, -1))},
        lambda m, p, x, t: {"output": x["input"] * p["other"]},
    ),
    Kind("add", ("input", "other"), _OUT, _nothing, lambda m, p, x, t: {"output": x["input"] + x["other"]}),
    Kind(
        "matmul",
        ("input", "other"),
        _OUT,
        _nothing,
        lambda m, p, x, t: {"output": torch.matmul(x["input"], x["other"])},
    ),
    Kind(
        "cat",
        ("tensors",),
        _OUT,
        lambda rng, shape: {"dim": rng.choice((1, -1))},
        lambda m, p, x, t: {"output": torch.cat(x["tensors"], dim=p["dim"])},
        many="tensors",
    ),
    Kind(
        "stack",
        ("tensors",),
        _OUT,
        lambda rng, shape: {"dim": rng.choice((0, 1))},
        lambda m, p, x, t: {"output": torch.stack(x["tensors"], dim=p["dim"])},
        many="tensors",
    ),
    Kind(
        "chunk",
        _X,
        ("0", "1"),
        lambda rng, shape: {"chunks": 2, "dim": rng.choice((1, -1))},
        lambda m, p, x, t: _numbered(torch.chunk(x["input"], 2, dim=p["dim"])),
    ),
    Kind("double", _X, _OUT, _nothing, lambda m, p, x, t: {"output": x["input"].double()}),
    Kind("float", _X, _OUT, _nothing, lambda m, p, x, t: {"output": x["input"].float()}),
)
BY_TYPE = {kind.type: kind for kind in KINDS}
