"""The initial weights of a network: its state_dict() once it is constructed, before anything runs."""

from __future__ import annotations

from typing import TypeVar

import safetensors.torch
import torch
from torch import nn

from torchwire.engine.computation import Computation
from torchwire.engine.forward import ForwardPass
from torchwire.engine.refusal import refuse
from torchwire.graph.problems import Problem

_UNWRITTEN = (torch.complex128, torch.complex32)  # dtypes without a name in the safetensors format

Run = TypeVar("Run", bound=ForwardPass)


class NotBuilt(Exception):
    """The network is not built; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("not built")
        self.problems = problems


def construct(computation: Computation, kind: type[Run]) -> tuple[Run, nn.Module]:
    """A pass whose network is constructed and has not run, and the network. Raises NotBuilt."""
    plan, shapes = computation.plan, computation.shapes
    assert plan is not None and shapes is not None
    problems: list[Problem] = []
    refused = refuse(plan, shapes, problems, computation)
    run = kind(plan.training, problems, computation, refused, {})
    root = run.construct(plan.graph, plan.seed)
    if run.builder.lost or run.builder.failed or any(problem.severity == "error" for problem in problems):
        raise NotBuilt(problems)
    return run, root


def initial_state(computation: Computation) -> bytes:
    """The weights and buffers as a safetensors file, under their names in state_dict(). Raises NotBuilt."""
    _, root = construct(computation, ForwardPass)
    state = root.state_dict()
    for name, tensor in state.items():
        if tensor.dtype in _UNWRITTEN:
            text = f"safetensors has no {str(tensor.dtype).removeprefix('torch.')}, the dtype of {name}."
            raise NotBuilt([Problem("not-exportable", text)])
    return safetensors.torch.save({name: tensor.contiguous().clone() for name, tensor in state.items()})
