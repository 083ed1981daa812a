"""What torch says about one layer on inputs of given shapes, without the network's weights; remembered.

The meta device gives shapes and multiply-adds at no cost in memory, but it lets mistakes pass (float64 into a float32
Linear) and fails on layers that run (74 of torch's own 930 samples). So small layers are also run for real, on zeros.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from torchwire.catalogue.layer import LayerType
from torchwire.engine import recurrence
from torchwire.engine.blueprint import out_of_place
from torchwire.engine.memory import Memory
from torchwire.engine.operation import construct, function_of, name_outputs, to_torch
from torchwire.engine.sheet import Sheet

# Up to this many elements in inputs, weights and outputs together, a real run on zeros costs less than a millisecond.
SMALL = 200_000

# Operators that multiply and add, for which FlopCounterMode has no rule: the answer is "unknown", never 0.
_UNCOUNTED = {"_trilinear", "bilinear", "_cdist_forward", "linalg_matrix_norm", "cdist"}

# Functions whose shape is decided by values: on zeros they would give a wrong one.
VALUE_SHAPED = {"one_hot", "repeat_interleave", "getitem", "masked_select", "nonzero", "unique", "bincount"}

# Layers that on zeros and on meta fail for their values alone: the lengths of CTC's sequences are among them.
VALUE_JUDGED = {"CTCLoss", "ctc_loss"}


@dataclass(frozen=True)
class Verdict:
    """`outputs` by port; None when only values can tell. `fault` is what torch raised; `macs` None where unknown."""

    outputs: Mapping[str, Sheet] | None
    fault: Exception | None = None
    macs: int | None = None
    warnings: tuple[str, ...] = ()


_remembered: Memory[Verdict] = Memory(20_000)

Arguments = Mapping[str, Any]  # port or keyword -> Sheet, tuple of Sheets, or a plain value


def sheets_in(arguments: Arguments) -> list[Sheet]:
    found = []
    for value in arguments.values():
        found += [item for item in (value if isinstance(value, tuple) else (value,)) if isinstance(item, Sheet)]
    return found


def fill(arguments: Arguments, make: Callable[[Sheet], torch.Tensor]) -> dict[str, Any]:
    """The arguments with a tensor in place of every sheet."""

    def one(value: Any) -> Any:
        if isinstance(value, Sheet):
            return make(value)
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


def judge(
    key: object,
    layer: LayerType,
    module: nn.Module | None,
    make_module: Callable[[], nn.Module] | None,
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    """The verdict on a layer.

    `module` is on meta, or None for a function; `make_module` builds it for real. `thorough` also runs a small layer
    on zeros when meta found no fault: for whoever does not run it with the real values anyway.
    """
    described = repr(sorted(arguments.items(), key=lambda item: item[0]))
    return _remembered.get(
        (key, described, training, thorough),
        lambda: _judge_steps(layer, module, make_module, arguments, training, thorough),
    )


def _judge_steps(
    layer: LayerType,
    module: nn.Module | None,
    make_module: Callable[[], nn.Module] | None,
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    """A long sequence by two short ones; a fault is told by the whole, with its numbers."""
    dim = recurrence.time_dimension(module, arguments)
    if dim is not None:
        few, more = (
            _judge(layer, module, make_module, recurrence.shortened(arguments, dim, steps), training, thorough)
            for steps in recurrence.FEW
        )
        if few.outputs is not None and more.outputs is not None and few.fault is None:
            steps = arguments["input"].shape[dim]
            macs = None if few.macs is None or more.macs is None else recurrence.evenly(few.macs, more.macs, steps)
            return Verdict(recurrence.lengthened(few.outputs, more.outputs, steps), None, macs, few.warnings)
    return _judge(layer, module, make_module, arguments, training, thorough)


def _judge(
    layer: LayerType,
    module: nn.Module | None,
    make_module: Callable[[], nn.Module] | None,
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    if layer.type in VALUE_JUDGED:
        return Verdict(None)
    verdict = _on_meta(layer, module, arguments, training)
    small = _elements(module, arguments, verdict) <= SMALL
    if not small or (verdict.fault is None and not thorough):
        if verdict.fault is not None and _meta_only(verdict.fault):
            return Verdict(None)
        return verdict
    # where meta and a counted run agree on a fault it stands: a plain max_pool1d with a kernel of 10**12 never ends
    doubt = verdict.fault is None or _meta_only(verdict.fault)
    real = _for_real(layer, module, make_module, arguments, training, Sheet.zeros, doubt)
    if real.fault is not None and verdict.fault is None and layer.form == "function":
        # by 0 one cannot divide, and no class is drawn from weights of 0: ones tell a wrong wire from a wrong value
        ones = _for_real(layer, module, make_module, arguments, training, Sheet.ones, doubt)
        real = ones if ones.fault is None else real
    if real.fault is None and verdict.fault is not None:
        return Verdict(None if layer.type in VALUE_SHAPED else real.outputs, None, real.macs, real.warnings)
    if real.fault is not None and verdict.fault is not None and _meta_only(verdict.fault):
        return Verdict(None) if _decided_by_values(arguments, real.fault) else real
    if real.fault is not None and verdict.fault is None and _decided_by_values(arguments, real.fault):
        return verdict
    # in some losses meta has another dtype than the CPU (float32 for float16)
    outputs = verdict.outputs if real.outputs is None or layer.type in VALUE_SHAPED else real.outputs
    return Verdict(outputs, real.fault, verdict.macs, real.warnings)


def _meta_only(fault: Exception) -> bool:
    """Whether the fault is the meta device's own inability, not the network's."""
    return isinstance(fault, NotImplementedError) or "meta" in str(fault).lower()


def _decided_by_values(arguments: Arguments, fault: Exception) -> bool:
    """Whether zeros may fail where other values would not: shapes do not judge what only values decide.

    A place outside a tensor is given by integers; without such a tensor an IndexError is about a dimension.
    """
    if all(sheet.dtype.is_floating_point for sheet in sheets_in(arguments)):
        return False
    if isinstance(fault, IndexError) and "Dimension out of range" in str(fault):
        return False  # a dim that the tensor does not have, whatever it holds
    return isinstance(fault, IndexError) or (isinstance(fault, RuntimeError) and "out of bounds" in str(fault))


def _elements(module: nn.Module | None, arguments: Arguments, verdict: Verdict) -> int:
    total = sum(sheet.extent for sheet in sheets_in(arguments))
    if module is not None:
        total += sum(parameter.numel() for parameter in module.parameters())
    if verdict.outputs is not None:
        total += sum(sheet.extent for sheet in verdict.outputs.values())
    return total


def _on_meta(layer: LayerType, module: nn.Module | None, arguments: Arguments, training: bool) -> Verdict:
    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # its kernels are not counted
    uncounted = _UncountedOps()
    try:
        with warnings.catch_warnings(record=True) as caught, torch.no_grad():
            warnings.simplefilter("always")
            # what a layer makes itself (zeros, a list of class weights) must be there too, and take no memory
            with torch.device("meta"), FlopCounterMode(display=False) as counter, uncounted:
                outputs = call(layer, module, fill(arguments, Sheet.on_meta), training)
        sheets = {name: Sheet.of(value) for name, value in outputs.items()}
        macs = None if uncounted.seen else counter.get_total_flops() // 2
        return Verdict(sheets, None, macs, tuple(str(warning.message) for warning in caught))
    except Exception as fault:
        return Verdict(None, fault)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)


def _for_real(
    layer: LayerType,
    module: nn.Module | None,
    make_module: Callable[[], nn.Module] | None,
    arguments: Arguments,
    training: bool,
    make: Callable[[Sheet], torch.Tensor],
    doubt: bool,
) -> Verdict:
    """Counts too, with attention as plain matrix products: its CPU kernels are not counted.

    Counting takes other kernels here and there, which refuse what the usual ones compute: with `doubt` their fault is
    no verdict.
    """
    counted = _run(layer, module, make_module, arguments, training, make, count=True)
    if counted.fault is None or not doubt:
        return counted
    return _run(layer, module, make_module, arguments, training, make, count=False)


def _run(
    layer: LayerType,
    module: nn.Module | None,
    make_module: Callable[[], nn.Module] | None,
    arguments: Arguments,
    training: bool,
    make: Callable[[Sheet], torch.Tensor],
    count: bool,
) -> Verdict:
    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(fast_path and not count)
    uncounted = _UncountedOps()
    counter = FlopCounterMode(display=False)
    try:
        with warnings.catch_warnings(record=True) as caught, torch.no_grad(), ExitStack() as modes:
            warnings.simplefilter("ignore")  # what constructors warn of costs speed, or diagnosis/ says it better
            real = make_module() if module is not None and make_module is not None else None
            warnings.simplefilter("always")
            for mode in (sdpa_kernel(SDPBackend.MATH), counter, uncounted) if count else ():
                modes.enter_context(mode)
            outputs = call(layer, real, fill(arguments, make), training)
        sheets = {name: Sheet.of(value) for name, value in outputs.items()}
        macs = None if uncounted.seen or not count else counter.get_total_flops() // 2
        return Verdict(sheets, None, macs, tuple(str(warning.message) for warning in caught))
    except Exception as fault:
        return Verdict(None, fault)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)


def call(layer: LayerType, module: nn.Module | None, given: dict[str, Any], training: bool) -> dict[str, torch.Tensor]:
    """Runs a module or a function on tensors; its results by output port. Raises whatever torch raises."""
    given = {name: to_torch(value) for name, value in given.items()}
    if module is not None:
        if module.training is not training:
            module.train(training)
        return name_outputs(layer, module(**given))
    given.pop("inplace", None)  # out of place: the bits are the same, and the input keeps what it shows
    return name_outputs(layer, function_of(layer)(given))


def builder(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Any]) -> Callable[[], nn.Module]:
    """Builds the module for real."""
    return lambda: out_of_place(construct(layer, params, nested))
