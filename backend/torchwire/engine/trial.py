"""One trial of a layer, on the meta device or for real: what comes out, what it costs, what torch says."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from torchwire.catalogue.layer import LayerType
from torchwire.engine import guards
from torchwire.engine.operation import function_of, name_outputs, to_torch
from torchwire.engine.sheet import Sheet

# else some warnings come once in a process, and whether a request is told them depends on those before it
torch.set_warn_always(True)

# Operators that multiply and add, for which FlopCounterMode has no rule: the answer is "unknown", never 0.
_UNCOUNTED = {"_trilinear", "bilinear", "_cdist_forward", "linalg_matrix_norm", "cdist"}


@dataclass(frozen=True)
class Verdict:
    """`outputs` by port; None when only values can tell. `fault` is what torch raised; `macs` None where unknown.

    `views` are the outputs that share memory with an argument: its name, its number in a list, the elements between.
    """

    outputs: Mapping[str, Sheet] | None
    fault: Exception | None = None
    macs: int | None = None
    warnings: tuple[str, ...] = ()
    views: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)


Arguments = Mapping[str, Any]  # port or keyword -> Sheet, tuple of Sheets, or a plain value
Make = Callable[[], nn.Module] | None  # builds the module; None for a function


def on_meta(layer: LayerType, module: nn.Module | None, arguments: Arguments, training: bool) -> Verdict:
    """A trial without memory; `module` is on the meta device."""
    # what a layer makes itself (zeros, a list of class weights) must be there too, and take no memory
    modes = (torch.device("meta"),)
    make = (lambda: module) if module is not None else None
    return _trial(layer, make, arguments, training, Sheet.on_meta, modes, count=True)


def for_real(
    layer: LayerType,
    make: Make,
    arguments: Arguments,
    training: bool,
    tensor: Callable[[Sheet], torch.Tensor],
    doubt: bool,
) -> Verdict:
    """A trial on tensors that `tensor` makes, with attention as plain matrix products: its CPU kernels are not counted.

    Counting takes other kernels here and there, which refuse what the usual ones compute: with `doubt` their fault is
    no verdict.
    """
    plain = (sdpa_kernel(SDPBackend.MATH),)
    counted = _trial(layer, make, arguments, training, tensor, plain, count=True)
    if counted.fault is None or not doubt:
        return counted
    return _trial(layer, make, arguments, training, tensor, (), count=False)


def uncounted(layer: LayerType, make: Make, arguments: Arguments, training: bool) -> Verdict:
    """A trial on zeros by the very kernels of a run: what comes out has the run's strides."""
    return _trial(layer, make, arguments, training, Sheet.zeros, (), count=False)


def _trial(
    layer: LayerType,
    make: Make,
    arguments: Arguments,
    training: bool,
    tensor: Callable[[Sheet], torch.Tensor],
    modes: tuple[Any, ...],
    count: bool,
) -> Verdict:
    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(fast_path and not count)  # its kernels are not counted
    unknown = _UncountedOps()
    counter = FlopCounterMode(display=False)
    try:
        with warnings.catch_warnings(record=True) as caught, torch.no_grad(), ExitStack() as stack:
            warnings.simplefilter("ignore")  # what constructors warn of costs speed, or diagnosis/ says it better
            module = make() if make is not None else None
            warnings.simplefilter("always")
            for mode in (*modes, *((counter, unknown) if count else ())):
                stack.enter_context(mode)
            given = fill(arguments, tensor)
            outputs = call(layer, module, given, training)
        sheets = {name: Sheet.of(value) for name, value in outputs.items()}
        macs = None if unknown.seen or not count else counter.get_total_flops() // 2
        texts = tuple(str(warning.message) for warning in caught)
        return Verdict(sheets, None, macs, texts, _views(given, outputs))
    except Exception as fault:
        return Verdict(None, fault)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)


def _views(given: Mapping[str, Any], outputs: Mapping[str, torch.Tensor]) -> dict[str, tuple[str, int, int]]:
    """See Verdict. Views as another dtype count their elements otherwise and are left out."""
    held: dict[int, tuple[str, int, torch.Tensor]] = {}
    for name, value in given.items():
        for number, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, torch.Tensor):
                held.setdefault(item.untyped_storage()._cdata, (name, number, item))
    found = {}
    for name, output in outputs.items():
        source = held.get(output.untyped_storage()._cdata)
        if source is not None and source[2].dtype == output.dtype:
            found[name] = (*source[:2], output.storage_offset() - source[2].storage_offset())
    return found


def call(layer: LayerType, module: nn.Module | None, given: dict[str, Any], training: bool) -> dict[str, torch.Tensor]:
    """Runs a module or a function on tensors; its results by output port. Raises whatever torch raises."""
    given = {name: to_torch(value) for name, value in given.items()}
    if module is not None:
        if module.training is not training:
            module.train(training)
        guards.check(layer.type, module, given)
        return name_outputs(layer, module(**given))
    guards.check(layer.type, None, given)
    given.pop("inplace", None)  # out of place: the bits are the same, and the input keeps what it shows
    return name_outputs(layer, function_of(layer)(given))


def sheets_in(arguments: Arguments) -> list[Sheet]:
    found = []
    for value in arguments.values():
        found += [item for item in (value if isinstance(value, tuple) else (value,)) if isinstance(item, Sheet)]
    return found


def fill(arguments: Arguments, make: Callable[[Sheet], torch.Tensor]) -> dict[str, Any]:
    """The arguments with a tensor in place of every sheet; the same one where several ports read one tensor."""
    made: dict[int, torch.Tensor] = {}

    def one(value: Any) -> Any:
        if isinstance(value, Sheet):
            if id(value) not in made:
                made[id(value)] = make(value)
            return made[id(value)]
        return tuple(one(item) for item in value) if isinstance(value, tuple) else value

    return {name: one(value) for name, value in arguments.items()}


class _UncountedOps(TorchDispatchMode):
    """Notices operators whose multiply-adds nobody counts."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket.__name__ in _UNCOUNTED:
            self.seen = True
        return func(*args, **(kwargs or {}))
