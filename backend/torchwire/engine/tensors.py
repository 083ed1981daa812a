"""The verb `tensors`: tensors of a forward pass in full, as safetensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import safetensors.torch
import torch

from torchwire.engine.computation import Computation
from torchwire.engine.forward import ForwardPass
from torchwire.engine.progress import Progress
from torchwire.graph.expressions import ExpressionError, parse_expression
from torchwire.settings import settings

_UNWRITTEN = (torch.complex128, torch.complex32)  # dtypes without a name in the safetensors format


class NoTensor(Exception):
    """Names that no tensor stands behind. `fields`: place in the request -> why."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("no such tensor")
        self.fields = fields


def tensors(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The tensors named by `request["tensors"]`, by the names as asked.

    A name is `node.port`, `node` (its first output) or `node.weight` (any name of its `state_dict()`), by the paths of
    the answer, with or without an index of integers and slices: `conv1.output[0, 2:4]`. Raises NotADocument, and
    NoTensor where a name means nothing, the tensor was not computed, or all are more than `max_answer` elements.
    """
    computation = Computation(request, progress)
    progress.rescue(str.encode)  # half a file is none: the problem's code alone
    if computation.is_hopeless:
        raise NoTensor({"tensors": "The network cannot be computed within the limits; POST /forward says why."})
    run = computation.forward()
    shapes = computation.shapes
    assert shapes is not None
    states = {path: outcome.state for path, outcome in run.outcomes.items() if outcome.state != "ok"}
    states |= {path: outcome.state for path, outcome in shapes.outcomes.items() if outcome.state != "ok"}
    found: dict[str, torch.Tensor] = {}
    faults: dict[str, str] = {}
    left = settings().max_answer
    for number, name in enumerate(request["tensors"]):
        try:
            tensor = _part(name, run, states)
        except LookupError as error:
            faults[f"tensors.{number}"] = error.args[0]
            continue
        left -= tensor.numel()
        if left < 0:
            faults[f"tensors.{number}"] = f"All are more than {settings().max_answer:,} elements; ask for parts."
            break
        found[name] = tensor.detach().clone(memory_format=torch.contiguous_format)
    if faults:
        raise NoTensor(faults)
    return safetensors.torch.save(found)


def _part(name: str, run: ForwardPass, states: Mapping[str, str]) -> torch.Tensor:
    """The tensor of a name, indexed. Raises LookupError with the reason."""
    base, bracket, index = name.partition("[")
    base = base.strip()
    tensor = _tensor(base, run)
    if tensor is None:
        state = states.get(base) or states.get(base.rpartition(".")[0])
        if state is not None:
            raise LookupError(f"The node has no values: its state is {state}, and POST /forward says why.")
        raise LookupError("No output, parameter or buffer that was computed has this name.")
    if bracket:
        if not index.endswith("]"):
            raise LookupError("The index has no closing bracket.")
        try:
            place = parse_expression(index[:-1], index=True).evaluate({}, _no_size)
            tensor = tensor[_plain(place)]
        except (ExpressionError, IndexError, ValueError, TypeError) as error:
            # not in the error's own words: they may quote what was asked
            taken = "only integers and slices that go forwards are taken"
            why = "there is no such place" if isinstance(error, IndexError) else taken
            raise LookupError(f"The index does not fit the shape {list(tensor.shape)[:16]}: {why}.") from None
    if tensor.dtype in _UNWRITTEN:
        raise LookupError(f"safetensors has no {str(tensor.dtype).removeprefix('torch.')}.")
    return tensor


def _no_size(reference: object) -> tuple[int, ...]:
    raise ExpressionError("an index holds integers and slices")


def _plain(place: Any) -> Any:
    parts = place if isinstance(place, tuple) else (place,)
    if not all(isinstance(part, slice) or type(part) is int or part is Ellipsis for part in parts):
        raise ExpressionError("an index holds integers and slices")
    return place


def _tensor(name: str, run: ForwardPass) -> torch.Tensor | None:
    path, _, port = name.rpartition(".")
    outcome = run.outcomes.get(path)
    found = outcome.outputs.get(port) if outcome is not None else None
    if found is None and (outcome := run.outcomes.get(name)) is not None:
        found = next(iter(outcome.outputs.values()), None)
    return found if isinstance(found, torch.Tensor) else _weight(name, run)


def _weight(name: str, run: ForwardPass) -> torch.Tensor | None:
    """A parameter or buffer: of the module at the longest path that there is, or a Parameter or Constant itself."""
    builder = run.builder
    own = builder.tensors.get(name.removesuffix(".value")) if name.endswith(".value") else builder.tensors.get(name)
    if own is not None:
        return own
    parts = name.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        module = builder.modules.get(".".join(parts[:cut])) if cut else getattr(run, "root", None)
        if module is None:
            continue
        try:
            found = getattr(module.get_submodule(".".join(parts[cut:-1])), parts[-1])
        except AttributeError:
            continue
        if isinstance(found, torch.Tensor):
            return found
    return None
