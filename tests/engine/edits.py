"""Random edits of a document, as a person makes them: a number, a type, a wire, the mode, a node more or less."""

from __future__ import annotations

import copy
import random
from typing import Any

Document = dict[str, Any]
ALIKE = (
    ("ReLU", "GELU", "SiLU", "Tanh", "Sigmoid"),
    ("relu", "gelu", "silu", "tanh", "sigmoid"),
    ("Dropout", "AlphaDropout", "Identity"),
    ("add", "mul", "sub"),
)


def edited(network: Document, rng: random.Random) -> Document:
    """The document after one edit; it need not be right."""
    network = copy.deepcopy(network)
    graphs = [network, *(network.get("blocks") or {}).values()]
    nodes = rng.choice([graph["nodes"] for graph in graphs if graph.get("nodes")])
    key = rng.choice(list(nodes))
    edit = rng.choice((_number, _number, _number, _type, _remove, _wire, _mode, _init, _freeze))
    edit(network, nodes, key, rng)
    return network


def _number(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    numbers = [
        (node["params"], name)
        for node in nodes.values()
        for name, value in (node.get("params") or {}).items()
        if type(value) in (int, float)
    ]
    if numbers:
        params, name = rng.choice(numbers)
        params[name] = params[name] + rng.choice((1, 1, 2, -1)) if type(params[name]) is int else rng.random()


def _type(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    for kinds in ALIKE:
        for node in nodes.values():
            if node.get("type") in kinds and rng.random() < 0.7:
                node["type"] = rng.choice(kinds)


def _remove(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    nodes[key]["when"] = not nodes[key].get("when", True)


def _wire(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    inputs = nodes[key].get("inputs")
    if inputs:
        inputs[rng.choice(list(inputs))] = rng.choice(list(nodes))


def _mode(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    network["training"] = not network.get("training", False)


def _init(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    rules = {
        "Linear.weight": {"normal_": {"std": 0.02}},
        "Conv2d.weight": {"kaiming_normal_": {}},
        "BatchNorm1d.weight": {"constant_": {"val": 0.5}},
        "Linear.bias": {"zeros_": {}},
    }
    network["init"] = {name: rules[name] for name in rng.sample(list(rules), 2)}


def _freeze(network: Document, nodes: Document, key: str, rng: random.Random) -> None:
    nodes[key]["trainable"] = not nodes[key].get("trainable", True)
