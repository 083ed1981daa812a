"""Renaming a node: its place stays, and every wire, call and size that names it follows."""

from __future__ import annotations

import re
from typing import Any

from torchwire.graph.expressions import SIZE_IN_TEXT


def renamed(nodes: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The nodes of one graph with `old` called `new`, in the same order."""
    return {new if key == old else key: _node(node, old, new) for key, node in nodes.items()}


def _node(node: Any, old: str, new: str) -> Any:
    if not isinstance(node, dict):
        return node
    changed = dict(node)
    if changed.get("call") == old:
        changed["call"] = new
    if isinstance(changed.get("inputs"), dict):
        changed["inputs"] = {port: _reference(value, old, new) for port, value in changed["inputs"].items()}
    if "params" in changed:
        changed["params"] = _sizes(changed["params"], old, new)
    return changed


def _reference(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_reference(item, old, new) for item in value]
    if value == old:
        return new
    if isinstance(value, str) and value.startswith(old + "."):
        return new + value[len(old) :]
    return value


def _sizes(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_sizes(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$"} and isinstance(value["$"], str):
        return {"$": SIZE_IN_TEXT.sub(lambda match: _size(match, old, new), value["$"])}
    return {key: _sizes(item, old, new) for key, item in value.items()}


def _size(match: re.Match[str], old: str, new: str) -> str:
    node, dot, port = match.group(1).partition(".")
    return f"{new if node == old else node}{dot}{port}.shape["
