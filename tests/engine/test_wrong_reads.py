"""Wires that are no wires, names that are taken, what runs when the network is built: `forward` and `analyze` agree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.documents import input_, layer, network

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

PARAMETER = {"type": "Parameter", "params": {"shape": [2]}}
ONES = {"type": "ones", "params": {"size": [2]}}


def ask(verb: str, document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VERBS[verb]({"network": document}, Unwatched()))
    return found


def states(answer: dict[str, Any]) -> dict[str, str]:
    return {name: node["state"] for name, node in answer["nodes"].items()}


@pytest.mark.parametrize("stored", ["Parameter", "Constant"])
@pytest.mark.parametrize("attribute", ["q", "q.0"])
def test_an_attribute_that_is_taken_is_a_problem_of_the_later_node(stored: str, attribute: str) -> None:
    document = network(
        p={**PARAMETER, "type": stored, "attribute": "q"},
        m={**layer("ReLU", "p"), "attribute": attribute},
        y=layer("relu", "p"),
    )
    for verb in ("analyze", "forward"):
        answer = ask(verb, document)
        assert [(problem["code"], problem["node"]) for problem in answer["problems"]] == [("bad-name", "m")]
        assert states(answer) == {"p": "ok", "m": "error", "y": "ok"}


@pytest.mark.parametrize("source", ["x.foo", "x.weight", "y.foo"])
def test_a_wire_from_no_parameter_into_a_parameter_blocks_nobody_else(source: str) -> None:
    document = network(x=input_(2, 4), y=layer("relu", "x"), n=layer("Linear", "x", out_features=4))
    document["nodes"]["n"]["inputs"]["weight"] = source
    for verb in ("analyze", "forward"):
        answer = ask(verb, document)
        assert [(problem["node"], problem["port"]) for problem in answer["problems"]] == [("n", "weight")]
        assert (states(answer)["x"], states(answer)["y"]) == ("ok", "ok")


@pytest.mark.parametrize("source", [PARAMETER, ONES])
def test_what_feeds_a_constant_can_be_read_by_others_too(source: dict[str, Any]) -> None:
    document = network(
        p=source,
        y=layer("neg", "p"),
        c={"type": "Constant", "inputs": {"value": "p"}},
        o={"type": "Output", "inputs": {"value": "c"}},
    )
    for verb in ("analyze", "forward"):
        answer = ask(verb, document)
        assert answer["ok"]
        assert set(states(answer).values()) == {"ok"}
    shown = {name: node["outputs"]["output"]["values"] for name, node in answer["nodes"].items()}
    assert shown["c"] == shown["o"] == shown["p"]
    assert shown["y"] == [-value for value in shown["p"]]
    document["nodes"]["y"]["inputs"]["input"] = "p.nope"
    for verb in ("analyze", "forward"):
        told = [problem["code"] for problem in ask(verb, document)["problems"] if problem["severity"] == "error"]
        assert told == ["unknown-output"]


def test_a_random_source_of_a_constant_is_drawn_once_where_nobody_needs_it_again() -> None:
    document = network(
        r={"type": "rand", "params": {"size": [3]}},
        c={"type": "Constant", "inputs": {"value": "r"}},
        y=layer("neg", "r"),
        o={"type": "Output", "inputs": {"value": "c"}},
    )
    answer = ask("forward", document)
    shown = {name: node["outputs"]["output"]["values"] for name, node in answer["nodes"].items()}
    assert shown["c"] == shown["r"]
    assert shown["y"] == [-value for value in shown["r"]]


@pytest.mark.parametrize("type_", ["Linear", "BatchNorm1d", "LSTM"])
def test_an_answer_does_not_depend_on_what_was_asked_before(type_: str) -> None:
    params = {"Linear": {"out_features": 2}, "LSTM": {"hidden_size": 3}}.get(type_, {})
    wrong = network(x=input_(3, 4), n={"type": type_, "params": params, "inputs": {"input": "nope"}}, m={"call": "n"})
    wrong["nodes"]["m"]["inputs"] = {"input": "x"}
    right = json.loads(json.dumps(wrong))
    del right["nodes"]["n"]["inputs"]
    before = [ask(verb, wrong) for verb in ("forward", "analyze")]
    assert ask("forward", right)["ok"]
    assert [ask(verb, wrong) for verb in ("forward", "analyze")] == before
    assert states(before[0])["m"] == "blocked"
