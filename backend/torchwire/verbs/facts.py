"""What generated code needs to know of a plan, from the shape pass."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import torch
from torch import nn

from torchwire.codegen.facts import Facts, Inner, Sample, Tensor
from torchwire.engine.samples import rows_of
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.plan.tree import Plan


def gather(plan: Plan, shapes: ShapePass) -> Facts:
    """The facts of a plan without faults."""
    outputs = {
        path: {name: _tensor(value) for name, value in outcome.outputs.items()}
        for path, outcome in shapes.outcomes.items()
    }

    @cache
    def of_blueprint(number: int) -> tuple[Inner, ...]:
        module = by_number[number]
        return tuple(dict.fromkeys(map(_inner, module.modules())))

    by_number: dict[int, nn.Module] = {}

    def inside(path: str) -> tuple[Inner, ...]:
        plan = shapes.blueprints.get(path)
        if plan is None or plan.module is None:
            return ()
        by_number[id(plan.module)] = plan.module
        return of_blueprint(id(plan.module))

    samples: dict[str, Sample] = {}
    for node in plan.graph.kind("input"):
        params = node.copies[0].params
        if params.get("fill") == "sample":
            rows, side = rows_of(node, node.copies[0])
            samples[node.key] = Sample(rows, side)
    return Facts(outputs, inside, samples)


def _tensor(value: Any) -> Tensor:
    if not isinstance(value, Sheet):
        return Tensor(None, None)
    extent = 1 + sum((size - 1) * step for size, step in zip(value.shape, value.strides, strict=True))
    return Tensor(tuple(value.shape), dtype_name(value.dtype), extent == math.prod(value.shape))


def _inner(module: nn.Module) -> Inner:
    cls = type(module)
    members = {**module._parameters, **module._buffers}
    tensors = frozenset(name for name, value in members.items() if isinstance(value, torch.Tensor))
    bases = frozenset(base.__name__ for base in cls.__mro__[1:])
    return Inner(cls.__name__, bases, tensors, frozenset(members) - tensors)
