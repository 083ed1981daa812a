"""What an answer says of a network whatever runs: counts, representations, ties. The same for every seed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from torchwire.engine.counts import Counts, macs_of, node_macs
from torchwire.engine.representation import represent, represent_network
from torchwire.engine.shapes import ShapePass
from torchwire.engine.ties import tied_parameters
from torchwire.plan.tree import Node, Plan, frozen


class Description:
    """Of a plan and its finished shape pass; each part is found when it is first asked for, and kept."""

    def __init__(self, plan: Plan, shapes: ShapePass) -> None:
        self._plan = plan
        self._shapes = shapes
        self._blueprints = shapes.described()
        self._nodes: dict[str, dict[str, Any]] = {}
        self.tied = tied_parameters(plan.graph, shapes)
        self.still = frozenset(frozen(plan.graph))
        self._counts = Counts(shapes, self.tied, self.still)

    def node(self, node: Node) -> dict[str, Any]:
        """`repr`, `inferred`, `parameter_count` and `macs` of a node; not to be changed."""
        known = self._nodes.get(node.path)
        if known is None:
            count = self._counts.node(node)
            inferred = self._shapes.inferred.get(node.copies[0].path, {}) if node.copies else {}
            known = self._nodes[node.path] = {
                "repr": represent(node, self._blueprints),
                "inferred": {
                    name: list(value) if isinstance(value, tuple) else value for name, value in inferred.items()
                },
                "parameter_count": None if count.unknown else count.parameters,
                "macs": node_macs(node, self._shapes),
            }
        return known

    @cached_property
    def totals(self) -> dict[str, Any]:
        """`totals` of the answer; not to be changed."""
        count = self._counts.graph(self._plan.graph)
        return {
            "parameters": count.parameters,
            "trainable": count.trainable,
            "macs": macs_of(self._plan.graph, self._shapes),
            "unknown": count.unknown,
        }

    @cached_property
    def repr(self) -> str:
        """The network as torch prints it."""
        return represent_network(self._plan, self._blueprints)
