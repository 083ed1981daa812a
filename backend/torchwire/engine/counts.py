"""How many parameters and multiply-adds: of a node, and of the whole network. A tied parameter is counted once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.plan.tree import Copy, Graph, Node


@dataclass(frozen=True, slots=True)
class Count:
    """Parameters of one or several modules; `unknown` modules are left out of the sums."""

    parameters: int = 0
    trainable: int = 0
    unknown: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.parameters + other.parameters, self.trainable + other.trainable, self.unknown + other.unknown)


_NONE = Count()
_UNKNOWN = Count(unknown=1)


class Counts:
    """Counts the parameters that the shape pass found. `tied` are (copy's path, parameter) that stand for another one.

    `frozen` are the paths of copies that do not learn.
    """

    def __init__(self, shapes: ShapePass, tied: Mapping[tuple[str, str], object], frozen: Set[str]) -> None:
        self._frozen = frozen
        self._shapes = shapes
        self._blueprints = shapes.described()
        self._tied = tied
        self._known: dict[str, Count] = {}  # by the node's path

    # -- parameters --------------------------------------------------------------------------------------------------

    def graph(self, graph: Graph) -> Count:
        return sum(map(self.node, graph.nodes.values()), _NONE)

    def node(self, node: Node) -> Count:
        if node.kind in ("function", "input", "output", "call", "constant"):
            return _NONE
        known = self._known.get(node.path)
        if known is None:
            known = sum((self._copy(node, copy) for copy in node.copies), _UNKNOWN if node.kind == "faulty" else _NONE)
            self._known[node.path] = known
        return known

    def _copy(self, node: Node, copy: Copy) -> Count:
        if copy.graph is not None:
            return self.graph(copy.graph)
        if node.kind == "module":
            return self._module(node, copy)
        if node.kind == "parameter":
            outcome = self._shapes.outcomes.get(node.path)
            sheet = next(iter(outcome.outputs.values()), None) if outcome is not None else None
            if not isinstance(sheet, Sheet):
                return _UNKNOWN
            return Count(sheet.elements, 0 if copy.path in self._frozen else sheet.elements)
        return _NONE

    def _module(self, node: Node, copy: Copy) -> Count:
        plan = self._blueprints.get(copy.path)
        if plan is None or plan.count is None:
            return _UNKNOWN
        if plan.module is None:  # too many layers to be named one by one
            return Count(plan.count, 0 if copy.path in self._frozen else plan.count)
        total = trainable = 0
        for name, weight in plan.parameters.items():
            if (copy.path, name) not in self._tied:
                total += weight.sheet.elements
                trainable += weight.sheet.elements if weight.requires_grad else 0
        return Count(total, 0 if copy.path in self._frozen else trainable)


# -- multiply-adds ----------------------------------------------------------------------------------------------------


def node_macs(node: Node, shapes: ShapePass) -> int | None:
    """Multiply-adds of a node; None where one of its layers has no rule or did not pass."""
    found = list(_macs(node, shapes))
    return None if None in found else sum(count for count in found if count is not None)


def macs_of(graph: Graph, shapes: ShapePass) -> int | None:
    """The sum of what is known; None, never 0, where nothing is."""
    found = [count for node in graph.nodes.values() for count in _macs(node, shapes)]
    total = sum(count for count in found if count is not None)
    return None if not total and None in found else total


def _macs(node: Node, shapes: ShapePass) -> Iterator[int | None]:
    if not node.present or not node.runs:
        return
    if node.kind == "faulty":  # of an unknown type nothing is known
        yield None
    if node.path in shapes.unsound:  # it does not run: its shapes were found, its weights cannot be made
        yield None
        return
    called = shapes.called.get(node.path)
    if called is not None:
        outcome = shapes.outcomes.get(node.path)
        yield None if outcome is None or outcome.state != "ok" else 0
        yield from (verdict.macs for verdict in called)
        return
    for copy in node.copies:
        if copy.graph is not None:
            for inner in copy.graph.nodes.values():
                yield from _macs(inner, shapes)
        elif node.kind in ("module", "function", "call"):
            verdict = shapes.verdicts.get(copy.path)
            yield verdict.macs if verdict is not None and verdict.fault is None else None
