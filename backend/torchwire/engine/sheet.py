"""A tensor without its values: shape, dtype and strides. What the shape pass computes with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor begins: the storage that it shares with its views, and how many elements into it."""

    storage: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Shape, dtype and strides of a strided tensor; of a node's own one also where in memory it would lie."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    strides: tuple[int, ...]
    place: Place | None = field(default=None, compare=False)

    @classmethod
    def of(cls, tensor: torch.Tensor) -> Sheet:
        return cls(tuple(tensor.shape), tensor.dtype, tuple(tensor.stride()))

    @classmethod
    def contiguous(cls, shape: tuple[int, ...], dtype: torch.dtype) -> Sheet:
        strides, step = [], 1
        for size in reversed(shape):
            strides.append(step)
            step *= max(size, 1)
        return cls(shape, dtype, tuple(reversed(strides)))

    @property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def extent(self) -> int:
        """The elements, a size of 0 counted as 1: what it takes to walk through the tensor or to write it down."""
        return math.prod(max(size, 1) for size in self.shape)

    def on_meta(self) -> torch.Tensor:
        return torch.empty_strided(self.shape, self.strides, dtype=self.dtype, device="meta")

    def zeros(self) -> torch.Tensor:
        """A real tensor of zeros with the same layout; expanded dimensions (stride 0) share memory as they would."""
        return self._filled(0)

    def ones(self) -> torch.Tensor:
        """As zeros, of ones."""
        return self._filled(1)

    def _filled(self, value: int) -> torch.Tensor:
        extent = 1 + sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True) if size)
        base = torch.full((extent if self.elements else 0,), value, dtype=self.dtype)
        return base.as_strided(self.shape, self.strides)


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def dtype_named(name: str) -> torch.dtype:
    found = getattr(torch, name)
    assert isinstance(found, torch.dtype)
    return found
