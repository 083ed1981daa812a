"""What a case of a function is: inputs, parameters, and the same thing written in torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

_generator = torch.Generator().manual_seed(20)


def r(*shape: int) -> torch.Tensor:
    """Random numbers of a fixed seed, some of them exactly 0, 1 and -1."""
    drawn = torch.randn(shape, generator=_generator)
    flat = drawn.view(-1)
    flat[: 3 if flat.numel() > 5 else 0] = torch.tensor([0.0, 1.0, -1.0])[: 3 if flat.numel() > 5 else 0]
    return drawn


def u(*shape: int) -> torch.Tensor:
    """Random numbers strictly between 0 and 1."""
    return torch.rand(shape, generator=_generator) * 0.9 + 0.05


def n(high: int, *shape: int) -> torch.Tensor:
    """Random integers below `high`."""
    return torch.randint(0, high, shape, generator=_generator)


def b(*shape: int) -> torch.Tensor:
    """Random truth."""
    return torch.rand(shape, generator=_generator) < 0.5


@dataclass(frozen=True)
class Case:
    """`direct(**ports)` is what torch is asked; a list of tensors stands for a port that takes several."""

    type: str
    direct: Callable[..., Any]
    ports: dict[str, Any]
    params: dict[str, Any] = field(default_factory=dict)
    training: bool = False
    outputs: tuple[str, ...] | None = None  # names, where there are several
    number: int = 0

    @property
    def id(self) -> str:
        return f"{self.type}-{self.number}"


CASES: list[Case] = []


def case(
    type: str,
    direct: Callable[..., Any],
    params: dict[str, Any] | None = None,
    training: bool = False,
    outputs: str = "",
    **ports: Any,
) -> None:
    number = sum(known.type == type for known in CASES)
    CASES.append(Case(type, direct, ports, params or {}, training, tuple(outputs.split()) or None, number))


X = r(2, 3, 4)
Y = r(2, 3, 4)
P = u(2, 3, 4)
IMAGE = r(2, 4, 6, 6)
VALUES = "values indices"
