"""Faults of one node that stood behind one another are told at once, and only what stays wrong whatever is mended."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node
from tests.problems.patching import applied

MAP = (1, 3, 4, 4)
WIDE = {"in_channels": 5, "out_channels": 2}

CASES: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "unknown parameter and width": (
        chain(2, 3, a=("Linear", {"in_features": 7, "out_features": 2, "bais": False})),
        {("unknown-param", "bais"), ("linear-in-features", "in_features")},
    ),
    "unknown parameter, port and width": (
        network(
            x=node("Input", shape=[2, 3]),
            a=node("Linear", "x", inputs={"other": "x"}, in_features=7, out_features=2, bais=False),
        ),
        {("unknown-param", "bais"), ("linear-in-features", "in_features"), ("unknown-port", "other")},
    ),
    "padding mode, channels and kernel": (
        chain(*MAP, a=("Conv2d", {**WIDE, "kernel_size": 9, "padding_mode": "none"})),
        {("bad-param", "padding_mode"), ("conv-in-channels", "in_channels"), ("conv-kernel-size", "kernel_size")},
    ),
    "channels and kernel": (
        chain(*MAP, a=("Conv2d", {**WIDE, "kernel_size": 9})),
        {("conv-in-channels", "in_channels"), ("conv-kernel-size", "kernel_size")},
    ),
    "padding that may be what the kernel needs": (
        chain(*MAP, a=("Conv2d", {"out_channels": 2, "kernel_size": 9, "paddin": 4})),
        {("unknown-param", "paddin")},
    ),
    "width beside the same name misspelt": (
        chain(2, 3, a=("Linear", {"in_featurs": 3, "in_features": 7, "out_features": 2})),
        {("unknown-param", "in_featurs"), ("linear-in-features", "in_features")},
    ),
    "both sources of attention": (
        network(
            x=node("Input", shape=[5, 2, 16]),
            y=node("Input", shape=[5, 2, 8]),
            a=node("MultiheadAttention", inputs={"query": "x", "key": "y", "value": "y"}, num_heads=2),
        ),
        {("attention-width", "key"), ("attention-width", "value")},
    ),
    "both inputs of a bilinear layer": (
        network(
            x=node("Input", shape=[2, 3]),
            a=node("Bilinear", inputs={"input1": "x", "input2": "x"}, in1_features=4, in2_features=5, out_features=2),
        ),
        {("linear-in-features", "in1_features"), ("linear-in-features", "in2_features")},
    ),
}


BEHIND = chain(
    *MAP,
    a=("Conv2d", {**WIDE, "kernel_size": 1}),
    b=("ReLU", {}),
    c=("BatchNorm2d", {"num_features": 7}),
    d=("Linear", {"in_features": 9, "out_features": 1}),
)


def test_a_width_behind_another_is_told_where_it_is_wrong_however_that_one_is_mended() -> None:
    for verb in ("analyze", "forward"):
        given = answer(verb, BEHIND)
        told = [(problem["code"], problem["node"]) for problem in given["problems"]]
        # what the normalisation gives depends on how it is mended: by its own number, or by the convolution's
        assert told == [("conv-in-channels", "a"), ("norm-num-features", "c")]
        states = {key: (entry["state"], entry["blocked_by"]) for key, entry in given["nodes"].items()}
        assert states == {
            "x": ("ok", []),
            "a": ("error", []),
            "b": ("blocked", ["a"]),
            "c": ("error", []),
            "d": ("blocked", ["a"]),
        }


@pytest.mark.parametrize("fix", [0, 1, 2])
def test_a_width_behind_another_stays_wrong_by_each_of_its_fixes(fix: int) -> None:
    mended = applied(BEHIND, answer("analyze", BEHIND)["problems"][0]["fixes"][fix]["patch"])
    assert [(one["code"], one["node"]) for one in answer("analyze", mended)["problems"]] == [("norm-num-features", "c")]


@pytest.mark.parametrize("name", CASES)
def test_all_of_them_are_told_and_the_first_fixes_mend_it(name: str) -> None:
    wrong, expected = CASES[name]
    for verb in ("analyze", "forward"):
        given = answer(verb, wrong)
        told = {(problem["code"], problem["param"] or problem["port"]) for problem in given["problems"]}
        assert told == expected
        assert {problem["node"] for problem in given["problems"]} == {"a"}
        assert given["nodes"]["a"]["state"] == "error"
    mended = wrong
    for _ in range(len(expected)):
        mended = applied(mended, given["problems"][0]["fixes"][0]["patch"])
        given = answer("forward", mended)
        if given["ok"]:
            return
    raise AssertionError(given["problems"])
