"""A node tried with other wires, after the shape pass and beside it: would torch take these tensors there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torchwire.engine.outcomes import Failure, Scope
from torchwire.engine.progress import Watch
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.graph.document import NodeSpec
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.tree import Copy, Graph, Node

Wires = Mapping[str, Reference]

_MOST_INSIDE = 100  # copies inside a block that is tried


class Rewiring:
    """Tries wires to ports of one node; what the shape pass found stays as it is."""

    def __init__(self, shapes: ShapePass, watch: Watch, graph: Graph, node: Node) -> None:
        self._shapes = shapes
        self._watch = watch
        self._graph = graph
        self._node = node
        self._scope: Scope = {}
        for other in graph.nodes.values():
            outcome = shapes.outcomes.get(other.path)
            if outcome is not None:
                known = outcome.outputs if outcome.state == "ok" else Failure((other.path,))
                self._scope[other.key] = known
        self._blueprints = {
            path: plan for path, plan in shapes.blueprints.items() if not f"{path}.".startswith(f"{node.path}.")
        }

    @property
    def possible(self) -> bool:
        """Whether a trial would tell: nothing else is wrong with the node, and whatever it reads is known."""
        node = self._node
        target = self._graph.nodes.get(node.target or "")
        if target is not None and any(copy.undecided for copy in target.copies):
            return False  # the trial would decide for the module that is called
        known = all(isinstance(self._scope.get(reference.node), dict) for reference in node.reads())
        return known and all(copy.constructible for copy in node.copies) and _inside(node.copies) <= _MOST_INSIDE

    def sheets(self, key: str) -> dict[str, Sheet] | None:
        """The outputs of a node by port; None where they are not known."""
        outputs = self._scope.get(key)
        if not isinstance(outputs, dict) or not all(isinstance(sheet, Sheet) for sheet in outputs.values()):
            return None
        return outputs

    def problems(self, wires: Wires, added: Mapping[str, Sheet] | None = None) -> list[Problem] | None:
        """What is said of the node with these wires too; None where it does not run. `added` are Inputs by key."""
        node = replace(
            self._node,
            wires={**self._node.wires, **{port: [reference] for port, reference in wires.items()}},
            copies=[_fresh(copy) for copy in self._node.copies],
            faults=0,
        )
        scope = {**self._scope, **{key: {"output": sheet} for key, sheet in (added or {}).items()}}
        nodes = {**self._graph.nodes, node.key: node}
        for key in added or {}:
            nodes[key] = Node(NodeSpec(key, "", "Input"), len(nodes), "input", key, key)
        found: list[Problem] = []
        trial = ShapePass(self._shapes.training, found, self._watch, True, self._shapes.given)
        trial.blueprints = dict(self._blueprints)
        trial.outcomes = dict(self._shapes.outcomes)
        graph = replace(self._graph, nodes=nodes)
        return found if trial.runs(graph, node, scope) else None


def _fresh(copy: Copy) -> Copy:
    """As the plan laid it out: what a trial infers stays with the trial."""
    if copy.graph is None:
        return replace(copy, nested=dict(copy.nested))
    nodes = {
        key: replace(node, copies=[_fresh(inner) for inner in node.copies]) for key, node in copy.graph.nodes.items()
    }
    return replace(copy, graph=replace(copy.graph, nodes=nodes))


def _inside(copies: list[Copy]) -> int:
    return sum(1 + sum(_inside(node.copies) for node in copy.graph.nodes.values()) for copy in copies if copy.graph)
