"""Renaming: the place stays, and whatever names it follows.

A patch says only what changes: one that repeated all nodes for each wrong name would make an answer out of hundreds of
copies of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from torchwire.graph.expressions import SIZE_IN_TEXT
from torchwire.graph.findings import replace
from torchwire.graph.names import fresh_name, pointer

Patch = list[dict[str, Any]]


def renamed_node(nodes: dict[str, Any], path: str, old: str, new: str) -> Patch:
    """Patch that calls a node of the graph whose nodes stand at `path` `new`: wires, calls and sizes follow."""
    patch = [{"op": "test", "path": path + pointer(old), "value": nodes[old]}]
    for key, node in nodes.items():
        here = path + pointer(key)
        if node.get("call") == old:
            patch += replace(f"{here}/call", old, new)
        if isinstance(node.get("inputs"), dict):
            for port, value in node["inputs"].items():
                patch += _changes(here + pointer("inputs", port), value, _reference(value, old, new))
        if "params" in node:
            patch += _changes(f"{here}/params", node["params"], renamed_sizes(node["params"], old, new))
    return [*patch, *_moved(nodes, path, old, new)]


def renamed_input(data: dict[str, Any], block: str, old: str, new: str) -> Patch:
    """Patch that calls an Input of a block `new`: inside, and on the wires of every use and of every call of a use."""
    path = pointer("blocks", block)
    patch = renamed_node(data["blocks"][block]["nodes"], f"{path}/nodes", old, new)
    for where, nodes in _graphs(data):
        for key, node in nodes.items():
            target = nodes.get(node["call"], {}) if isinstance(node.get("call"), str) else node
            given = node.get("inputs")
            if target.get("type") == block and isinstance(given, dict) and old in given:
                here = where + pointer("nodes", key, "inputs")
                patch = [
                    {"op": "test", "path": here + pointer(old), "value": given[old]},
                    *patch,
                    *_moved(given, here, old, new),
                ]
    return patch


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

    patch = [{"op": "test", "path": f"{path}/params{pointer(old)}", "value": graph["params"][old]}]
    for key, value in graph["params"].items():
        patch += _changes(f"{path}/params{pointer(key)}", value, _expressions(value, expression))
    for key, node in graph["nodes"].items():
        for name in ("params", "when", "repeat"):
            if node.get(name) is not None:
                here = f"{path}/nodes{pointer(key, name)}"
                patch += _changes(here, node[name], _expressions(node[name], expression))
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
    return [*patch, *_moved(graph["params"], f"{path}/params", old, new)]


def _moved(entries: Iterable[str], path: str, old: str, new: str) -> Patch:
    """Moves `old` to `new`, which puts it last, and then each entry behind it away and back, which puts it behind."""
    keys = list(entries)
    away = path + pointer(fresh_name("moved", {*keys, new}))
    patch: Patch = [{"op": "move", "from": path + pointer(old), "path": path + pointer(new)}]
    for key in keys[keys.index(old) + 1 :]:
        here = path + pointer(key)
        patch += [{"op": "move", "from": here, "path": away}, {"op": "move", "from": away, "path": here}]
    return patch


def _changes(path: str, before: Any, after: Any) -> Patch:
    """Patch from one value to another of the same form: what differs in it, as deep as it stands."""
    patch: Patch = []
    for where, old, new in _differences(path, before, after):
        patch += replace(where, old, new)
    return patch


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, dict):
        for key in before:
            yield from _differences(path + pointer(key), before[key], after[key])
    elif isinstance(before, list):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differences(f"{path}/{number}", old, new)
    elif before != after:
        yield path, before, after


def _graphs(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    blocks = data.get("blocks")
    found = [("", data["nodes"])]
    if isinstance(blocks, dict):
        found += [
            (pointer("blocks", name), block["nodes"]) for name, block in blocks.items() if isinstance(block, dict)
        ]
    return found


def renamed_sizes(params: Any, old: str, new: str) -> Any:
    """A value of `params` in which every size of the node `old` is one of `new`; in `index` without the sign too."""

    def change(text: str) -> str:
        return SIZE_IN_TEXT.sub(lambda match: _size(match, old, new), text)

    renamed = _expressions(params, change)
    if isinstance(renamed, dict) and isinstance(renamed.get("index"), str):
        renamed = {**renamed, "index": change(renamed["index"])}
    return renamed


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
