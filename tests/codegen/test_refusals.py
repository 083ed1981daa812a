"""What cannot be exported is refused with its reason; nothing else is ever answered in place of code."""

from __future__ import annotations

from typing import Any

import pytest
from tests.codegen.exported import export
from tests.documents import LINEAR, input_, layer, network

Document = dict[str, Any]


def test_a_document_with_errors_has_its_problems_and_no_content() -> None:
    wrong = network(x=input_(2, 3), fc=layer("Linear", "x", in_features=9, out_features=2))
    for format in ("python", "script", "notebook", "state"):
        answer = export(wrong, format)
        assert answer["content"] is None
        assert [problem["code"] for problem in answer["problems"]] == ["linear-in-features"]
    assert "| fc | Linear | error | 20 |" in export(wrong, "table")["content"]
    assert '"in_features": 9' in export(wrong, "json")["content"]


def test_warnings_do_not_stop_it() -> None:
    answer = export(network(x=input_(2, 3), soft=layer("Softmax", "x")))
    assert [problem["code"] for problem in answer["problems"]] == ["implicit-dim"]
    assert "nn.Softmax()" in answer["content"]


REFUSED: dict[str, tuple[Document, str]] = {
    "the first port of a repeat is free": (
        network(x=input_(2, 3), one={"type": "sub", "params": {"input": 1}, "inputs": {"other": "x"}, "repeat": 2}),
        "its first port input is not wired",
    ),
    "a list that is repeated": (
        network(x=input_(4, 3), parts={**layer("chunk", "x", chunks=2), "repeat": 2}),
        "is repeated and gives a list",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    document, reason = REFUSED[name]
    answer = export(document)
    assert answer["content"] is None
    assert answer["problems"][0]["code"] == "not-exportable"
    assert reason in answer["problems"][0]["message"]


def test_names_of_files() -> None:
    names = {"LeNet 5": "le_net_5.py", "": "network.py", "\u7f51": "network.py", "3 layers": "network_3_layers.py"}
    for name, wanted in names.items():
        assert export({**LINEAR, "name": name}, "python")["filename"] == wanted
