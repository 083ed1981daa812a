"""A wire on a wrong name, and a parameter under one, are told with the name that is meant; the first fix mends it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node
from tests.problems.patching import applied

X = node("Input", shape=[3, 4])
STEPS = node("Input", shape=[3, 2, 4])
ENCODER = {"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforward": 8}}
LINEAR = node("Linear", "x", out_features=4)

# (the network, the code, the port or parameter, the title of the first fix)
STRAYS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a port by another name": (network(x=X, n=node("RMSNorm", "x")), "unknown-port", "input", "Move the wire to x"),
    "a port of a layer": (
        network(x=X, n=node("Linear", inputs={"x": "x"}, out_features=2)),
        "unknown-port",
        "x",
        "Move the wire to input",
    ),
    "of a layer that holds another": (
        network(x=STEPS, n=node("TransformerEncoder", "x", num_layers=2, encoder_layer=ENCODER)),
        "unknown-port",
        "input",
        "Move the wire to src",
    ),
    "of one that is called": (
        network(x=X, fc=LINEAR, n={"call": "fc", "inputs": {"x": "x"}}),
        "unknown-port",
        "x",
        "Move the wire to input",
    ),
    "beside a port that has a value": (
        network(x=X, n={"type": "pow", "params": {"input": 2}, "inputs": {"other": "x"}}),
        "unknown-port",
        "other",
        "Move the wire to exponent",
    ),
    "of a block": (
        network(
            x=X,
            n=node("B", inputs={"r": "x"}),
            blocks={"B": {"nodes": {"x": {"type": "Input"}, "r": node("relu", "x")}}},
        ),
        "unknown-port",
        "r",
        "Move the wire to x",
    ),
    "a parameter that is tied": (
        network(x=X, fc=LINEAR, n=node("Linear", "x", inputs={"wieght": "fc.weight"}, out_features=4)),
        "unknown-port",
        "wieght",
        "Move the wire to weight",
    ),
    "a number": (chain(3, 4, n=("pow", {"other": 2})), "unknown-param", "other", "Rename it to exponent"),
    "the only parameter": (chain(3, 4, n=("Linear", {"out": 2})), "unknown-param", "out", "Rename it to out_features"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_the_first_fix_moves_it(name: str) -> None:
    given, code, place, title = STRAYS[name]
    for verb in ("analyze", "forward"):
        told = [p for p in answer(verb, given)["problems"] if p["code"] == code]
        assert [(p["node"], p["port"] or p["param"]) for p in told] == [("n", place)]
        assert told[0]["fixes"][0]["title"] == title
        assert answer(verb, applied(given, told[0]["fixes"][0]["patch"]))["problems"] == []


@pytest.mark.parametrize("name", [name for name in STRAYS if STRAYS[name][1] == "unknown-port"])
def test_the_missing_wire_beside_it_takes_the_same_wire(name: str) -> None:
    given = STRAYS[name][0]
    for problem in answer("analyze", given)["problems"]:
        assert answer("analyze", applied(given, problem["fixes"][0]["patch"]))["ok"], problem["message"]


def test_the_message_lists_the_ports() -> None:
    (told,) = [p for p in answer("analyze", STRAYS["a port by another name"][0])["problems"] if p["port"] == "input"]
    assert told["message"] == "n (RMSNorm) has no input port input and no parameter of that name. It has x."


def test_two_wires_are_meant_for_two_ports() -> None:
    given = network(x=X, n=node("sub", inputs={"minuend": "x", "othr": "x"}))
    for title in ("Move the wire to input", "Move the wire to other"):
        told = answer("analyze", given)["problems"]
        (fix,) = [fix for p in told if p["code"] == "unknown-port" for fix in p["fixes"] if fix["title"] == title]
        given = applied(given, fix["patch"])
    assert answer("analyze", given)["problems"] == []


def test_a_parameter_is_not_taken_for_a_stray_wire() -> None:
    given = network(x=X, fc=LINEAR, n=node("Linear", inputs={"weight": "fc.weight"}, out_features=4))
    (told,) = answer("analyze", given)["problems"]
    assert (told["code"], told["port"]) == ("missing-wire", "input")
    after = applied(given, told["fixes"][0]["patch"])
    assert after["nodes"]["n"]["inputs"]["weight"] == "fc.weight"
    assert answer("analyze", after)["ok"]
