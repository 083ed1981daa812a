"""A wire that reads an output which its source does not give."""

from __future__ import annotations

from collections.abc import Iterable

from torchwire.graph.findings import replace
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.references import Reference
from torchwire.plan.tree import Node


def unknown_output(node: Node, port: str, reference: Reference, source: Node, given: Iterable[str]) -> Problem:
    """What is told at the reader; `given` are the outputs that the source has."""
    outputs = list(given)
    has = f"It has {', '.join(outputs)}." if outputs else "It gives none; only its parameters can be read."
    return Problem(
        "unknown-output",
        f"{node.key} reads {reference}, but {source.key} has no such output. {has}",
        port=port or None,
        fixes=_others(node, port, reference, outputs),
    )


def _others(node: Node, port: str, reference: Reference, outputs: list[str]) -> tuple[Fix, ...]:
    """To read an output that is there, in place of one that is not."""
    raw = node.spec.inputs.get(port)
    texts = raw if isinstance(raw, list) else [raw]
    number = next((number for number, text in enumerate(texts) if text == str(reference)), None)
    if number is None:
        return ()
    path = node.spec.path + pointer("inputs", port, *([str(number)] if isinstance(raw, list) else []))
    likely = list(dict.fromkeys([*nearest(reference.port or "", outputs), *outputs]))[:3]
    wires = [f"{reference.node}.{output}" for output in likely]
    return tuple(Fix(f"Read {wire}", replace(path, str(reference), wire)) for wire in wires)
