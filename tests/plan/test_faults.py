"""Every way to be wrong has a problem that names node and port, and every fix that is offered mends it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plan.documents import X, document, forward, patched, planned
from tests.plan.faults import FAULTS, HEAD

from torchwire.catalogue.modules import EXCLUDED, INSTEAD
from torchwire.graph.names import name_fault
from torchwire.graph.problems import CODES, Problem


def matching(network: dict[str, Any], code: str, node: str | None, where: str | None) -> list[Problem]:
    _, problems = planned(network)
    return [
        problem
        for problem in problems
        if problem.code == code and problem.node == node and (problem.port or problem.param) == where
    ]


@pytest.mark.parametrize("name", FAULTS)
def test_the_problem_names_its_place(name: str) -> None:
    code, node, where, fixable, network = FAULTS[name]
    before = json.dumps(network)
    _, problems = planned(network)
    told = [(problem.code, problem.node, problem.port or problem.param) for problem in problems]
    assert (code, node, where) in told
    assert told.count((code, node, where)) == 1
    assert json.dumps(network) == before, "reading changed the document"
    for problem in problems:
        assert problem.code in CODES
        assert 0 < len(problem.message) < 400
        assert bool(problem.fixes) == fixable or problem.code != code


@pytest.mark.parametrize("name", FAULTS)
def test_only_this_is_wrong(name: str) -> None:
    """One fault is one problem: what follows from it is not told again in other words."""
    code, _, _, _, network = FAULTS[name]
    allowed = ALSO.get(name, set())
    assert {problem.code for problem in planned(network)[1]} - {code} <= allowed


ALSO: dict[str, set[str]] = {
    "key of a node": {"missing-wire"},
    "unknown port": {"missing-wire"},
    "key of a block": {"unused-block"},
    "neither type nor call, and a wrong wire": {"dangling-reference"},
    "block that nobody uses": {"unused-block"},
}
"""Faults whose document has a second one of another code, on purpose."""


@pytest.mark.parametrize("name", [name for name in FAULTS if FAULTS[name][3]])
def test_each_fix_mends_it(name: str) -> None:
    code, node, where, _, network = FAULTS[name]
    (problem,) = matching(network, code, node, where)
    for fix in problem.fixes:
        assert fix.patch[0]["op"] == "test"
        assert 0 < len(fix.title) < 100
        after = patched(network, fix.patch)
        assert not matching(after, code, node, where), fix.title
        for key in [
            *after["nodes"],
            *(key for block in (after.get("blocks") or {}).values() for key in block["nodes"]),
        ]:
            assert name_fault(key) is None or key in json.dumps(network)
        with pytest.raises((AssertionError, KeyError, IndexError)):  # it does not fit a document that has changed
            patched({"format": "torchwire/1", "nodes": {}}, fix.patch)


def test_many_faults_are_told_at_once() -> None:
    network = {
        "format": "torchwire/1",
        "seed": "x",
        "colour": 1,
        "nodes": {
            "a b": {"type": "Input", "params": {"shape": [1, 3]}},
            "lin": {"type": "Linear", "params": {"out_feature": 3}, "inputs": {"input": "nowhere"}},
            "relu": {"type": "RELU", "inputs": {"input": "lin"}},
            "add": {"type": "add", "inputs": {"input": "lin"}, "repeat": -3},
            "p": {"type": "permute", "params": {"dims": {"$": "("}}, "inputs": {"input": "lin", "x": "lin"}},
            "c": {"type": "ReLU", "inputs": {"input": "c"}},
        },
    }
    codes = {problem.code for problem in planned(network)[1]}
    assert codes >= {
        "bad-param",
        "unknown-key",
        "bad-name",
        "unknown-param",
        "missing-param",
        "dangling-reference",
        "unknown-type",
        "missing-wire",
        "bad-expression",
        "unknown-port",
        "cycle",
    }


def test_two_faults_of_one_parameter_are_both_told() -> None:
    node = {"type": "mul", "params": {"input": "x", "other": 2}, "inputs": {"input": "x"}}
    network = document({"x": X, "a": node})
    problems = [problem for problem in planned(network)[1] if (problem.code, problem.param) == ("bad-param", "input")]
    assert len(problems) == 2
    for problem in problems:
        for fix in problem.fixes:
            assert len(planned(patched(network, fix.patch))[1]) < 2, fix.title


@pytest.mark.parametrize("reader", ["a", "off"])
def test_a_reader_of_a_module_that_never_runs_is_blamed(reader: str) -> None:
    nodes = {
        "x": X,
        "a": {"type": "Linear", "params": {"out_features": 2}},
        "b": {"call": "a", "inputs": {"input": "x"}},
        "off": {"type": "relu", "inputs": {"input": "a"}, "when": False},
        "c": {"type": "relu", "inputs": {"input": reader}},
    }
    answer = forward(document(nodes))
    assert [(problem["code"], problem["node"]) for problem in answer["problems"]] == [("unknown-output", "c")]
    assert answer["nodes"]["c"]["state"] == "error"


def test_the_codes_of_the_contract_are_all_here() -> None:
    codes = {fault[0] for fault in FAULTS.values()}
    assert codes >= set(
        """unknown-key unknown-type unknown-param bad-param missing-param unknown-port missing-wire dangling-reference
        cycle bad-name block-recursion bad-expression limit-nodes limit-depth""".split()
    )


def spoken(network: dict[str, Any], code: str) -> Problem:
    (problem,) = [problem for problem in planned(network)[1] if problem.code == code]
    return problem


@pytest.mark.parametrize("name", sorted(EXCLUDED))
def test_what_is_left_out_on_purpose_says_why_and_what_instead(name: str) -> None:
    """No name that merely looks alike is offered: quantile for Sequential."""
    network = document({"x": X, "a": {"type": name, "inputs": {"input": "x"}}})
    problem = spoken(network, "unknown-type")
    assert problem.message == f"a: {name} is not used here: {EXCLUDED[name]}."
    types = [patched(network, fix.patch)["nodes"]["a"]["type"] for fix in problem.fixes]
    assert types == list(INSTEAD.get(name, ("Identity",)))


def test_a_long_name_is_shortened_and_not_lost() -> None:
    network = {**HEAD, "name": "é" * 160}
    [problem] = planned(network)[1]
    [fix] = problem.fixes
    assert fix.title == "Shorten to 100 characters"
    assert patched(network, fix.patch)["name"] == "é" * 100


def test_a_call_is_called_a_call() -> None:
    linear = {"type": "Linear", "params": {"out_features": 3}}
    network = document(
        {"x": X, "fc": linear, "d": {"call": "fc", "inputs": {"input": "x", "inp": "x"}, "params": {"bias": 1}}}
    )
    assert spoken(network, "unknown-port").message == "d (call of fc) has no input port inp. It has input."
    assert spoken(network, "unknown-param").message.startswith("d (call of fc) has no parameter bias.")


def test_a_detail_is_what_torch_says_and_nothing_else() -> None:
    for _, _, _, _, network in FAULTS.values():
        assert all(problem.detail is None for problem in planned(network)[1])


def test_two_dangling_wires_of_a_list_are_two_problems() -> None:
    network = document({"x": X, "c": {"type": "cat", "inputs": {"tensors": ["u", "x", "v"]}}})
    told = [problem.message for problem in planned(network)[1]]
    assert told == ["c reads u on tensors, which does not exist.", "c reads v on tensors, which does not exist."]


def test_a_node_whose_name_is_wrong_is_offered_to_nobody() -> None:
    relu = {"type": "ReLU", "inputs": {"input": "x"}}
    network = document({"x": X, "y.output": relu, "a": {"type": "ReLU", "inputs": {"input": "y.outputs"}}})
    network["nodes"]["b"] = {"type": "ReLU"}
    for problem in planned(network)[1]:
        assert problem.code == "bad-name" or not any("y.output" in fix.title for fix in problem.fixes), problem


def test_a_function_may_keep_out_of_the_way_of_a_module() -> None:
    relu = {"type": "relu", "inputs": {"input": "x"}}
    module = {"type": "ReLU", "inputs": {"input": "features"}, "attribute": "features.0"}
    network = document({"x": X, "a": module, "features": relu})
    (problem,) = planned(network)[1]
    assert (problem.code, problem.param) == ("bad-name", "attribute")
    assert all(not planned(patched(network, fix.patch))[1] for fix in problem.fixes)


def test_a_name_too_long_for_a_patch_is_told_in_words() -> None:
    (problem,) = matching(document({"n" * 1_000_000: X}), "bad-name", "n" * 1_000_000, None)
    assert "wherever it is read" in problem.message
    assert not problem.fixes
