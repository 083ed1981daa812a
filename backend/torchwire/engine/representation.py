"""Networks and layers as torch prints them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from torchwire.engine.blueprint import Blueprint
from torchwire.plan.tree import Graph, Node, Plan

Blueprints = Mapping[str, Blueprint]


def represent_network(plan: Plan, blueprints: Blueprints) -> str:
    """`LeNet(...)`, its children indented."""
    return f"{class_name(plan.name)}({_children(_representations(plan.graph, blueprints))})"


def represent(node: Node, blueprints: Blueprints) -> str | None:
    """The module of a node; None where it has none, or it cannot be built."""
    if node.kind not in ("module", "block"):
        return None
    texts = []
    for copy in node.copies:
        if copy.graph is not None:
            texts.append(f"{node.spec.type}({_children(_representations(copy.graph, blueprints))})")
        else:
            plan = blueprints.get(copy.path)
            if plan is not None and plan.repr is not None:
                texts.append(plan.repr)
    if not texts:
        return None
    return f"ModuleList({_children(_grouped(texts))})" if node.repeated else texts[0]


def class_name(name: str) -> str:
    """A class name from the document's free text."""
    words = "".join(char if char.isascii() and (char.isalnum() or char == "_") else " " for char in name).split()
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined and not joined[0].isdigit() else f"Network{joined}"


def _representations(graph: Graph, blueprints: Blueprints) -> list[tuple[str, str]]:
    texts = ((node, represent(node, blueprints)) for node in graph.nodes.values())
    return _nested([((node.spec.attribute or node.key).split("."), node, text) for node, text in texts if text])


def _nested(entries: list[tuple[list[str], Node, str]]) -> list[tuple[str, str]]:
    """Dotted attributes by what they have in common: (features): Sequential((0): ...)."""
    groups: dict[str, list[tuple[list[str], Node, str]]] = {}
    for (head, *rest), node, text in entries:
        groups.setdefault(head, []).append((rest, node, text))
    found = []
    for head, group in groups.items():
        found += [(head, text) for rest, _, text in group if not rest]
        inner = [entry for entry in group if entry[0]]
        if inner:
            found.append((head, _held(inner)))
    return found


def _held(entries: list[tuple[list[str], Node, str]]) -> str:
    """What holds them, as exported code has it: numbers are a Sequential where they run in a row, else a ModuleList."""
    children = _nested(entries)
    if [name for name, _ in children] != [str(number) for number in range(len(children))]:
        return f"Module({_children(children)})"
    if all(_follows(before, after) for (_, before, _), (_, after, _) in itertools.pairwise(entries)):
        return f"Sequential({_children(children)})"
    return f"ModuleList({_children(_grouped([text for _, text in children]))})"


def _follows(before: Node, after: Node) -> bool:
    """Whether a node reads the one before it, and nothing else."""
    reads = [reference for references in after.wires.values() for reference in references]
    return len(reads) == 1 and reads[0].node == before.key and reads[0].port in (None, "output")


def _grouped(texts: list[str]) -> list[tuple[str, str]]:
    """Equal neighbours written once, as torch's ModuleList prints them: (0-2): 3 x Linear(...)."""
    groups: list[tuple[int, int, str]] = []
    for number, text in enumerate(texts):
        if groups and groups[-1][2] == text:
            groups[-1] = (groups[-1][0], number, text)
        else:
            groups.append((number, number, text))
    return [(str(a), text) if a == b else (f"{a}-{b}", f"{b - a + 1} x {text}") for a, b, text in groups]


def _children(children: list[tuple[str, str]]) -> str:
    if not children:
        return ""
    lines = [f"({name}): " + text.replace("\n", "\n  ") for name, text in children]
    return "\n  " + "\n  ".join(lines) + "\n"
