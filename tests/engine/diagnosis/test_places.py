"""A fault is blamed on the node where it is, and stops only what depends on it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node
from tests.problems.patching import applied

VERBS = ("analyze", "forward")
BOTH = pytest.mark.parametrize("verb", VERBS)


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["code"], problem["node"]) for problem in found["problems"]]


def states(found: dict[str, Any]) -> dict[str, str]:
    return {key: entry["state"] for key, entry in found["nodes"].items()}


@BOTH
def test_branches(verb: str) -> None:
    given = network(
        x=node("Input", shape=[2, 4]),
        left=node("Linear", "x", in_features=5, out_features=3),
        right=node("Linear", "x", out_features=3),
        left2=node("ReLU", "left"),
        right2=node("ReLU", "right"),
        sum=node("add", "left2", inputs={"other": "right2"}),
        other=node("Linear", "right2", in_features=7, out_features=3),
    )
    found = answer(verb, given)
    assert told(found) == [("linear-in-features", "left"), ("linear-in-features", "other")]
    assert states(found) == {
        "x": "ok",
        "left": "error",
        "right": "ok",
        "left2": "blocked",
        "right2": "ok",
        "sum": "blocked",
        "other": "error",
    }
    assert found["nodes"]["sum"]["blocked_by"] == ["left"]
    assert found["nodes"]["left"]["parameter_count"] == 18
    assert found["nodes"]["left2"]["parameter_count"] == 0


def block(**params: Any) -> dict[str, Any]:
    return {
        "params": {"channels": 4},
        "nodes": {
            "x": {"type": "Input"},
            "conv1": node("Conv2d", "x", out_channels={"$": "channels"}, kernel_size=3, padding=1, **params),
            "act": node("ReLU", "conv1"),
        },
    }


@BOTH
def test_in_a_block_by_its_path_and_into_its_definition(verb: str) -> None:
    given = network(
        blocks={"Stage": block(in_channels=3)},
        x=node("Input", shape=[1, 1, 8, 8]),
        stage1={"type": "Stage", "inputs": {"x": "x"}},
        after=node("ReLU", "stage1"),
        side=node("ReLU", "x"),
    )
    found = answer(verb, given, open=["stage1"])
    assert told(found) == [("conv-in-channels", "stage1.conv1")]
    assert states(found)["stage1"] == "error"
    assert states(found)["stage1.conv1"] == "error"
    assert states(found)["stage1.act"] == "blocked"
    assert states(found)["after"] == "blocked"
    assert states(found)["side"] == "ok"
    fixes = found["problems"][0]["fixes"]
    assert {op["path"] for fix in fixes for op in fix["patch"]} == {"/blocks/Stage/nodes/conv1/params/in_channels"}
    for fix in fixes:
        assert answer(verb, applied(given, fix["patch"]))["problems"] == []


@BOTH
def test_a_layer_is_inserted_into_the_block_where_it_is_missing(verb: str) -> None:
    inner = {
        "x": {"type": "Input"},
        "fc": node("Linear", "x", in_features=32, out_features=2),
        "flatten": node("relu", "fc"),
    }
    given = network(
        blocks={"Head": {"nodes": inner}},
        x=node("Input", shape=[1, 2, 4, 4]),
        head={"type": "Head", "inputs": {"x": "x"}},
    )
    found = answer(verb, given)
    assert told(found) == [("linear-unflattened", "head.fc")]
    patch = found["problems"][0]["fixes"][0]["patch"]
    assert [op["path"] for op in patch if op["op"] == "add"] == ["/blocks/Head/nodes/flatten1"]  # flatten is taken
    assert answer(verb, applied(given, patch))["problems"] == []


@BOTH
def test_an_expression_in_a_block_gives_way_to_the_input_and_to_no_number(verb: str) -> None:
    given = network(
        blocks={"Stage": block(in_channels={"$": "channels"})},
        x=node("Input", shape=[1, 3, 8, 8]),
        stage1={"type": "Stage", "inputs": {"x": "x"}},
    )
    found = answer(verb, given)
    assert told(found) == [("conv-in-channels", "stage1.conv1")]
    (fix,) = found["problems"][0]["fixes"]
    assert fix["title"] == "Let the input decide in_channels"
    assert answer(verb, applied(given, fix["patch"]))["problems"] == []


@BOTH
def test_in_a_repeat_the_copy_is_named(verb: str) -> None:
    given = network(
        blocks={"Stage": block(in_channels=3)},
        x=node("Input", shape=[1, 3, 8, 8]),
        stages={"type": "Stage", "repeat": 3, "inputs": {"x": "x"}},
    )
    found = answer(verb, given)
    assert told(found) == [("conv-in-channels", "stages.1.conv1")]
    mended = [answer(verb, applied(given, fix["patch"]))["ok"] for fix in found["problems"][0]["fixes"]]
    assert mended[0] is True  # leaving it to the input suits all copies


@BOTH
def test_a_repeated_layer(verb: str) -> None:
    given = chain(2, 5, fc=("Linear", {"in_features": 3, "out_features": 3}))
    given["nodes"]["fc"]["repeat"] = 2
    found = answer(verb, given)
    assert told(found) == [("linear-in-features", "fc")]
    (fix,) = found["problems"][0]["fixes"]
    assert answer(verb, applied(given, fix["patch"]))["problems"] == []


@BOTH
def test_a_warning_in_a_block_is_told_once(verb: str) -> None:
    inner = {"x": {"type": "Input"}, "soft": node("Softmax", "x")}
    given = network(
        blocks={"Soft": {"nodes": inner}},
        x=node("Input", shape=[2, 3]),
        a={"type": "Soft", "repeat": 3, "inputs": {"x": "x"}},
        b={"type": "Soft", "inputs": {"x": "a"}},
    )
    found = answer(verb, given)
    assert told(found) == [("implicit-dim", "a.0.soft")]
    (fix,) = found["problems"][0]["fixes"]
    assert answer(verb, applied(given, fix["patch"]))["problems"] == []


@BOTH
def test_a_shared_module_that_does_not_fit_at_its_second_place(verb: str) -> None:
    given = network(
        x=node("Input", shape=[2, 4]),
        fc=node("Linear", "x", out_features=3),
        again={"call": "fc", "inputs": {"input": "fc"}},
    )
    found = answer(verb, given)
    assert told(found) == [("linear-in-features", "again")]
    assert "again (Linear of fc) gets 3 features from fc" in found["problems"][0]["message"]
    assert states(found) == {"x": "ok", "fc": "ok", "again": "error"}
    (fix,) = found["problems"][0]["fixes"]  # another in_features would break the first place
    mended = applied(given, fix["patch"])
    assert mended["nodes"]["fc"] == given["nodes"]["fc"]
    assert answer(verb, mended)["problems"] == []


@BOTH
def test_a_module_that_is_only_called_is_mended_where_it_stands(verb: str) -> None:
    given = network(
        x=node("Input", shape=[2, 4]),
        fc=node("Linear", in_features=5, out_features=3),
        use={"call": "fc", "inputs": {"input": "x"}},
    )
    found = answer(verb, given)
    assert told(found) == [("linear-in-features", "use")]
    for fix in found["problems"][0]["fixes"]:
        assert {op["path"] for op in fix["patch"]} == {"/nodes/fc/params/in_features"}
        assert answer(verb, applied(given, fix["patch"]))["problems"] == []


@BOTH
def test_what_cannot_be_built_is_blamed_where_it_stands(verb: str) -> None:
    given = network(
        x=node("Input", shape=[2, 16, 4]),
        norm=node("GroupNorm", num_groups=3, num_channels=16),
        use={"call": "norm", "inputs": {"input": "x"}},
        side=node("ReLU", "x"),
    )
    found = answer(verb, given)
    assert told(found) == [("group-norm-groups", "norm")]
    assert states(found) == {"x": "ok", "norm": "error", "use": "blocked", "side": "ok"}
    assert found["nodes"]["use"]["blocked_by"] == ["norm"]


@BOTH
def test_the_parameter_of_what_cannot_be_built(verb: str) -> None:
    given = network(
        x=node("Input", shape=[2, 16, 4]),
        norm=node("GroupNorm", "x", num_groups=3, num_channels=16),
        read=node("relu", "norm.weight"),
    )
    found = answer(verb, given)
    assert told(found) == [("group-norm-groups", "norm")]
    assert states(found) == {"x": "ok", "norm": "error", "read": "blocked"}


@BOTH
def test_a_list_of_wires(verb: str) -> None:
    given = network(
        a=node("Input", shape=[2, 3, 4, 4]),
        b=node("Input", shape=[2, 3]),
        all=node("cat", inputs={"tensors": ["b", "a", "b"]}, dim=1),
    )
    found = answer(verb, given)
    assert told(found) == [("cat-rank", "all")]
    (fix,) = found["problems"][0]["fixes"]
    assert fix["patch"][0] == {"op": "test", "path": "/nodes/all/inputs/tensors/1", "value": "a"}
    assert answer(verb, applied(given, fix["patch"]))["problems"] == []


def test_torchs_words_are_clean() -> None:
    from torchwire.engine.diagnosis.words import text_of

    fault = RuntimeError("bad tensor at 0x7f3a2c001b40\nException raised from f at g.cpp:1\nframe #0: h + 0x12")
    assert text_of(fault) == "bad tensor at 0x..."
