"""One request on its way: document, plan, shapes, forward pass; and the answer, at the end or at any moment before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
import torch

from torchwire.engine.answer import Answer
from torchwire.engine.description import Description
from torchwire.engine.encode import dumps
from torchwire.engine.forward import ForwardPass
from torchwire.engine.given import dtype_of, tensor_from
from torchwire.engine.inits import find_broken_inits
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.memory import Memory
from torchwire.engine.missing_wires import offer_wires
from torchwire.engine.outcomes import Fault, Outcome, Unsound
from torchwire.engine.presumed import hides_others, leaves_open, presume
from torchwire.engine.progress import Progress
from torchwire.engine.refusal import refuse
from torchwire.engine.reuse import kept_here
from torchwire.engine.shapes import ShapePass
from torchwire.engine.ties import find_broken_ties
from torchwire.graph.document import read_network
from torchwire.graph.problems import Problem
from torchwire.plan.expand import make_plan
from torchwire.plan.tree import Plan, walk
from torchwire.settings import deadline, settings

_MOST_PASSES = 5  # for ties in a row whose modules wait for one another, each of which another pass finds


@dataclass(frozen=True)
class Stop:
    """A place that ended a worker before. It is not entered again; what may still be done besides:

    `rerun`: everything that does not depend on it; else, `shapes`: shapes; else nothing.
    """

    phase: str  # shapes build run
    path: str
    code: str
    rerun: bool
    shapes: bool

    @classmethod
    def read(cls, request: Mapping[str, Any]) -> Stop | None:
        given = request.get("stopped")
        if given is None:
            return None
        phase, _, path = given["node"].partition(" ")
        return cls(phase, path, given["code"], given["rerun"], given.get("shapes", True))


_ENDINGS = {
    "limit-time": "{what} was not done after {seconds:g} seconds, the deadline. What ran before keeps its results. "
    "Make it smaller: fewer steps, layers or channels, or a smaller batch.",
    "limit-memory": "{what} needs more than the {memory:,} MiB that one request may take. "
    "Make the batch, the image or the layer smaller.",
    "crashed": "{what} ended the process that ran it; torch does not survive these inputs. "
    "Everything that does not depend on it has run.",
}
"""What is said of the node at which a computation was ended, by code."""


def _same_end(one: Problem, other: Problem) -> bool:
    """A computation has one deadline; memory may be short at several nodes."""
    return one.code == other.code and (one.code == "limit-time" or one.node == other.node)


def _failed(outcomes: Mapping[str, Outcome]) -> list[str]:
    return [path for path, outcome in outcomes.items() if outcome.state == "error"]


def _under(node: str | None, paths: Iterable[str]) -> bool:
    return node is not None and any(f"{node}.".startswith(f"{path}.") for path in paths)


@dataclass(frozen=True)
class _Found:
    """What is known before anything runs. Nobody changes it: it may serve several requests."""

    plan: Plan
    shapes: ShapePass
    problems: tuple[Problem, ...]
    description: Description

    def is_small(self) -> bool:
        return len(self.shapes.outcomes) <= 1_000 and len(self.shapes.blueprints) <= 1_000


_remembered: Memory[_Found] = Memory(8, name="documents")
"""By the document without its seed: scrubbing the seed, another draw, or looking at a node changes no shape."""


class Computation:
    """Runs `analyze` and `forward`.

    Does: the order of the passes, what is known so far. Does not: compute, encode.
    """

    def __init__(self, request: Mapping[str, Any], progress: Progress) -> None:
        self._request = request
        self._place = ("", "")
        self._progress = progress
        self._stop = Stop.read(request)
        self._long = False  # whether its deadline is the long one
        self.problems: list[Problem] = []
        self.plan: Plan | None = None
        self.shapes: ShapePass | None = None
        self.run: ForwardPass | None = None
        self._description: Description | None = None
        progress.rescue(self.interrupted)

    @property
    def is_hopeless(self) -> bool:
        """Even finding the shapes has ended workers: the answer is the problem alone."""
        return self._stop is not None and not self._stop.shapes

    def enter(self, phase: str, path: str, known: bool = False) -> None:
        """Before torch computes. Raises Fault at the place that ended a worker before.

        Where its shape is `known` it stands, and only the end is told: a deadline is over at some place or other.
        """
        stop = self._stop
        if stop is not None and stop.path == path and stop.phase == phase and not (known and not stop.rerun):
            raise Fault(self._ended(stop.code, path))
        self._place = (phase, path)
        self._progress.at(f"{phase} {path}")

    def heavy(self) -> None:
        self._long = True
        self._progress.heavy()

    def long(self) -> None:
        self._long = True
        self._progress.long()

    # -- the passes --------------------------------------------------------------------------------------------------

    def find_shapes(self, thorough: bool) -> ShapePass:
        """Shapes, inferred parameters and faults. Raises NotADocument."""
        network = self._request["network"]
        key = self._key(network)
        if key is None:
            found = self._find_shapes(network, thorough)
        else:
            found = _remembered.get((key, thorough), lambda: self._find_shapes(network, thorough), _Found.is_small)
            found = replace(found, plan=replace(found.plan, seed=network["seed"]))
        self.plan, self.shapes, self.problems = found.plan, found.shapes, list(found.problems)
        self._description = found.description
        return found.shapes

    def _key(self, network: Any) -> bytes | None:
        """The document without its seed, on which no shape depends; None for a request that is not remembered."""
        seed = network.get("seed") if isinstance(network, dict) else None
        if self._stop is not None or self._request.get("inputs") or type(seed) is not int or not 0 <= seed < 2**53:
            return None
        try:
            return orjson.dumps({**network, "seed": 0})
        except orjson.JSONEncodeError:  # nested too deeply, or an integer beyond 64 bits: told as a problem
            return None

    def _find_shapes(self, network: Any, thorough: bool) -> _Found:
        unsound: dict[str, Unsound] = {}
        for _ in range(_MOST_PASSES):
            found, broken = self._pass(network, thorough, unsound)
            if broken.keys() == unsound.keys():
                break
            unsound = broken  # what depends on these nodes has no shape to show
        return found

    def _pass(self, network: Any, thorough: bool, unsound: dict[str, Unsound]) -> tuple[_Found, dict[str, Unsound]]:
        """Every shape, and the nodes whose weights cannot be made as the document says, `unsound` among them."""
        spec, self.problems = read_network(network)
        plan = make_plan(spec, read_catalogue(), self.problems)
        shapes = ShapePass(plan.training, self.problems, self, thorough, self._given(plan))
        shapes.unsound = unsound
        self.plan, self.shapes = plan, shapes
        broken = dict(unsound)
        with torch.no_grad():
            shapes.run(plan.graph, {})
            offer_wires(plan.graph, shapes, self, self.problems)
            shapes.finish(plan.graph)
            shapes.mark_unsound()
            self.problems += find_broken_inits(plan.graph, shapes, broken)
            find_broken_ties(plan.graph, shapes, broken)
            if leaves_open(plan) or hides_others(self.problems):
                shapes.presumed = presume(make_plan(spec, read_catalogue(), []), shapes, self)
        shapes.let_go()
        return _Found(plan, shapes, tuple(self.problems), Description(plan, shapes)), broken

    def forward(self) -> ForwardPass:
        """Shapes first, then everything that is within the limits, for real. Raises NotADocument."""
        shapes = self.find_shapes(thorough=False)
        run = self._run(shapes)
        limited = {problem.node for problem in self.problems if problem.code in _ENDINGS}
        surprised = [
            path
            for path in _failed(run.outcomes)
            if path in shapes.outcomes and shapes.outcomes[path].state == "ok" and path not in limited
        ]
        if surprised:
            # the meta device let a fault pass: what it inferred behind it would not have been known
            del run  # its tensors, before the same are made again
            self.run = None
            shapes = self.find_shapes(thorough=True)
            run = self._run(shapes)
        self._withdraw(shapes, run)
        return run

    def _run(self, shapes: ShapePass) -> ForwardPass:
        assert self.plan is not None
        refused = refuse(self.plan, shapes, self.problems, self)
        memory = None if self._request.get("profile") else kept_here()
        run = ForwardPass(self.plan.training, self.problems, self, refused, shapes.given, shapes.told.copy(), memory)
        run.unsound, run.expected = shapes.unsound, shapes.outcomes
        self.run = run
        if self._stop is None or self._stop.rerun:
            run.forward(self.plan.graph, self.plan.seed, self._request.get("draw") or 0)
        return run

    def _given(self, plan: Plan) -> dict[str, torch.Tensor]:
        """The tensors that the request gives in place of what its Inputs would draw, by key."""
        found: dict[str, torch.Tensor] = {}
        for key, entry in (self._request.get("inputs") or {}).items():
            node = plan.graph.nodes.get(key)
            if node is None or node.kind != "input" or not node.copies:
                names = ", ".join(input.key for input in plan.graph.kind("input")) or "none"
                self.problems.append(
                    Problem(
                        "dangling-reference",
                        f"`inputs` names {key[:64]}, but there is no such Input. There are: {names}.",
                    )
                )
                continue
            try:
                found[key] = tensor_from(entry["values"], dtype_of(node.copies[0]), node)
            except Fault as fault:
                self.problems.append(replace(fault.problem, node=node.path))
        return found

    def _withdraw(self, shapes: ShapePass, run: ForwardPass) -> None:
        """Takes back what the shapes said of nodes that the run never reached: the fault is upstream of them."""
        overtaken = [
            path
            for path, outcome in run.outcomes.items()
            if outcome.state == "blocked"
            and outcome.blocked_by
            and path in shapes.outcomes
            and shapes.outcomes[path].state == "error"
        ]
        if overtaken:
            self.problems = [problem for problem in self.problems if not _under(problem.node, overtaken)]

    # -- answers -----------------------------------------------------------------------------------------------------

    def answer(self) -> bytes:
        cut = self.cut_before()
        if cut is not None:
            return self._cut(cut)
        assert self.plan is not None and self.shapes is not None
        found = Answer(self.plan, self.shapes, self.run, self.problems, self._request, description=self._description)
        return dumps(found.as_json())

    def interrupted(self, code: str) -> bytes:
        """The answer with what is there by now, the node that runs being the fault."""
        return self._cut(self.cut_by(code))

    def cut_by(self, code: str) -> Problem:
        """The problem of being ended now, the node that runs being the fault."""
        return self._ended(code, self._place[1])

    def cut_before(self) -> Problem | None:
        """Why nothing may run: an earlier try was ended at the deadline."""
        stop = self._stop
        return self._ended(stop.code, stop.path) if stop is not None and not stop.rerun else None

    def with_end(self, problem: Problem) -> list[Problem]:
        """What is told where the computation was ended, the end first: once, however often it was noticed."""
        ends = [known for known in self.problems if _same_end(known, problem)]
        others = [known for known in self.problems if not _same_end(known, problem)]
        return [*(ends or [problem]), *others]

    def _ended(self, code: str, path: str) -> Problem:
        """The problem at the node that ran; its copies are one node."""
        held = (node.path for node, copy in walk(self.plan.graph) if copy.path == path) if self.plan is not None else ()
        where = next(iter(held), path) or None
        seconds = deadline("forward", self._long)
        text = _ENDINGS[code].format(what=where or "The network", seconds=seconds, memory=settings().memory_mb)
        return Problem(code, text, node=where)

    def _cut(self, problem: Problem) -> bytes:
        problems = self.with_end(problem)
        problem = problems[0]
        if self.plan is None or self.shapes is None:
            return dumps(Answer.without_a_plan(problems, self._request))
        return dumps(
            Answer(self.plan, self.shapes, self.run, problems, self._request, cut_at=problem.node or "").as_json()
        )
