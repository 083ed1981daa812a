"""What is remembered between requests changes no byte of an answer."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from tests.oracle.networks import random_network

from torchwire.engine import computation, inits
from torchwire.engine.memory import MEMORIES
from torchwire.engine.progress import Unwatched
from torchwire.engine.reuse import kept_here
from torchwire.engine.verbs import VERBS


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Empties every memory."""

    def empty() -> None:
        kept_here()  # made at its first use
        assert MEMORIES.keys() >= {"documents", "verdicts", "steps", "blueprints", "inits", "values"}
        for memory in MEMORIES.values():
            memory.clear()

    return empty


def ask(network: dict[str, Any], **options: Any) -> bytes:
    return VERBS["forward"]({"network": copy.deepcopy(network), "values": "all", **options}, Unwatched())


@pytest.mark.parametrize("number", range(0, 120, 3))
def test_answers_are_the_same_bytes_with_and_without_memories(number: int, forget: Any) -> None:
    network = random_network(number)
    other = {**network, "seed": network["seed"] ^ 1}
    requests = [(network, {}), (other, {}), (network, {"draw": 3}), (network, {"parameters": "all"}), (network, {})]
    warm = [ask(document, **options) for document, options in requests]
    cold = []
    for document, options in requests:
        forget()
        cold.append(ask(document, **options))
    assert warm == cold
    assert warm[0] == warm[-1]


def test_a_number_and_its_float_are_two_documents(forget: Any) -> None:
    def scaled(factor: Any) -> dict[str, Any]:
        nodes = {
            "x": {"type": "Input", "params": {"shape": [2], "fill": "ones", "dtype": "int64"}},
            "y": {"type": "mul", "params": {"other": {"$": factor}}, "inputs": {"input": "x"}},
        }
        return {"format": "torchwire/1", "seed": 1, "nodes": nodes}

    kinds = [json.loads(ask(scaled(text)))["nodes"]["y"]["outputs"]["output"]["dtype"] for text in ("2", "2.0", "2")]
    assert kinds == ["int64", "float32", "int64"]


def test_a_remembered_network_holds_no_tensors(forget: Any) -> None:
    forget()
    ask(random_network(0))
    [(found, _)] = computation._remembered._values.values()
    assert not hasattr(found.shapes, "_watch")


def test_what_a_nested_layer_takes_from_its_input_is_found_again(forget: Any) -> None:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [2, 3]}},
        "a": {"type": "weight_norm", "params": {"module": {"type": "Linear", "params": {"out_features": 2}}}},
    }
    nodes["a"]["inputs"] = {"input": "x"}
    network = {"format": "torchwire/1", "nodes": nodes}
    forget()
    first, second = (json.loads(ask({**network, "name": name})) for name in ("One", "Two"))
    assert first["nodes"] == second["nodes"]
    assert second["nodes"]["a"]["state"] == "ok"


def initialised(std: Any, width: int) -> dict[str, Any]:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [2, 4]}},
        "fc": {
            "type": "Linear",
            "params": {"out_features": width},
            "inputs": {"input": "x"},
            "init": {"weight": {"normal_": {"std": std}}},
        },
    }
    return {"format": "torchwire/1", "seed": 1, "nodes": nodes}


def test_an_init_that_fills_a_weight_is_tried_once(forget: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []
    apply = inits.apply_init
    monkeypatch.setattr(inits, "apply_init", lambda tensor, init, node: tried.append(init) or apply(tensor, init, node))
    forget()
    for network in (initialised(0.5, 3), {**initialised(0.5, 3), "name": "Other"}, initialised(0.5, 5)):
        assert json.loads(ask(network))["ok"]
    assert len(tried) == 2, "the same weight under another name of the network was tried again"


def test_an_init_that_fails_is_told_every_time(forget: Any) -> None:
    forget()
    assert json.loads(ask(initialised(1, 3)))["ok"]
    for name in ("One", "Two"):
        [problem] = json.loads(ask({**initialised("wide", 3), "name": name}))["problems"]
        assert (problem["code"], problem["node"]) == ("bad-init", "fc")
