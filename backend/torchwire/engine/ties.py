"""Tied parameters: whether both ends are there and fit, told before anything is built."""

from __future__ import annotations

from torchwire.engine.outcomes import Blocked
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.graph.findings import removal
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.references import Reference
from torchwire.plan.tree import Graph, Node


def tell_ties(graph: Graph, shapes: ShapePass) -> None:
    """Tells what is wrong with the ties of a graph and of those inside it; all modules have their blueprints."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                tell_ties(copy.graph, shapes)
        if node.faults or not node.present:
            continue
        for name, reference in node.ties.items():
            problem = _fault(graph, shapes, node, name, reference)
            if problem is not None:
                shapes.tell(node, problem)


def _fault(graph: Graph, shapes: ShapePass, node: Node, name: str, reference: Reference) -> Problem | None:
    raw = node.spec.inputs[name]
    path = node.spec.path + pointer("inputs", name)
    remove = (Fix("Remove this wire", removal(path, raw)),)
    source = graph.nodes.get(reference.node)
    if source is None or source.faults or not source.present:
        return None  # told already, or not there
    try:
        own = shapes.weight(graph, node, name)
        theirs = _sheet(graph, shapes, source, reference)
    except Blocked:
        return None  # the fault is where the module stands
    if own is None:
        if not _known(shapes, node):
            return None
        text = f"{node.key} ({node.spec.type}) has no input port and no parameter {name[:64]}."
        return Problem("unknown-port", text, port=name, fixes=remove)
    if theirs is None:
        if not _known(shapes, source):
            return None
        text = f"{node.key} ties {name[:64]} to {str(reference)[:64]}, which is no parameter."
        return Problem("unknown-output", text, port=name, fixes=remove)
    if own.sheet.shape != theirs.shape:
        text = (
            f"{name[:64]} of {node.key} has shape {list(own.sheet.shape)}, and {str(reference)[:64]}, which is to "
            f"stand in its place, has shape {list(theirs.shape)}."
        )
        return Problem("bad-wire", text, port=name, fixes=remove)
    return None


def _sheet(graph: Graph, shapes: ShapePass, source: Node, reference: Reference) -> Sheet | None:
    if source.kind in ("parameter", "constant"):
        outcome = shapes.outcomes.get(source.path)
        found = next(iter(outcome.outputs.values()), None) if outcome is not None else None
        return found if isinstance(found, Sheet) else None
    weight = shapes.weight(graph, source, reference.port) if reference.port is not None else None
    return weight.sheet if weight is not None else None


def _known(shapes: ShapePass, node: Node) -> bool:
    """Whether the node's own parameters are known; if they are not, that has been told."""
    if node.kind in ("parameter", "constant"):
        outcome = shapes.outcomes.get(node.path)
        return outcome is not None and outcome.state == "ok"
    return all(
        copy.graph is not None or ((plan := shapes.blueprints.get(copy.path)) is not None and plan.fault is None)
        for copy in node.copies
    )
