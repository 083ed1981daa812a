"""Tensors that share memory: what a write in place means to the others that show the same numbers.

A network has no memory, only values. A view that is written makes a new value of the whole; a whole that is written
makes its views anew, when somebody reads them. Where that cannot be said exactly, reading is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading import properties
from torchwire.reading.bounds import Refusal
from torchwire.reading.values import Operation, Shape, Stored, Tensor, Weight

if TYPE_CHECKING:
    from torchwire.reading.tensors import Tensors

# shows the memory of its input, or may
VIEWS = frozenset(
    """view reshape flatten unflatten ravel squeeze unsqueeze permute transpose swapaxes movedim expand expand_as
    view_as reshape_as broadcast_to getitem narrow select diagonal t chunk split unbind contiguous detach type_as to
    float broadcast_tensors meshgrid real""".split()
)
# shows it always, and can be made again of another value
_EXACT = VIEWS - frozenset(
    "reshape flatten ravel reshape_as contiguous type_as to float broadcast_tensors meshgrid real".split()
)
# give their input itself in eval mode
PASSING = frozenset(
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout Dropout Dropout1d Dropout2d Dropout3d "
    "AlphaDropout FeatureAlphaDropout".split()
)
# shows its input itself
_SAME = PASSING | {"Identity", "detach"}
_RESHAPED = frozenset("view view_as squeeze unsqueeze unflatten".split())
_TURNED = frozenset("transpose swapaxes t".split())
# change how a tensor shows its memory, not what is there
RESHAPING = frozenset("transpose_ swapaxes_ swapdims_ t_ squeeze_ unsqueeze_ detach_".split())


def shown(base: Tensor | None, made: Tensor) -> Tensor:
    """`made`, which shows the memory of `base`."""
    if base is not None:
        made.base, made.made = base, made.source if isinstance(made.source, Operation) else None
        base.views.append(made)
    return made


def check_writable(own: Tensors, tensor: Any) -> None:
    """Raises Refusal for what a network never changes."""
    if not isinstance(tensor, Tensor):
        return
    it = own.it
    source = tensor.source
    if isinstance(source, Weight):
        raise Refusal(
            f"The {source.name} of a {source.module.kind} is computed in place: it keeps the values it was made with."
        )
    if isinstance(source, Stored):
        if it.recording.scope is not None:
            raise Refusal("forward() writes a parameter or buffer.")
        if any(call.target is source for call in it.recording.initialisations):
            raise Refusal("A parameter is computed in place behind its initialisation: it keeps what that gave.")


def read(own: Tensors, tensor: Tensor) -> tuple[Any, str | None]:
    """What the tensor means now. Raises Refusal where a write in place has changed it in a way that cannot be said."""
    if tensor.stale is not None:
        made, base = tensor.made, tensor.base
        if base is None or made is None or not _is_exact(made):
            raise Refusal(tensor.stale)
        reference = read(own, base)
        if made.type in _SAME:
            (tensor.source, tensor.port), tensor.stale = reference, None
            return reference
        port = next(iter(made.inputs))
        again = Operation(made.type, made.layer, made.params, {port: reference}, None, line=own.it.line, hint=made.hint)
        own.it.recording.add(again)
        tensor.source, tensor.stale = again, None
    return tensor.reference


def overwrite(own: Tensors, tensor: Tensor, result: Tensor) -> None:
    """The tensor means the result from here on, and so does whoever shares its memory."""
    check_writable(own, tensor)
    if isinstance(tensor.source, Stored):
        _refill(own, tensor.source, result)
        _outdate(own, tensor, tensor)
        return
    base, made = tensor.base, tensor.made
    if base is not None:
        if made is not None and made.type == "getitem" and _is_exact(made):
            read(own, base)
            properties.store_index(own, own.it, base, made.params["index"], result)
        else:
            whole = None if made is None or not _is_exact(made) else _whole(own, tensor, made, base, result)
            if whole is not None:
                overwrite(own, base, whole)
            else:
                _outdate_all(own, tensor)
    tensor.source, tensor.port, tensor.stale = result.source, result.port, None
    _outdate(own, tensor, tensor)


def reshape(tensor: Tensor, result: Tensor) -> None:
    """x.transpose_(0, 1): x shows the same memory in another way, which its views do not follow."""
    tensor.source, tensor.port, tensor.made = result.source, result.port, None
    for view in tensor.views:
        view.made = None


def _is_exact(made: Operation) -> bool:
    if made.type in _SAME:
        return True
    return made.type in _EXACT and len(made.inputs) == 1 and made.layer is not None


def _outdate(own: Tensors, tensor: Tensor, writer: Tensor) -> None:
    """Who shows the memory of `tensor` must be made anew."""
    todo = list(tensor.views)
    while todo:
        each = todo.pop()
        if each is writer:
            continue
        own.it.budget.take()
        each.stale = f"A tensor that line {own.it.line} has changed in place, through a view of its memory."
        todo += each.views


def _outdate_all(own: Tensors, tensor: Tensor) -> None:
    """Nobody of the family can be read any more."""
    root = tensor
    while root.base is not None:
        root = root.base
        root.stale = f"A tensor that line {own.it.line} has changed in place, through a view of its memory."
        root.made = None
    _outdate(own, root, tensor)


def _whole(own: Tensors, tensor: Tensor, made: Operation, base: Tensor, result: Tensor) -> Tensor | None:
    """The value of the base once its view has this one; None where that is not known."""
    it = own.it
    found: Any = None
    if made.type in _SAME:
        found = result
    elif made.type in _RESHAPED:
        found = own.operation("reshape", {"input": result, "shape": list(it.shape_items(Shape(base)))})
    elif made.type in _TURNED:
        found = own.operation(made.type, {"input": result, **made.params})
    elif made.type == "permute":
        dims = [it.plain(dim) % len(made.params["dims"]) for dim in made.params["dims"]]
        found = own.operation("permute", {"input": result, "dims": [dims.index(n) for n in range(len(dims))]})
    elif made.type == "movedim":
        source, destination = made.params["source"], made.params["destination"]
        found = own.operation("movedim", {"input": result, "source": destination, "destination": source})
    elif made.type in ("select", "narrow"):
        dim = it.plain(made.params["dim"]) % len(it.known.shape(base))
        if made.type == "select":
            where: Any = made.params["index"]
        else:
            start = it.plain(made.params["start"])
            where = slice(start, start + it.plain(made.params["length"]))
        properties.store_index(own, it, base, (*[slice(None)] * dim, where), result)
        found = Tensor(*base.reference)
    elif made.type in ("chunk", "split", "unbind") and tensor.pieces is not None:
        parts = [result if each is tensor else each for each in own.pieces(tensor.pieces, None)]
        for part in parts:
            if part is not result:
                read(own, part)
        given = {"tensors": parts, "dim": made.params.get("dim", 0)}
        found = own.operation("stack" if made.type == "unbind" else "cat", given)
    return found if isinstance(found, Tensor) else None


def _refill(own: Tensors, stored: Stored, result: Tensor) -> None:
    """A parameter or buffer under construction gets another value; what was made of the old one keeps that."""
    old = stored.value.reference
    for operation in own.it.recording.operations:
        own.it.budget.take()
        for port, wires in operation.inputs.items():
            if isinstance(wires, list):
                operation.inputs[port] = [old if wire[0] is stored else wire for wire in wires]
            elif wires[0] is stored:
                operation.inputs[port] = old
    stored.value = Tensor(*(old if result.source is stored else result.reference))
