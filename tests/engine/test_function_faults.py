"""Functions used wrongly: an answer with a state for every node, never an exception; analyze and forward agree."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from tests.engine.cases.tools import CASES, Case
from tests.engine.test_functions import ask, document

STATES = {"ok", "error", "blocked", "skipped"}
TRIES = 3  # wrong documents per case in the normal run

_SHAPES = ([], [1], [0], [3], [2, 3], [2, 0], [4, 1, 2], [2, 3, 4, 5], [1, 2, 1, 2, 1])
_DTYPES = "float32 float64 float16 bfloat16 int64 int32 uint8 bool complex64".split()
_VALUES: tuple[Any, ...] = (
    *(-1, 0, 1, 2, 3, 7, -9, 10**12, 2**53, 0.5, 1.5, "inf", "nan", "-inf", "no such word", "", None, True, False),
    *([], [1], [0, 1], [-1, -1], [2, 3, 4], [1.5], ["a"], [[1]], [10**12, 10**12], {}, {"a": 1}),
    *(
        {"$": "x.shape[0]"},
        {"$": "x.shape[9]"},
        {"$": "1 / 0"},
        {"$": "x.nothing.shape[0]"},
        {"$": "[1, 2]"},
        "float32",
    ),
)


def worsened(case: Case, chance: random.Random) -> dict[str, Any]:
    """The case's document with one to three things wrong (or, by luck, right in another way)."""
    network = json.loads(json.dumps(document(case)))
    nodes = network["nodes"]
    node = nodes["f"]
    inputs = [key for key in nodes if key != "f"]
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(("shape", "dtype", "param", "param", "param", "drop", "unwire", "rewire"))
        if kind in ("shape", "dtype") and inputs:
            params = nodes[chance.choice(inputs)]["params"]
            params["fill"] = chance.choice(("zeros", "ones", "arange"))
            params.pop("values", None)
            key, pool = ("shape", _SHAPES) if kind == "shape" else ("dtype", _DTYPES)
            params[key] = chance.choice(pool)
        elif kind == "param":
            names = [*node["params"], *_names(case.type)]
            if names:
                node["params"][chance.choice(names)] = chance.choice(_VALUES)
        elif kind == "drop" and node["params"]:
            del node["params"][chance.choice(list(node["params"]))]
        elif kind == "unwire" and node["inputs"]:
            del node["inputs"][chance.choice(list(node["inputs"]))]
        elif node["inputs"]:
            port = chance.choice(list(node["inputs"]))
            node["inputs"][port] = chance.choice(("nobody", "f", inputs[0], inputs, [], f"{inputs[-1]}.nothing"))
    nodes["after"] = {"type": "relu", "inputs": {"input": "f"}}
    return network


def _names(type: str) -> list[str]:
    from torchwire.engine.introspect import read_catalogue

    layer = read_catalogue().get(type)
    assert layer is not None
    return [param.name for param in layer.params]


def check(network: dict[str, Any]) -> str:
    """The state of f, after checking that both verbs answer, and in agreement."""
    answers = {verb: ask(verb, network) for verb in ("analyze", "forward")}
    for answer in answers.values():
        assert list(answer["nodes"]) == list(network["nodes"])
        assert {node["state"] for node in answer["nodes"].values()} <= STATES
        faulty = {key for key, node in answer["nodes"].items() if node["state"] == "error"}
        told = {problem["node"] for problem in answer["problems"] if problem["severity"] == "error"}
        assert faulty <= told, "a node in state error has no problem"
        assert answer["ok"] == (not told)
    shapes, run = (answers[verb]["nodes"]["f"] for verb in ("analyze", "forward"))
    if run["state"] == "ok":
        assert shapes["state"] == "ok", answers["analyze"]["problems"]
        for name, output in shapes["outputs"].items():
            if output["shape"] is not None:
                assert (output["shape"], output["dtype"]) == (
                    run["outputs"][name]["shape"],
                    run["outputs"][name]["dtype"],
                )
    elif run["state"] == "error":
        assert answers["forward"]["nodes"]["after"]["state"] == "blocked"
    return str(run["state"])


def one(case: Case, number: int) -> str:
    network = worsened(case, random.Random(f"{case.id} {number}"))
    try:
        return check(network)
    except BaseException:
        network["nodes"] = {
            key: node
            if key in ("f", "after")
            else {**node, "params": {name: value for name, value in node["params"].items() if name != "values"}}
            for key, node in network["nodes"].items()
        }
        print(json.dumps(network["nodes"]))
        raise


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_wrong_use_is_answered(case: Case) -> None:
    for number in range(TRIES):
        one(case, number)


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_wrong_use_is_answered_many_times(case: Case) -> None:
    for number in range(TRIES, 60):
        one(case, number)
