"""What a worker can do. Each verb takes a decoded request and gives the answer's bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from torchwire.engine.answer import Answer
from torchwire.engine.encode import dumps
from torchwire.engine.forward import ForwardPass
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.limits import refuse
from torchwire.engine.progress import Progress
from torchwire.engine.shapes import ShapePass
from torchwire.graph.document import read_network
from torchwire.graph.problems import Problem
from torchwire.plan.expand import make_plan
from torchwire.plan.tree import Plan

Verb = Callable[[Mapping[str, Any], Progress], bytes]


def layers(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The catalogue."""
    return dumps(read_catalogue().as_json())


def analyze(request: Mapping[str, Any], progress: Progress) -> bytes:
    """Shapes, parameters, multiply-adds and problems; no weights are allocated."""
    plan, shapes, problems = _shapes(request, progress, thorough=True)
    return dumps(Answer(plan, shapes, None, problems, request).as_json())


def forward(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The forward pass."""
    plan, shapes, run, problems = run_network(request, progress)
    return dumps(Answer(plan, shapes, run, problems, request).as_json())


def _shapes(request: Mapping[str, Any], progress: Progress, thorough: bool) -> tuple[Plan, ShapePass, list[Problem]]:
    network, problems = read_network(request["network"])
    plan = make_plan(network, read_catalogue(), problems)
    shapes = ShapePass(plan.training, problems, progress, thorough)
    with torch.no_grad():
        shapes.run(plan.graph, {})
        shapes.finish(plan.graph)
    return plan, shapes, problems


def run_network(request: Mapping[str, Any], progress: Progress) -> tuple[Plan, ShapePass, ForwardPass, list[Problem]]:
    """Shapes first, then everything that is within the limits, for real."""
    plan, shapes, problems = _shapes(request, progress, thorough=False)
    refused = refuse(plan, shapes, problems, progress)
    run = ForwardPass(plan.training, problems, progress, refused, request.get("inputs") or {})
    run.forward(plan.graph, plan.seed, request.get("draw") or 0)
    return plan, shapes, run, problems


VERBS: dict[str, Verb] = {"layers": layers, "analyze": analyze, "forward": forward}
