"""A node that is not there: canvas, analysis and script agree on what its name stands for, and what is returned."""

from __future__ import annotations

from typing import Any

import pytest
from tests.codegen.exported import check, export
from tests.plan.documents import X, analyze, document, forward

RELU = {"type": "relu", "inputs": {"input": "x"}}
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
