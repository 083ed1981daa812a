"""The answer to `analyze` and `forward`: one entry a node, problems, totals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from torchwire.engine.encode import summary_of, values_of
from torchwire.engine.forward import ForwardPass
from torchwire.engine.interpreter import Outcome
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Copy, Graph, Node, Plan
from torchwire.settings import settings

ALWAYS = 64  # tensors of at most so many elements come with their values
MAX_PROBLEMS = 100


class Room:
    """How many more elements the answer holds, and who found no place in it."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.without: dict[str, int] = {}

    def take(self, path: str, extent: int) -> bool:
        if extent > self._left:
            self.without[path] = self.without.get(path, 0) + extent
            return False
        self._left -= extent
        return True


class Wanted:
    """Which tensors come back in full."""

    def __init__(self, names: Any, room: Room) -> None:
        self._all = names == "all"
        self._names = frozenset(names) if isinstance(names, list) else frozenset()
        self._room = room

    def has(self, path: str, shape: Sequence[int]) -> bool:
        extent = math.prod(max(size, 1) for size in shape)  # an empty list takes its place too
        return (extent <= ALWAYS or self._all or path in self._names) and self._room.take(path, extent)


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
    ) -> None:
        self._plan = plan
        self._shapes = shapes
        self._run = run
        self._problems = problems
        self._room = Room(settings().max_answer)
        self._values = Wanted(request.get("values"), self._room)
        self._parameters = Wanted(request.get("parameters"), self._room)
        self._open = frozenset(request.get("open") or ())
        self._tied = _tied(plan.graph, shapes)
        self._profile = request.get("profile") is True
        self._cut_at = cut_at  # the copy that ran when the computation was ended; "" where none did

    @staticmethod
    def without_a_plan(problems: list[Problem]) -> dict[str, Any]:
        """For a document that could not even be laid out in time."""
        return {
            "ok": False,
            "nodes": {},
            "problems": [problem.as_json() for problem in problems[:MAX_PROBLEMS]],
            "more_problems": max(0, len(problems) - MAX_PROBLEMS),
            "totals": {"parameters": 0, "trainable": 0, "macs": None, "unknown": 0},
            "repr": "",
        }

    def as_json(self) -> dict[str, Any]:
        graph = self._plan.graph
        nodes: dict[str, Any] = {}
        for node in graph.nodes.values():
            self._entries(node, nodes, top=True)
        self._tell_without_room()
        counts = list(self._counts(graph))
        shown = [problem.as_json() for problem in self._problems[:MAX_PROBLEMS]]
        answer = {
            "ok": not any(problem.severity == "error" for problem in self._problems),
            "nodes": nodes,
            "problems": shown,
            "more_problems": max(0, len(self._problems) - MAX_PROBLEMS),
            "totals": {
                "parameters": sum(count for count, _ in counts if count is not None),
                "trainable": sum(trainable for _, trainable in counts),
                "macs": self._macs(graph),
                "unknown": sum(count is None for count, _ in counts),
            },
            "repr": f"{class_name(self._plan.name)}({_children(self._representations(graph))})",
        }
        return answer

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

    def _entries(self, node: Node, nodes: dict[str, Any], top: bool) -> None:
        nodes[node.path] = self._entry(node)
        for copy in node.copies:
            inside = copy.graph is not None and (
                copy.path in self._open or node.path in self._open or node.key in self._open
            )
            if inside and copy.graph is not None:
                for inner in copy.graph.nodes.values():
                    self._entries(inner, nodes, top=False)

    def _entry(self, node: Node) -> dict[str, Any]:
        outcome = self._outcome(node)
        counts = [(count, trainable) for copy in node.copies for count, trainable in self._copy_counts(node, copy)]
        known = [count for count, _ in counts if count is not None]
        representation = self._representation(node)
        return {
            "state": outcome.state,
            "repr": representation,
            "inferred": _json_params(self._shapes.inferred.get(node.copies[0].path, {})) if node.copies else {},
            "outputs": self._outputs(node, outcome),
            "parameters": self._weights(node, buffers=False),
            "buffers": self._weights(node, buffers=True),
            "parameter_count": sum(known) if len(known) == len(counts) and (counts or node.present) else None,
            "macs": self._node_macs(node),
            "ms": self._milliseconds(node) if self._profile else None,
            "blocked_by": list(outcome.blocked_by),
        }

    def _milliseconds(self, node: Node) -> float | None:
        """What the layers of the node took when they ran; None where none did."""
        if self._run is None:
            return None
        inside = tuple(f"{copy.path}." for copy in node.copies)
        own = {copy.path for copy in node.copies}
        found = [spent for path, spent in self._run.seconds.items() if path in own or path.startswith(inside)]
        return round(1000 * sum(found), 4) if found else None

    def _outcome(self, node: Node) -> Outcome:
        if not node.present:
            return Outcome()
        first = self._shapes.outcomes.get(node.path)
        known = first.outputs if first is not None else {}
        if self._cut_at is not None and any(f"{self._cut_at}.".startswith(f"{copy.path}.") for copy in node.copies):
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
        if first is not None:
            return first
        if node.faults or self._construction_failed(node):
            return Outcome("error")
        return Outcome()

    def _construction_failed(self, node: Node) -> bool:
        for copy in node.copies:
            plan = self._shapes.blueprints.get(copy.path)
            if plan is not None and plan.fault is not None:
                return True
        return False

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
                "values": values_of(value) if self._values.has(path, value.shape) else None,
                "summary": summary_of(value),
            }
        if isinstance(value, Sheet):
            return {"shape": list(value.shape), "dtype": dtype_name(value.dtype), "values": None, "summary": None}
        return {"shape": None, "dtype": None, "values": None, "summary": None}

    # -- parameters --------------------------------------------------------------------------------------------------

    def _named_weights(self, node: Node) -> Iterator[tuple[str, Node, Copy, str]]:
        """Everything of a node that holds weights: (prefix, node, copy, kind)."""
        for number, copy in enumerate(node.copies):
            prefix = f"{number}." if node.repeated else ""
            if copy.graph is not None:
                for inner in copy.graph.nodes.values():
                    name = inner.spec.attribute or inner.key
                    for tail, found, inner_copy, kind in self._named_weights(inner):
                        yield f"{prefix}{name}{'.' if tail or kind == 'module' else ''}{tail}", found, inner_copy, kind
            elif node.kind in ("module", "parameter", "constant"):
                yield prefix, node, copy, node.kind

    def _weights(self, node: Node, buffers: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for prefix, inner, copy, kind in self._named_weights(node):
            if kind == "module":
                plan = self._shapes.blueprints.get(copy.path)
                if plan is None:
                    continue
                for name, weight in (plan.buffers if buffers else plan.parameters).items():
                    tensor = self._real(copy, name)
                    entry = self._weight(node.path, tensor, weight.sheet, weight.requires_grad and inner.spec.trainable)
                    if (copy.path, name) in self._tied:
                        entry["tied"] = self._tied[copy.path, name]
                    if buffers:
                        entry = {key: entry[key] for key in ("shape", "dtype", "values")}
                    found[prefix + name] = entry
            elif (kind == "constant") == buffers:
                outcome = self._shapes.outcomes.get(inner.path)
                sheet = next(iter(outcome.outputs.values()), None) if outcome is not None else None
                if isinstance(sheet, Sheet):
                    tensor = self._run.builder.tensors.get(copy.path) if self._run is not None else None
                    entry = self._weight(node.path, tensor, sheet, kind == "parameter" and inner.spec.trainable)
                    if buffers:
                        entry = {key: entry[key] for key in ("shape", "dtype", "values")}
                    found[prefix.rstrip(".") or "value"] = entry
        return found

    def _real(self, copy: Copy, name: str) -> torch.Tensor | None:
        module = self._run.builder.modules.get(copy.path) if self._run is not None else None
        if module is None:
            return None
        holder, _, last = name.rpartition(".")
        found = getattr(module.get_submodule(holder), last, None)
        return found if isinstance(found, torch.Tensor) else None

    def _weight(self, path: str, tensor: torch.Tensor | None, sheet: Sheet, requires_grad: bool) -> dict[str, Any]:
        return {
            "shape": list(sheet.shape),
            "dtype": dtype_name(sheet.dtype),
            "count": sheet.elements,
            "requires_grad": requires_grad,
            "values": values_of(tensor) if tensor is not None and self._parameters.has(path, sheet.shape) else None,
        }

    # -- totals ------------------------------------------------------------------------------------------------------

    def _counts(self, graph: Graph) -> Iterator[tuple[int | None, int]]:
        for node in graph.nodes.values():
            for copy in node.copies:
                yield from self._copy_counts(node, copy)
            if node.kind == "faulty":
                yield None, 0

    def _copy_counts(self, node: Node, copy: Copy) -> Iterator[tuple[int | None, int]]:
        """(count, trainable) of one copy; count None where the constructor's arguments are not known."""
        if copy.graph is not None:
            yield from self._counts(copy.graph)
        elif node.kind == "module":
            plan = self._shapes.blueprints.get(copy.path)
            if plan is None or plan.count is None:
                yield None, 0
                return
            own = {name: weight for name, weight in plan.parameters.items() if (copy.path, name) not in self._tied}
            total = sum(weight.sheet.elements for weight in own.values())
            grad = sum(weight.sheet.elements for weight in own.values() if weight.requires_grad)
            yield total, grad if node.spec.trainable else 0
        elif node.kind == "parameter":
            outcome = self._shapes.outcomes.get(node.path)
            sheet = next(iter(outcome.outputs.values()), None) if outcome is not None else None
            count = sheet.elements if isinstance(sheet, Sheet) else None
            yield count, (count or 0) if node.spec.trainable else 0
        else:
            yield 0, 0

    def _node_macs(self, node: Node) -> int | None:
        if not node.present or not node.runs:
            return 0
        found = list(self._copies_macs(node))
        return None if any(count is None for count in found) else sum(count for count in found if count is not None)

    def _copies_macs(self, node: Node) -> Iterator[int | None]:
        for copy in node.copies:
            if copy.graph is not None:
                for inner in copy.graph.nodes.values():
                    if inner.present and inner.runs:
                        yield from self._copies_macs(inner)
            elif node.kind in ("module", "function", "call"):
                verdict = self._shapes.verdicts.get(copy.path)
                yield verdict.macs if verdict is not None and verdict.fault is None else None
            else:
                yield 0

    def _macs(self, graph: Graph) -> int | None:
        """The sum of what is known; None, never 0, where nothing is."""
        counts = [
            count for node in graph.nodes.values() if node.present and node.runs for count in self._copies_macs(node)
        ]
        total = sum(count for count in counts if count is not None)
        return None if not total and None in counts else total

    # -- repr --------------------------------------------------------------------------------------------------------

    def _representations(self, graph: Graph) -> list[tuple[str, str]]:
        found = []
        for node in graph.nodes.values():
            text = self._representation(node) if node.kind in ("module", "block") else None
            if text is not None:
                found.append((node.spec.attribute or node.key, text))
        return found

    def _representation(self, node: Node) -> str | None:
        """The layer as torch prints it."""
        texts = []
        for copy in node.copies:
            if copy.graph is not None:
                texts.append(f"{node.spec.type}({_children(self._representations(copy.graph))})")
            else:
                plan = self._shapes.blueprints.get(copy.path)
                if plan is not None and plan.repr is not None:
                    texts.append(plan.repr)
        if not texts:
            return None
        return f"ModuleList({_children(_grouped(texts))})" if node.repeated else texts[0]


def _grouped(texts: list[str]) -> list[tuple[str, str]]:
    """Equal neighbours written once, as torch's ModuleList prints them: (0-2): 3 x Linear(...)."""
    groups: list[tuple[int, int, str]] = []
    for number, text in enumerate(texts):
        if groups and groups[-1][2] == text:
            groups[-1] = (groups[-1][0], number, text)
        else:
            groups.append((number, number, text))
    return [(str(a), text) if a == b else (f"{a}-{b}", f"{b - a + 1} x {text}") for a, b, text in groups]


def _children(children: list[tuple[str, str]]) -> str:
    if not children:
        return ""
    lines = [f"({name}): " + text.replace("\n", "\n  ") for name, text in children]
    return "\n  " + "\n  ".join(lines) + "\n"


def class_name(name: str) -> str:
    """A class name from the document's free text."""
    words = "".join(char if char.isascii() and (char.isalnum() or char == "_") else " " for char in name).split()
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined and not joined[0].isdigit() else f"Network{joined}"


def _json_params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}


def _tied(graph: Graph, shapes: ShapePass) -> dict[tuple[str, str], str]:
    """(copy's path, parameter) -> the parameter that stands in its place."""
    found: dict[tuple[str, str], str] = {}
    for node in graph.nodes.values():
        for copy in node.copies:
            for name, reference in node.ties.items():
                source = graph.nodes.get(reference.node)
                if source is not None:
                    found[copy.path, name] = source.path + (f".{reference.port}" if reference.port else "")
            if copy.graph is not None:
                found.update(_tied(copy.graph, shapes))
    return found
