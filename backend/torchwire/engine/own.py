"""Functions that torch does not have under one name."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F


def min_pool2d(input: torch.Tensor, kernel_size: Any, **options: Any) -> torch.Tensor:
    """The smallest value of each window: the twin of F.max_pool2d, with the same arguments.

    Shapes as max_pool2d: (N, C, H, W) -> (N, C, H', W').
    """
    return -F.max_pool2d(-input, kernel_size, **options)
