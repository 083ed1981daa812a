"""Values that a document or a request gives: taken as they are meant, and told where they cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, network, node
from tests.problems.patching import applied

VERBS = ("analyze", "forward")


def codes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["code"], problem["severity"]) for problem in found["problems"]]


@pytest.mark.parametrize("kind", ["Input", "Parameter", "Constant"])
def test_values_without_a_fill_are_meant(kind: str) -> None:
    found = answer("forward", network(x=node(kind, shape=[2], values=[3, 4])))
    assert found["ok"] and found["nodes"]["x"]["outputs"]["output"]["values"] == [3.0, 4.0]
    assert found == answer("forward", network(x=node(kind, shape=[2], values=[3, 4], fill="values")))


def test_values_beside_another_fill_are_told() -> None:
    given = network(x=node("Input", shape=[2], values=[3, 4], fill="zeros"))
    found = answer("forward", given)
    assert codes(found) == [("bad-param", "warning")] and found["ok"]
    assert found["nodes"]["x"]["outputs"]["output"]["values"] == [0.0, 0.0]
    for fix in found["problems"][0]["fixes"]:
        assert codes(answer("forward", applied(given, fix["patch"]))) == []


@pytest.mark.parametrize("values", [[1e999], [2**60], {"$": "1 +"}], ids=str)
@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_in_values_is_told_once(values: Any, verb: str) -> None:
    given = network(x=node("Input", shape=[1], fill="values", values=values), r=node("relu", "x"))
    found = answer(verb, given)
    assert len(found["problems"]) == 1 and found["problems"][0]["param"].startswith("values")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", ["Constant", "Parameter"])
@pytest.mark.parametrize(("given", "wrong"), [({"shape": [2, 2]}, "shape"), ({"dtype": "float64"}, "dtype")])
def test_a_wired_value_that_is_not_what_the_node_says(kind: str, given: dict[str, Any], wrong: str, verb: str) -> None:
    document = network(
        o=node("ones", size=[3, 3]),
        t=node("tril", "o"),
        c=node(kind, inputs={"value": "t"}, **given),
        r=node("relu", "c"),
    )
    found = answer(verb, document)
    (told,) = found["problems"]
    assert (told["code"], told["node"], told["param"]) == ("bad-wire", "c", wrong)
    assert [found["nodes"][key]["state"] for key in "cr"] == ["error", "blocked"]
    assert found["nodes"]["r"]["blocked_by"] == ["c"]
    for fix in told["fixes"]:
        assert answer(verb, applied(document, fix["patch"]))["ok"]


def test_a_wired_value_that_is_what_the_node_says_is_no_fault() -> None:
    wired = node("Constant", inputs={"value": "o"}, shape=[3, 3], dtype="float32")
    assert answer("forward", network(o=node("ones", size=[3, 3]), c=wired))["problems"] == []


EDGES = [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]


def test_large_integers_read_back_as_answers_write_them() -> None:
    texts = [value if abs(value) <= 2**53 else str(value) for value in EDGES]
    given = network(x=node("Input", fill="values", values=texts, dtype="int64"), n=node("neg", "x"))
    found = answer("forward", given)
    assert found["problems"] == [] and found["nodes"]["x"]["outputs"]["output"]["values"] == texts
    given = network(x=node("Input", shape=[5], dtype="int64", fill="zeros"))
    found = answer("forward", given, inputs={"x": {"values": texts}})
    assert found["nodes"]["x"]["outputs"]["output"]["values"] == texts


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("value", "dtype"),
    [(str(2**63), "int64"), (str(-(2**63) - 1), "int64"), ("12", "float32"), ("12", "int32"), ("1.5", "int64"),
     ("9" * 500, "int64"), ("\u0663", "int64"), ("1_0", "int64"), ("", "int64")],
)  # fmt: skip
def test_other_texts_are_no_numbers(value: str, dtype: str, verb: str) -> None:
    found = answer(verb, network(x=node("Input", fill="values", values=[value], dtype=dtype)))
    assert codes(found) == [("bad-param", "error")] and found["problems"][0]["param"] == "values"
    given = network(x=node("Input", shape=[1], dtype=dtype, fill="zeros"))
    assert codes(answer("forward", given, inputs={"x": {"values": [value]}})) == [("bad-param", "error")]


BLOCK = {"nodes": {"h": {"type": "Input"}, "fc": node("Linear", "h", out_features=3)}}


@pytest.mark.parametrize("key", ["values", "parameters", "open"])
def test_names_that_name_nothing_are_told(key: str) -> None:
    given = network(blocks={"B": BLOCK}, x=node("Input", shape=[1, 3]), stage=node("B", inputs={"h": "x"}))
    for good in (["stage"], ["stage", "stage.fc"], []):
        assert answer("forward", given, **{key: good})["problems"] == []
    found = answer("forward", given, **{key: ["stage", "stag", "nope"]})
    assert codes(found) == [("dangling-reference", "warning")] and found["ok"]
    assert f"`{key}` names stag, nope" in found["problems"][0]["message"]
    assert "Did you mean stage?" in found["problems"][0]["message"]
