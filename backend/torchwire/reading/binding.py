"""Arguments of torch's classes and functions by name, from the ways in which torch takes them by position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.catalogue.layer import LayerType
from torchwire.reading.bounds import Raised
from torchwire.reading.values import Module, Tensor, Unknown

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_OTHER_NAMES = {"axis": "dim", "keepdims": "keepdim", "self": "input"}


def bind_positions(
    it: Evaluator, layer: LayerType, ways: tuple[tuple[str, ...], ...], args: list[Any], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Name -> value. Raises Raised where no way fits."""
    named: dict[str, Any] = {}
    taken = {name for way in ways for name in way} | {param.name for param in layer.params}
    taken |= {port.name for port in layer.inputs}
    for name, value in kwargs.items():
        other = _OTHER_NAMES.get(name, name)
        named[other if name not in taken and other in taken else name] = value
    for way in ways:
        if len(args) <= len(way) and all(_fits(layer, name, value) for name, value in zip(way, args, strict=False)):
            found = dict(zip(way, args, strict=False))
            if not set(found) & set(named):
                return found | named
    most = max((len(way) for way in ways), default=0)
    if len(args) > most:
        raise Raised(f"{layer.type} takes {most} arguments by position, {len(args)} are given.")
    raise Raised(f"{layer.type} takes other arguments.")


def _fits(layer: LayerType, name: str, value: Any) -> bool:
    ports = {port.name for port in layer.inputs}
    param = next((param for param in layer.params if param.name == name), None)
    if isinstance(value, Unknown) or value is None:
        return True
    if is_tensors(value):
        return name in ports or (param is not None and param.kind in ("tensor", "number_or_tensor"))
    if isinstance(value, Module):
        return param is not None
    if param is None:
        return name not in ports and name != "a"
    if isinstance(value, bool):
        return param.kind not in ("int", "int_or_ints", "float", "ints")
    if param.kind in ("bool", "bool_or_none"):
        return not isinstance(value, int | float | list | tuple | str)
    return True


def is_tensors(value: Any) -> bool:
    """A tensor, or a list of them."""
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(item, Tensor) for item in value)
    return isinstance(value, Tensor)
