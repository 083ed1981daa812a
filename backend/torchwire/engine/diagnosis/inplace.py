"""Layers that write into their input: computed out of place here, so nobody may read the overwritten memory later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Read:
    """`reader` is None for what is returned without an Output."""

    reader: Node | None
    reference: Reference

    def __str__(self) -> str:
        return "is returned" if self.reader is None else f"{self.reader.key} reads"


class Readers:
    """Who reads what in one graph: by the node that is read, absent ones looked through."""

    def __init__(self, graph: Graph) -> None:
        order = [*graph.order, *graph.idle]
        self._place = {key: number for number, key in enumerate(order)}
        self._reads: dict[str, list[Read]] = {}
        for node in graph.nodes.values():
            for references in node.wires.values() if node.present else ():
                for reference in references:
                    self._add(graph, Read(node, reference))
        for key in graph.returned:
            if graph.nodes[key].kind != "output":
                self._add(graph, Read(None, Reference(key)))

    def _add(self, graph: Graph, read: Read) -> None:
        found = behind(graph, read.reference) if read.reference.node in graph.nodes else None
        if found is not None:
            self._reads.setdefault(found[0].key, []).append(read)

    def after(self, node: Node, source: str) -> Iterator[Read]:
        """What is read after the node of what was there before it."""
        now = self._place.get(node.key, len(self._place))
        if source == node.key or self._place.get(source, -1) >= now:
            return
        for read in self._reads.get(source, ()):
            reader = read.reader
            if reader is node:
                continue
            # what is returned is read at the end
            if reader is None or reader.kind == "output" or self._place.get(reader.key, -1) > now:
                yield read


class Overwriting:
    """Who reads what an in-place layer has overwritten: through a view, or outside of the block that it stands in."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []  # what runs: the node in the document's own graph, then inwards
        self._holders: dict[int, dict[tuple[int, str], None]] = {}  # by storage: who gives a tensor that lies in it
        self._readers: dict[int, Readers] = {}

    def note(self, graph: Graph, node: Node, outputs: Mapping[str, Any]) -> None:
        """The node has run."""
        for value in outputs.values():
            if isinstance(value, Sheet) and value.place is not None:
                self._holders.setdefault(value.place.storage, {})[id(graph), node.key] = None

    def find(self, case: Case) -> Problem | None:
        """Another node reads the same memory after this one has run, and would get what this one left there."""
        if not writes_in_place(case) or case.later_copy:
            return None
        written, mine = case.sheet("input"), case.reference("input")
        for frame in reversed(self.frames):
            own = mine if frame is self.frames[-1] else None
            if own is not None:
                meant = behind(frame.graph, own)
                for read in self._of(frame.graph).after(frame.node, meant[0].key) if meant is not None else ():
                    if read.reference == own:
                        return _problem(case, str(read), "")
            if written is None or written.place is None:
                continue
            if frame.copy is not frame.node.copies[-1]:
                for port, references in frame.node.wires.items():
                    for reference in references if port != frame.node.first_port else ():
                        if _shares(frame, reference, written):  # the first port gets the result of this copy
                            return _problem(case, "its next copy reads", str(reference))
            for graph, source in self._holders.get(written.place.storage, ()):
                for read in self._of(frame.graph).after(frame.node, source) if graph == id(frame.graph) else ():
                    if _shares(frame, read.reference, written):
                        return _problem(case, str(read), str(read.reference))
        return None

    def _of(self, graph: Graph) -> Readers:
        if id(graph) not in self._readers:
            self._readers[id(graph)] = Readers(graph)
        return self._readers[id(graph)]


def writes_in_place(case: Case) -> bool:
    """Whether torch would leave the result in the layer's input. Dropout that drops nothing does not touch it."""
    idle = "dropout" in case.layer.type.lower() and case.arguments.get("training", case.training) is False
    return case.param("inplace") is True and not idle


def _problem(case: Case, read: str, other: str) -> Problem:
    beside = f" and with it {other[:64]}" if other else ""
    return Problem(
        "inplace-overwritten",
        f"{case.title} is inplace: it overwrites {case.source('input')}{beside}, which {read} afterwards.",
        port="input",
        param="inplace",
        fixes=tuple(repairs.set_value(case, "inplace", False)),
    )


def _shares(frame: Frame, reference: Reference, written: Sheet) -> bool:
    """Whether what is read is known by now, and an element of it is overwritten."""
    meant = behind(frame.graph, reference) if reference.node in frame.graph.nodes else None
    outputs = frame.scope.get(meant[0].key) if meant is not None else None
    if meant is None or not isinstance(outputs, dict) or not outputs:
        return False
    port = meant[1].port
    found = outputs.get(port) if port in outputs else None
    if found is None and (port is None or (port == "output" and len(outputs) == 1)):
        found = next(iter(outputs.values()))
    return isinstance(found, Sheet) and overlap(found, written)
