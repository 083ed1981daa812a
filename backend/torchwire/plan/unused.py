"""What a network has and does not use: blocks that are nowhere a type, nodes that no Output and nobody else reads."""

from __future__ import annotations

from torchwire.graph.document import GraphSpec, NetworkSpec
from torchwire.graph.names import fresh_name, pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.reporter import Reporter, test
from torchwire.plan.tree import Graph, Node


def tell_unused(network: NetworkSpec, graph: Graph, reporter: Reporter) -> None:
    """Worth knowing, and no fault: whoever is at work on a network has such for a while."""
    used = _used(network)
    for name, block in network.blocks.items():
        if name not in used:
            _unused(block, reporter)
    read = {reference.node for node in graph.nodes.values() for reference in (*node.reads(), *node.ties.values())}
    for key in graph.idle:
        node = graph.nodes[key]
        if key not in read and node.runs and node.present and not node.faults and node.kind not in ("output", "faulty"):
            _unread(graph, node, reporter)


def _unused(block: GraphSpec, reporter: Reporter) -> None:
    name = (block.name or "")[:64]
    first = next((node for node in block.nodes.values() if node.type is not None), None)
    fixes = []
    if first is not None:
        still = {"op": "test", "path": f"{first.path}/type", "value": first.type}
        fixes.append(Fix(f"Remove block {name}", [still, {"op": "remove", "path": block.path}]))
    problem = Problem("unused-block", f"No node is of type {name}.", severity="info", param=name, fixes=tuple(fixes))
    reporter.add(problem, key=("unused-block", block.path))


def _unread(graph: Graph, node: Node, reporter: Reporter) -> None:
    key = fresh_name("out", {*graph.spec.nodes, *graph.spec.params})
    output = {"type": "Output", "inputs": {"value": node.key}}
    remove = [test(node), {"op": "remove", "path": node.spec.path}]
    returned = [test(node), {"op": "add", "path": graph.spec.path + pointer("nodes", key), "value": output}]
    reporter.at(
        node,
        "unread-node",
        f"Nobody reads {node.key}, and no Output returns it: it is shown here, and is no part of forward().",
        severity="info",
        fixes=[Fix(f"Return it by an Output {key}", returned), Fix(f"Remove {node.key}", remove)],
    )


def _used(network: NetworkSpec) -> set[str]:
    """The blocks that the document uses, directly or inside others."""
    found, todo = set[str](), [network.graph]
    while todo:
        for node in todo.pop().nodes.values():
            if node.type in network.blocks and node.type not in found:
                found.add(node.type)
                todo.append(network.blocks[node.type])
    return found
