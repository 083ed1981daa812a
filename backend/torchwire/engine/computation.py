"""One request on its way: document, plan, shapes, forward pass; and the answer, at the end or at any moment before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from torchwire.engine.answer import Answer
from torchwire.engine.encode import dumps
from torchwire.engine.forward import ForwardPass
from torchwire.engine.interpreter import Fault
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.limits import refuse
from torchwire.engine.progress import Progress
from torchwire.engine.shapes import ShapePass
from torchwire.graph.document import read_network
from torchwire.graph.problems import Problem
from torchwire.plan.expand import make_plan
from torchwire.plan.tree import Plan
from torchwire.settings import settings


@dataclass(frozen=True)
class Stop:
    """A place that ended a worker before. It is not entered again, and with `rerun` false nothing runs at all."""

    phase: str  # shapes build run
    path: str
    code: str
    rerun: bool

    @classmethod
    def read(cls, request: Mapping[str, Any]) -> Stop | None:
        given = request.get("stopped")
        if given is None:
            return None
        phase, _, path = given["node"].partition(" ")
        return cls(phase, path, given["code"], given["rerun"])

    def problem(self) -> Problem:
        return _PROBLEMS[self.code](self.path or None)


def _out_of_time(path: str | None) -> Problem:
    seconds = f"{settings().deadline_ms / 1000:g}"
    return Problem(
        "limit-time",
        f"{path or 'The network'} was not done after {seconds} seconds, the deadline. "
        "What ran before keeps its results. Make it smaller: fewer steps, layers or channels, or a smaller batch.",
        node=path,
    )


def _out_of_memory(path: str | None) -> Problem:
    return Problem(
        "limit-memory",
        f"{path or 'The network'} needs more than the {settings().memory_mb:,} MiB that one request may take. "
        "Make the batch, the image or the layer smaller.",
        node=path,
    )


def _crashed(path: str | None) -> Problem:
    return Problem(
        "crashed",
        f"{path or 'The network'} ended the process that ran it; torch does not survive these inputs. "
        "Everything that does not depend on it has run.",
        node=path,
    )


_PROBLEMS = {"limit-time": _out_of_time, "limit-memory": _out_of_memory, "crashed": _crashed}


class Computation:
    """Runs `analyze` and `forward`.

    Does: the order of the passes, what is known so far. Does not: compute, encode.
    """

    def __init__(self, request: Mapping[str, Any], progress: Progress) -> None:
        self._request = request
        self._place = ("", "")
        self._progress = progress
        self._stop = Stop.read(request)
        self.problems: list[Problem] = []
        self.plan: Plan | None = None
        self.shapes: ShapePass | None = None
        self.run: ForwardPass | None = None
        progress.rescue(self.interrupted)

    def enter(self, phase: str, path: str) -> None:
        """Before torch computes. Raises Fault at the place that ended a worker before."""
        stop = self._stop
        if stop is not None and stop.path == path and stop.phase == phase:
            raise Fault(stop.problem())
        self._place = (phase, path)
        self._progress.at(f"{phase} {path}")

    # -- the passes --------------------------------------------------------------------------------------------------

    def find_shapes(self, thorough: bool) -> ShapePass:
        """Shapes, inferred parameters and faults. Raises NotADocument."""
        network, found = read_network(self._request["network"])
        self.problems += found
        plan = make_plan(network, read_catalogue(), self.problems)
        shapes = ShapePass(plan.training, self.problems, self, thorough)
        self.plan, self.shapes = plan, shapes
        with torch.no_grad():
            shapes.run(plan.graph, {})
            shapes.finish(plan.graph)
        return shapes

    def forward(self) -> ForwardPass:
        """Shapes first, then everything that is within the limits, for real. Raises NotADocument."""
        shapes = self.find_shapes(thorough=False)
        assert self.plan is not None
        refused = refuse(self.plan, shapes, self.problems, self._progress)
        given = self._request.get("inputs") or {}
        run = ForwardPass(self.plan.training, self.problems, self, refused, given, shapes.told)
        self.run = run
        if self._stop is None or self._stop.rerun:
            run.forward(self.plan.graph, self.plan.seed, self._request.get("draw") or 0)
        return run

    # -- answers -----------------------------------------------------------------------------------------------------

    def answer(self) -> bytes:
        assert self.plan is not None and self.shapes is not None
        stop = self._stop
        if stop is not None and not stop.rerun:
            return self._cut(stop.problem())
        return dumps(Answer(self.plan, self.shapes, self.run, self.problems, self._request).as_json())

    def interrupted(self, code: str) -> bytes:
        """The answer with what is there by now, the node that runs being the fault."""
        return self._cut(_PROBLEMS[code](self._place[1] or None))

    def _cut(self, problem: Problem) -> bytes:
        told = any(known.code == problem.code and known.node == problem.node for known in self.problems)
        problems = [*self.problems] if told else [problem, *self.problems]
        if self.plan is None or self.shapes is None:
            return dumps(Answer.without_a_plan(problems))
        return dumps(
            Answer(self.plan, self.shapes, self.run, problems, self._request, cut_at=problem.node or "").as_json()
        )
