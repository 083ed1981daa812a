"""A value of the text in the forms that others take: JSON for the document, plain Python for torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from torchwire.catalogue.layer import LayerType, Param
from torchwire.plan.values import convert
from torchwire.reading.bounds import Refusal
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import DTypeOf, Library, Module


def symbols_in(value: Any) -> Iterator[Symbol]:
    """Every size in a value."""
    if isinstance(value, Symbol):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from symbols_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from symbols_in(item)
    elif isinstance(value, slice):
        yield from symbols_in([value.start, value.stop, value.step])


class Form:
    """Turns values over; `symbol` says what becomes of a size."""

    def __init__(self, symbol: Callable[[Symbol], Any]) -> None:
        self._symbol = symbol

    def plain(self, value: Any, param: Param | None = None) -> Any:
        """A value as `params` of a document write it. Raises Refusal."""
        if isinstance(value, Symbol):
            return self._symbol(value)
        if isinstance(value, bool) or value is None or isinstance(value, str | int):
            return value
        if isinstance(value, float):
            if math.isfinite(value):
                return value
            return "nan" if value != value else ("inf" if value > 0 else "-inf")
        if isinstance(value, list | tuple | range):
            return [self.plain(item) for item in value]
        if isinstance(value, dict):
            return {str(key): self.plain(item) for key, item in value.items()}
        if isinstance(value, Library):
            return library_word(value, param)
        if isinstance(value, Module) and param is not None and param.kind in ("choice", "any", "string"):
            return value.kind.lower()
        if isinstance(value, DTypeOf):
            raise Refusal("A dtype that is not known.")
        raise Refusal(f"A {type(value).__name__.lower()} where {param.name if param else 'a constant'} is set.")

    def index(self, value: Any) -> Any:
        """What stands between the brackets of an index, in Python's form, sizes in place."""
        if isinstance(value, tuple):
            return tuple(self.index(item) for item in value)
        if isinstance(value, slice):
            return slice(*(self.index(part) for part in (value.start, value.stop, value.step)))
        return self._symbol(value) if isinstance(value, Symbol) else value

    def call(self, layer: LayerType, params: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters of a function or of forward, as torch takes them. Raises Refusal, BadValue."""
        known = {param.name: param for param in layer.params}
        found = {}
        for name, value in params.items():
            param = known[name]
            if param.kind == "index":
                found[name] = self.index(value)
            else:
                found[name] = convert(param, self.plain(value, param), exact=True)
        return found


DTYPES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
}


def library_word(value: Library, param: Param | None) -> Any:
    """A dtype by its name, an activation by its word."""
    root, _, name = value.path.rpartition(".")
    if root == "torch" and name in DTYPES:
        return DTYPES[name]
    if root == "torch" and (name.startswith(("float", "int", "uint", "bool", "bfloat", "complex"))):
        return name
    if value.path == "builtins.float":
        return "float64"
    if value.path == "builtins.int":
        return "int64"
    if value.path == "builtins.bool":
        return "bool"
    if root == "torch.nn.functional" and param is not None and param.kind == "choice":
        return name
    raise Refusal(f"{value.path} is no value of a parameter.")


def index_text(value: Any, render: Callable[[Any], str]) -> str:
    """The text between the brackets: `..., :x.shape[1]`."""
    if isinstance(value, tuple):
        inner = ", ".join(index_text(item, render) for item in value)
        return inner + "," if len(value) == 1 else inner
    if isinstance(value, slice):
        start, stop, step = ("" if part is None else render(part) for part in (value.start, value.stop, value.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")
    return "..." if value is Ellipsis else render(value)
