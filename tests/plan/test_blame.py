"""Who is at fault, who only waits: each fault is told where it is, and every node that did not run leads there."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from tests.plan.documents import X, analyze, document, forward, planned
from tests.plan.test_mutations import HURRIED, MUTATIONS, mutated

from torchwire.graph.document import NotADocument
from torchwire.graph.findings import SHOWN
from torchwire.plan.tree import Graph

RELU = {"type": "relu", "inputs": {"input": "x"}}
WIDE = {
    "params": {"width": 4},
    "nodes": {
        "x": {"type": "Input"},
        "fc": {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "x"}},
    },
}
BROKEN = {"nodes": {"x": {"type": "Input"}, "a": {"type": "Relu", "inputs": {"input": "x"}}}}


def use(block: str = "B", source: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": block, "inputs": {"x": source}, **more}


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["code"], problem["node"]) for problem in answer["problems"]]


def states(answer: dict[str, Any]) -> dict[str, Any]:
    """By node: its state, and what blocks it."""
    return {key: (node["state"], *node["blocked_by"]) for key, node in answer["nodes"].items()}


# -- the rule ---------------------------------------------------------------------------------------------------------


def inside(graph: Graph) -> dict[str, set[str]]:
    """By node: it and everything in it."""
    found: dict[str, set[str]] = {}
    for node in graph.nodes.values():
        found[node.path] = {node.path}
        for part in node.copies:
            if part.graph is not None:
                below = inside(part.graph)
                found |= below
                found[node.path] |= below.keys()
    return found


def unexplained(network: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What the answer leaves without a cause."""
    nodes, found = answer["nodes"], []
    within = inside(planned(network)[0].graph)
    wrong = {problem["node"] for problem in answer["problems"] if problem["severity"] == "error"}
    over = {problem["node"] for problem in answer["problems"] if problem["code"] == "limit-answer"}
    over |= {  # a parameter of a block: its name decides nothing
        problem["node"]
        for problem in answer["problems"]
        if problem["code"] == "bad-name" and problem["param"] not in (None, "attribute")
    }
    for key, node in nodes.items():
        if node["state"] == "error" and not wrong & within[key]:
            found.append(f"{key} is in error, and no problem says why")
        if node["state"] == "ok" and key in wrong - over:
            found.append(f"{key} is ok, and a problem says that it is wrong")
        if node["state"] == "blocked" and not leads_to_a_cause(nodes, key):
            found.append(f"{key} is blocked, and nothing that blocks it is at fault")
        if answer["ok"] and node["state"] in ("error", "blocked"):
            found.append(f"{key} is {node['state']} in a network that is ok")
    return found


def leads_to_a_cause(nodes: dict[str, Any], key: str) -> bool:
    seen, todo = {key}, list(nodes[key]["blocked_by"])
    while todo:
        blocker = todo.pop()
        if blocker not in nodes:
            return False
        if nodes[blocker]["state"] in ("error", "skipped"):
            return True
        if blocker not in seen:
            seen.add(blocker)
            todo += nodes[blocker]["blocked_by"]
    return False


def check(valid: dict[str, Any], source: Random, values: list[Any], run: bool) -> None:
    network = copy.deepcopy(valid)
    for value in values:
        network = mutated(network, source, value)
    try:
        answer = forward(network) if run else analyze(network)
    except NotADocument:
        return
    if len(answer["problems"]) < SHOWN:
        assert unexplained(network, answer) == []


@pytest.mark.parametrize("run", [False, True])
@settings(max_examples=150, **HURRIED)
@given(MUTATIONS)
def test_every_node_that_did_not_run_leads_to_a_problem(run: bool, drawn: Any) -> None:
    check(*drawn, run)


@pytest.mark.proof
@pytest.mark.parametrize("run", [False, True])
@settings(max_examples=5_000, **HURRIED)
@given(MUTATIONS)
def test_every_node_of_many_documents_leads_to_a_problem(run: bool, drawn: Any) -> None:
    check(*drawn, run)


# -- names and keys ---------------------------------------------------------------------------------------------------

LINEAR = {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}}


@pytest.mark.parametrize(
    ("code", "wrong", "nodes"),
    [
        ("bad-name", "forward", {"forward": LINEAR}),
        ("bad-name", "a", {"a": {**LINEAR, "attribute": "layers.to"}}),
        ("bad-name", "b", {"a": {**LINEAR, "attribute": "f.0"}, "b": {**LINEAR, "attribute": "f.0"}}),
        ("bad-name", "x", {}),
        ("unknown-key", "a", {"a": {**LINEAR, "initt": {"weight": {"ones_": {}}}}}),
    ],
)
@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_node_of_a_wrong_name_or_key_does_not_run(compute: Any, code: str, wrong: str, nodes: dict[str, Any]) -> None:
    reader = {**RELU, "inputs": {"input": wrong}}
    answer = compute(document({"x": X, **nodes, "r": reader}, params={"x": 1} if wrong == "x" else {}))
    assert told(answer) == [(code, wrong)]
    assert states(answer)[wrong] == ("error",)
    assert states(answer)["r"] == ("blocked", wrong)


# -- blocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compute", [analyze, forward])
def test_uses_with_different_wrong_arguments_are_told_one_by_one(compute: Any) -> None:
    nodes = {"x": X, "u": use(params={"width": "a"}), "v": use(params={"width": "b"}), "w": use(params={"width": "b"})}
    answer = compute(document(nodes, blocks={"B": WIDE}))
    assert told(answer) == [("bad-param", "u.fc"), ("bad-param", "v.fc")]
    assert states(answer) == {"x": ("ok",), "u": ("error",), "v": ("error",), "w": ("blocked", "v")}


@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_fault_of_the_definition_is_told_at_the_first_use_and_blocks_the_others(compute: Any) -> None:
    nodes = {"x": X, "u": use("Outer", attribute="body.0"), "v": use(), "r": {**RELU, "inputs": {"input": "v"}}}
    blocks = {"B": BROKEN, "Outer": {"nodes": {"x": {"type": "Input"}, "inner": use()}}}
    answer = compute(document(nodes, blocks=blocks), open=["u", "v"])
    assert told(answer) == [("unknown-type", "body.0.inner.a")]
    expected = {"u": ("error",), "body.0.inner": ("error",), "v": ("blocked", "body.0.inner")}
    expected["r"] = expected["v"]
    assert expected.items() <= states(answer).items()
    closed = compute(document(nodes, blocks=blocks))
    assert states(closed)["v"] == ("blocked", "u")


def test_what_the_reader_of_the_document_finds_in_a_block_is_told_at_its_first_use() -> None:
    block = {"nodes": {"x": {"type": "Input"}, "a": {**RELU, "trainable": 5}}}
    answer = forward(document({"x": X, "u": use(attribute="body.0"), "v": use()}, blocks={"B": block}))
    assert told(answer) == [("bad-param", "body.0.a")]
    assert states(answer) == {"x": ("ok",), "u": ("error",), "v": ("blocked", "u")}


@pytest.mark.parametrize("wired", [False, True])
@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_call_of_a_broken_block_is_blocked_by_it(compute: Any, wired: bool) -> None:
    target = use() if wired else {"type": "B"}
    nodes = {"x": X, "u": target, "v": {"call": "u", "inputs": {"x": "x"}}}
    answer = compute(document(nodes, blocks={"B": BROKEN}))
    assert told(answer) == [("unknown-type", "u.a")]
    assert states(answer) == {"x": ("ok",), "u": ("error",), "v": ("blocked", "u")}


@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_call_that_does_not_fit_the_block_is_blamed_itself(compute: Any) -> None:
    other = {"type": "Input", "params": {"shape": [2, 5]}}
    nodes = {"x": X, "o": other, "u": use(), "v": {"call": "u", "inputs": {"x": "o"}}}
    answer = compute(document(nodes, blocks={"B": WIDE}), open=["u"])
    assert told(answer) == [("linear-in-features", "v")]
    assert states(answer)["v"] == ("error",)
    assert states(answer)["u"] == states(answer)["u.fc"] == ("ok",)


@pytest.mark.parametrize("compute", [analyze, forward])
def test_what_is_good_of_a_block_can_be_read(compute: Any) -> None:
    inner = {"x": {"type": "Input"}, "e": {**RELU, "type": "exp"}, "q": {**RELU, "type": "Relu"}}
    outputs = {key: {"type": "Output", "inputs": {"value": value}} for key, value in (("good", "e"), ("bad", "q"))}
    nodes = {
        "x": X,
        "u": use(),
        "v": {"call": "u", "inputs": {"x": "x"}},
        **{key: {**RELU, "inputs": {"input": key.replace("_", ".")}} for key in ("u_good", "u_bad", "v_good", "v_bad")},
        "twice": use(repeat=2),
        "t": {**RELU, "inputs": {"input": "twice.good"}},
    }
    answer = compute(document(nodes, blocks={"B": {"nodes": {**inner, **outputs}}}))
    assert told(answer) == [("unknown-type", "u.q")]
    found = states(answer)
    assert found["u"] == ("error",)
    assert list(answer["nodes"]["u"]["outputs"]) == ["good"]
    assert found["u_good"] == found["v_good"] == ("ok",)
    assert (found["v"], found["u_bad"], found["v_bad"]) == (("blocked", "u"), ("blocked", "u"), ("blocked", "u"))
    if compute is forward:
        expected = forward(document({"x": X, "e": {**RELU, "type": "exp"}}))["nodes"]["e"]["outputs"]["output"]
        assert answer["nodes"]["u_good"]["outputs"]["output"]["values"] == expected["values"]


@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_parameter_whose_size_waits_for_its_reader_is_told(compute: Any) -> None:
    norm = {"type": "BatchNorm1d", "inputs": {"input": "r"}}
    nodes = {"x": X, "r": {"type": "mul", "inputs": {"input": "x", "other": "n.weight"}}, "n": norm}
    answer = compute(document(nodes))
    assert told(answer) == [("unknown-output", "r")]
    assert states(answer) == {"x": ("ok",), "r": ("error",), "n": ("blocked", "r")}
    norm["params"] = {"num_features": 3}
    assert compute(document(nodes))["ok"]


@pytest.mark.parametrize("compute", [analyze, forward])
def test_a_reader_of_a_parameter_that_waits_is_not_blamed(compute: Any) -> None:
    nodes = {
        "w": {**RELU, "inputs": {"input": "a.weight"}},
        "bad": {"type": "Relu"},
        "a": {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "bad"}},
    }
    answer = compute(document(nodes))
    assert told(answer) == [("unknown-type", "bad")]
    assert states(answer) == {"w": ("blocked", "bad"), "bad": ("error",), "a": ("blocked", "bad")}


FAULTY = {
    "x": {"type": "Input"},
    "a": {"type": "Relu", "inputs": {"input": "x"}},
    "b": {"type": "Linear", "inputs": {"input": "nowhere"}, "repeat": 10_000},
    "c": {"type": "Inner", "inputs": {"x": "c"}},
}


@pytest.mark.parametrize("use", [{}, {"u": {"type": "B", "inputs": {"x": "x"}, "when": False}}])
def test_faults_of_a_block_that_nobody_uses_are_told(use: dict[str, Any]) -> None:
    inner = {"nodes": {"x": {"type": "Input"}, "d": {"type": "Linear", "inputs": {"input": "x"}}}}
    problems = planned(document({"x": X, **use}, blocks={"B": {"nodes": FAULTY}, "Inner": inner}))[1]
    assert {(problem.code, problem.node) for problem in problems if problem.severity == "error"} == {
        ("unknown-type", "B.a"),
        ("missing-param", "B.b"),
        ("dangling-reference", "B.b"),
        ("cycle", "B.c"),
        ("missing-param", "Inner.d"),
    }


def test_what_an_argument_decides_is_no_fault_of_a_block_that_nobody_uses() -> None:
    layer = {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "x"}}
    inner = {"x": {"type": "Input"}, "fc": {**layer, "attribute": "body.0", "repeat": {"$": "depth"}}}
    block = {"params": {"width": None, "depth": None}, "nodes": inner}
    network = document({"x": X}, blocks={"B": block})
    assert [problem for problem in planned(network)[1] if problem.severity == "error"] == []
    inner["fc"]["params"] = {"out_features": {"$": "widht"}}
    problems = planned(document({"x": X}, blocks={"B": block}))[1]
    assert [(problem.code, problem.param) for problem in problems if problem.severity == "error"] == [
        ("bad-expression", "out_features")
    ]


@pytest.mark.parametrize("wrong", [{"inputs": {"input": "nowhere"}}, {"params": {"out_features": "z"}}, {"call": "x"}])
@pytest.mark.parametrize("compute", [analyze, forward])
def test_an_unknown_port_is_told_beside_other_faults(compute: Any, wrong: dict[str, Any]) -> None:
    node = {**LINEAR, **wrong}
    for port, expected in (("foo", True), ("weight", False)):
        wired = {**node, "inputs": {**node["inputs"], port: "b.weight"}}
        answer = compute(document({"x": X, "a": wired, "b": LINEAR}))
        assert (("unknown-port", "a") in told(answer)) is expected
        assert states(answer)["a"] == ("error",)
