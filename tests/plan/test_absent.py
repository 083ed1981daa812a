"""A node that is not there: canvas, analysis and script agree on what its name stands for, and what is returned."""

from __future__ import annotations

from typing import Any

import pytest
from tests.codegen.exported import check, export
from tests.plan.documents import X, analyze, document, forward, patched, right, values

RELU = {"type": "relu", "inputs": {"input": "x"}}
LSTM = {"type": "LSTM", "params": {"hidden_size": 3}, "inputs": {"input": "x"}, "when": False}
DECODER = {"type": "TransformerDecoderLayer", "params": {"nhead": 1}, "inputs": {"memory": "n"}, "when": False}


def test_an_output_that_is_not_there_is_told_behind_a_node_that_is_not_there() -> None:
    absent = {"type": "gelu", "inputs": {"input": "n.h_n"}, "when": False}
    wrong = document({"x": X, "n": {"type": "max", "inputs": {"input": "x"}}, "absent": absent})
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        assert [(p["code"], p["node"], p["port"]) for p in answer["problems"]] == [
            ("unknown-output", "absent", "input")
        ]
    assert answer["content"] is None
    for answer in (forward(wrong), analyze(wrong)):
        assert {key: node["state"] for key, node in answer["nodes"].items()} == {
            "x": "ok",
            "n": "ok",
            "absent": "error",
        }
    absent["inputs"]["input"] = "n"
    assert forward(wrong)["ok"]
    check([wrong])


@pytest.mark.parametrize(
    ("nodes", "returned"),
    [
        ({"x": X, "n": RELU, "absent": DECODER}, 0),
        ({"x": X, "n": RELU, "m": RELU, "absent": {**DECODER, "inputs": {"tgt": "m", "memory": "n"}}}, 1),
        ({"x": X, "n": RELU, "absent": {"type": "relu", "when": False}}, 1),
        ({"absent": {"type": "relu", "when": False}}, 0),
        ({}, 0),
    ],
)
def test_what_stands_for_nothing_is_not_returned(nodes: dict[str, Any], returned: int) -> None:
    network = document(nodes)
    for answer in (forward(network), analyze(network)):
        assert answer["ok"], answer["problems"]
    (script,) = check([network])
    names: dict[str, Any] = {}
    exec(script.replace("print(output)", "pass"), names)
    assert len(names["outputs"]) == returned


def test_who_reads_what_stands_for_nothing_has_a_missing_wire() -> None:
    wrong = document({"x": X, "n": RELU, "absent": DECODER, "r": {"type": "relu", "inputs": {"input": "absent"}}})
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        assert [(p["code"], p["node"], p["port"]) for p in answer["problems"]] == [("missing-wire", "r", "input")]


LINEAR = {"type": "Linear", "params": {"out_features": 9}, "inputs": {"input": "x"}, "when": False}
PASS = {"type": "relu", "inputs": {"input": "x"}, "when": False}
PAIR = {
    "nodes": {
        "x": {"type": "Input"},
        "l": {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "x"}},
        "one": {"type": "Output", "inputs": {"value": "l"}},
        "two": {"type": "Output", "inputs": {"value": "x"}},
    }
}


def reading(a: dict[str, Any], reference: str) -> dict[str, Any]:
    nodes = {"x": X, "a": a, "d": {"type": "relu", "inputs": {"input": reference}}}
    return document(nodes, **({"blocks": {"Pair": PAIR}} if a.get("type") == "Pair" else {}))


def block(reference: str) -> tuple[dict[str, Any], str]:
    return {"type": "Pair", "inputs": {"x": "x"}, "when": False}, reference


@pytest.mark.parametrize(
    ("a", "reference", "code"),
    [
        (LINEAR, "a.weight", "dangling-reference"),
        (LINEAR, "a.nonsense", "dangling-reference"),
        ({**LINEAR, "when": None, "repeat": 0}, "a.0.weight", "dangling-reference"),
        (LSTM, "a.h_n", "dangling-reference"),
        (PASS, "a.nonsense", "unknown-output"),
        (
            {"type": "chunk", "params": {"chunks": 2}, "inputs": {"input": "x"}, "when": False},
            "a.1",
            "dangling-reference",
        ),
        (*block("a.two"), "dangling-reference"),
        (*block("a.l.weight"), "dangling-reference"),
    ],
)
def test_what_an_absent_node_would_give_besides_its_first_output_is_told(
    a: dict[str, Any], reference: str, code: str
) -> None:
    wrong = reading(a, reference)
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        assert [(p["code"], p["node"], p["port"]) for p in answer["problems"]] == [(code, "d", "input")]
    (problem,) = forward(wrong)["problems"]
    switched_on = patched(wrong, problem["fixes"][0]["patch"])
    assert ("a" in {p["node"] for p in forward(switched_on)["problems"]}) is False
    if "nonsense" not in reference:
        assert forward(switched_on)["ok"]


@pytest.mark.parametrize(
    ("a", "reference"),
    [
        (LINEAR, "a"),
        (LINEAR, "a.output"),
        (LSTM, "a.output"),
        ({"type": "chunk", "params": {"chunks": 2}, "inputs": {"input": "x"}, "when": False}, "a.0"),
        ({"type": "max", "params": {"dim": 0}, "inputs": {"input": "x"}, "when": False}, "a.values"),
        (block("a.one")),
    ],
)
def test_the_first_output_of_an_absent_node_is_what_its_first_port_receives(a: dict[str, Any], reference: str) -> None:
    network = reading(a, reference)
    answer = right(network)
    assert values(answer, "d") == [[max(0, number) for number in row] for row in values(answer, "x")]
    assert analyze(network)["ok"]
    check([network])


def test_what_is_lost_is_told_through_absent_nodes_for_sizes_and_lists_and_only_where_it_is_read() -> None:
    between = {"type": "gelu", "inputs": {"input": "a.h_n"}, "when": False}
    wrong = reading(LSTM, "between")
    wrong["nodes"] |= {
        "between": between,
        "size": {"type": "mul", "params": {"other": {"$": "a.c_n.shape[0]"}}, "inputs": {"input": "x"}},
        "both": {"type": "cat", "inputs": {"tensors": ["x", "a.c_n"]}},
    }
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        assert [(p["code"], p["node"], p["port"], p["param"]) for p in answer["problems"]] == [
            ("dangling-reference", "d", "input", None),
            ("dangling-reference", "size", None, "other"),
            ("dangling-reference", "both", "tensors", None),
        ]
    # a branch that is switched off as a whole is nobody's concern, and is not returned
    whole = document({"x": X, "a": LSTM, "between": between, "d": RELU})
    assert analyze(whole)["ok"] and right(whole)["nodes"]["d"]["state"] == "ok"
    check([whole])


@pytest.mark.parametrize("when", [False, {"$": "1 == 2"}])
def test_a_call_of_what_is_switched_off_is_told_at_the_call_with_a_fix(when: Any) -> None:
    wrong = document({"x": X, "a": {**LINEAR, "when": when}, "b": {"call": "a", "inputs": {"input": "x"}}})
    for answer in (forward(wrong), analyze(wrong), export(wrong)):
        (problem,) = answer["problems"]
        assert (problem["code"], problem["node"], problem["param"]) == ("dangling-reference", "b", "call")
        assert [fix["title"] for fix in problem["fixes"]] == ["Switch a on", "Switch b off with a"][when is not False :]
        for fix in problem["fixes"]:
            assert forward(patched(wrong, fix["patch"]))["ok"]
