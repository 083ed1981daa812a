"""The forward pass: what a node shows, how long it took, and who is blamed when a tensor cannot be drawn."""

from __future__ import annotations

import json
from typing import Any

import torch

from torchwire.engine.allocation import out_of_memory
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS


def forward(nodes: dict[str, Any], training: bool = False, blocks: Any = None, **options: Any) -> dict[str, Any]:
    network = {"format": "torchwire/1", "training": training, "nodes": nodes, "blocks": blocks or {}}
    answer: dict[str, Any] = json.loads(VERBS["forward"]({"network": network, "values": "all", **options}, Unwatched()))
    return answer


def test_a_node_shows_its_output_as_it_was_when_it_ran() -> None:
    answer = forward(
        {
            "x": {"type": "Input", "params": {"shape": [4, 3], "fill": "rand"}},
            "mean": {"type": "Constant", "params": {"shape": [3], "fill": "zeros"}},
            "var": {"type": "Constant", "params": {"shape": [3], "fill": "ones"}},
            "norm": {"type": "batch_norm", "inputs": {"input": "x", "running_mean": "mean", "running_var": "var"}},
            "after": {"type": "add", "params": {"other": 0}, "inputs": {"input": "mean"}},
            "tail": {"type": "cat", "params": {"dim": 0}, "inputs": {"tensors": ["norm", "x"]}},
        },
        training=True,
    )
    assert answer["ok"], answer["problems"]
    assert answer["nodes"]["mean"]["outputs"]["output"]["values"] == [0.0, 0.0, 0.0]
    assert answer["nodes"]["var"]["outputs"]["output"]["values"] == [1.0, 1.0, 1.0]


def test_an_input_that_cannot_be_drawn_is_the_fault_and_its_readers_wait() -> None:
    answer = forward(
        {
            "x": {"type": "Input", "params": {"shape": [1, 5], "fill": "sample", "name": "iris"}},
            "fc": {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "x"}},
        }
    )
    assert {key: node["state"] for key, node in answer["nodes"].items()} == {"x": "error", "fc": "blocked"}
    assert [(problem["code"], problem["node"]) for problem in answer["problems"]] == [("bad-param", "x")]


def test_profile_says_what_each_layer_took_and_nothing_else_does() -> None:
    block = {
        "nodes": {
            "x": {"type": "Input"},
            "fc": {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "x"}},
            "out": {"type": "Output", "inputs": {"value": "fc"}},
        }
    }
    nodes = {
        "x": {"type": "Input", "params": {"shape": [2, 4]}},
        "stack": {"type": "Part", "repeat": 3, "inputs": {"x": "x"}},
        "act": {"type": "relu", "inputs": {"input": "stack"}},
    }
    profiled = forward(nodes, blocks={"Part": block}, profile=True)
    assert profiled["ok"], profiled["problems"]
    assert profiled["nodes"]["x"]["ms"] is None
    assert profiled["nodes"]["stack"]["ms"] > 0 and profiled["nodes"]["act"]["ms"] > 0
    plain = forward(nodes, blocks={"Part": block})
    assert not any("ms" in node for node in plain["nodes"].values())


def test_tensors_of_the_request_stand_in_for_what_inputs_draw() -> None:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [1, 2]}},
        "fc": {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "x"}},
    }
    rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    answer = forward(nodes, inputs={"x": {"values": rows}}, parameters="all")
    assert answer["ok"], answer["problems"]
    assert answer["nodes"]["x"]["outputs"]["output"]["values"] == rows
    weights = {name: torch.tensor(entry["values"]) for name, entry in answer["nodes"]["fc"]["parameters"].items()}
    wanted = torch.nn.functional.linear(torch.tensor(rows), weights["weight"], weights["bias"])
    assert torch.equal(torch.tensor(answer["nodes"]["fc"]["outputs"]["output"]["values"]), wanted)
    unknown = forward(nodes, inputs={"y": {"values": rows}})
    assert [(problem["code"], "y" in problem["message"]) for problem in unknown["problems"]] == [
        ("dangling-reference", True)
    ]


def test_only_a_failed_allocation_is_out_of_memory() -> None:
    assert out_of_memory("fc", ValueError("no")) is None
    problem = out_of_memory(
        "fc", RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes")
    )
    assert problem is not None and problem.code == "limit-memory"


def test_a_warning_is_told_to_every_request() -> None:
    """torch itself gives some once a process: only the first request of a worker would be told."""
    for width in (3, 4):
        source = {"type": "Input", "params": {"shape": [2, width], "dtype": "complex64"}}
        found = forward({"x": source, "a": {"type": "float", "inputs": {"input": "x"}}})
        assert [problem["code"] for problem in found["problems"]] == ["torch-warning"]
