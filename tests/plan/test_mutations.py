"""Whatever becomes of a valid document: it is answered, or it is no document."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plan.documents import X, analyze, document, forward, patched, planned

from torchwire.graph.document import NotADocument
from torchwire.graph.findings import SHOWN
from torchwire.graph.problems import CODES, Problem

NETWORKS = Path(__file__).parents[1] / "conformance" / "networks"
SMALL = [path for path in sorted(NETWORKS.glob("*.json")) if path.stat().st_size < 8_000]

EVERYTHING = document(
    {
        "x": X,
        "stage": {
            "type": "Block",
            "params": {"width": 4},
            "inputs": {"x": "x"},
            "repeat": {"$": "n"},
            "when": {"$": "n > 1"},
        },
        "again": {"call": "lin", "inputs": {"input": "stage"}, "repeat": 2},
        "lin": {"type": "Linear", "params": {"out_features": 4}, "init": {"weight": {"normal_": {"std": 0.02}}}},
        "tied": {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "again", "weight": "lin.weight"}},
        "size": {"type": "reshape", "params": {"shape": [{"$": "x.shape[0]"}, -1]}, "inputs": {"input": "tied"}},
        "item": {"type": "getitem", "params": {"index": {"$": ":, :x.shape[0]"}}, "inputs": {"input": "size"}},
        "mask": {"type": "Constant", "params": {"shape": [2], "fill": "values", "values": [1, 2], "persistent": False}},
        "norm": {
            "type": "weight_norm",
            "params": {"module": {"type": "Linear", "params": {"out_features": 2}}},
            "inputs": {"input": "item"},
            "attribute": "body.0",
            "trainable": False,
        },
        "all": {
            "type": "cat",
            "params": {"dim": -1},
            "inputs": {"tensors": ["norm", "item.output"]},
            "position": [1, 2],
        },
        "out": {"type": "Output", "inputs": {"value": "all"}, "note": "n", "color": "#fff", "collapsed": True},
    },
    name="Everything",
    seed=7,
    training=True,
    params={"n": 2, "widths": [1, 2]},
    init={"Linear.bias": {"zeros_": {}}},
    canvas={"frames": []},
    blocks={
        "Block": {
            "params": {"width": 3, "masked": False},
            "nodes": {
                "x": {"type": "Input"},
                "m": {"type": "Input", "when": {"$": "masked"}},
                "fc": {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "x"}},
                "y": {"type": "Output", "inputs": {"value": "fc"}},
            },
        }
    },
)

VALID: list[dict[str, Any]] = [EVERYTHING, *(json.loads(path.read_text(encoding="utf-8"))["network"] for path in SMALL)]

NAMES = [
    *"type call params inputs repeat when attribute init trainable nodes blocks $ seed canvas".split(),
    *"x lin stage fc Block Linear Input Output Constant cat relu getitem add Sequential".split(),
    *"x.output lin.weight stage.fc stage.0.fc.weight lin. .x x.shape[0] i training n + 1 9**9**9 :, -1".split(),
    *("", "a b", "forward", "class", "\0", "\ufb01", "__proto__", "0", "torch", "a/b~c", "é" * 70),
]
WORDS = st.sampled_from(NAMES)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | WORDS
    | st.text(max_size=5)
    | st.builds(lambda text: {"$": text}, WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*path, number))
    return found


def mutated(network: Any, source: Random, value: Any) -> Any:
    """The document with one thing changed; `value` is what may stand there instead."""
    path = source.choice(places(network)[1:] or [()])
    if not path:
        return value
    holder = network
    for key in path[:-1]:
        holder = holder[key]
    what = source.choice(["replace", "remove", "rename", "move", "copy"])
    if what == "replace":
        holder[path[-1]] = value
    elif what == "remove":
        del holder[path[-1]]
    elif what == "copy":
        found = network
        for key in source.choice(places(network)):
            found = found[key]
        holder[path[-1]] = copy.deepcopy(found)
    elif isinstance(holder, dict) and what == "rename":
        new = source.choice(NAMES)
        items = [(new if key == path[-1] else key, inner) for key, inner in holder.items()]
        holder.clear()
        holder.update(items)
    elif isinstance(holder, dict):
        holder[path[-1]] = holder.pop(path[-1])
    return network


MUTATIONS = st.tuples(st.sampled_from(VALID), st.randoms(use_true_random=False), st.lists(JSON, min_size=1, max_size=4))
HURRIED = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=500, **HURRIED)
@given(MUTATIONS)
def test_a_mutated_document_is_answered(drawn: Any) -> None:
    check(*drawn)


@pytest.mark.proof
@settings(max_examples=20_000, **HURRIED)
@given(MUTATIONS)
def test_many_mutated_documents_are_answered(drawn: Any) -> None:
    check(*drawn)


def like(problem: Problem, problems: list[Problem]) -> int:
    """How many of the problems say the same of the same place."""
    return sum(
        (other.code, other.node, other.port, other.param) == (problem.code, problem.node, problem.port, problem.param)
        for other in problems
    )


def check(valid: dict[str, Any], source: Random, values: list[Any]) -> None:
    network = copy.deepcopy(valid)
    for value in values:
        network = mutated(network, source, value)
    body = json.dumps(network)
    try:
        plan, problems = planned(network)
    except NotADocument:
        return
    assert json.dumps(network) == body, "reading changed the document"
    assert plan.graph.nodes.keys() == network["nodes"].keys()
    told = [problem.as_json() for problem in problems[:SHOWN]]
    orjson.dumps(told)
    for problem in problems[:SHOWN]:
        assert problem.code in CODES
        for fix in problem.fixes:
            assert fix.patch[0]["op"] == "test"
            again = planned(patched(network, fix.patch))[1]
            if len(problems) < SHOWN:
                assert like(problem, again) < like(problem, problems), fix.title


@settings(max_examples=100, **HURRIED)
@given(MUTATIONS, st.booleans())
def test_a_mutated_document_is_computed_or_says_why_not(drawn: Any, run: bool) -> None:
    valid, source, values = drawn
    network = copy.deepcopy(valid)
    for value in values:
        network = mutated(network, source, value)
    try:
        answer = forward(network) if run else analyze(network)
    except NotADocument:
        return
    assert answer["ok"] != any(problem["severity"] == "error" for problem in answer["problems"])
    for node in answer["nodes"].values():
        assert node["state"] in ("ok", "error", "blocked", "skipped")
        assert bool(node["blocked_by"]) == (node["state"] == "blocked") or node["state"] == "skipped"


def test_the_documents_to_mutate_are_valid() -> None:
    assert len(VALID) > 5
    for network in VALID:
        assert all(problem.severity == "info" for problem in planned(network)[1])
