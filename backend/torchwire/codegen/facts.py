"""What the engine found out that the code needs, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tensor:
    """An output: its shape and dtype where they are known; `dense`: whether its elements fill their memory."""

    shape: tuple[int, ...] | None
    dtype: str | None
    dense: bool = True


@dataclass(frozen=True)
class Inner:
    """A module inside another, itself included: its class, that class's bases, its tensors by name, and those it has
    as None (a layer without bias)."""

    name: str
    bases: frozenset[str]
    tensors: frozenset[str]
    absent: frozenset[str]


@dataclass(frozen=True)
class Sample:
    """A sample of a data set for an Input: rows of numbers, or classes; and the side of the images that rows are."""

    rows: list[Any]
    side: int | None


@dataclass(frozen=True)
class Facts:
    """`outputs` by the node's path and the port; `inside` by the path of a module's copy."""

    outputs: Mapping[str, Mapping[str, Tensor]]
    inside: Callable[[str], tuple[Inner, ...]]
    samples: Mapping[str, Sample] = field(default_factory=dict)  # by the Input's path

    def of(self, path: str) -> Mapping[str, Tensor]:
        return self.outputs.get(path, {})
