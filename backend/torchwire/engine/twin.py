"""A second module over the first one's weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Mark = Callable[[torch.Tensor, torch.Tensor], Any]  # called with each new tensor and the one it stands for


def can_be_shared(module: nn.Module) -> bool:
    """Whether a module is its parameters, its buffers and constants: nothing that a run changes in secret."""
    for inner in module.modules():
        if inner._forward_pre_hooks or inner._forward_hooks or hasattr(inner, "parametrizations"):
            return False
        if getattr(inner, "max_norm", None) is not None:
            return False  # an embedding that scales its weights as they are read
        if isinstance(inner, nn.RNNBase):
            continue  # the list of its parameters is made anew
        for value in vars(inner).values():
            if isinstance(value, torch.Tensor) or (
                isinstance(value, (list, tuple)) and any(isinstance(item, torch.Tensor) for item in value)
            ):
                return False
    return True


def twin(module: nn.Module, mark: Mark) -> nn.Module:
    """A module that computes the same from the same memory. Its parameters can be replaced, frozen and tied without
    touching the first one's; its buffers are copies, since a run in training mode writes into them."""
    made: dict[int, torch.Tensor] = {}

    def tensors(old: dict[str, torch.Tensor | None]) -> dict[str, torch.Tensor | None]:
        return {name: None if value is None else tensor(value) for name, value in old.items()}

    def tensor(old: torch.Tensor) -> torch.Tensor:
        if id(old) not in made:
            new = nn.Parameter(old.detach(), old.requires_grad) if isinstance(old, nn.Parameter) else old.clone()
            mark(new, old)
            made[id(old)] = new
        return made[id(old)]

    def second(old: nn.Module) -> nn.Module:
        new = old.__class__.__new__(old.__class__)
        vars(new).update(vars(old))
        vars(new).update(
            _parameters=tensors(old._parameters),
            _buffers=tensors(old._buffers),
            _modules={name: None if inner is None else second(inner) for name, inner in old._modules.items()},
            _non_persistent_buffers_set=set(old._non_persistent_buffers_set),
        )
        if isinstance(new, nn.RNNBase):
            new._init_flat_weights()
        return new

    return second(module)
