"""Ties: totals, canvas and script do what torch does with the same assignments; misfits are told everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from tests.codegen.exported import check, export
from tests.plan.documents import analyze, built, document, forward, patched, right

X = {"type": "Input", "params": {"shape": [2, 4]}}
NORM = {"type": "BatchNorm1d", "inputs": {"input": "x"}}


def linear(**ties: str) -> dict[str, Any]:
    return {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "x", **ties}}


def stored(kind: str, shape: list[int], **params: Any) -> dict[str, Any]:
    return {"type": kind, "params": {"shape": shape, **params}}


def network(**nodes: Any) -> dict[str, Any]:
    blocks = {"B": {"nodes": {"x": {"type": "Input"}, "l": linear()}}}
    return document({"x": X, **nodes}, **({"blocks": blocks} if any(n["type"] == "B" for n in nodes.values()) else {}))


def block(**ties: str) -> dict[str, Any]:
    return {"type": "B", "inputs": {"x": "x", **ties}}


# (the network, its parameters, its trainable ones)
TIED = {
    "in a circle": (network(a=linear(weight="b.weight"), b=linear(weight="a.weight")), 24, 24),
    "to itself": (network(n=linear(weight="n.weight")), 20, 20),
    "before its source is tied": (
        network(c=linear(weight="b.weight"), b=linear(weight="a.weight"), a=linear()),
        28,
        28,
    ),
    "after its source is tied": (network(a=linear(), b=linear(weight="a.weight"), c=linear(weight="b.weight")), 28, 28),
    "through blocks": (
        network(b=block(), b2=block(**{"l.weight": "c.weight"}), c=linear(weight="b.l.weight")),
        28,
        28,
    ),
    "to a Constant": (network(k=stored("Constant", [4, 4]), n=linear(weight="k")), 20, 20),
    "to a Constant, read before and after": (
        network(
            k=stored("Constant", [4, 4]), c=linear(weight="n.weight"), n=linear(weight="k"), d=linear(weight="n.weight")
        ),
        28,
        28,
    ),
    "to a Constant, of what a block has tied": (
        document(
            {"x": X, "k": stored("Constant", [4, 4]), "b": {"type": "B", "inputs": {"x": "x", "l.weight": "k"}}},
            blocks={"B": {"nodes": {"x": {"type": "Input"}, "l": linear(), "m": linear(weight="l.weight")}}},
        ),
        40,
        40,
    ),
    "to a Parameter": (network(p=stored("Parameter", [4, 4]), n=linear(weight="p")), 20, 20),
    "to a frozen layer": (network(a={**linear(), "trainable": False}, n=linear(weight="a.weight")), 24, 4),
    "to a frozen block": (network(b={**block(), "trainable": False}, n=linear(weight="b.l.weight")), 24, 4),
    "of a frozen layer": (network(a=linear(), n={**linear(weight="a.weight"), "trainable": False}), 24, 20),
}


@pytest.mark.parametrize("name", TIED)
def test_counts_are_torchs(name: str) -> None:
    tied, parameters, trainable = TIED[name]
    root = built(tied)
    assert sum(each.numel() for each in root.parameters()) == parameters
    assert sum(each.numel() for each in root.parameters() if each.requires_grad) == trainable
    for answer in (right(tied), analyze(tied)):
        assert (answer["totals"]["parameters"], answer["totals"]["trainable"]) == (parameters, trainable)
        assert sum(node["parameter_count"] for node in answer["nodes"].values()) == parameters


def test_scripts_make_the_same_parameters() -> None:
    scripts = check([tied for tied, _, _ in TIED.values()])
    for text, (_, parameters, _) in zip(scripts, TIED.values(), strict=True):
        names: dict[str, Any] = {}
        exec(text.replace("print(output)", "pass"), names)
        assert sum(each.numel() for each in names["model"].parameters()) == parameters


def test_a_copy_of_a_repeat_is_tied() -> None:
    tied = network(a=linear(), n={**linear(**{"1.weight": "a.weight"}), "repeat": 2})
    root = built(tied)
    assert root.n[1].weight is root.a.weight
    assert right(tied)["totals"]["parameters"] == sum(each.numel() for each in root.parameters()) == 44


# (the network, the code, the port); the node is n
MISFITS = {
    "another shape": (network(p=stored("Parameter", [4, 5]), n=linear(weight="p")), "bad-wire", "weight"),
    "another dtype": (
        network(p=stored("Parameter", [4, 4], dtype="float64"), n=linear(weight="p")),
        "bad-wire",
        "weight",
    ),
    "a buffer as parameter": (
        network(a=NORM, n={**NORM, "inputs": {"input": "x", "weight": "a.running_var"}}),
        "bad-wire",
        "weight",
    ),
    "a parameter as buffer": (
        network(a=NORM, n={**NORM, "inputs": {"input": "x", "running_mean": "a.weight"}}),
        "bad-wire",
        "running_mean",
    ),
    "a buffer as buffer": (
        network(a=NORM, n={**NORM, "inputs": {"input": "x", "running_mean": "a.running_mean"}}),
        "bad-wire",
        "running_mean",
    ),
    "an Input": (network(n=linear(weight="x")), "unknown-output", "weight"),
    "a function": (
        network(o={"type": "ones", "params": {"size": [4, 4]}}, n=linear(weight="o")),
        "unknown-output",
        "weight",
    ),
    "an output of a layer": (network(o=linear(), n=linear(weight="o")), "unknown-output", "weight"),
    "an output that a Parameter has not": (
        network(p=stored("Parameter", [4, 4]), n=linear(weight="p.weight")),
        "unknown-output",
        "weight",
    ),
    "a layer that is switched off": (
        network(o={**linear(), "when": False}, n=linear(weight="o.weight")),
        "dangling-reference",
        "weight",
    ),
    "a layer that is repeated 0 times": (
        network(o={**linear(), "repeat": 0}, n=linear(weight="o.weight")),
        "dangling-reference",
        "weight",
    ),
    "a Parameter that is switched off": (
        network(o={**stored("Parameter", [4, 4]), "when": {"$": "1 == 2"}}, n=linear(weight="o")),
        "dangling-reference",
        "weight",
    ),
    "inside a block": (network(o=NORM, n=block(**{"l.weight": "o.weight"})), "bad-wire", "l.weight"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_told_everywhere_and_stops_its_node(name: str) -> None:
    wrong, code, port = MISFITS[name]
    wrong["nodes"] |= {
        "behind": {"type": "relu", "inputs": {"input": "n"}},
        "y": {"type": "relu", "inputs": {"input": "x"}},
    }
    wrong["nodes"]["again"] = {
        "call": "n",
        "inputs": dict.fromkeys(["x" if name == "inside a block" else "input"], "x"),
    }
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        assert [(p["code"], p["node"], p["port"]) for p in answer["problems"]] == [(code, "n", port)]
    assert answer["content"] is None
    for answer in (forward(wrong), analyze(wrong)):
        states = {key: answer["nodes"][key]["state"] for key in ("n", "behind", "y")}
        assert states == {"n": "error", "behind": "blocked", "y": "ok"}
        assert answer["nodes"]["again"]["state"] == "blocked"
        assert answer["nodes"]["again"]["blocked_by"] == ["n"]


def test_a_tie_to_what_is_switched_off_is_mended_by_removing_it_or_by_switching_it_on() -> None:
    for off in ({"when": False}, {"repeat": 0}):
        wrong = network(o={**linear(), **off}, n=linear(weight="o.weight" if "when" in off else "o.0.weight"))
        (problem,) = forward(wrong)["problems"]
        assert len(problem["fixes"]) == 2
        for fix in problem["fixes"]:
            assert forward(patched(wrong, fix["patch"]))["ok"]
    both = network(o={**linear(), "when": False}, n={**linear(weight="o.weight"), "when": False})
    assert right(both)["totals"]["parameters"] == 0
