"""What only the values of a run show: NaN where none came in, a ReLU that lets nothing through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torchwire.engine.diagnosis.repairs import literal
from torchwire.graph.findings import removal, replace
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.absent import behind
from torchwire.plan.tree import Graph, Node

_ENOUGH = 32  # values: of a few, all may be negative by chance
_LEAKY = {"ReLU": "LeakyReLU", "relu": "leaky_relu"}

Nodes = Mapping[str, Mapping[str, Any]]
"""The entries of an answer by node: the summaries of outputs are in them already."""


def notice_values(graph: Graph, nodes: Nodes) -> Iterator[Problem]:
    """Of the document's own nodes, those whose values are hardly meant."""
    for node in graph.nodes.values():
        if node.kind in ("input", "output", "parameter", "constant") or not node.present:
            continue
        own = nodes[node.path]["outputs"]
        came = dict(_inputs(graph, node, nodes))
        if not own or any(entry.get("summary") is None for entry in (*own.values(), *came.values())):
            continue  # not run, or of no numbers
        nan = next((port for port, entry in own.items() if entry["summary"]["nan"]), None)
        if nan is not None and not any(entry["summary"]["nan"] for entry in came.values()):
            yield _first_nan(node, nan, own[nan], came)
        elif _is_relu(node) and _all_zero(own["output"]) and not all(map(_all_zero, came.values())):
            yield _nothing_through(node, own["output"], came)


def _inputs(graph: Graph, node: Node, nodes: Nodes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(the reference as the node reads it, the entry of that output)"""
    for reference in node.reads():
        found = behind(graph, reference) if reference.node in graph.nodes else None
        if found is None:
            continue
        source, meant = found
        outputs = nodes[source.path]["outputs"]
        entry = outputs.get(meant.port) or next(iter(outputs.values()), None)
        if entry is not None:
            yield str(reference), entry


def _is_relu(node: Node) -> bool:
    return node.layer is not None and node.layer.type in _LEAKY


def _all_zero(entry: Mapping[str, Any]) -> bool:
    return bool(entry["summary"]["zeros"] == _count(entry) >= _ENOUGH)


def _count(entry: Mapping[str, Any]) -> int:
    total = 1
    for size in entry["shape"]:
        total *= size
    return total


def _first_nan(node: Node, port: str, entry: Mapping[str, Any], came: Mapping[str, Mapping[str, Any]]) -> Problem:
    told = "; ".join(_statistics(name, given) for name, given in list(came.items())[:3])
    text = f"{node.key} ({node.what}) gives {entry['summary']['nan']:,} NaN of {_count(entry):,} values, and got none."
    return Problem(
        "first-nan",
        text + (f"\nIts input: {told}." if told else ""),
        severity="warning",
        node=node.path,
        port=None if port == "output" else port,
    )


def _statistics(name: str, entry: Mapping[str, Any]) -> str:
    found = entry["summary"]
    if found["min"] is None:
        return f"{name} has no finite value"
    infinite = f", {found['inf']:,} infinite" if found["inf"] else ""
    return f"{name} from {_number(found['min'])} to {_number(found['max'])}, mean {_number(found['mean'])}{infinite}"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else str(value)


def _nothing_through(node: Node, entry: Mapping[str, Any], came: Mapping[str, Mapping[str, Any]]) -> Problem:
    told = "; ".join(_statistics(name, given) for name, given in list(came.items())[:1])
    fixes = []
    params = node.spec.params
    if node.spec.type in _LEAKY and literal(params) and not node.repeated:
        kept = removal(f"{node.spec.path}/params", params) if params else []
        new = _LEAKY[node.spec.type]
        fixes = [Fix(f"Change the type to {new}", [*replace(f"{node.spec.path}/type", node.spec.type, new), *kept])]
    return Problem(
        "dead-relu",
        f"All {_count(entry):,} values of {node.key} ({node.what}) are 0: nothing above 0 came in, and no gradient "
        f"goes back.\nIts input: {told}.",
        severity="warning",
        node=node.path,
        fixes=tuple(fixes),
    )
