"""Attributes and indices of a tensor: read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading import memory
from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import (
    Builtin,
    Device,
    DTypeOf,
    Operation,
    Shape,
    Stored,
    Tensor,
    Unknown,
    Weight,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator
    from torchwire.reading.tensors import Tensors

MOST_VALUES = 20_000  # of a constant that the text fills piece by piece
_FLAGS = {
    "is_cuda": False,
    "is_quantized": False,
    "is_sparse": False,
    "is_nested": False,
    "is_mps": False,
    "grad": None,
    "grad_fn": None,
    "layout": None,
}


def attribute(own: Tensors, it: Evaluator, tensor: Tensor, name: str) -> Any:
    """tensor.name: a property, or a method."""
    if name == "shape":
        own.read(tensor)
        return Shape(tensor)
    if name == "dtype":
        return DTypeOf(tensor)
    if name in ("ndim",):
        return len(it.known.shape(tensor))
    if name == "device":
        return Device()
    if name in ("data", "requires_grad"):
        return tensor if name == "data" else it.modules.is_parameter(tensor)
    if name in _FLAGS:
        return _FLAGS[name]
    if name == "T":
        return own.operation("t", {"input": tensor})
    if name in ("mT", "H"):
        return own.operation("transpose", {"input": tensor, "dim0": -2, "dim1": -1})
    if name in ("register_hook", "backward", "numpy", "share_memory_", "__dict__"):
        raise Refusal(f"`.{name}` of a tensor cannot be part of a network.")
    return Builtin(name, lambda args, kwargs: own.call(name, [tensor, *args], kwargs, of=f"Tensor.{name}"))


def store_attribute(own: Tensors, it: Evaluator, tensor: Tensor, name: str, value: Any) -> None:
    """tensor.name = value."""
    source = tensor.source
    if name == "requires_grad":
        if isinstance(source, Stored):
            source.trainable = bool(value)
        elif isinstance(source, Weight):
            frozen = source.module.attributes.setdefault("_frozen", set())
            (frozen.discard if value else frozen.add)(source.name)
        return
    if name == "data" and isinstance(source, Weight) and isinstance(value, Tensor):
        values = it.known.values(value)
        if isinstance(values, list):
            from torchwire.reading.recording import Initialisation

            it.recording.initialisations.append(Initialisation(source, values, it.recording.next(), it.line))
            return
    if name == "data" and isinstance(source, Stored) and isinstance(value, Tensor) and it.recording.scope is None:
        own.overwrite(tensor, Tensor(*own.read(value)))
        return
    if name in ("data", "grad"):
        raise Refusal(f"`.{name}` of a tensor is set.")


def index(own: Tensors, it: Evaluator, tensor: Tensor, key: Any) -> Any:
    """tensor[key], as a node."""
    parts = list(key) if isinstance(key, tuple) else [key]
    for part in parts:
        if isinstance(part, Unknown):
            return part
    tensors = [part for part in parts if isinstance(part, Tensor)]
    lists = [part for part in parts if isinstance(part, list)]
    if not tensors and not lists:
        for part in parts:
            ends = (part.start, part.stop, part.step) if isinstance(part, slice) else (part,)
            if not all(each is None or each is Ellipsis or isinstance(each, int | Symbol) for each in ends):
                raise Raised("An index is made of integers, slices and tensors.")
        return own.operation("getitem", {"input": tensor, "index": key})
    if lists:
        parts = [own.call("tensor", [part], {}) if isinstance(part, list) else part for part in parts]
        tensors = [part for part in parts if isinstance(part, Tensor)]
    if len(tensors) == len(parts):
        return own.operation("getitem", {"input": tensor, "index": tensors})
    places = [number for number, part in enumerate(parts) if isinstance(part, Tensor)]
    others = [part for part in parts if not isinstance(part, Tensor)]
    if len(tensors) == 1 and all(part == slice(None) for part in others) and Ellipsis not in parts:
        try:
            plain = len(it.known.shape(tensors[0])) == 1 and it.known.dtype(tensors[0]) in ("int64", "int32")
        except Undecided:
            plain = True
        if plain:
            return own.operation("index_select", {"input": tensor, "dim": places[0], "index": tensors[0]})
    raise Refusal("An index of slices and tensors together.")


def store_index(own: Tensors, it: Evaluator, tensor: Tensor, key: Any, value: Any) -> None:
    """tensor[key] = value: by functions that give a new tensor."""
    if isinstance(value, Unknown):
        raise it.unreadable(value)
    own.read(tensor)
    if isinstance(key, Unknown):
        raise it.unreadable(key)
    memory.check_writable(own, tensor)
    if _constant(it, tensor) and (not isinstance(value, Tensor) or _constant(it, value)):
        found = it.known.assigned(tensor, key, value)
        if found is not None:
            values, dtype = found
            own.overwrite(tensor, own.constant(values, dtype))
            return
    if isinstance(key, list):
        key = own.call("tensor", [key], {})
    if isinstance(key, Tensor) and it.known.dtype(key) != "bool":
        if isinstance(value, Tensor) or len(it.known.shape(key)) != 1:
            raise Refusal("An assignment to a part of a tensor.")
        given = {"input": tensor, "dim": 0, "index": key, "value": it.plain(value)}
        own.overwrite(tensor, own.operation("index_fill", given))
        return
    if isinstance(key, Tensor) and not isinstance(value, Tensor):
        own.overwrite(tensor, own.operation("masked_fill", {"input": tensor, "mask": key, "value": it.plain(value)}))
        return
    parts = list(key) if isinstance(key, tuple) else [key]
    rank = None
    if Ellipsis in parts:
        rank = len(it.known.shape(tensor))
        at = parts.index(Ellipsis)
        parts[at : at + 1] = [slice(None)] * (rank - len(parts) + 1)
    single = [number for number, part in enumerate(parts) if part != slice(None)]
    if isinstance(value, bool | int | float) and len(single) == 1 and isinstance(parts[single[0]], int | slice):
        value = own.operation("full_like", {"input": index(own, it, tensor, key), "fill_value": value})
    if len(single) == 1 and isinstance(value, Tensor):
        dim = single[0]
        where = parts[dim]
        if isinstance(where, int):
            if where < 0:
                where += it.known.shape(tensor)[dim]
            old = len(it.known.shape(tensor))
            if len(it.known.shape(value)) == old - 1:
                source = own.operation("unsqueeze", {"input": value, "dim": dim})
                at_index = own.constant([where], "int64")
                given = {"input": tensor, "dim": dim, "index": at_index, "source": source}
                own.overwrite(tensor, own.operation("index_copy", given))
                return
        if isinstance(where, slice):
            size = it.known.shape(tensor)[dim]
            span = range(size)[slice(*(it.decide(part) for part in (where.start, where.stop, where.step)))]
            if it.known.shape(value) == tuple(
                len(span) if number == dim else each for number, each in enumerate(it.known.shape(tensor))
            ):
                given = {"input": tensor, "dim": dim, "index": own.constant(list(span), "int64"), "source": value}
                own.overwrite(tensor, own.operation("index_copy", given))
                return
    raise Refusal("An assignment to a part of a tensor.")


def _constant(it: Evaluator, tensor: Tensor) -> bool:
    return isinstance(tensor.source, Operation | Stored) and it.known.is_constant(tensor.source)
