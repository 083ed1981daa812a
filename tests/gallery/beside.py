"""The gallery's networks run here, to be compared with the same networks written elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.gallery.gallery import GALLERY
from torch import nn

from torchwire.engine.computation import Computation
from torchwire.engine.progress import Unwatched

BIG = {"alexnet", "vgg16", "resnet50", "resnet152", "bert_base", "gpt2", "smollm", "vit", "convnext_tiny"}


def sampled(ids: list[str]) -> list[Any]:
    """The big ones in `make proof` only."""
    return [pytest.param(id, marks=pytest.mark.proof) if id in BIG else id for id in ids]


class Run:
    """A forward pass: the module as built, and its inputs and outputs in order."""

    def __init__(self, network: dict[str, Any]) -> None:
        computation = Computation({"network": network}, Unwatched())
        run = computation.forward()
        assert [problem for problem in computation.problems if problem.severity == "error"] == []
        assert computation.plan is not None
        graph = computation.plan.graph

        def value(key: str) -> torch.Tensor:
            found: torch.Tensor = next(iter(run.outcomes[graph.nodes[key].path].outputs.values()))
            return found

        self.root: nn.Module = run.root
        self.inputs = [value(node.key) for node in graph.kind("input")]
        self.outputs = [value(key) for key in graph.returned]


def compare(id: str, twin: nn.Module) -> None:
    """Same parameters and buffers in the same order, and with our values in them the same outputs."""
    network = GALLERY[id]["network"]
    ours = Run(network)
    states = ours.root.state_dict(), twin.state_dict()
    shapes = [[(value.shape, value.dtype) for value in state.values()] for state in states]
    assert shapes[0] == shapes[1]
    twin.load_state_dict(dict(zip(states[1], states[0].values(), strict=True)))
    twin.train(network["training"])
    with torch.no_grad():
        found = twin(*ours.inputs)
    found = found if isinstance(found, tuple) else (found,)
    assert len(found) == len(ours.outputs)
    for value, wanted in zip(ours.outputs, found, strict=True):
        torch.testing.assert_close(value, wanted, rtol=1e-4, atol=1e-5)
