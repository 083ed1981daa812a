"""Which parts of a network whose shapes are known must not be built, or not be run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchwire.engine.counts import macs_of
from torchwire.engine.limits import too_many_dimensions, too_many_elements
from torchwire.engine.progress import Watch
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.reporter import set_param
from torchwire.plan.tree import Copy, Graph, Node, Plan
from torchwire.settings import settings

# Which networks have the long deadline: those of more parameters, of which one runs at a time, and those of so many
# multiply-adds, about 0.1 s to 10 s on one core. Of what needs more, the long one would not see the end either.
HEAVY = 50_000_000
LONG = (1_000_000_000, 100_000_000_000)


def refuse(plan: Plan, shapes: ShapePass, problems: list[Problem], watch: Watch) -> dict[str, str]:
    """Tells the watch how long it will be. Paths that must not run, and why; nothing has been allocated yet.

    "error": it cannot even be constructed; "fault": its call fails; "limit": something is too large.
    """
    refusal = _Refusal(shapes, problems)
    refusal.graph(plan.graph)
    refusal.tell_sum()
    if is_heavy(refusal.total):
        watch.heavy()
    elif is_long(macs_of(plan.graph, shapes) or 0):
        watch.long()
    return refusal.refused


def is_heavy(parameters: int) -> bool:
    return parameters > HEAVY


def is_long(macs: int) -> bool:
    return LONG[0] < macs <= LONG[1]


class _Refusal:
    """Goes through the plan in construction order, adding up parameters."""

    def __init__(self, shapes: ShapePass, problems: list[Problem]) -> None:
        self.refused: dict[str, str] = {}
        self.total = 0  # parameters that are built
        self.all = 0  # with those that are not
        self._first: tuple[Node, int, int] | None = None
        self._shapes = shapes
        self._problems = problems

    def graph(self, graph: Graph) -> None:
        for node in graph.nodes.values():
            for copy in node.copies:
                if copy.graph is not None:
                    self.graph(copy.graph)
                self._copy(graph, node, copy)

    def _copy(self, graph: Graph, node: Node, copy: Copy) -> None:
        outcome = self._shapes.outcomes.get(node.path)
        blueprint = self._shapes.blueprints.get(copy.path)
        built = blueprint is not None and blueprint.fault is None
        if copy.path in self._shapes.limited:
            self.refused[copy.path] = "limit"
            return
        if built and node.kind == "module":  # what is built takes memory, whether it can run or not
            self._weights(node, copy)
        if copy.path in self.refused or copy.graph is not None:
            return
        if node.faults or (outcome is not None and outcome.state == "error") or (blueprint is not None and not built):
            self.refused[copy.path] = "fault" if built else "error"
        elif outcome is not None and outcome.state != "blocked":
            self._outputs(graph, node, copy, outcome.outputs)

    def _weights(self, node: Node, copy: Copy) -> None:
        blueprint = self._shapes.blueprints[copy.path]
        assert blueprint.count is not None
        most, most_elements = settings().max_parameters, settings().max_elements
        left = most - self.total
        self.all += blueprint.count
        if blueprint.count <= left:
            self.total += blueprint.count
        elif blueprint.count <= most:  # only the sum is too large: that is told once
            self.refused[copy.path] = "limit"
            self._first = self._first or (node, blueprint.count, left)
        else:
            self._refuse(
                copy,
                Problem(
                    "limit-parameters",
                    f"{node.key} brings the network to {self.total + blueprint.count:,} parameters, "
                    f"{blueprint.count - left:,} over the limit of {most:,}.\nIt has {blueprint.count:,} itself; "
                    f"{left:,} are left. Shapes and counts are shown, values are not.",
                    node=node.path,
                    fixes=_smaller(node, blueprint.count, left),
                ),
            )
        large = next(
            (weight.sheet for weight in blueprint.buffers.values() if weight.sheet.extent > most_elements), None
        )
        if large is not None:
            self._refuse(copy, too_many_elements(node, large, "A buffer"))

    def tell_sum(self) -> None:
        """That the layers together are over the limit, at the first for which there was no room."""
        if self._first is None:
            return
        node, count, left = self._first
        most = settings().max_parameters
        self._problems.append(
            Problem(
                "limit-parameters",
                f"The layers of the network have {self.all:,} parameters, {self.all - most:,} over the limit of "
                f"{most:,}.\nFrom {node.key} on they found no room: it has {count:,}, {left:,} are left. "
                "Shapes and counts are shown, values are not.",
                node=node.path,
                fixes=_smaller(node, count, left),
            )
        )

    def _outputs(self, graph: Graph, node: Node, copy: Copy, outputs: Mapping[str, Any]) -> None:
        limits = settings()
        for sheet in outputs.values():
            if not isinstance(sheet, Sheet):
                continue
            deep = len(sheet.shape) > limits.max_rank
            if not deep and sheet.extent <= limits.max_elements:
                continue
            # what only hands a large tensor on is no fault of its own
            above = (graph.nodes.get(reference.node) for reference in node.reads())
            if any(source is not None and self.refused.get(source.path) == "limit" for source in above):
                self.refused[copy.path] = "limit"
            else:
                self._refuse(copy, too_many_dimensions(node, sheet) if deep else too_many_elements(node, sheet))
            return

    def _refuse(self, copy: Copy, problem: Problem) -> None:
        self.refused[copy.path] = "limit"
        self._problems.append(problem)


_GROWING = ("num_embeddings", "out_features", "out_channels")  # the weights are in proportion to these


def _smaller(node: Node, count: int, left: int) -> tuple[Fix, ...]:
    """A size that fits easily, a power of two, where the layer has one that its weights are in proportion to."""
    for name in _GROWING:
        size = node.spec.params.get(name)
        if isinstance(size, int) and not node.repeated and (most := size * min(left, HEAVY) // count) >= 1:
            fits = 2 ** (most.bit_length() - 1)
            return (Fix(f"Set {name} to {fits}", set_param(node, name, fits)),)
    return ()
