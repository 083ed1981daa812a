"""What a reference means where the node that it names is not there."""

from __future__ import annotations

from torchwire.graph.references import Reference
from torchwire.plan.tree import Graph, Node

Meant = tuple[Node, Reference]


def behind(graph: Graph, reference: Reference) -> Meant | None:
    """The node that is read, and the reference as it reads it: an absent node stands for what its first port receives.

    None where nothing comes in: an optional port that is not there, an absent node without a wire, or what an absent
    node would give besides its first output. The node is an absent one where its own first wire leads nowhere or round
    in a circle, which is told on it.
    """
    found = _follow(graph, reference)
    return None if found is None or lacks(*found) else found


def lost(graph: Graph, reference: Reference) -> Meant | None:
    """The absent node, and what is read of it that its name does not stand for; None where a reference is no such."""
    found = _follow(graph, reference) if reference.node in graph.nodes else None
    return found if found is not None and lacks(*found) else None


def lacks(node: Node, reference: Reference) -> bool:
    """Whether the reference means something that is only there where the node is."""
    if node.present or node.kind in ("input", "faulty"):
        return False
    return reference.port is not None and reference.port not in node.first_outputs


def _follow(graph: Graph, reference: Reference) -> Meant | None:
    source = graph.nodes[reference.node]
    passed: set[str] = set()
    while not source.present:
        if lacks(source, reference):
            return source, reference
        through = source.wires.get(source.first_port or "")
        if source.kind == "input" or not through:
            return None
        passed.add(source.key)
        if through[0].node not in graph.nodes or through[0].node in passed:
            return source, reference
        reference = through[0]
        source = graph.nodes[reference.node]
    return source, reference
