"""The answer to `analyze` and `forward`: one entry a node, problems, totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import torch

from torchwire.engine.description import Description
from torchwire.engine.diagnosis.values import notice_values
from torchwire.engine.encode import summary_of
from torchwire.engine.forward import ForwardPass
from torchwire.engine.outcomes import Outcome
from torchwire.engine.reuse import about
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.engine.wanted import Room, Wanted, unknown_names
from torchwire.engine.weights import Weights
from torchwire.graph.allowance import cut, shown
from torchwire.graph.findings import SHOWN
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Graph, Node, Plan
from torchwire.settings import settings


class Answer:
    """Puts together what the shape pass and, for `forward`, the run found out."""

    def __init__(
        self,
        plan: Plan,
        shapes: ShapePass,
        run: ForwardPass | None,
        problems: list[Problem],
        request: Mapping[str, Any],
        cut_at: str | None = None,
        description: Description | None = None,
    ) -> None:
        """`description`: that of the plan and the shapes, where an answer before has made it."""
        self._plan = plan
        self._shapes = shapes
        self._run = run
        self._problems = problems
        self._request = request
        self._room = Room(settings().max_answer)
        self._values = Wanted(request.get("values"), self._room)
        self._open = frozenset(request.get("open") or ())
        self._described = description or Description(plan, shapes)
        tied, still = self._described.tied, self._described.still
        self._weights = Weights(shapes, run, Wanted(request.get("parameters"), self._room), tied, still)
        self._summaries: dict[int, Any] = {}  # by the tensor: an Output gives the very tensor that it reads
        self._over = {problem.node for problem in problems if problem.code.startswith("limit-")}
        self._faulty = {
            problem.node
            for problem in problems
            if problem.severity == "error" and problem.code != "crashed" and not problem.code.startswith("limit-")
        }
        self._profile = request.get("profile") is True
        self._cut_at = cut_at  # the node that ran when the computation was ended; "" where none did

    @staticmethod
    def without_a_plan(problems: list[Problem], request: Mapping[str, Any]) -> dict[str, Any]:
        """For a document that could not even be laid out in time."""
        return {
            "ok": False,
            "nodes": {},
            "problems": shown(problems, request["network"]),
            "more_problems": max(0, len(problems) - SHOWN),
            "totals": {"parameters": 0, "trainable": 0, "macs": None, "unknown": 0},
            "repr": "",
        }

    def as_json(self) -> dict[str, Any]:
        graph = self._plan.graph
        nodes: dict[str, Any] = {}
        for node in graph.nodes.values():
            self._entries(node, nodes)
        self._show_blockers(nodes)
        self._problems += notice_values(graph, nodes)
        self._tell_without_room()
        self._problems.extend(unknown_names(self._request, self._plan))
        return {
            "ok": not any(problem.severity == "error" for problem in self._problems),
            "nodes": nodes,
            "problems": shown(self._problems, self._request["network"]),
            "more_problems": max(0, len(self._problems) - SHOWN),
            "totals": self._described.totals,
            "repr": self._described.repr,
        }

    def _tell_without_room(self) -> None:
        most = settings().max_answer
        for path, elements in self._room.without.items():
            self._problems.append(
                Problem(
                    "limit-answer",
                    f"The {elements:,} values of {path} found no place: one answer holds {most:,}. "
                    "Ask for fewer nodes, or take them from POST /tensors.",
                    node=path,
                )
            )

    # -- nodes -------------------------------------------------------------------------------------------------------

    def _entries(self, node: Node, nodes: dict[str, Any]) -> None:
        nodes[node.path] = self._entry(node)
        for copy in node.copies:
            inside = copy.graph is not None and (
                copy.path in self._open or node.path in self._open or node.key in self._open
            )
            if inside and copy.graph is not None:
                for inner in copy.graph.nodes.values():
                    self._entries(inner, nodes)

    def _show_blockers(self, nodes: dict[str, Any]) -> None:
        """What blocks a node may lie inside a block that is not open: then the block is named."""
        holders: dict[str, str] = {}
        for entry in nodes.values():
            if any(root not in nodes for root in entry["blocked_by"]):
                holders = holders or dict(_holders(self._plan.graph))
                entry["blocked_by"] = list(dict.fromkeys(_shown(root, nodes, holders) for root in entry["blocked_by"]))

    def _entry(self, node: Node) -> dict[str, Any]:
        outcome = self._outcome(node)
        described = self._described.node(node)
        parameters, buffers = self._weights.of(node)
        entry: dict[str, Any] = {
            "state": outcome.state,
            "repr": described["repr"],
            "inferred": described["inferred"],
            "outputs": self._outputs(node, outcome),
            "parameters": parameters,
            "buffers": buffers,
            "parameter_count": described["parameter_count"],
            "macs": described["macs"],
            "blocked_by": [cut(path) for path in outcome.blocked_by],
        }
        if self._profile:
            entry["ms"] = self._milliseconds(node)
        return entry

    def _milliseconds(self, node: Node) -> float | None:
        """What the layers of the node took when they ran; None where none did."""
        if self._run is None:
            return None
        inside = tuple(f"{copy.path}." for copy in node.copies)
        own = {copy.path for copy in node.copies}
        found = [spent for path, spent in self._run.seconds.items() if path in own or path.startswith(inside)]
        return round(1000 * sum(found), 4) if found else None

    def _outcome(self, node: Node) -> Outcome:
        outcome = self._found(node)
        if outcome.state in ("ok", "blocked") and node.path in self._faulty:
            outcome = replace(outcome, state="error", blocked_by=())
        # what is over a limit itself waits for nobody
        return replace(outcome, blocked_by=()) if node.path in self._over and outcome.state == "skipped" else outcome

    def _found(self, node: Node) -> Outcome:
        if not node.present:
            return Outcome("error" if node.faults else "ok")
        first = self._shapes.outcomes.get(node.path)
        known = first.outputs if first is not None else {}
        within = [node.path, *(copy.path for copy in node.copies)]
        if self._cut_at is not None and any(f"{self._cut_at}.".startswith(f"{path}.") for path in within):
            return Outcome("error", known)
        if self._run is not None:
            if any(self._run.builder.failed.get(copy.path) for copy in node.copies):
                return Outcome("error", known)
            outcome = self._run.outcomes.get(node.path)
            if outcome is not None:
                upstream = outcome.state == "blocked" and outcome.blocked_by
                kept = outcome.state in ("ok", "error") or upstream
                if first is not None and first.state in ("error", "blocked") and not kept:
                    return first
                return outcome
        if self._cut_at is not None and (first is None or first.state == "ok") and not node.faults:
            return Outcome("skipped", known)
        if first is None:
            return self._unrun(node)
        over = first.state == "ok" and any(copy.path in self._shapes.limited for copy in node.copies)
        return replace(first, state="skipped") if over else first

    def _unrun(self, node: Node) -> Outcome:
        """Of a node that no run reached: whether it can be constructed."""
        if node.faults:
            return Outcome("blocked", blocked_by=(node.told_at,)) if node.told_at else Outcome("error")
        found: list[Outcome] = []
        for copy in node.copies:
            plan = self._shapes.blueprints.get(copy.path)
            if plan is not None and plan.fault is not None:
                return Outcome("error")
            if copy.graph is not None:
                inside = (copy.graph.nodes[key] for key in copy.graph.order)
                found += [self._unrun(inner) for inner in inside if inner.present]
        if any(outcome.state == "error" for outcome in found):
            return Outcome("error")
        roots = dict.fromkeys(root for outcome in found for root in outcome.blocked_by)
        return Outcome("blocked", blocked_by=tuple(roots)) if roots else Outcome()

    def _outputs(self, node: Node, outcome: Outcome) -> dict[str, Any]:
        outputs = outcome.outputs
        if not outputs and outcome.state in ("skipped", "blocked"):
            known = self._shapes.outcomes.get(node.path)
            outputs = known.outputs if known is not None else {}
        return {name: self._tensor(node.path, value) for name, value in outputs.items()}

    def _tensor(self, path: str, value: Any) -> dict[str, Any]:
        if isinstance(value, torch.Tensor):
            return {
                "shape": list(value.shape),
                "dtype": dtype_name(value.dtype),
                **self._values.of(path, value),
                "summary": self._summary(value),
            }
        if isinstance(value, Sheet):
            return {"shape": list(value.shape), "dtype": dtype_name(value.dtype), "values": None, "summary": None}
        return {"shape": None, "dtype": None, "values": None, "summary": None}

    def _summary(self, tensor: torch.Tensor) -> dict[str, Any] | None:
        key = id(tensor)  # every tensor that is shown lives as long as the run
        if key not in self._summaries:
            self._summaries[key] = about(tensor, "summary", summary_of)
        return self._summaries[key]


def _holders(graph: Graph) -> Iterator[tuple[str, str]]:
    """(node inside a block, the node whose block it is) for every node of every block."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                yield from ((inner.path, node.path) for inner in copy.graph.nodes.values())
                yield from _holders(copy.graph)


def _shown(path: str, nodes: Mapping[str, Any], holders: Mapping[str, str]) -> str:
    while path not in nodes and path in holders:
        path = holders[path]
    return path
