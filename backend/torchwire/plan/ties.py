"""Tied parameters of a graph: in which order they are tied, and where a name of `state_dict` leads."""

from __future__ import annotations

from torchwire.graph.references import Reference
from torchwire.plan.order import run_order
from torchwire.plan.tree import Copy, Graph, Node

Tie = tuple[Node, str, Reference]


def tie_order(graph: Graph) -> list[Tie]:
    """The ties of a graph in the order in which they are made: one that another one reads comes before it.

    So in a chain all are the last one. In a circle the first in the document is made first.
    """
    ties = {
        f"{node.key}.{name}": (node, name, reference)
        for node in graph.nodes.values()
        if node.present
        for name, reference in node.ties.items()
    }
    reads = {key: {str(reference)} for key, (_, _, reference) in ties.items()}
    order, stuck = run_order(ties, reads)
    return [ties[key] for key in order + stuck]


def slot(node: Node, name: str | None) -> tuple[Node, Copy, str] | None:
    """The module or Parameter that holds a tensor of a node by its name in `state_dict`, and its name there."""
    if node.kind in ("parameter", "constant"):
        return (node, node.copies[0], "value") if node.copies else None
    if name is None or node.kind not in ("module", "block"):
        return None
    number = 0
    if node.repeated:
        head, _, name = name.partition(".")
        number = int(head) if head.isdigit() and len(head) < 6 else len(node.copies)
    if number >= len(node.copies):
        return None
    copy = node.copies[number]
    if copy.graph is None:
        return (node, copy, name) if node.kind == "module" else None
    for inner in copy.graph.nodes.values():
        head = inner.spec.attribute or inner.key
        if inner.present and (name == head or name.startswith(f"{head}.")):
            return slot(inner, name[len(head) + 1 :])
    return None
