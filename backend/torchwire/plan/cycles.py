"""Wires that go round in a circle: told on every node of it, with the wires that close it."""

from __future__ import annotations

from collections.abc import Mapping

from torchwire.graph.findings import removal
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.plan.order import in_cycles
from torchwire.plan.reporter import Reporter
from torchwire.plan.tree import Graph, Node

Reads = Mapping[str, set[str]]

_TRIED = 50  # nodes of a circle in which every cut is tried before it is offered


def tell_cycles(reporter: Reporter, graph: Graph, stuck: list[str], reads: Reads) -> None:
    """Reports every node of a circle among those that never become ready."""
    ring = in_cycles(stuck, reads)
    members = [graph.nodes[key] for key in stuck if key in ring]
    cuts = [cut for node in members if (cut := _cut(graph, node, ring)) is not None]
    cut_of = {cut[0].key: cut for cut in cuts}
    for node in members:
        sources = ", ".join(source for source in sorted(reads[node.key] & ring)[:5])
        own = [cut_of[node.key]] if node.key in cut_of else []
        reporter.at(
            node,
            "cycle",
            f"{node.key} waits for {sources}, which waits for {node.key}: the wires close a cycle.",
            port=own[0][1] if own else None,
            fixes=[
                fix
                for other, _, fix in [*own, *cuts[:3]][: 3 if len(members) <= _TRIED else 0]
                if _mends(node, other, graph, ring, reads)
            ][:1],
        )


def _cut(graph: Graph, node: Node, ring: set[str]) -> tuple[Node, str, Fix] | None:
    """The node, a port, and the fix that removes its wires from later nodes of the ring: those that close it."""
    patch = []
    ports = []
    for port, references in node.wires.items():
        raw = node.spec.inputs[port]
        for number, reference in reversed(list(enumerate(references))):
            if reference.node in ring and graph.nodes[reference.node].index >= node.index:
                listed = isinstance(raw, list)
                path = node.spec.path + pointer("inputs", port, *([str(number)] if listed else []))
                patch += removal(path, raw[number] if listed else raw)
                ports.append(port)
    if not ports:
        return None
    what = f"wire to {ports[0]}" if len(ports) == 1 else f"{len(ports)} wires"
    return node, ports[0], Fix(f"Remove the {what} of {node.key} that closes it"[:99], patch)


def _mends(node: Node, cut: Node, graph: Graph, ring: set[str], reads: Reads) -> bool:
    """Whether this node lies on no circle once the cut is made."""
    sizes = {reference.node for reference in cut.sizes}
    kept = {key for key in reads[cut.key] if key in sizes or key not in ring or graph.nodes[key].index < cut.index}
    return node.key not in in_cycles(ring, {**reads, cut.key: kept})
