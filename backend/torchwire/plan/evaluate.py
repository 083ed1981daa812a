"""Expressions inside `params`: found, and evaluated now or when the node runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torchwire.catalogue.layer import Param
from torchwire.graph.expressions import Expression, ExpressionError, parse_expression
from torchwire.graph.references import Reference
from torchwire.plan.values import convert

Sizes = Callable[[Reference], tuple[int, ...]]


def no_sizes(reference: Reference) -> tuple[int, ...]:
    raise ExpressionError(f"{reference.node}.shape is known only when the network runs; a constructor cannot use it")


def is_expression(raw: Any) -> bool:
    return isinstance(raw, dict) and set(raw) == {"$"} and isinstance(raw["$"], str)


def expressions(raw: Any, index: bool = False) -> Iterator[Expression]:
    """Every expression in a value of `params`. Raises ExpressionError where one cannot be read."""
    if is_expression(raw):
        yield parse_expression(raw["$"], index)
    elif isinstance(raw, list):
        for item in raw:
            yield from expressions(item)
    elif isinstance(raw, dict):
        for item in raw.values():
            yield from expressions(item)
    elif index and isinstance(raw, str):
        yield parse_expression(raw, True)


def evaluate(raw: Any, names: Mapping[str, Any], sizes: Sizes = no_sizes, index: bool = False) -> tuple[Any, bool]:
    """The value, and whether an expression gave it (then 1.0 stays a float). Raises ExpressionError."""
    if is_expression(raw):
        return parse_expression(raw["$"], index).evaluate(names, sizes), True
    if index and isinstance(raw, str):
        return parse_expression(raw, True).evaluate(names, sizes), True
    if isinstance(raw, list):
        pairs = [evaluate(item, names, sizes) for item in raw]
        return [value for value, _ in pairs], any(exact for _, exact in pairs)
    if isinstance(raw, dict):
        values = {key: evaluate(item, names, sizes) for key, item in raw.items()}
        return {key: value for key, (value, _) in values.items()}, any(exact for _, exact in values.values())
    return raw, False


@dataclass(frozen=True)
class Deferred:
    """A parameter of a function or of forward that holds sizes: its value is known when the node runs."""

    param: Param
    raw: Any

    def value(self, names: Mapping[str, Any], sizes: Sizes) -> Any:
        """Raises ExpressionError or BadValue."""
        result, exact = evaluate(self.raw, names, sizes, index=self.param.kind == "index")
        return convert(self.param, result, exact)
