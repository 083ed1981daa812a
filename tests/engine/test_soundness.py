"""Weights that would not be those that the document describes: their node does not run, nor whoever needs them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.plan.documents import X, analyze, built, document, forward, patched, right, tensor
from tests.plan.test_blame import states, told, unexplained


def linear(source: str = "x", width: int = 3, **more: Any) -> dict[str, Any]:
    inputs = {"input": source, **more.pop("inputs", {})}
    return {"type": "Linear", "params": {"out_features": width, "bias": False}, "inputs": inputs, **more}


def relu(source: str) -> dict[str, Any]:
    return {"type": "relu", "inputs": {"input": source}}


def mended(network: dict[str, Any], answer: dict[str, Any]) -> None:
    """Every fix removes the problem that offers it."""
    for problem in answer["problems"]:
        for fix in problem["fixes"]:
            after = analyze(patched(network, fix["patch"]))["problems"]
            assert (problem["code"], problem["node"]) not in [(other["code"], other["node"]) for other in after]


BOTH = pytest.mark.parametrize("compute", [analyze, forward])

# -- init -------------------------------------------------------------------------------------------------------------

WRONG = {
    "no such function": {"weight": {"nope_": {}}},
    "a bound that only values tell": {"weight": {"uniform_": {"a": 2, "b": 1}}},
    "values of another shape": {"weight": [1, 2]},
    "no such parameter": {"weigth": {"zeros_": {}}},
    "an argument that it does not take": {"weight": {"zeros_": {"std": 1}}},
}


@BOTH
@pytest.mark.parametrize("why", WRONG)
def test_a_node_whose_init_fails_does_not_run(compute: Any, why: str) -> None:
    nodes = {
        "x": X,
        "a": linear(init=WRONG[why]),
        "after": relu("a"),
        "weight": relu("a.weight"),
        "again": {"call": "a", "inputs": {"input": "x"}},
        "tied": linear(inputs={"weight": "a.weight"}),
        "other": linear(),
    }
    network = document(nodes)
    answer = compute(network)
    assert told(answer) == [("bad-init", "a")]
    waiting = dict.fromkeys(("after", "weight", "again", "tied"), ("blocked", "a"))
    assert states(answer) == {"x": ("ok",), "a": ("error",), "other": ("ok",), **waiting}
    assert answer["nodes"]["a"]["parameter_count"] == 9
    mended(network, answer)


@BOTH
def test_an_init_of_a_large_parameter_fails_when_it_is_made(compute: Any) -> None:
    nodes = {"x": X, "a": linear(width=3000, init={"weight": {"uniform_": {"a": 2, "b": 1}}}), "after": relu("a")}
    answer = compute(document({**nodes, "tied": linear(width=3000, inputs={"weight": "a.weight"})}))
    if compute is forward:  # the meta device does not look at these bounds
        assert told(answer) == [("bad-init", "a")]
        assert states(answer) == {"x": ("ok",), "a": ("error",), "after": ("blocked", "a"), "tied": ("blocked", "a")}


@BOTH
def test_a_parameter_whose_fill_or_init_fails(compute: Any) -> None:
    nodes = {
        "p": {"type": "Parameter", "params": {"shape": [3], "fill": {"kaiming_normal_": {}}}},
        "c": {"type": "Constant", "params": {"shape": [3]}, "init": {"value": {"nope_": {}}}},
        "r": relu("p"),
        "s": relu("c"),
    }
    answer = compute(document(nodes))
    assert told(answer) == [("bad-init", "p"), ("bad-init", "c")]
    assert states(answer) == {"p": ("error",), "c": ("error",), "r": ("blocked", "p"), "s": ("blocked", "c")}


@BOTH
def test_an_init_of_a_graph_fails_at_the_modules_that_it_is_for(compute: Any) -> None:
    block = {"nodes": {"x": {"type": "Input"}, "fc": linear()}, "init": {"Linear.weight": {"nope_": {}}}}
    norm = {"type": "BatchNorm1d", "inputs": {"input": "x"}}
    nodes = {"x": X, "u": {"type": "B", "inputs": {"x": "x"}}, "a": norm, "r": relu("a"), "e": relu("x")}
    network = document(nodes, blocks={"B": block}, init={"BatchNorm1d.weight": {"eye_": {}}})
    answer = compute(network)
    assert told(answer) == [("bad-init", "u.fc"), ("bad-init", "a")]
    assert states(answer) == {"x": ("ok",), "u": ("error",), "a": ("error",), "r": ("blocked", "a"), "e": ("ok",)}
    mended(network, answer)


@BOTH
@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("Linaer.weight", "Linear.weight"),
        ("Linear.wieght", "Linear.weight"),
        ("Foo.weight", None),
        ("Conv2D.weight", "Conv2d.weight"),
    ],
)
def test_a_rule_that_fills_nothing_is_told(compute: Any, rule: str, meant: str | None) -> None:
    network = document({"x": X, "a": linear()}, init={rule: {"zeros_": {}}})
    answer = compute(network)
    assert told(answer) == [("bad-init", None)]
    (problem,) = answer["problems"]
    titles = [fix["title"] for fix in problem["fixes"]]
    assert titles == [f"Rename it to {meant}"] * (meant is not None) + [f"Remove the rule {rule}"]
    mended(network, answer)


def test_rules_for_layers_that_are_not_there_or_have_no_bias_are_right() -> None:
    rules = {"Conv2d.weight": {"zeros_": {}}, "Linear.bias": {"zeros_": {}}}
    inner = {"type": "TransformerEncoderLayer", "params": {"nhead": 1}, "inputs": {"src": "x"}}
    right(document({"x": X, "a": linear()}, init=rules))
    right(document({"x": X, "a": inner}, init={"NonDynamicallyQuantizableLinear.weight": {"zeros_": {}}}))


def test_a_use_of_a_block_whose_rule_fills_nothing_does_not_run() -> None:
    block = {"nodes": {"x": {"type": "Input"}, "fc": linear()}}
    use = {"type": "B", "inputs": {"x": "x"}, "init": {"Linaer.weight": {"zeros_": {}}}}
    answer = forward(document({"x": X, "u": use, "r": relu("u")}, blocks={"B": block}))
    assert told(answer) == [("bad-init", "u")]
    assert states(answer) == {"x": ("ok",), "u": ("error",), "r": ("blocked", "u")}


# -- ties -------------------------------------------------------------------------------------------------------------


@BOTH
def test_a_node_whose_tie_fails_does_not_run_and_keeps_its_count(compute: Any) -> None:
    nodes = {
        "x": X,
        "a": linear(inputs={"weight": "b.weight"}),
        "b": linear(width=2),
        "after": relu("a"),
        "chained": linear(inputs={"weight": "a.weight"}),
    }
    network = document(nodes)
    answer = compute(network)
    assert told(answer) == [("bad-wire", "a")]
    waiting = dict.fromkeys(("after", "chained"), ("blocked", "a"))
    assert states(answer) == {"x": ("ok",), "a": ("error",), "b": ("ok",), **waiting}
    assert answer["nodes"]["a"]["parameter_count"] == 9
    mended(network, answer)


@BOTH
def test_a_tie_to_what_cannot_be_made_blocks_its_node(compute: Any) -> None:
    nodes = {
        "x": X,
        "a": linear(inputs={"weight": "b.weight"}),
        "b": linear("c"),
        "c": {"type": "Relu", "inputs": {"input": "x"}},
    }
    answer = compute(document(nodes))
    assert told(answer) == [("unknown-type", "c")]
    assert states(answer)["a"] == ("blocked", "c")


def test_a_tie_to_what_is_over_a_limit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHWIRE_MAX_PARAMETERS", "10")
    from torchwire.settings import settings

    settings.cache_clear()
    nodes = {"x": X, "big": linear(width=4), "a": linear(width=4, inputs={"weight": "big.weight"})}
    try:
        answer = forward(document(nodes))
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert states(answer)["a"][0] == "skipped"
    assert unexplained(document(nodes), answer) == []


TIES = {
    "a circle of two": {"d": "e", "e": "d", "f": "f"},
    "a circle of three": {"d": "e", "e": "f", "f": "d"},
    "a chain": {"d": "e", "e": "f"},
    "a chain backwards": {"e": "d", "f": "e"},
    "two of one": {"d": "f", "e": "f"},
}


@pytest.mark.parametrize("how", TIES)
def test_tied_parameters_are_counted_as_torch_counts_them(how: str) -> None:
    ties = TIES[how]
    nodes = {key: linear(inputs={"weight": f"{ties[key]}.weight"} if key in ties else {}) for key in "defg"}
    network = document({"x": X, **nodes})
    root = built(network)
    answer = right(network)
    assert answer["totals"]["parameters"] == sum(parameter.numel() for parameter in root.parameters())
    for key in "defg":
        assert torch.equal(tensor(answer, key), getattr(root, key)(tensor(answer, "x")))
    if how.startswith("a chain"):
        assert root.d.weight is root.e.weight is root.f.weight


def test_a_parameter_of_one_copy_of_a_row_is_tied() -> None:
    row = linear(repeat=2, inputs={"1.weight": "b.weight"})
    network = document({"x": X, "a": row, "b": linear()})
    root = built(network)
    assert root.a[1].weight is root.b.weight
    assert right(network)["totals"]["parameters"] == sum(parameter.numel() for parameter in root.parameters()) == 18


def test_of_a_constant_each_tie_makes_a_parameter() -> None:
    nodes = {"c": {"type": "Constant", "params": {"shape": [3, 3]}}, "a": linear(inputs={"weight": "c"})}
    network = document({"x": X, **nodes})
    assert right(network)["totals"]["parameters"] == sum(parameter.numel() for parameter in built(network).parameters())


@pytest.mark.parametrize("place", ["node", "document", "fill"])
def test_a_misspelt_init_is_told_with_the_function_that_was_meant(place: str) -> None:
    wrong: dict[str, Any] = {"nomal_": {"std": 0.5}}
    layer: dict[str, Any] = {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "x"}}
    nodes: dict[str, Any] = {"x": X, "a": layer}
    if place == "node":
        layer["init"] = {"weight": wrong}
    elif place == "fill":
        nodes["a"] = {"type": "Constant", "params": {"shape": [2], "fill": wrong}}
    network = document(nodes, **({"init": {"Linear.weight": wrong}} if place == "document" else {}))
    for verb in (analyze, forward):
        answer = verb(network)
        (problem,) = (found for found in answer["problems"] if found["code"] == "bad-init")
        assert problem["node"] == "a"
        assert answer["nodes"]["a"]["state"] == "error"
        assert verb(patched(network, problem["fixes"][0]["patch"]))["ok"]


def test_a_node_whose_weights_fail_computes_nothing() -> None:
    wrong = document({"x": X, "a": linear(init={"weight": [1]}), "b": linear()})
    for answer in (analyze(wrong), forward(wrong)):
        assert [answer["nodes"][key]["macs"] for key in "ab"] == [None, 18]
        assert answer["totals"]["macs"] == 18


def test_a_frozen_layer_holds_what_it_is_tied_to() -> None:
    """The tie is made after the freeze: torch's own word is asked."""
    network = document({"x": X, "a": linear(), "b": linear("a", inputs={"weight": "a.weight"}, trainable=False)})
    root = built(network)
    for answer in (analyze(network), forward(network)):
        for name, parameter in root.named_parameters(remove_duplicate=False):
            node, _, own = name.partition(".")
            assert answer["nodes"][node]["parameters"][own]["requires_grad"] == parameter.requires_grad
