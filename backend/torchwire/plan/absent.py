"""What a reference means where the node that it names is not there."""

from __future__ import annotations

from torchwire.graph.references import Reference
from torchwire.plan.tree import Graph, Node


def behind(graph: Graph, reference: Reference) -> tuple[Node, Reference] | None:
    """The node that is read, and the reference as it reads it: an absent node stands for what its first port receives.

    None where nothing comes in: an optional port that is not there, or an absent node without a wire. The node is an
    absent one where its own first wire leads nowhere or round in a circle, which is told on it.
    """
    source = graph.nodes[reference.node]
    passed: set[str] = set()
    while not source.present:
        through = source.wires.get(source.first_port or "")
        if source.kind == "input" or not through:
            return None
        passed.add(source.key)
        if through[0].node not in graph.nodes or through[0].node in passed:
            return source, reference
        reference = through[0]
        source = graph.nodes[reference.node]
    return source, reference
