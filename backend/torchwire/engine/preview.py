"""A few values of a tensor whose values found no place in an answer, spread evenly over it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import torch

from torchwire.engine.encode import values_of

MOST = 4_096  # values of one preview


def steps_of(shape: Sequence[int]) -> list[int]:
    """The step of each dimension: every step-th index from 0 on is shown.

    It is the smallest that leaves a dimension at most n indices, n being the largest number for which min(size, n),
    multiplied over the dimensions, is at most MOST. A size of 0 counts as 1: an empty list takes its place too.
    """

    def values(most: int) -> int:
        return math.prod(min(size or 1, most) for size in shape)

    most = bisect_right(range(1, MOST + 1), MOST, key=values)  # all of them where the tensor is no larger
    return [max(1, -(-size // most)) for size in shape]


def preview_of(tensor: torch.Tensor) -> dict[str, Any]:
    """`values`: those of `tensor[::step[0], ::step[1], ...]`, written as all values are; `step`."""
    steps = steps_of(tensor.shape)
    return {"step": steps, "values": values_of(tensor[tuple(slice(None, None, step) for step in steps)])}
