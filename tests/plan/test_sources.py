"""What cannot be drawn or typed in is told with its reason, by both verbs; the first fix mends it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plan.documents import X, document
from tests.problems.mistake import answer
from tests.problems.patching import applied

# (the parameters of an Input, the parameter that is told, what the message says)
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "bool": ({"dtype": "bool"}, "fill", "cannot be filled with randn in bool"),
    "bool with bounds": ({"dtype": "bool", "low": 5, "high": 9}, "fill", "cannot be filled with randn in bool"),
    "bool in steps": ({"dtype": "bool", "fill": "arange"}, "fill", "cannot be filled with arange in bool"),
    "int8": ({"dtype": "int8"}, "fill", "cannot be filled with randn in int8"),
    "complex integers": ({"dtype": "complex64", "fill": "randint"}, "fill", "randn, rand, zeros, ones can"),
    "bool to ten": ({"dtype": "bool", "fill": "randint"}, "high", "draws from 0 to 9, and bool holds 0 to 1"),
    "bytes": ({"dtype": "uint8", "fill": "randint", "high": 300}, "high", "uint8 holds 0 to 255"),
    "signed bytes": ({"dtype": "uint8", "fill": "randint", "low": -3}, "low", "uint8 holds 0 to 255"),
    "nothing to draw": ({"dtype": "uint8", "fill": "randint", "low": 250, "high": 9}, "high", "which is nothing"),
    "a value too large": (
        {"dtype": "uint8", "values": [300, 1]},
        "values",
        "has the value 300, which does not fit uint8 (0 to 255)",
    ),
    "a value too large beside a small one": ({"dtype": "uint8", "values": [300, -1]}, "values", "the value 300"),
    "no integer": ({"dtype": "int64", "values": ["nan", 1]}, "values", "has the value nan, which is no integer"),
    "a fraction too large": ({"dtype": "int8", "values": [1, 200.5]}, "values", "the value 200.5"),
    "a long integer": ({"dtype": "int16", "values": ["5", 1]}, "values", "which only int64 takes"),
    "a size below zero": ({"shape": [-1, 12]}, "shape", "shape of a is -1"),
    "a fraction of a size": ({"shape": [0.5, 12]}, "shape", "takes an integer"),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_first_fix_mends_it(name: str) -> None:
    params, where, says = WRONG[name]
    given = document({"a": {"type": "Input", "params": {"shape": [2], **params}}})
    for verb in ("analyze", "forward"):
        (told,) = answer(verb, given)["problems"]
        assert (told["code"], told["node"], told["param"]) == ("bad-param", "a", where)
        assert says in told["message"]
        for fix in told["fixes"]:
            assert answer(verb, applied(given, fix["patch"]))["problems"] == [], fix["title"]


def test_values_keep_what_they_are() -> None:
    """The first fix for a value that does not fit changes the dtype, not the value."""
    for values, dtype in (([300, 1], "int64"), ([300, 1.5], "float32"), (["5", 300], "int64")):
        given = document({"a": {"type": "Input", "params": {"shape": [2], "dtype": "uint8", "values": values}}})
        (told,) = answer("analyze", given)["problems"]
        mended = applied(given, told["fixes"][0]["patch"])
        assert mended["nodes"]["a"]["params"] == {"shape": [2], "dtype": dtype, "values": values}


@pytest.mark.parametrize("kind", ["add", "sub", "mul", "pow"])
def test_a_number_in_place_of_a_wire_has_no_default(kind: str) -> None:
    port = "exponent" if kind == "pow" else "other"
    given = document({"x": X, "a": {"type": kind, "params": {port: "abc"}, "inputs": {"input": "x"}}})
    (told,) = answer("analyze", given)["problems"]
    assert not [fix for fix in told["fixes"] if "default" in fix["title"]]
    assert answer("forward", applied(given, told["fixes"][0]["patch"]))["ok"]
