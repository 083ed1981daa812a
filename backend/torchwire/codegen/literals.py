"""Values as syntax."""

from __future__ import annotations

import ast
import math
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from torchwire.plan.values import DType, Options, TensorValue


def name(text: str) -> ast.expr:
    """A name, or several with dots between them: `nn.Linear`."""
    first, *rest = text.split(".")
    found: ast.expr = ast.Name(first)
    for part in rest:
        found = ast.Attribute(found, part)
    return found


def call(
    function: str | ast.expr, args: Iterable[ast.expr] = (), keywords: Iterable[tuple[str, ast.expr]] = ()
) -> ast.Call:
    target = name(function) if isinstance(function, str) else function
    return ast.Call(target, list(args), [ast.keyword(key, value) for key, value in keywords])


def assign(target: str | ast.expr, value: ast.expr) -> ast.Assign:
    return ast.Assign([name(target) if isinstance(target, str) else target], value)


def pack(items: Sequence[ast.expr]) -> ast.expr:
    """One expression, or a tuple of several."""
    return items[0] if len(items) == 1 else ast.Tuple(list(items))


def literal(value: Any, dtype: DType | None = None) -> ast.expr:
    """The expression of a value in the plan's form; tensors have the dtype given, else float32."""
    if isinstance(value, DType):
        return name(f"torch.{value.name}")
    if isinstance(value, TensorValue):
        return tensor(value.values, dtype or DType("float32"))
    if isinstance(value, Options):
        settings = [(key, literal(item)) for key, item in value.values.items()]
        return call("nn.LinearCrossEntropyOptions", keywords=settings)
    if isinstance(value, tuple):
        return ast.Tuple([literal(item) for item in value])
    if isinstance(value, list):
        return ast.List([literal(item) for item in value])
    if isinstance(value, dict):
        return ast.Dict([ast.Constant(key) for key in value], [literal(item) for item in value.values()])
    if isinstance(value, float) and not math.isfinite(value):
        word = name("torch.nan" if math.isnan(value) else "torch.inf")
        return ast.UnaryOp(ast.USub(), word) if value == -math.inf else word
    if isinstance(value, (int, float)) and not isinstance(value, bool) and str(value)[0] == "-":
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _listed(values: Any) -> tuple[ast.expr, bool]:
    """A nested list as lists, and whether every number in it is a float."""
    if isinstance(values, (list, tuple)):
        found = [_listed(item) for item in values]
        return ast.List([item for item, _ in found]), bool(found) and all(floating for _, floating in found)
    if isinstance(values, str):
        values = _WORDS[values]
    return literal(values), isinstance(values, float)


def tensor(values: Any, dtype: DType) -> ast.expr:
    """`torch.tensor(...)` of a nested list; what torch would make of it by itself is not said."""
    found, floating = _listed(values)
    plain = dtype.name == "float32" and floating
    return call("torch.tensor", [found], [] if plain else [("dtype", literal(dtype))])


def exact(values: Any) -> ast.expr:
    """`torch.tensor(...)` of a nested list in a dtype that holds every number as it is, to be copied from."""
    found, _ = _listed(values)
    numbers = [node.value for node in ast.walk(found) if isinstance(node, ast.Constant)]
    short = all(isinstance(number, int) or _is_short(number) for number in numbers)
    return call("torch.tensor", [found], [] if short else [("dtype", name("torch.float64"))])


def _is_short(number: Any) -> bool:
    """Whether a float is one of 32 bits."""
    try:
        return bool(struct.unpack("f", struct.pack("f", number))[0] == number)
    except (struct.error, OverflowError):
        return False
