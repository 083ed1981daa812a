"""Tensors that come from no layer: what fills Inputs, Parameters and Constants."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import reduce
from typing import Any

from torchwire.codegen.facts import Sample
from torchwire.codegen.literals import assign, call, literal, tensor
from torchwire.codegen.refusal import Refused
from torchwire.codegen.scope import Scope, has_expression
from torchwire.codegen.uses import Seat
from torchwire.plan.sources import nested_shape
from torchwire.plan.values import DType


def source(seat: Seat, scope: Scope | None) -> ast.expr:
    """The expression that draws the tensor, without what an init function does to it afterwards; samples aside.

    Without a scope the values of expressions stand in their place. Raises Refused.
    """
    copies = list(seat.copies())
    params = copies[0].params
    fill = params.get("fill", "randn")
    for name in ("fill", "values", "name", "dtype"):
        if any(repr(copy.params.get(name)) != repr(params.get(name)) for copy in copies):
            raise Refused(f"{name} of {seat.key} differs from use to use.", seat.first.path)
    dtype = params.get("dtype") or DType("int64" if fill == "randint" else "float32")
    if fill == "values":
        return _values(params, dtype)
    shape = _argument(seat, "shape", params, scope)
    sizes = shape.elts if isinstance(shape, ast.Tuple) else None
    said = [] if dtype.name == ("int64" if fill == "randint" else "float32") else [("dtype", literal(dtype))]
    if fill == "randint":
        low, high = (
            _argument(seat, "low", {"low": 0, **params}, scope),
            _argument(seat, "high", {"high": 10, **params}, scope),
        )
        return call("torch.randint", [low, high, shape], said)
    if fill == "arange":
        if sizes is None:
            raise Refused(f"The shape of {seat.key} is no list.", seat.first.path)
        count = reduce(lambda a, b: ast.BinOp(a, ast.Mult(), b), sizes) if sizes else ast.Constant(1)
        if all(isinstance(size, ast.Constant) for size in sizes):
            count = ast.Constant(_product(params["shape"]))
        return _reshaped(call("torch.arange", [count], [("dtype", literal(dtype))]), params["shape"], shape)
    maker = "zeros" if isinstance(fill, dict) else fill
    return call(f"torch.{maker}", list(sizes) if sizes else [shape], said)


def _values(params: Mapping[str, Any], dtype: DType) -> ast.expr:
    made = tensor(params["values"], dtype)
    shape = params.get("shape")
    if shape is None or list(shape) == nested_shape(params["values"]):
        return made
    return call(ast.Attribute(made, "reshape"), [literal(tuple(shape))])


def _argument(seat: Seat, name: str, params: Mapping[str, Any], scope: Scope | None) -> ast.expr:
    raw = seat.spec.params.get(name)
    if scope is None or not has_expression(raw):
        return literal(params[name])
    found = scope.value(raw)
    return ast.Tuple([found]) if name == "shape" and not isinstance(raw, list) and len(params[name]) == 1 else found


def _reshaped(made: ast.expr, shape: tuple[int, ...], said: ast.expr) -> ast.expr:
    if len(shape) == 1:
        return made
    sizes = said.elts if isinstance(said, ast.Tuple) and said.elts else [said]
    return call(ast.Attribute(made, "reshape"), sizes)


def _product(shape: tuple[int, ...]) -> int:
    return reduce(lambda a, b: a * b, shape, 1)


def sampled(target: str, seat: Seat, sample: Sample) -> list[ast.stmt]:
    """Samples of a data set as numbers, made into images where they are: what engine/samples.py does, step by step."""
    params = next(seat.copies()).params
    shape: tuple[int, ...] = tuple(params["shape"])
    dtype = params.get("dtype") or DType("float32")
    held = ast.Name(target)
    steps: list[ast.expr] = []
    size: list[int]

    def method(word: str, *args: ast.expr) -> None:
        steps.append(call(ast.Attribute(held, word), args))

    images = sample.side is not None and not (len(shape) <= 2 and shape[-1] == sample.side**2)
    if not dtype.name.startswith(("float", "bfloat")):
        now, size = "int64", [len(sample.rows)]
        steps.append(tensor(sample.rows, DType(now)))
    elif sample.side is None:
        now, size = "float32", nested_shape(sample.rows)
        steps.append(tensor(sample.rows, DType(now)))
    else:
        now, side = "float32", sample.side
        rows: list[Any] = [[row[start : start + side] for start in range(0, side**2, side)] for row in sample.rows]
        size = [len(rows), 1, side, side] if images else [len(rows), side**2]
        pixels = [[row] for row in rows] if images else [[pixel for line in row for pixel in line] for row in rows]
        steps += [tensor(pixels, DType(now)), ast.BinOp(held, ast.Div(), ast.Constant(16))]
    if images:
        if list(shape[-2:]) != size[-2:] and _product(shape):
            keywords = [("size", literal(shape[-2:])), ("mode", ast.Constant("bilinear"))]
            steps.append(call("F.interpolate", [held], [*keywords, ("align_corners", ast.Constant(False))]))
        size = [size[0], shape[-3] if len(shape) > 2 else 1, *shape[-2:]]
        if size[1] != 1:
            method("expand", *map(literal, size))
    if tuple(size) != shape:
        method("reshape", *([literal(part) for part in shape] or [literal(())]))
    if dtype.name != now:
        method("to", literal(dtype))
    return [assign(target, step) for step in steps]
