"""Readers of a module that never runs: nothing is wired to it, because others call it or read its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torchwire.catalogue.layer import Port
from torchwire.graph.findings import replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.plan.absent import behind
from torchwire.plan.reporter import Reporter, add_to
from torchwire.plan.tree import Graph, Node


class Wires(Protocol):
    """Who knows ports, and which references mean a parameter."""

    def ports(self, graph: Graph, node: Node) -> Sequence[Port] | None:
        """In order; None when its type is unknown."""

    def reads_parameter(self, graph: Graph, reference: Reference) -> bool:
        """Whether the reference means a parameter or buffer of a module."""


class Unrun:
    """Tells them, with the call that may be meant, or the wire that would make it run."""

    def __init__(self, wires: Wires, reporter: Reporter) -> None:
        self._wires = wires
        self._reporter = reporter

    def tell(self, graph: Graph) -> None:
        if all(node.runs for node in graph.nodes.values()):
            return
        for node in graph.nodes.values():
            for port, references in node.wires.items():
                for number, reference in enumerate(references):
                    self._check(graph, node, reference, port, number)
            for reference in node.sizes:
                self._check(graph, node, reference, None, 0)

    def _check(self, graph: Graph, node: Node, reference: Reference, port: str | None, number: int) -> None:
        found = behind(graph, reference) if reference.node in graph.nodes else None
        if found is None or not node.present:
            return
        source, meant = found
        if source.runs or not source.present or self._wires.reads_parameter(graph, meant):
            return
        calls = [other.key for other in graph.nodes.values() if other.target == source.key and other is not node]
        what = f"reads {source.key} on {port}" if port is not None else f"uses the size of {source.key}"
        advice = f"Read {calls[0]}, which calls it" if calls else f"Wire something to {source.key}"
        self._reporter.at(
            node,
            "unknown-output",
            f"{node.key} {what}, but nothing is wired to {source.key}: it is constructed and never runs. {advice}.",
            port=port,
            fixes=self._fixes(graph, node, source, reference, port, number, calls),
            key=("unrun", node.spec.path, port, number, reference),
        )

    def _fixes(
        self,
        graph: Graph,
        node: Node,
        source: Node,
        reference: Reference,
        port: str | None,
        number: int,
        calls: list[str],
    ) -> list[Fix]:
        fixes = []
        if calls and port is not None and reference.node == source.key:
            raw = node.spec.inputs[port]
            path = node.spec.path + pointer("inputs", port) + (f"/{number}" if isinstance(raw, list) else "")
            new = calls[0] if reference.port is None else f"{calls[0]}.{reference.port}"
            fixes.append(Fix(f"Read {calls[0]}", replace(path, raw[number] if isinstance(raw, list) else raw, new)))
        needed = [known for known in self._wires.ports(graph, source) or () if not known.optional]
        before = [
            other.key
            for other in list(graph.nodes.values())[: source.index]
            if other.runs and other.present and other.kind not in ("output", "faulty")
        ]
        if len(needed) == 1 and before:
            wire: str | list[str] = [before[-1]] if needed[0].many else before[-1]
            fixes.append(Fix(f"Wire {before[-1]} to {source.key}", add_to(source, "inputs", needed[0].name, wire)))
        return fixes
