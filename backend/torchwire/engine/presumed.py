"""What the layers behind a fault would be, were it mended as its fix says: so that they can be counted all the same.

Nothing here is built or shown as a shape. LeNet with `in_features: 400` in fc1 still has 10,164 parameters in fc2.
"""

from __future__ import annotations

from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine import tall
from torchwire.engine.blueprint import Blueprint
from torchwire.engine.outcomes import Fault
from torchwire.engine.progress import Watch
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.plan.inferred import infer
from torchwire.plan.tree import Copy, Graph, Node, Plan, walk


class PresumedShapes(ShapePass):
    """The shape pass, with every width that was given wrongly taken from the wire."""

    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            return super().apply(graph, node, copy, owner, layer, arguments)
        except Fault:
            outputs = self._mended(owner, layer, arguments) if layer.form == "module" else None
            if outputs is None:
                raise
            return outputs

    def _mended(self, owner: Copy, layer: LayerType, arguments: dict[str, Any]) -> dict[str, Any] | None:
        shapes = {name: value.shape for name, value in arguments.items() if isinstance(value, Sheet)}
        wanted = {name: infer(layer.type, name, shapes) for name in owner.params}
        params = {**owner.params, **{name: value for name, value in wanted.items() if value is not None}}
        if params == owner.params:
            return None
        if tall.blueprint(layer, params, owner.nested).fault is not None:
            return None
        verdict = tall.judge(layer, params, owner.nested, arguments, self.training, False)
        return dict(verdict.outputs) if verdict.outputs is not None and verdict.fault is None else None


def leaves_open(plan: Plan) -> bool:
    """Whether a layer of the plan, its shapes found, still waits for an input that decides its parameters."""
    return any(node.kind == "module" and copy.undecided for node, copy in walk(plan.graph))


def presume(plan: Plan, watch: Watch) -> dict[str, Blueprint]:
    """The blueprints of all layers of a fresh plan, as far as faults of width stand in the way."""
    shapes = PresumedShapes(plan.training, [], watch, False, {})
    shapes.run(plan.graph, {})
    return shapes.blueprints
