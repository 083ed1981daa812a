"""Multiply-adds of shared modules and blocks, against FlopCounterMode over the same calls written in torch."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.problems.mistake import answer, chain, network, node
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

BLOCK = {
    "nodes": {
        "h": {"type": "Input"},
        "fc": node("Linear", "h", in_features=5, out_features=5),
        "act": node("relu", "fc"),
        "o": {"type": "Output", "inputs": {"value": "act"}},
    }
}
FEW, MANY = node("Input", shape=[2, 5]), node("Input", shape=[7, 5])


def call(target: str, port: str, source: str, **more: Any) -> dict[str, Any]:
    return {"call": target, "inputs": {port: source}, **more}


def counted(*rows: int) -> int:
    """What torch counts for Linear(5, 5) on inputs of so many rows."""
    module = nn.Linear(5, 5)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        for count in rows:
            module(torch.zeros(count, 5))
    return counter.get_total_flops() // 2


SHARED = {
    "module": (
        network(x=FEW, y=MANY, m=node("Linear", "x", out_features=5), c=call("m", "input", "y")),
        {"m": [2], "c": [7]},
    ),
    "only-called": (
        network(x=FEW, m=node("Linear", out_features=5), c=call("m", "input", "x", repeat=3)),
        {"m": [], "c": [2, 2, 2]},
    ),
    "block": (
        network(blocks={"B": BLOCK}, x=FEW, y=MANY, b=node("B", inputs={"h": "x"}), c=call("b", "h", "y")),
        {"b": [2], "c": [7]},
    ),
    "block-called-first": (
        network(blocks={"B": BLOCK}, y=MANY, x=FEW, c=call("b", "h", "y"), b=node("B", inputs={"h": "x"})),
        {"b": [2], "c": [7]},
    ),
    "block-only-called": (
        network(
            blocks={"B": BLOCK},
            x=FEW,
            y=MANY,
            b=node("B"),
            c=call("b", "h", "x"),
            d=call("b", "h", "y", repeat=3),
        ),
        {"b": [], "c": [2], "d": [7, 7, 7]},
    ),
    "block-inside-a-called-block": (
        network(
            blocks={
                "B": BLOCK,
                "Twice": {
                    "nodes": {
                        "h": {"type": "Input"},
                        "b": node("B", inputs={"h": "h"}),
                        "again": call("b", "h", "b"),
                        "o": {"type": "Output", "inputs": {"value": "again"}},
                    }
                },
            },
            x=FEW,
            y=MANY,
            t=node("Twice", inputs={"h": "x"}),
            c=call("t", "h", "y"),
        ),
        {"t": [2, 2], "c": [7, 7]},
    ),
}


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize("name", SHARED)
def test_every_call_is_counted_where_it_stands(name: str, verb: str) -> None:
    given, rows = SHARED[name]
    found = answer(verb, given)
    assert found["ok"], found["problems"]
    assert {key: found["nodes"][key]["macs"] for key in rows} == {key: counted(*value) for key, value in rows.items()}
    assert found["totals"]["macs"] == counted(*(count for value in rows.values() for count in value))


def test_of_a_call_that_fails_nothing_is_known() -> None:
    wrong = node("Input", shape=[2, 6])
    found = answer("analyze", network(blocks={"B": BLOCK}, x=wrong, b=node("B"), c=call("b", "h", "x")))
    assert found["nodes"]["c"]["state"] == "error" and found["nodes"]["c"]["macs"] is None


def test_a_block_that_computes_nothing_costs_nothing() -> None:
    passing = {"nodes": {"h": {"type": "Input"}, "o": {"type": "Output", "inputs": {"value": "h"}}}}
    found = answer("analyze", network(blocks={"P": passing}, x=FEW, p=node("P"), c=call("p", "h", "x")))
    assert found["nodes"]["c"]["macs"] == 0


def test_of_an_unknown_type_nothing_is_known() -> None:
    entry = answer("analyze", chain(2, 3, a=("Linaer", {"out_features": 3})))["nodes"]["a"]
    assert (entry["parameter_count"], entry["macs"]) == (None, None)


def test_nothing_inside_a_frozen_block_is_trainable() -> None:
    inner = {"nodes": {"h": {"type": "Input"}, "b": node("B", inputs={"h": "h"}), "p": node("Parameter", shape=[3])}}
    frozen = {**node("Outer", inputs={"h": "x"}), "trainable": False}
    document = network(blocks={"B": BLOCK, "Outer": inner}, x=FEW, f=frozen, m=node("Linear", "x", out_features=2))
    found = answer("analyze", document)
    assert (found["totals"]["parameters"], found["totals"]["trainable"]) == (30 + 3 + 12, 12)
    told = {name: entry["requires_grad"] for name, entry in found["nodes"]["f"]["parameters"].items()}
    assert told == {"b.fc.weight": False, "b.fc.bias": False, "p": False}
