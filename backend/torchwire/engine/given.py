"""What a document gives for a tensor: its dtype, and nested lists of numbers as torch takes them."""

from __future__ import annotations

import math
from typing import Any

import torch

from torchwire.engine.outcomes import Fault
from torchwire.engine.sheet import dtype_named
from torchwire.graph.problems import Problem
from torchwire.plan import sources
from torchwire.plan.sources import INTEGER_IN_TEXT
from torchwire.plan.tree import Copy, Node

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def dtype_of(copy: Copy) -> torch.dtype:
    """The dtype of an Input, Parameter or Constant."""
    return dtype_named(sources.dtype_of(copy.params))


def _numbers(values: Any, dtype: torch.dtype) -> Any:
    if isinstance(values, list):
        return [_numbers(item, dtype) for item in values]
    if not isinstance(values, str):
        return values
    if dtype == torch.int64 and INTEGER_IN_TEXT.fullmatch(values):  # beyond 2**53, as answers write them
        return int(values)
    if values not in _SPECIAL:  # torch takes an empty text for an empty list
        raise ValueError(f"{values[:40]!r} is no number")
    return _SPECIAL[values]


def tensor_from(values: Any, dtype: torch.dtype, node: Node) -> torch.Tensor:
    """The tensor of a nested list. Raises Fault where it is ragged or holds anything but numbers."""
    try:
        return torch.tensor(_numbers(values, dtype), dtype=dtype)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        problem = Problem(
            "bad-param",
            f"values of {node.key} must be a nested list of numbers in which all lists of a level are equally long.",
            param="values",
            detail=str(error),
        )
        raise Fault(problem) from None
