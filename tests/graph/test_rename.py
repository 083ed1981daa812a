"""Renaming by patch: the same document with another name in it, everything in its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plan.documents import X, document, patched

from torchwire.graph.rename import renamed_input, renamed_node, renamed_parameter

NODES: dict[str, Any] = {
    "first": X,
    "old": {"type": "LSTM", "params": {"hidden_size": 3}, "inputs": {"input": "first"}, "note": "old"},
    "older": {"type": "relu", "inputs": {"input": "old"}},
    "cat": {"type": "cat", "inputs": {"tensors": ["old", "older", "old.h_n", "oldest.x"]}},
    "again": {"call": "old", "inputs": {"input": "older"}},
    "view": {
        "type": "view",
        "params": {"shape": [{"$": "old.shape[0] * old.h_n.shape[1]"}, {"$": "older.shape[0]"}, -1]},
        "inputs": {"input": "old"},
    },
    "part": {"type": "getitem", "params": {"index": "0:old.shape[0], ::older.shape[1]"}, "inputs": {"input": "old"}},
    "moved": {"type": "Linear", "inputs": {"input": "first", "weight": "old.weight"}},
}


def dumped(value: Any) -> str:
    """With the order of its keys, which the document's meaning depends on."""
    return json.dumps(value)


@pytest.mark.parametrize("new", ["new", "moved1"])
def test_a_node(new: str) -> None:
    """As if the name had been written in the first place, where it is a name."""
    text = dumped(NODES).replace('"old"', f'"{new}"').replace('"old.', f'"{new}.').replace("old.shape", f"{new}.shape")
    text = text.replace("old.h_n.shape", f"{new}.h_n.shape").replace(f'"note": "{new}"', '"note": "old"')
    given = document(NODES)
    after = patched(given, renamed_node(NODES, "/nodes", "old", new))
    assert dumped(after) == dumped({**given, "nodes": json.loads(text)})


@pytest.mark.parametrize("key", NODES)
def test_every_node_keeps_its_place(key: str) -> None:
    after = patched(document(NODES), renamed_node(NODES, "/nodes", key, "brand_new"))
    assert list(after["nodes"]) == ["brand_new" if name == key else name for name in NODES]


def test_a_parameter_of_a_block() -> None:
    def used(name: str) -> dict[str, Any]:
        inner = {
            "x": {"type": "Input"},
            "fc": {"type": "Linear", "params": {"out_features": {"$": f"{name} * 2"}}, "inputs": {"input": "x"}},
            "act": {"type": "relu", "when": {"$": f"{name} > wide1"}, "inputs": {"input": "fc"}},
        }
        params = {"wide1": 1, name: 4, "last": {"$": f"{name} + wide1"}}
        nodes = {"x": X, "b": {"type": "B", "params": {name: 8, "last": 1}, "inputs": {"x": "x"}}}
        return document(nodes, blocks={"B": {"params": params, "nodes": inner}})

    given = used("wide")
    after = patched(given, renamed_parameter(given, "B", "wide", "width"))
    assert dumped(after["blocks"]) == dumped(used("width")["blocks"])
    assert after == used("width")


def test_an_input_of_a_block() -> None:
    """Its name is a port of the block: of each use and of each call of a use."""

    def used(name: str) -> dict[str, Any]:
        inner = {
            name: {"type": "Input"},
            "other": {"type": "Input"},
            "sum": {"type": "add", "inputs": {"input": name, "other": "other"}},
        }
        outer = {"x": X, "b": {"type": "B", "inputs": {name: "x", "other": "x"}}}
        again = {"call": "b", "inputs": {name: "b", "other": "x"}}
        alone = {"type": "relu", "inputs": {"input": "x"}}
        blocks = {"B": {"nodes": inner}, "C": {"nodes": {**outer, "again": again}}}
        return document({**outer, "again": again, "alone": alone}, blocks=blocks)

    given = json.loads(dumped(used("old")))
    after = patched(given, renamed_input(given, "B", "old", "new"))
    assert dumped(after) == dumped(used("new"))
