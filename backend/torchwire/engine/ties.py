"""Tied parameters: whether both ends are there and fit, told before anything is built; and which stand for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine.blueprint import blueprint
from torchwire.engine.outcomes import Blocked, Failure, Unsound
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.engine.tall import stacks
from torchwire.graph.findings import removal
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.references import Reference
from torchwire.plan.strays import no_port
from torchwire.plan.ties import slot, tie_order
from torchwire.plan.tree import Copy, Graph, Nested, Node
from torchwire.settings import settings

_SIZES = (1, 2, 8, 64)  # tried in place of sizes that are not known

Slot = tuple[str, str]  # the path of the copy that holds a parameter, and its name there


def find_broken_ties(graph: Graph, shapes: ShapePass, found: dict[str, Unsound]) -> None:
    """Adds the nodes whose ties cannot be made to `found`, which has those whose weights fail for other reasons."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                find_broken_ties(copy.graph, shapes, found)
    for node, name, reference in tie_order(graph):
        cause = _cause(graph, shapes, node, name, reference, found)
        if cause is not None:
            found.setdefault(node.path, (node, cause))


def _cause(
    graph: Graph, shapes: ShapePass, node: Node, name: str, reference: Reference, found: dict[str, Unsound]
) -> Problem | Failure | None:
    source = graph.nodes.get(reference.node)
    if source is None or not source.present:
        return None  # told already, or not there
    problem = _fault(graph, shapes, node, name, reference)
    if problem is not None:
        return problem
    end = slot(source, reference.port)
    if source.path in found or (end is not None and end[0].path in found):
        return Failure((source.path,))  # what is to stand in its place is not what the document describes
    if _known(shapes, source):
        return None
    outcome = shapes.outcomes.get(source.path)
    if outcome is not None and outcome.state != "ok":
        return Failure(outcome.blocked_by or (source.path,), outcome.state == "skipped")
    return Failure((source.path,)) if source.faults else None


def _fault(graph: Graph, shapes: ShapePass, node: Node, name: str, reference: Reference) -> Problem | None:
    raw = node.spec.inputs[name]
    path = node.spec.path + pointer("inputs", name)
    remove = (Fix("Remove this wire", removal(path, raw)),)
    source = graph.nodes[reference.node]
    if node.faults and not _could_have(node, name):  # told beside what else is wrong with it
        return _no_port(shapes, node, name)
    try:
        own = shapes.weight(graph, node, name)
        if own is None and _known(shapes, node):
            return _no_port(shapes, node, name)
        theirs = _sheet(graph, shapes, source, reference)
    except Blocked:
        return None  # the fault is where the module stands
    if own is None:
        return None
    if theirs is None:
        if not _known(shapes, source):
            return None
        text = f"{node.key} ties {name[:64]} to {str(reference)[:64]}, which is no parameter."
        return Problem("unknown-output", text, port=name, fixes=remove)
    for end, said in ((slot(node, name), name), (slot(source, reference.port), str(reference))):
        if end is not None and _is_buffer(shapes, end):
            text = f"{node.key} ties {name[:64]} to {str(reference)[:64]}, but {said[:64]} is a buffer, no parameter."
            return Problem("bad-wire", text, port=name, fixes=remove)
    if own.sheet.shape != theirs.shape:
        text = (
            f"{name[:64]} of {node.key} has shape {list(own.sheet.shape)}, and {str(reference)[:64]}, which is to "
            f"stand in its place, has shape {list(theirs.shape)}."
        )
        return Problem("bad-wire", text, port=name, fixes=remove)
    if own.sheet.dtype != theirs.dtype:
        text = (
            f"{name[:64]} of {node.key} is of {dtype_name(own.sheet.dtype)}, and {str(reference)[:64]}, which is to "
            f"stand in its place, of {dtype_name(theirs.dtype)}. Give both the same dtype."
        )
        return Problem("bad-wire", text, port=name, fixes=remove)
    return None


def _no_port(shapes: ShapePass, node: Node, name: str) -> Problem:
    """Neither a port nor a parameter has this name; the one that is meant, where it can be told."""
    port = node.strays.get(name)
    plan = shapes.blueprints.get(node.copies[0].path) if node.copies else None
    if port is None and plan is not None:
        free = [known for known in plan.parameters if known not in node.spec.inputs]
        port = next(iter(nearest(name, free)), None)
    text, fixes = no_port(node, name, port)
    return Problem("unknown-port", text, port=name, fixes=tuple(fixes))


def _is_buffer(shapes: ShapePass, end: tuple[Node, Copy, str]) -> bool:
    plan = shapes.blueprints.get(end[1].path)
    return plan is not None and end[2] in plan.buffers


def _could_have(node: Node, name: str) -> bool:
    """Whether a faulty module may have a parameter of this name: its parameters' names depend little on the sizes."""
    end = slot(node, name)
    if end is None or end[0].kind != "module" or end[0].layer is None:
        return True
    holder, copy, own = end
    if any(stacks(copy.params, copy.nested, settings().max_layers)):
        return True
    assert holder.layer is not None
    for size in _SIZES:
        nested = {key: _sized(inner, size) for key, inner in copy.nested.items()}
        plan = blueprint(holder.layer, _complete(holder.layer, copy.params, nested, size), nested)
        if plan.fault is None:
            return own in plan.parameters or own in plan.buffers
    return True


def _complete(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested], size: int) -> dict[str, Any]:
    """The constructor's arguments, with a size in place of each that is needed and not known."""
    needed = [param.name for param in layer.params if not param.forward and (param.required or param.inferred)]
    return {**dict.fromkeys((name for name in needed if name not in nested), size), **params}


def _sized(nested: Nested, size: int) -> Nested:
    inner = {key: _sized(deeper, size) for key, deeper in nested.nested.items()}
    return replace(nested, params=_complete(nested.layer, nested.params, inner, size), nested=inner, inferred=())


def _sheet(graph: Graph, shapes: ShapePass, source: Node, reference: Reference) -> Sheet | None:
    if source.kind in ("parameter", "constant"):
        if reference.port not in (None, "output"):
            return None
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
    if node.kind == "faulty":
        return False
    if node.kind not in ("module", "block"):
        return True  # it has none
    return all(
        copy.graph is not None or ((plan := shapes.blueprints.get(copy.path)) is not None and plan.fault is None)
        for copy in node.copies
        if node.kind in ("module", "block")
    )


@dataclass(frozen=True, slots=True)
class Tied:
    """What stands in a parameter's place: its name in the document, and where it is held."""

    name: str
    held: Slot


def tied_parameters(graph: Graph, shapes: ShapePass) -> dict[Slot, Tied]:
    """Which parameters stand for another one, and for which.

    The ties are made as `engine/build.py` makes them. Of those that are one in the end, one does not stand for another:
    the one that was there first, or where it was replaced itself the first that holds it.
    """
    holds: dict[Slot, Slot] = {}
    names: dict[Slot, str] = {}
    made: set[Slot] = set()  # Parameters that a tie makes of a Constant, each its own
    _tie(graph, shapes, holds, names, made)
    first: dict[Slot, Slot] = {}
    for end, held in holds.items():
        at_home = held not in made and holds.get(held, held) == held
        first.setdefault(held, held if at_home else end)
    return {end: Tied(names[end], held) for end, held in holds.items() if first[held] != end}


def _tie(graph: Graph, shapes: ShapePass, holds: dict[Slot, Slot], names: dict[Slot, str], made: set[Slot]) -> None:
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                _tie(copy.graph, shapes, holds, names, made)
    for node, name, reference in tie_order(graph):
        source = graph.nodes.get(reference.node)
        own = slot(node, name)
        other = slot(source, reference.port) if source is not None else None
        if own is None or other is None or node.path in shapes.unsound:
            continue
        key = (other[1].path, other[2])
        if other[0].kind == "constant":
            key = (own[1].path, f"{own[2]} of {other[1].path}")
            made.add(key)
        holds[own[1].path, own[2]] = holds.get(key, key)
        assert source is not None
        names[own[1].path, own[2]] = source.path + (f".{reference.port}" if reference.port else "")
