"""What the layers behind a fault would be, were it mended as its fix says: so that they can be counted all the same.

Nothing here is built or shown as a shape. LeNet with `in_features: 400` in fc1 still has 10,164 parameters in fc2.
"""

from __future__ import annotations

from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine import further, tall
from torchwire.engine.blueprint import Blueprint
from torchwire.engine.outcomes import Fault
from torchwire.engine.progress import Watch
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.graph.findings import SHOWN
from torchwire.graph.problems import Problem
from torchwire.plan.inferred import infer
from torchwire.plan.tree import Copy, Graph, Node, Plan, walk

# of a layer with one of these, the width of what it gives is its own, however the fault is mended
_GIVES_ITS_OWN = frozenset({"linear-in-features", "conv-in-channels", "rnn-input-size"})


class PresumedShapes(ShapePass):
    """The shape pass, with every width that was given wrongly taken from the wire.

    `behind` are the nodes with such a width, as long as it is certain what reaches them.
    """

    def __init__(self, training: bool, watch: Watch) -> None:
        super().__init__(training, [], watch, False, {})
        self.behind: list[tuple[Node, Problem]] = []
        self._certain = True

    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            return super().apply(graph, node, copy, owner, layer, arguments)
        except Fault as fault:
            outputs = self._mended(owner, layer, arguments) if layer.form == "module" else None
            if outputs is None:
                raise
            if self._certain and self._caller is None and fault.problem.code in further.WIDTHS:
                self.behind.append((node, fault.problem))
            self._certain = self._certain and fault.problem.code in _GIVES_ITS_OWN
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


def hides_others(problems: list[Problem]) -> bool:
    """Whether a width that was given wrongly may keep another one behind it from being seen."""
    return any(problem.code in _GIVES_ITS_OWN for problem in problems[:SHOWN])


def presume(plan: Plan, shapes: ShapePass, watch: Watch) -> dict[str, Blueprint]:
    """The blueprints of all layers of a fresh plan, as far as faults of width stand in the way.

    Widths that are wrong whatever becomes of the faults before them are told by `shapes`, the pass that stopped there.
    """
    presumed = PresumedShapes(plan.training, watch)
    presumed.run(plan.graph, {})
    for node, problem in presumed.behind:
        outcome = shapes.outcomes.get(node.path)
        if outcome is not None and outcome.state == "blocked":
            shapes.tell(node, problem)
    return presumed.blueprints
