"""What a layer type is, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS: dict[str, str] = {
    "int": "an integer",
    "float": "a number; always a float in torch",
    "number": "a number; an integer stays one",
    "bool": "true or false",
    "bool_or_none": "true, false or null",
    "string": "text",
    "choice": "one of the listed words",
    "dtype": "the name of a dtype",
    "int_or_ints": "an integer, or `length` integers",
    "float_or_floats": "a number, or `length` numbers",
    "ints": "a list of integers; a single one stands for a list of one",
    "floats": "a list of numbers",
    "number_or_tensor": "a number, or a nested list of numbers",
    "tensor": "a nested list of numbers",
    "module": "a nested layer",
    "options": "an object of named settings",
    "index": "what stands between the brackets of an index",
    "any": "anything",
}
"""The kinds of parameters."""


@dataclass(frozen=True)
class Param:
    """A parameter of a constructor, of a function, or (forward) of a module's forward."""

    name: str
    kind: str
    default: Any = None
    required: bool = False
    inferred: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[Any, ...] | None = None
    length: int | None = None
    nullable: bool = False
    nullable_items: bool = False  # null may stand inside the list: AdaptiveAvgPool2d((None, 7))
    forward: bool = False
    summary: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "default": _json(self.default),
            "required": self.required,
            "inferred": self.inferred,
            "min": self.min,
            "max": self.max,
            "choices": list(self.choices) if self.choices is not None else None,
            "length": self.length,
            "nullable": self.nullable,
            "nullable_items": self.nullable_items,
            "forward": self.forward,
            "summary": self.summary,
        }


@dataclass(frozen=True)
class Port:
    """An input or output port. `when` are parameters that must have these values for the port to exist."""

    name: str
    optional: bool = False
    many: bool = False
    label: str | None = None
    when: Mapping[str, Any] | None = field(default=None, hash=False)

    def as_json(self) -> dict[str, Any]:
        when = dict(self.when) if self.when else None
        return {"name": self.name, "optional": self.optional, "many": self.many, "label": self.label, "when": when}


@dataclass(frozen=True)
class LayerType:
    """A class of torch.nn, a function, or one of ours.

    `code` is what runs and what generated code shows: a dotted name is called by keywords (`F.relu`, or a method of the
    port `input`: `input.mean`), anything else is an expression over the names of ports and parameters
    (`input + other`), in which an optional argument stands as a keyword (`dim=dim`).

    `positions` are the ways in which torch takes arguments by position: of the constructor, or of the function;
    `forward` is that of a module's forward. They may name arguments that are not offered here.
    """

    type: str
    form: str  # module function own
    family: str
    summary: str
    doc: str
    params: tuple[Param, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    code: str
    aliases: tuple[str, ...] = ()
    list_output: bool = False
    positions: tuple[tuple[str, ...], ...] = ()
    forward: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.form, self.type))

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "form": self.form,
            "family": self.family,
            "summary": self.summary,
            "doc": self.doc,
            "params": [param.as_json() for param in self.params],
            "inputs": [port.as_json() for port in self.inputs],
            "outputs": [{"name": port.name, "when": dict(port.when) if port.when else None} for port in self.outputs],
            "list_output": self.list_output,
            "aliases": list(self.aliases),
            "code": self.code,
        }


def _json(value: Any) -> Any:
    """A default as the document would write it."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_json(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
