"""In-place layers: who reads the overwritten memory later is told, through views and out of blocks; nobody else is.

The oracle is the same network written in torch, where the layer really writes into its input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from tests.plan.documents import analyze, document, forward, patched, tensor
from torch import Tensor
from torch.nn import functional as F

from torchwire.engine.diagnosis import inplace
from torchwire.graph.references import Reference
from torchwire.plan.absent import behind
from torchwire.plan.tree import Graph

Write = Callable[[Tensor], Tensor]


def node(type: str, *reads: str, **params: Any) -> dict[str, Any]:
    port = "tensors" if type == "cat" else "value" if type == "Output" else "input"
    wires = {port: list(reads)} if type == "cat" else dict(zip([port, "other"], reads, strict=False))
    return {"type": type, "params": params, "inputs": wires} if params else {"type": type, "inputs": wires}


X = {"type": "Input", "params": {"shape": [4, 6], "fill": "ones"}}
A = node("neg", "x")  # a tensor that the network makes itself, of which ReLU changes every value
WRITE = {"type": "ReLU", "params": {"inplace": True}}
BLOCK = {"nodes": {"h": {"type": "Input"}, "r": {**WRITE, "inputs": {"input": "h"}}}}
WITH_TWO = {
    "nodes": {
        "h": {"type": "Input"},
        "m": {"type": "Input"},
        "r": {**WRITE, "inputs": {"input": "m"}},
        "s": node("add", "h", "r"),
        "out": node("Output", "s"),
    }
}


def write(source: str) -> dict[str, Any]:
    return {**WRITE, "inputs": {"input": source}}


# name: the nodes behind x and a, what torch makes of a, where the last node shows it
Case = tuple[dict[str, Any], Callable[[Tensor, Write], Tensor]]


def viewed(make: dict[str, Any], view: Callable[[Tensor], Tensor]) -> Case:
    def run(a: Tensor, relu: Write) -> Tensor:
        relu(view(a))
        return a.neg()

    return {"v": make, "w": write("v"), "u": node("neg", "a")}, run


def pieces(later: str) -> Case:
    def run(a: Tensor, relu: Write) -> Tensor:
        parts = a.chunk(2, 1)
        relu(parts[0])
        return (a if later == "a" else parts[1]).neg()

    return {
        "v": node("chunk", "a", chunks=2, dim=1),
        "w": write("v.0"),
        "u": node("neg", later),
    }, run


def rows(written: str, read: str) -> Case:
    def run(a: Tensor, relu: Write) -> Tensor:
        index = {"0": 0, "1": 1, ":, 1": (slice(None), 1)}
        kept = a[index[read]]
        relu(a[index[written]])
        return kept.neg()

    return {
        "k": node("getitem", "a", index=read),
        "v": node("getitem", "a", index=written),
        "w": write("v"),
        "u": node("neg", "k"),
    }, run


def in_block(a: Tensor, relu: Write) -> Tensor:
    relu(a)
    return a.neg()


def kept(a: Tensor, relu: Write) -> Tensor:
    result = a.neg()
    relu(a)
    return result


def sized(a: Tensor, relu: Write) -> Tensor:
    return relu(a).reshape(a.shape[0], -1).neg()


def again(a: Tensor, relu: Write) -> Tensor:
    return relu(relu(a.view(-1))).neg()


def handed_on(a: Tensor, relu: Write) -> Tensor:
    relu(F.dropout(a, training=False))
    return a.neg()


CASES: dict[str, Case] = {
    "view": viewed(node("view", "a", shape=[24]), lambda a: a.view(24)),
    "transpose": viewed(node("transpose", "a", dim0=0, dim1=1), lambda a: a.transpose(0, 1)),
    "a row": viewed(node("getitem", "a", index="0"), lambda a: a[0]),
    "columns": viewed(node("getitem", "a", index=":, ::2"), lambda a: a[:, ::2]),
    "Identity": viewed(node("Identity", "a"), lambda a: a),
    "a copy": viewed(node("clone", "a"), lambda a: a.clone()),
    "a new tensor": viewed(node("exp", "a"), lambda a: a.exp()),
    "Flatten": viewed(node("Flatten", "a"), lambda a: a.flatten(1)),
    "reshape of a transposed one copies": viewed(
        node("reshape", "t", shape=[24]), lambda a: a.transpose(0, 1).reshape(24)
    ),
    "an absent node": viewed({**node("exp", "a"), "when": False}, lambda a: a),
    "one piece, the whole is read": pieces("a"),
    "one piece, the other is read": pieces("v.1"),
    "another row": rows("0", "1"),
    "a column across the row": rows("0", ":, 1"),
    "in a block": ({"b": {"type": "B", "inputs": {"h": "a"}}, "u": node("neg", "a")}, in_block),
    "in a block that is called": (
        {
            "b": {"type": "B"},
            "c": {"call": "b", "inputs": {"h": "a"}},
            "u": node("neg", "a"),
        },
        in_block,
    ),
    "read before": ({"u": node("neg", "a"), "w": write("a")}, kept),
    "only the size is read": (
        {"w": write("a"), "f": node("reshape", "w", shape=[{"$": "a.shape[0]"}, -1]), "u": node("neg", "f")},
        sized,
    ),
    "the result is written to again": (
        {"v": node("view", "a", shape=[24]), "w": write("v"), "z": write("w"), "u": node("neg", "z")},
        again,
    ),
    "Dropout hands its input on": (
        {"v": node("Dropout", "a"), "w": write("v"), "u": node("neg", "a")},
        handed_on,
    ),
}
CASES["reshape of a transposed one copies"][0]["t"] = node("transpose", "a", dim0=0, dim1=1)


def network(nodes: dict[str, Any]) -> dict[str, Any]:
    nodes = {"x": X, "a": A, **({"t": nodes["t"]} if "t" in nodes else {}), **nodes}
    used = {entry.get("type") for entry in nodes.values()}
    blocks = {name: block for name, block in (("B", BLOCK), ("Two", WITH_TWO)) if name in used}
    return document(nodes, **({"blocks": blocks} if blocks else {}))


def codes(answer: dict[str, Any]) -> dict[str, str]:
    return {problem["code"]: problem["node"] for problem in answer["problems"]}


@pytest.mark.parametrize("name", CASES)
def test_an_overwritten_reader_is_told_exactly_where_torch_gives_it_other_values(name: str) -> None:
    nodes, run = CASES[name]
    plain = forward(network(nodes))
    a = tensor(plain, "a")
    differs = not torch.equal(run(a.clone(), torch.relu_), run(a.clone(), torch.relu))
    answers = (plain, analyze(network(nodes)))
    for answer in answers:
        assert ("inplace-overwritten" in codes(answer)) is differs
        assert answer["ok"] is not differs
    for problem in plain["problems"]:
        for fix in problem["fixes"]:
            assert forward(patched(network(nodes), fix["patch"]))["ok"]


@pytest.mark.parametrize(("returned", "told"), [("v", True), ("a", True), ("w", False)])
def test_what_is_returned_is_read_at_the_end(returned: str, told: bool) -> None:
    view = node("view", "a", shape=[24])
    listed = document({"x": X, "a": A, "v": view, "w": write("a"), "o": node("Output", returned)})
    listed["nodes"]["p"] = node("Output", "w")
    if returned == "w":
        del listed["nodes"]["v"]  # nobody needs it: it would run after all others
    assert codes(analyze(listed)).get("inplace-overwritten") == ("w" if told else None)
    unread = document({"x": X, "a": A, "v": view, "w": write("a")})
    (problem,) = analyze(unread)["problems"]
    assert (problem["node"], problem["code"]) == ("w", "inplace-overwritten")
    assert "v, which is returned" in problem["message"]


def test_the_next_copy_of_a_repeat_reads_its_other_wires_again() -> None:
    nodes = {"b": {"type": "Two", "inputs": {"h": "x", "m": "a"}, "repeat": 2}}
    (problem,) = analyze(network(nodes))["problems"]
    assert (problem["node"], problem["code"]) == ("b.0.r", "inplace-overwritten")
    assert analyze(network({"b": {**nodes["b"], "repeat": 1}}))["ok"]


def test_a_wire_from_nowhere_beside_an_inplace_layer_is_told_as_such() -> None:
    wrong = network({"w": write("a"), "u": node("neg", "gone"), "o": node("add", "w", "u")})
    assert codes(analyze(wrong)) == {"dangling-reference": "u"}


def test_many_inplace_layers_ask_each_reader_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Reference] = []

    def counted(graph: Graph, reference: Reference) -> Any:
        asked.append(reference)
        return behind(graph, reference)

    monkeypatch.setattr(inplace, "behind", counted)
    nodes: dict[str, Any] = {}
    for number in range(200):
        nodes[f"n{number}"] = node("neg", f"w{number - 1}" if number else "a")
        nodes[f"w{number}"] = write(f"n{number}")
    assert analyze(network(nodes))["ok"]
    assert len(asked) < 5 * len(nodes)
