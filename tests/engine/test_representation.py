"""`repr` of an answer is what torch prints for the same modules."""

from __future__ import annotations

from typing import Any

from tests.plan.documents import X, analyze, document
from torch import nn


def layer(attribute: str, source: str, **more: Any) -> dict[str, Any]:
    params = {"out_features": 3}
    return {"type": "Linear", "params": params, "attribute": attribute, "inputs": {"input": source}, **more}


class Network(nn.Module):
    """The modules that a document of the default name has."""

    def __init__(self, **children: nn.Module) -> None:
        super().__init__()
        for name, child in children.items():
            self.add_module(name, child)


def printed(nodes: dict[str, Any]) -> str:
    answer = analyze(document({"x": X, **nodes}, name="Network"))
    assert answer["ok"]
    text: str = answer["repr"]
    return text


def test_numbers_in_a_row_are_a_sequential() -> None:
    relu = {"type": "ReLU", "params": {"inplace": True}, "attribute": "features.1", "inputs": {"input": "a.output"}}
    nodes = {"a": layer("features.0", "x"), "b": relu, "c": layer("head", "b")}
    made = Network(features=nn.Sequential(nn.Linear(3, 3), nn.ReLU(inplace=True)), head=nn.Linear(3, 3))
    assert printed(nodes) == str(made)


def test_numbers_side_by_side_are_a_list() -> None:
    nodes = {"a": layer("ways.0", "x"), "b": layer("ways.1", "x")}
    assert printed(nodes) == str(Network(ways=nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])))


def test_names_inside_names_are_modules() -> None:
    holder, inner = nn.Module(), nn.Module()
    inner.add_module("fc", nn.Linear(3, 3))
    holder.add_module("mlp", inner)
    holder.add_module("out", nn.Linear(3, 3))
    nodes = {"a": layer("block.mlp.fc", "x"), "b": layer("block.out", "a")}
    assert printed(nodes) == str(Network(block=holder))
