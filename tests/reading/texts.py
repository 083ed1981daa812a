"""Reading a text in this process, and the texts that several tests read."""

from __future__ import annotations

import json
from typing import Any

import torch

from torchwire.engine.computation import Computation
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.oracle import Oracle
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS
from torchwire.reading.reading import read

LENET = """\
import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):

    def __init__(self):
        super(LeNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features
"""
"""The notebook's own, with its helper method."""


def imported(text: str | dict[str, str], seconds: float = 20, **request: Any) -> dict[str, Any]:
    """The answer about a text."""
    given = {"content": text} if isinstance(text, str) else {"files": text}
    return read({"format": "python", **given, **request}, read_catalogue(), Oracle(), seconds)


def analysed(network: dict[str, Any]) -> dict[str, Any]:
    """What the engine says of a document."""
    found: dict[str, Any] = json.loads(VERBS["analyze"]({"network": network}, Unwatched()))
    return found


def run(network: dict[str, Any]) -> tuple[torch.nn.Module, list[torch.Tensor]]:
    """The network's module tree, and what it returns, in order."""
    computation = Computation({"network": network}, Unwatched())
    found = computation.forward()
    plan = computation.plan
    assert plan is not None
    assert [problem.message for problem in computation.problems if problem.severity == "error"] == []
    nodes = [found.outcomes[plan.graph.nodes[key].path] for key in plan.graph.returned]
    return found.root, [next(iter(node.outputs.values())) for node in nodes]
