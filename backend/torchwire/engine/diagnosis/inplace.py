"""Layers that write into their input: computed out of place here, so nobody may read the overwritten memory later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.outcomes import Scope
from torchwire.engine.overlap import overlap
from torchwire.engine.sheet import Sheet
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.absent import behind
from torchwire.plan.tree import Copy, Graph, Node


@dataclass(frozen=True)
class Frame:
    """A node that runs in its graph, and what the nodes before it gave."""

    graph: Graph
    node: Node
    copy: Copy
    scope: Scope


def writes_in_place(case: Case) -> bool:
    """Whether torch would leave the result in the layer's input. Dropout that drops nothing does not touch it."""
    idle = "dropout" in case.layer.type.lower() and case.arguments.get("training", case.training) is False
    return case.param("inplace") is True and not idle


def overwritten(case: Case, frames: Sequence[Frame]) -> Problem | None:
    """Another node reads the same memory after this one has run, and would get what this one left there.

    It may read it through a view, and outside of the block that this one stands in: `frames` are the nodes that run
    just now, from the document's own graph inwards.
    """
    if not writes_in_place(case) or case.later_copy:
        return None
    written, mine = case.sheet("input"), case.reference("input")
    for frame in reversed(frames):
        own = mine if frame is frames[-1] else None
        for reader, reference in _later_reads(frame):
            found = _read(frame, reference)
            shares = found is not None and written is not None and overlap(found, written)
            if reference != own and not shares:
                continue
            view = "" if reference == own else f" and with it {str(reference)[:64]}"
            return Problem(
                "inplace-overwritten",
                f"{case.title} is inplace: it overwrites {case.source('input')}{view}, which {reader} afterwards.",
                port="input",
                param="inplace",
                fixes=tuple(repairs.set_value(case, "inplace", False)),
            )
    return None


def _later_reads(frame: Frame) -> Iterator[tuple[str, Reference]]:
    """(who reads, what) of everything in the frame's graph that is read after its node and was there before it."""
    graph, node = frame.graph, frame.node
    if frame.copy is not node.copies[-1]:
        for port, references in node.wires.items():
            if port != node.first_port:  # that one gets the result of this copy
                yield from (("its next copy reads", reference) for reference in references)
    order = [*graph.order, *graph.idle]
    place = {key: number for number, key in enumerate(order)}
    now = place.get(node.key, len(order))

    def before(reference: Reference) -> bool:
        found = behind(graph, reference)
        return found is not None and found[0] is not node and place.get(found[0].key, -1) < now

    for other in graph.nodes.values():
        if other is node or not other.present:
            continue
        # what is returned is read at the end
        if place.get(other.key, -1) > now or other.kind == "output":
            for references in other.wires.values():
                yield from ((f"{other.key} reads", each) for each in references if before(each))
    for key in graph.returned:
        if graph.nodes[key].kind != "output" and before(Reference(key)):
            yield "is returned", Reference(key)


def _read(frame: Frame, reference: Reference) -> Sheet | None:
    """What is read, where it is known by now: an output of a node that has run."""
    meant = behind(frame.graph, reference)
    outputs = frame.scope.get(meant[0].key) if meant is not None else None
    if meant is None or not isinstance(outputs, dict) or not outputs:
        return None
    port = meant[1].port
    found = outputs.get(port) if port in outputs else None
    if found is None and (port is None or (port == "output" and len(outputs) == 1)):
        found = next(iter(outputs.values()))
    return found if isinstance(found, Sheet) else None
