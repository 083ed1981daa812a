"""Wires on names that are no ports: which port each of them may be meant for."""

from __future__ import annotations

from collections.abc import Iterable

from torchwire.catalogue.layer import Port
from torchwire.graph.findings import removal
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix
from torchwire.plan.tree import Node


def open_ports(node: Node) -> list[Port]:
    """The ports of a node that have neither a wire nor a value."""
    taken = {*node.spec.inputs, *node.spec.params}
    taken |= {label.partition(".")[2] for label in node.spec.faulty if label.startswith(("inputs.", "params."))}
    return [port for port in node.ports if port.name not in taken and is_there(node, port)]


def is_there(node: Node, port: Port) -> bool:
    """Whether the parameters that a port depends on have the values that it needs."""
    return not port.when or all(node.spec.params.get(key) == value for key, value in port.when.items())


def meant_for(node: Node, names: Iterable[str]) -> dict[str, str]:
    """The open port that each of these wires may be meant for: one like it, else one that needs a wire."""
    free = {port.name: port for port in open_ports(node)}
    names = list(names)
    found: dict[str, str] = {}
    for name in names:
        for near in nearest(name, free):
            found[name] = near
            del free[near]
    needed = [port.name for port in free.values() if not port.optional]
    return found | dict(zip((name for name in names if name not in found), needed, strict=False))


def moves(node: Node, name: str, port: str | None, title: str = "Move the wire to {port}") -> list[Fix]:
    """The wire of `name` at `port`, where one is known."""
    if port is None:
        return []
    raw = node.spec.inputs[name]
    patch = removal(node.spec.path + pointer("inputs", name), raw)
    added = {"op": "add", "path": node.spec.path + pointer("inputs", port), "value": raw}
    return [Fix(title.format(name=name[:40], port=port)[:99], [*patch, added])]


def no_port(node: Node, name: str, port: str | None) -> tuple[str, list[Fix]]:
    """What is said of a wire on such a name, and offered: a message, and fixes."""
    known = [known.name for known in node.ports]
    also = " and no parameter of that name" if node.kind == "module" else ""
    has = f"It has {', '.join(known)}." if known else "It has none."
    removed = Fix("Remove this wire", removal(node.spec.path + pointer("inputs", name), node.spec.inputs[name]))
    text = f"{node.key} ({node.what}) has no input port {name[:64]}{also}. {has}"
    return text, [*moves(node, name, port), removed]
