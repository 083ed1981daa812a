"""What torch says about one layer on inputs of given shapes, without the network's weights; remembered.

The meta device gives shapes and multiply-adds at no cost in memory, but it lets mistakes pass (float64 into a float32
Linear) and fails on layers that run (74 of torch's own 930 samples). So small layers are also run for real, on zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine import recurrence
from torchwire.engine.blueprint import out_of_place
from torchwire.engine.memory import Memory
from torchwire.engine.operation import construct
from torchwire.engine.sheet import Sheet
from torchwire.engine.trial import Arguments, Make, Verdict, for_real, on_meta, sheets_in, uncounted

# Up to this many elements in inputs, weights and outputs together, a real run on zeros costs less than a millisecond.
SMALL = 200_000

# Functions whose shape is decided by values: on zeros they would give a wrong one.
VALUE_SHAPED = {"one_hot", "repeat_interleave", "getitem", "masked_select", "nonzero", "unique", "bincount"}

# Layers that on zeros and on meta fail for their values alone: the lengths of CTC's sequences are among them.
VALUE_JUDGED = {"CTCLoss", "ctc_loss"}

# Layers that in eval mode take a fast path, which is not counted and gives other strides.
FAST_PATHED = {"MultiheadAttention", "TransformerEncoderLayer", "TransformerEncoder", "Transformer"}

_remembered: Memory[Verdict] = Memory(20_000, name="verdicts")


def judge(
    key: object,
    layer: LayerType,
    module: nn.Module | None,
    make_module: Make,
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    """The verdict on a layer.

    `module` is on meta, or None for a function; `make_module` builds it for real. `thorough` also runs a small layer
    on zeros when meta found no fault: for whoever does not run it with the real values anyway.
    """
    return _remembered.get(
        (key, described(layer, arguments), training, thorough),
        lambda: _judge_steps(layer, module, make_module, arguments, training, thorough),
    )


def described(layer: LayerType, arguments: Arguments) -> Hashable:
    """A key for the arguments of a layer; repr tells 1, 1.0 and True apart."""
    items = tuple((name, value if isinstance(value, Sheet) else repr(value)) for name, value in arguments.items())
    if layer.type in FAST_PATHED:  # attention of a tensor to itself takes another path than to its equal
        return (items, str([[a is b for b in arguments.values()] for a in arguments.values()]))
    return items


def _judge_steps(
    layer: LayerType,
    module: nn.Module | None,
    make_module: Make,
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
    make_module: Make,
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    if layer.type in VALUE_JUDGED:
        return Verdict(None)
    verdict = _on_meta(layer, module, make_module, arguments, training)
    small = _elements(module, arguments, verdict) <= SMALL
    if not small or (verdict.fault is None and not thorough):
        if verdict.fault is not None and _meta_only(verdict.fault):
            return Verdict(None)
        return verdict
    # where meta and a counted run agree on a fault it stands: a plain max_pool1d with a kernel of 10**12 never ends
    doubt = verdict.fault is None or _meta_only(verdict.fault)
    real = for_real(layer, make_module, arguments, training, Sheet.zeros, doubt)
    if real.fault is not None and verdict.fault is None and layer.form == "function":
        # by 0 one cannot divide, and no class is drawn from weights of 0: ones tell a wrong wire from a wrong value
        ones = for_real(layer, make_module, arguments, training, Sheet.ones, doubt)
        real = ones if ones.fault is None else real
    if real.fault is None and verdict.fault is not None:
        outputs = None if layer.type in VALUE_SHAPED else real.outputs
        return Verdict(outputs, None, real.macs, real.warnings, real.views)
    if real.fault is not None and verdict.fault is not None and _meta_only(verdict.fault):
        return Verdict(None) if _decided_by_values(arguments, real.fault) else real
    if real.fault is not None and verdict.fault is None and _decided_by_values(arguments, real.fault):
        return verdict
    # in some losses meta has another dtype than the CPU (float32 for float16)
    kept = real.outputs is None or layer.type in VALUE_SHAPED or layer.type in FAST_PATHED
    outputs = verdict.outputs if kept else real.outputs
    return Verdict(outputs, real.fault, verdict.macs, real.warnings, verdict.views if kept else real.views)


def _on_meta(
    layer: LayerType, module: nn.Module | None, make_module: Make, arguments: Arguments, training: bool
) -> Verdict:
    """The trial on meta, with the strides that a run gives: a `view` behind it depends on them."""
    verdict = on_meta(layer, module, arguments, training)
    if training or verdict.outputs is None or layer.type not in FAST_PATHED:
        return verdict
    if _elements(module, arguments, verdict) <= SMALL:
        outputs = uncounted(layer, make_module, arguments, training).outputs
    else:  # the fast path's outputs are contiguous; where it is not taken the run tells
        outputs = {name: Sheet.contiguous(sheet.shape, sheet.dtype) for name, sheet in verdict.outputs.items()}
    return verdict if outputs is None else replace(verdict, outputs=outputs)


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


def builder(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Any]) -> Callable[[], nn.Module]:
    """Builds the module for real."""
    return lambda: out_of_place(construct(layer, params, nested))
