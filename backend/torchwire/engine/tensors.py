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
    run = computation.forward()
    found: dict[str, torch.Tensor] = {}
    faults: dict[str, str] = {}
    left = settings().max_answer
    for number, name in enumerate(request["tensors"]):
        try:
            tensor = _part(name, run)
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


def _part(name: str, run: ForwardPass) -> torch.Tensor:
    """The tensor of a name, indexed. Raises LookupError with the reason."""
    base, bracket, index = name.partition("[")
    tensor = _tensor(base.strip(), run)
    if bracket:
        if not index.endswith("]"):
            raise LookupError("The index has no closing bracket.")
        try:
            place = parse_expression(index[:-1], index=True).evaluate({}, _no_size)
            tensor = tensor[_plain(place)]
        except (ExpressionError, IndexError, ValueError, TypeError) as error:
            raise LookupError(f"The index does not fit the shape {list(tensor.shape)}: {error}"[:160]) from None
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


def _tensor(name: str, run: ForwardPass) -> torch.Tensor:
    path, _, last = name.rpartition(".")
    for node, port in ((path, last), (name, "")):
        outcome = run.outcomes.get(node)
        if outcome is None:
            continue
        value = outcome.outputs.get(port) if port else next(iter(outcome.outputs.values()), None)
        if isinstance(value, torch.Tensor):
            return value
        if not port and outcome.state != "ok":
            raise LookupError(f"The node was not computed: it is {outcome.state}.")
    weight = _weight(name, run)
    if weight is None:
        outcome = run.outcomes.get(path)
        if outcome is not None and outcome.state != "ok":
            raise LookupError(f"The node was not computed: it is {outcome.state}.")
        raise LookupError("No output, parameter or buffer that was computed has this name.")
    return weight


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
