"""Networks and layers as torch prints them."""

from __future__ import annotations

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
    texts = ((node.spec.attribute or node.key, represent(node, blueprints)) for node in graph.nodes.values())
    return [(name, text) for name, text in texts if text is not None]


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
