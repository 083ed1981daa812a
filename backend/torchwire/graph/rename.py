"""Renaming: the place stays, and whatever names it follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from torchwire.graph.expressions import SIZE_IN_TEXT
from torchwire.graph.findings import replace
from torchwire.graph.names import pointer

Patch = list[dict[str, Any]]


def renamed(nodes: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The nodes of one graph with the node `old` called `new`: wires, calls and sizes follow."""
    return {new if key == old else key: _node(node, old, new) for key, node in nodes.items()}


def renamed_block(data: dict[str, Any], old: str, new: str) -> Patch:
    """Patch that calls a block `new`, where it stands and wherever it is a type."""
    patch = [{"op": "test", "path": pointer("blocks", old), "value": data["blocks"][old]}]
    for path, nodes in _graphs(data):
        for key, node in nodes.items():
            if node.get("type") == old:
                patch += replace(path + pointer("nodes", key, "type"), old, new)
    return [*patch, {"op": "move", "from": pointer("blocks", old), "path": pointer("blocks", new)}]


def renamed_parameter(data: dict[str, Any], block: str | None, old: str, new: str) -> Patch:
    """Patch that calls a parameter of a graph `new`: expressions inside and the uses of the block follow."""
    path = "" if block is None else pointer("blocks", block)
    graph = data if block is None else data["blocks"][block]
    word = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)")

    def expression(text: str) -> str:
        return word.sub(new, text)

    params = {new if key == old else key: _expressions(value, expression) for key, value in graph["params"].items()}
    patch = replace(f"{path}/params", graph["params"], params)
    for key, node in graph["nodes"].items():
        for name in ("params", "when", "repeat"):
            if node.get(name) is not None:
                after = _expressions(node[name], expression)
                if after != node[name]:
                    patch += replace(f"{path}/nodes{pointer(key, name)}", node[name], after)
    if block is not None:
        for where, nodes in _graphs(data):
            for key, node in nodes.items():
                given = node.get("params")
                if node.get("type") == block and isinstance(given, dict) and old in given:
                    here = f"{where}/nodes{pointer(key, 'params')}"
                    patch += [
                        {"op": "test", "path": here + pointer(old), "value": given[old]},
                        {"op": "move", "from": here + pointer(old), "path": here + pointer(new)},
                    ]
    return patch


def _graphs(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    blocks = data.get("blocks")
    found = [("", data["nodes"])]
    if isinstance(blocks, dict):
        found += [
            (pointer("blocks", name), block["nodes"]) for name, block in blocks.items() if isinstance(block, dict)
        ]
    return found


def _node(node: Any, old: str, new: str) -> Any:
    changed = dict(node)
    if changed.get("call") == old:
        changed["call"] = new
    if isinstance(changed.get("inputs"), dict):
        changed["inputs"] = {port: _reference(value, old, new) for port, value in changed["inputs"].items()}
    if "params" in changed:
        changed["params"] = renamed_sizes(changed["params"], old, new)
    return changed


def renamed_sizes(params: Any, old: str, new: str) -> Any:
    """A value of `params` in which every size of the node `old` is one of `new`."""
    return _expressions(params, lambda text: SIZE_IN_TEXT.sub(lambda match: _size(match, old, new), text))


def _reference(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_reference(item, old, new) for item in value]
    if value == old:
        return new
    if isinstance(value, str) and value.startswith(old + "."):
        return new + value[len(old) :]
    return value


def _expressions(value: Any, change: Callable[[str], str]) -> Any:
    """The value with the text of every expression changed."""
    if isinstance(value, list):
        return [_expressions(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$"} and isinstance(value["$"], str):
        return {"$": change(value["$"])}
    return {key: _expressions(item, change) for key, item in value.items()}


def _size(match: re.Match[str], old: str, new: str) -> str:
    node, dot, port = match.group(1).partition(".")
    return f"{new if node == old else node}{dot}{port}.shape["
