"""Small documents, their problems and their answers; and RFC 6902 patches, as a client applies them."""

from __future__ import annotations

import copy
import json
from typing import Any

import torch
from torch import nn

from torchwire.engine.computation import Computation
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS
from torchwire.graph.document import read_network
from torchwire.graph.problems import Problem
from torchwire.plan.expand import make_plan
from torchwire.plan.tree import Plan

X = {"type": "Input", "params": {"shape": [2, 3]}}


def document(nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": "torchwire/1", "nodes": nodes, **more}


def planned(network: dict[str, Any]) -> tuple[Plan, list[Problem]]:
    """The plan and every problem that needs no torch."""
    spec, problems = read_network(network)
    return make_plan(spec, read_catalogue(), problems), problems


def found(network: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """(code, node, port or param) of every problem that needs no torch."""
    return [(problem.code, problem.node, problem.port or problem.param) for problem in planned(network)[1]]


def forward(network: dict[str, Any], **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(VERBS["forward"]({"network": network, "values": "all", **request}, Unwatched()))
    return answer


def analyze(network: dict[str, Any], **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(VERBS["analyze"]({"network": network, **request}, Unwatched()))
    return answer


def right(network: dict[str, Any], **request: Any) -> dict[str, Any]:
    """The answer of a network in which nothing is wrong."""
    answer = forward(network, **request)
    assert answer["ok"], answer["problems"]
    return answer


def values(answer: dict[str, Any], node: str, port: str | None = None) -> Any:
    outputs = answer["nodes"][node]["outputs"]
    return outputs[port or next(iter(outputs))]["values"]


def tensor(answer: dict[str, Any], node: str, port: str | None = None) -> torch.Tensor:
    return torch.tensor(values(answer, node, port))


def built(network: dict[str, Any]) -> nn.Module:
    """The module tree that a forward pass of the network builds."""
    computation = Computation({"network": network}, Unwatched())
    run = computation.forward()
    assert not [problem for problem in computation.problems if problem.severity == "error"], computation.problems
    root: nn.Module = run.root
    return root


def shape(answer: dict[str, Any], node: str, port: str | None = None) -> Any:
    outputs = answer["nodes"][node]["outputs"]
    return outputs[port or next(iter(outputs))]["shape"]


def patched(network: Any, patch: list[dict[str, Any]]) -> Any:
    """The document after an RFC 6902 patch. Raises AssertionError where a `test` fails."""
    network = copy.deepcopy(network)
    for operation in patch:
        path = _keys(operation["path"])
        if operation["op"] == "test":
            assert _same(_get(network, path), operation["value"]), operation
        elif operation["op"] == "move":
            source = _keys(operation["from"])
            _add(network, path, _get(network, source[:-1]).pop(source[-1]))
        elif operation["op"] == "remove":
            holder = _get(network, path[:-1])
            holder.pop(_place(holder, path[-1]))
        elif operation["op"] == "replace":
            holder = _get(network, path[:-1])
            assert path[-1] in holder or isinstance(holder, list)
            holder[_place(holder, path[-1])] = copy.deepcopy(operation["value"])
        else:
            assert operation["op"] == "add", operation
            _add(network, path, copy.deepcopy(operation["value"]))
    return network


def _keys(path: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:]]


def _place(holder: Any, key: str) -> Any:
    return int(key) if isinstance(holder, list) else key


def _get(value: Any, path: list[str]) -> Any:
    for key in path:
        value = value[_place(value, key)]
    return value


def _add(network: Any, path: list[str], value: Any) -> None:
    holder = _get(network, path[:-1])
    if isinstance(holder, list):
        holder.insert(len(holder) if path[-1] == "-" else int(path[-1]), value)
    else:
        holder[path[-1]] = value


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON: 1 and true are not."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
