"""What is worth knowing of a network in which nothing is wrong: unused parts, and values that are hardly meant."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import Mistake, answer, network, node

X = node("Input", shape=[8, 8])
NEGATIVE = node("Input", shape=[8, 8], fill="rand")
OUT = node("Output", inputs={"value": "y"})

MISTAKES = [
    Mistake(
        "unread-node",
        "side",
        network(x=X, y=node("relu", "x"), side=node("Linear", "x", out_features=2), out=OUT),
        2,
        says=("Nobody reads side, and no Output returns it",),
        severity="info",
    ),
    Mistake(
        "dead-relu",
        "y",
        network(x=NEGATIVE, low=node("neg", "x"), y=node("ReLU", "low")),
        1,
        says=("All 64 values of y (ReLU) are 0", "Its input: low from -0.9", "mean -0."),
        severity="warning",
        verbs=("forward",),
    ),
    Mistake(
        "dead-relu",
        "y",
        id="called",
        network=network(x=NEGATIVE, low=node("neg", "x"), y=node("relu", "low")),
        fixes=1,
        severity="warning",
        verbs=("forward",),
    ),
    Mistake(
        "first-nan",
        "root",
        network(x=NEGATIVE, low=node("neg", "x"), root=node("sqrt", "low"), y=node("relu", "root")),
        0,
        says=("root (sqrt) gives 64 NaN of 64 values, and got none.", "Its input: low from -0.9"),
        severity="warning",
        verbs=("forward",),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    for verb in mistake.verbs:
        found = mistake.problem(verb)
        assert found["severity"] == mistake.severity
        assert len(found["fixes"]) == mistake.fixes
        assert all(piece in found["message"] for piece in mistake.says), found["message"]
        for fix in found["fixes"]:
            if not fix["title"].startswith("Remove"):
                mistake.check_fix(verb, fix)


def test_an_unused_block() -> None:
    given = network(x=X, y=node("relu", "x"), blocks={"Old": {"nodes": {"a": node("Input"), "b": node("relu", "a")}}})
    (problem,) = answer("analyze", given)["problems"]
    assert (problem["code"], problem["severity"], problem["param"]) == ("unused-block", "info", "Old")
    assert [operation["path"] for operation in problem["fixes"][0]["patch"]] == [
        "/blocks/Old/nodes/a/type",
        "/blocks/Old",
    ]


def nan(**nodes: Any) -> dict[str, Any]:
    values = {"shape": [2], "fill": "values", "values": ["nan", 1]}
    return network(x={"type": "Input", "params": values}, **nodes)


QUIET = {
    "NaN that came in": nan(y=node("relu", "x"), z=node("add", "y", inputs={"other": "x"})),
    "NaN through a node that is switched off": nan(off={**node("exp", "x"), "when": False}, y=node("relu", "off")),
    "a few zeros": network(x=node("Input", shape=[3], fill="values", values=[-1, -2, -3]), y=node("ReLU", "x")),
    "zeros that came in": network(x=node("Input", shape=[64], fill="zeros"), y=node("ReLU", "x")),
    "without an Output all is returned": network(x=X, a=node("relu", "x"), b=node("relu", "x")),
    "a module that is called": network(
        x=X, fc=node("Linear", out_features=3), y={"call": "fc", "inputs": {"input": "x"}}, out=OUT
    ),
    "a block inside a block": network(
        x=X,
        y={"type": "A", "inputs": {"a": "x"}},
        blocks={
            "A": {"nodes": {"a": node("Input"), "b": {"type": "B", "inputs": {"a": "a"}}}},
            "B": {"nodes": {"a": node("Input"), "b": node("relu", "a")}},
        },
    ),
}


@pytest.mark.parametrize("given", QUIET.values(), ids=QUIET)
def test_nothing_is_said_of(given: dict[str, Any]) -> None:
    assert answer("forward", given)["problems"] == []
