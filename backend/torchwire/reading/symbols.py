"""Numbers that stand in the document as an expression: a tensor's sizes, `training`, and what is computed of them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
UNARY: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "not": operator.not_}


@dataclass(frozen=True, eq=False)
class Symbol:
    """`size`: (tensor source, port, index); `training`: (); an operator: its operands; `if`: test, yes, no."""

    kind: str
    parts: tuple[Any, ...] = ()

    def sources(self) -> list[tuple[Any, str | None]]:
        """The tensors whose sizes it reads."""
        if self.kind == "size":
            return [(self.parts[0], self.parts[1])]
        return [found for part in self.parts if isinstance(part, Symbol) for found in part.sources()]

    def mentions(self, kind: str) -> bool:
        return self.kind == kind or any(part.mentions(kind) for part in self.parts if isinstance(part, Symbol))


TRAINING = Symbol("training")


def evaluate(value: Any, size: Callable[[Any, str | None, int], int], training: bool) -> Any:
    """The number, `size(source, port, index)` being a tensor's size."""
    if not isinstance(value, Symbol):
        return value
    if value.kind == "training":
        return training
    if value.kind == "size":
        return size(*value.parts)
    parts = [evaluate(part, size, training) for part in value.parts]
    if value.kind == "if":
        return parts[1] if parts[0] else parts[2]
    if value.kind in ("and", "or"):
        return (parts[0] and parts[1]) if value.kind == "and" else (parts[0] or parts[1])
    return UNARY[value.kind](parts[0]) if len(parts) == 1 else BINARY[value.kind](*parts)


def render(value: Any, name: Callable[[Any, str | None], str], outer: bool = True) -> str:
    """The expression's text, `name(source, port)` being the reference of a tensor."""
    if not isinstance(value, Symbol):
        return f"({value!r})" if isinstance(value, (int, float)) and value < 0 and not outer else repr(value)
    if value.kind == "training":
        return "training"
    if value.kind == "size":
        source, port, index = value.parts
        return f"{name(source, port)}.shape[{index}]"
    inner = [render(part, name, False) for part in value.parts]
    if value.kind == "if":
        text = f"{inner[1]} if {inner[0]} else {inner[2]}"
    elif len(inner) == 1:
        text = f"{value.kind} {inner[0]}" if value.kind == "not" else f"{value.kind}{inner[0]}"
    else:
        text = f"{inner[0]} {value.kind} {inner[1]}"
    return text if outer else f"({text})"
