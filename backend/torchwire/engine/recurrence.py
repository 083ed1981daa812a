"""Long sequences judged by short ones.

On torch's meta device, and under its counter, a recurrent layer takes 2 ms a step: 784 pixels are 1.6 s, a million
steps half an hour. Every step is like the one before, so each size, stride and count grows evenly with the steps, and
torch's answers for FEW of them tell all. A test compares this with the whole run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from torch import nn

from torchwire.engine.sheet import Sheet

FEW = (3, 4)
LONG = 16  # up to this many steps the whole sequence is run


def time_dimension(module: nn.Module | None, arguments: Mapping[str, Any]) -> int | None:
    """The dimension of `input` that is time, where a recurrent layer reads a long sequence; else None."""
    sheet = arguments.get("input")
    if not isinstance(module, nn.RNNBase) or not isinstance(sheet, Sheet) or len(sheet.shape) not in (2, 3):
        return None
    dim = 1 if module.batch_first and len(sheet.shape) == 3 else 0
    return dim if sheet.shape[dim] > LONG else None


def shortened(arguments: Mapping[str, Any], dim: int, steps: int) -> dict[str, Any]:
    """The arguments with a sequence of so many steps."""
    sheet = arguments["input"]
    shape = (*sheet.shape[:dim], steps, *sheet.shape[dim + 1 :])
    return {**arguments, "input": replace(sheet, shape=shape)}


def lengthened(short: Mapping[str, Sheet], longer: Mapping[str, Sheet], steps: int) -> dict[str, Sheet]:
    """The outputs after `steps` steps, from those after FEW[0] and FEW[1]."""
    return {
        name: Sheet(
            tuple(evenly(a, b, steps) for a, b in zip(sheet.shape, longer[name].shape, strict=True)),
            sheet.dtype,
            tuple(evenly(a, b, steps) for a, b in zip(sheet.strides, longer[name].strides, strict=True)),
        )
        for name, sheet in short.items()
    }


def evenly(few: int, more: int, steps: int) -> int:
    """A number that is `few` after FEW[0] steps and `more` after FEW[1], after `steps`."""
    return few + (more - few) * (steps - FEW[0])
