"""The initial weights of a network: its state_dict() once it is constructed, before anything runs."""

from __future__ import annotations

import safetensors.torch
import torch

from torchwire.engine.computation import Computation
from torchwire.engine.forward import ForwardPass
from torchwire.engine.progress import Progress
from torchwire.engine.refusal import refuse
from torchwire.graph.problems import Problem

_UNWRITTEN = (torch.complex128, torch.complex32)  # dtypes without a name in the safetensors format


class TooLarge(Exception):
    """The network is not built; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("not built")
        self.problems = problems


def initial_state(computation: Computation, progress: Progress) -> bytes:
    """The weights and buffers as a safetensors file, under their names in state_dict(). Raises TooLarge."""
    plan, shapes = computation.plan, computation.shapes
    assert plan is not None and shapes is not None
    problems: list[Problem] = []
    refused = refuse(plan, shapes, problems, progress)
    run = ForwardPass(plan.training, problems, computation, refused, {})
    state = run.construct(plan.graph, plan.seed).state_dict()
    for name, tensor in state.items():
        if tensor.dtype in _UNWRITTEN:
            text = f"safetensors has no {str(tensor.dtype).removeprefix('torch.')}, the dtype of {name}."
            problems.append(Problem("not-exportable", text))
    if run.builder.lost or run.builder.failed or any(problem.severity == "error" for problem in problems):
        raise TooLarge(problems)
    return safetensors.torch.save({name: tensor.contiguous().clone() for name, tensor in state.items()})
