"""Blocks, repeat, when and attribute."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.plan.documents import X, built, document, forward, found, planned, right, shape, tensor, values
from torch import nn

LINEAR = {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "x"}}
HEAD = {
    "params": {"width": 4},
    "nodes": {"x": {"type": "Input"}, "fc": LINEAR, "y": {"type": "Output", "inputs": {"value": "fc"}}},
}


def use(**more: Any) -> dict[str, Any]:
    return {"type": "Head", "inputs": {"x": "x"}, **more}


def test_defaults_and_arguments() -> None:
    answer = right(document({"x": X, "a": use(), "b": use(params={"width": 2})}, blocks={"Head": HEAD}))
    assert shape(answer, "a") == [2, 4]
    assert shape(answer, "b") == [2, 2]


def test_a_default_may_name_an_earlier_parameter() -> None:
    block = {**HEAD, "params": {"base": 3, "width": {"$": "2 * base"}}}
    assert shape(right(document({"x": X, "a": use()}, blocks={"Head": block})), "a") == [2, 6]
    assert shape(right(document({"x": X, "a": use(params={"base": 5})}, blocks={"Head": block})), "a") == [2, 10]


def test_an_argument_is_an_expression_of_the_user_s_graph() -> None:
    network = document({"x": X, "a": use(params={"width": {"$": "n * 2"}})}, params={"n": 4}, blocks={"Head": HEAD})
    assert shape(right(network), "a") == [2, 8]


def test_a_block_does_not_see_the_names_of_its_user() -> None:
    block = {"nodes": {"x": {"type": "Input"}, "fc": {**LINEAR, "params": {"out_features": {"$": "n"}}}}}
    network = document({"x": X, "a": use()}, params={"n": 4}, blocks={"Head": block})
    assert found(network) == [("bad-expression", "a.fc", "out_features")]


def test_every_use_has_its_own_weights_and_its_own_inferred_values() -> None:
    network = document({"x": X, "a": use(), "b": use(inputs={"x": "a"})}, blocks={"Head": HEAD})
    answer = right(network, open=["a", "b"], parameters="all")
    assert answer["nodes"]["a.fc"]["inferred"] == {"in_features": 3}
    assert answer["nodes"]["b.fc"]["inferred"] == {"in_features": 4}
    torch.manual_seed(0)
    first, second = nn.Linear(3, 4), nn.Linear(4, 4)
    for node, module in (("a.fc", first), ("b.fc", second)):
        assert torch.equal(torch.tensor(answer["nodes"][node]["parameters"]["weight"]["values"]), module.weight)


def test_a_lone_output_is_also_output() -> None:
    for reference in ("a", "a.y", "a.output"):
        network = document(
            {"x": X, "a": use(), "r": {"type": "relu", "inputs": {"input": reference}}}, blocks={"Head": HEAD}
        )
        assert shape(right(network), "r") == [2, 4]


def test_several_outputs_are_ports_in_order() -> None:
    block = {
        "nodes": {
            "x": {"type": "Input"},
            "first": {"type": "Output", "inputs": {"value": "e"}},
            "e": {"type": "exp", "inputs": {"input": "x"}},
            "second": {"type": "Output", "inputs": {"value": "x"}},
        }
    }
    network = document(
        {"x": X, "a": use(), "r": {"type": "relu", "inputs": {"input": "a.second"}}}, blocks={"Head": block}
    )
    answer = right(network)
    assert list(answer["nodes"]["a"]["outputs"]) == ["first", "second"]
    assert values(answer, "r") == [[max(v, 0.0) for v in row] for row in values(answer, "x")]
    network["nodes"]["r"]["inputs"]["input"] = "a.output"
    assert [(p["code"], p["node"], p["port"]) for p in forward(network)["problems"]] == [
        ("unknown-output", "r", "input")
    ]


def test_blocks_nest() -> None:
    outer = {"nodes": {"x": {"type": "Input"}, "one": use(), "two": use(inputs={"x": "one"}, params={"width": 5})}}
    network = document({"x": X, "o": {"type": "Outer", "inputs": {"x": "x"}}}, blocks={"Outer": outer, "Head": HEAD})
    answer = right(network, open=["o", "o.two"])
    assert shape(answer, "o") == [2, 5]
    assert answer["nodes"]["o.two.fc"]["inferred"] == {"in_features": 4}


def test_a_block_named_like_a_later_type_wins() -> None:
    block = {"nodes": {"x": {"type": "Input"}, "e": {"type": "exp", "inputs": {"input": "x"}}}}
    answer = right(document({"x": X, "a": {"type": "RMSNorm", "inputs": {"x": "x"}}}, blocks={"RMSNorm": block}))
    assert torch.equal(tensor(answer, "a"), tensor(answer, "x").exp())


def test_unused_nodes_of_a_block_are_built_and_never_run() -> None:
    block = {
        "nodes": {
            "x": {"type": "Input"},
            "idle": {"type": "Dropout", "inputs": {"input": "x"}},
            "l": {"type": "Linear", "params": {"out_features": 1}, "inputs": {"input": "x"}},
            "y": {"type": "Output", "inputs": {"value": "x"}},
        }
    }
    plan, problems = planned(document({"x": X, "a": use()}, blocks={"Head": block}))
    assert problems == []
    graph = plan.graph.nodes["a"].copies[0].graph
    assert graph is not None
    assert graph.order == ["x", "y"]
    assert graph.idle == ["idle", "l"]
    answer = right(document({"x": X, "a": use()}, blocks={"Head": block}))
    assert answer["totals"]["parameters"] == 4


# -- repeat -----------------------------------------------------------------------------------------------------------


def test_copies_in_a_row_with_their_own_weights() -> None:
    node = {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}, "repeat": 3}
    answer = right(document({"x": X, "a": node}, seed=5), parameters="all")
    torch.manual_seed(5)
    layers = [nn.Linear(3, 3) for _ in range(3)]
    value = torch.randn(2, 3)
    assert torch.equal(tensor(answer, "x"), value)
    for layer in layers:
        value = layer(value)
    assert torch.equal(tensor(answer, "a"), value)
    assert list(answer["nodes"]["a"]["parameters"]) == [f"{n}.{name}" for n in range(3) for name in ("weight", "bias")]


@pytest.mark.parametrize("count", [0, {"$": "n - 3"}])
def test_no_copy_at_all_hands_its_first_port_on(count: Any) -> None:
    node = {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}, "repeat": count}
    answer = right(document({"x": X, "a": node, "r": {"type": "exp", "inputs": {"input": "a"}}}, params={"n": 3}))
    assert answer["totals"]["parameters"] == 0
    assert torch.equal(tensor(answer, "r"), tensor(answer, "x").exp())


def test_i_counts_the_copies() -> None:
    node = {"type": "Linear", "params": {"out_features": {"$": "widths[i]"}}, "inputs": {"input": "x"}, "repeat": 3}
    answer = right(document({"x": X, "a": node}, params={"widths": [5, 6, 7]}))
    assert shape(answer, "a") == [2, 7]
    assert answer["totals"]["parameters"] == 4 * 5 + 6 * 6 + 7 * 7


def test_other_ports_get_the_same_wires_every_time() -> None:
    node = {"type": "add", "inputs": {"input": "x", "other": "y"}, "repeat": 3}
    ones = {"type": "Input", "params": {"shape": [2, 3], "fill": "ones"}}
    answer = right(document({"x": ones, "y": ones, "a": node}))
    assert values(answer, "a") == [[4.0] * 3] * 2


def test_the_outputs_are_the_last_copy_s() -> None:
    source = {"type": "Input", "params": {"shape": [4, 1, 3]}}
    node = {"type": "LSTM", "params": {"hidden_size": 3}, "inputs": {"input": "x"}, "repeat": 2}
    answer = right(document({"x": source, "a": node}))
    assert list(answer["nodes"]["a"]["outputs"]) == ["output", "h_n", "c_n"]
    assert values(answer, "a", "h_n")[0] == values(answer, "a", "output")[-1]


def test_a_repeated_block() -> None:
    answer = right(
        document({"x": X, "a": use(repeat={"$": "2"}, params={"width": {"$": "3 + i"}})}, blocks={"Head": HEAD}),
        open=["a"],
    )
    assert shape(answer, "a") == [2, 4]
    assert answer["nodes"]["a.1.fc"]["inferred"] == {"in_features": 3}


# -- when -------------------------------------------------------------------------------------------------------------


def test_where_false_the_name_stands_for_the_first_port() -> None:
    node = {"type": "Linear", "params": {"out_features": 9}, "inputs": {"input": "x"}, "when": {"$": "deep == 1"}}
    network = document({"x": X, "a": node, "r": {"type": "exp", "inputs": {"input": "a"}}}, params={"deep": 0})
    answer = right(network)
    assert shape(answer, "r") == [2, 3]
    assert answer["totals"]["parameters"] == 0
    assert shape(right({**network, "params": {"deep": 1}}), "r") == [2, 9]


def test_two_absent_nodes_in_a_row() -> None:
    off = {"type": "relu", "inputs": {"input": "x"}, "when": False}
    network = document(
        {"x": X, "a": off, "b": {**off, "inputs": {"input": "a"}}, "r": {"type": "exp", "inputs": {"input": "b"}}}
    )
    answer = right(network)
    assert torch.equal(tensor(answer, "r"), tensor(answer, "x").exp())


def test_an_absent_node_still_stands_in_the_order_of_the_graph() -> None:
    """`d1` reads the absent `m` first of all, as written: removing `m` must not let `d2` overtake."""

    def drop(source: str) -> dict[str, Any]:
        return {"type": "dropout", "params": {"p": 0.5}, "inputs": {"input": source}}

    nodes = {
        "x": {"type": "Input", "params": {"shape": [64], "fill": "ones"}},
        "d1": drop("m"),
        "deep": {"type": "relu", "inputs": {"input": "x"}},
        "m": {"type": "add", "inputs": {"input": "x", "other": "deep"}, "when": False},
        "d2": drop("x"),
    }
    plan, problems = planned(document(nodes, training=True))
    assert problems == []
    assert plan.graph.order == ["x", "deep", "m", "d1", "d2"]


def test_a_size_of_an_absent_node_is_that_of_what_it_stands_for() -> None:
    nodes = {
        "x": X,
        "off": {"type": "t", "inputs": {"input": "x"}, "when": False},
        "r": {"type": "reshape", "params": {"shape": [{"$": "off.shape[1]"}, -1]}, "inputs": {"input": "x"}},
    }
    assert shape(right(document(nodes)), "r") == [3, 2]


BLOCK = {
    "params": {"masked": False},
    "nodes": {
        "x": {"type": "Input"},
        "mask": {"type": "Input", "when": {"$": "masked"}},
        "y": {"type": "add", "inputs": {"input": "x", "other": "mask"}, "when": {"$": "masked"}},
        "out": {"type": "Output", "inputs": {"value": "y"}},
    },
}


def test_an_input_with_when_is_an_optional_port() -> None:
    without = document({"x": X, "a": {"type": "M", "inputs": {"x": "x"}}}, blocks={"M": BLOCK})
    answer = right(without)
    assert values(answer, "a") == values(answer, "x")
    both = document(
        {"x": X, "a": {"type": "M", "params": {"masked": True}, "inputs": {"x": "x", "mask": "x"}}}, blocks={"M": BLOCK}
    )
    assert torch.equal(torch.tensor(values(right(both), "a")), 2 * torch.tensor(values(right(both), "x")))


def test_an_optional_port_that_is_needed_and_not_wired_is_a_problem() -> None:
    network = document(
        {"x": X, "a": {"type": "M", "params": {"masked": True}, "inputs": {"x": "x"}}}, blocks={"M": BLOCK}
    )
    problems = [(p["code"], p["node"], p["port"]) for p in forward(network)["problems"]]
    assert ("missing-wire", "a", "mask") in problems


# -- attribute --------------------------------------------------------------------------------------------------------


def test_attribute_only_names() -> None:
    nodes = {
        "x": X,
        "features_0": {
            "type": "Linear",
            "params": {"out_features": 3},
            "inputs": {"input": "x"},
            "attribute": "features.0",
        },
        "features_1": {
            "type": "Linear",
            "params": {"out_features": 2},
            "inputs": {"input": "features_0"},
            "attribute": "features.1",
        },
    }
    assert list(built(document(nodes)).state_dict()) == [
        f"features.{n}.{name}" for n in (0, 1) for name in ("weight", "bias")
    ]
    assert list(right(document(nodes))["nodes"]) == ["x", "features_0", "features_1"]


def test_problems_in_blocks_speak_of_module_paths() -> None:
    block = {
        "nodes": {
            "x": {"type": "Input"},
            "a": {"type": "Linear", "inputs": {"input": "x"}, "attribute": "body.0", "sed": 1},
        }
    }
    network = document({"x": X, "b": {"type": "B", "inputs": {"x": "x"}, "repeat": 2}}, blocks={"B": block})
    assert {(code, node) for code, node, _ in found(network)} == {
        ("missing-param", "b.0.body.0"),
        ("unknown-key", "b.0.body.0"),
    }
    for problem in planned(network)[1]:
        for fix in problem.fixes:
            assert all(operation["path"].startswith("/blocks/B/nodes/a") for operation in fix.patch)
