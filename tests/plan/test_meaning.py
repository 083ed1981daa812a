"""Our own types, `init`, the order of things, and what the engine ignores."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.plan.documents import X, built, document, forward, found, planned, right, shape, tensor, values
from torch import nn


def given(**params: Any) -> dict[str, Any]:
    return {"type": "Input", "params": params}


# -- Input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"shape": [2, 3]}, lambda: torch.randn(2, 3)),
        ({"shape": [2, 3], "dtype": "float64"}, lambda: torch.randn(2, 3, dtype=torch.float64)),
        ({"shape": [2, 3], "fill": "rand"}, lambda: torch.rand(2, 3)),
        ({"shape": [2, 3], "fill": "zeros"}, lambda: torch.zeros(2, 3)),
        ({"shape": [2, 3], "fill": "ones", "dtype": "int64"}, lambda: torch.ones(2, 3, dtype=torch.int64)),
        ({"shape": [2, 3], "fill": "arange"}, lambda: torch.arange(6, dtype=torch.float32).reshape(2, 3)),
        ({"shape": [4], "fill": "randint", "low": -3, "high": 3}, lambda: torch.randint(-3, 3, (4,))),
        (
            {"shape": [4], "fill": "randint", "high": 3, "dtype": "float32"},
            lambda: torch.randint(0, 3, (4,), dtype=torch.float32),
        ),
        (
            {"shape": [2, 2], "fill": "values", "values": [[1, 2], [3, "inf"]]},
            lambda: torch.tensor([[1, 2], [3, float("inf")]]),
        ),
        ({"shape": [], "fill": "values", "values": 5}, lambda: torch.tensor(5.0)),
        ({"shape": []}, lambda: torch.randn(())),
        ({"shape": [0, 3]}, lambda: torch.randn(0, 3)),
    ],
)
def test_fills(params: dict[str, Any], expected: Any) -> None:
    answer = right(document({"x": {"type": "Input", "params": params}}, seed=7))
    torch.manual_seed(7)
    wanted = expected()
    output = answer["nodes"]["x"]["outputs"]["output"]
    assert output["shape"] == list(wanted.shape)
    assert output["dtype"] == str(wanted.dtype).removeprefix("torch.")
    again = [[float(v) for v in row] for row in output["values"]] if wanted.dim() == 2 else output["values"]
    assert torch.equal(torch.tensor(again, dtype=wanted.dtype).reshape(wanted.shape), wanted)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "shape"),
        ({"shape": [-1, 3]}, "shape"),
        ({"shape": [2, 3], "fill": "values", "values": [1, 2]}, "shape"),
        ({"shape": [2, 2], "fill": "values", "values": [[1, 2], [3]]}, "values"),
        ({"shape": [1], "fill": "values", "values": ["x"]}, "values"),
        ({"shape": [1], "fill": "values"}, "values"),
        ({"shape": [1], "fill": "nope"}, "fill"),
        ({"shape": [1], "fill": {"normal_": {}}}, "fill"),
        ({"shape": [1], "dtype": "float31"}, "dtype"),
    ],
)
def test_a_wrong_input_is_a_problem_of_that_input(params: dict[str, Any], param: str) -> None:
    answer = forward(
        document({"x": {"type": "Input", "params": params}, "r": {"type": "relu", "inputs": {"input": "x"}}})
    )
    assert {(p["node"], p["param"]) for p in answer["problems"]} == {("x", param)}
    assert answer["nodes"]["r"]["state"] == "blocked"
    assert answer["nodes"]["r"]["blocked_by"] == ["x"]


def test_null_is_a_shape_that_was_not_given() -> None:
    answer = forward(document({"x": {"type": "Input", "params": {"shape": None}}}))
    assert [(p["code"], p["node"], p["param"]) for p in answer["problems"]] == [("missing-param", "x", "shape")]


# -- Parameter and Constant -------------------------------------------------------------------------------------------


def test_a_parameter_is_learned_and_a_constant_is_not() -> None:
    nodes = {
        "p": {"type": "Parameter", "params": {"shape": [2, 3], "fill": {"normal_": {"std": 0.02}}}},
        "c": {"type": "Constant", "params": {"shape": [3], "fill": "values", "values": [1, 2, 3]}},
        "d": {"type": "Constant", "params": {"shape": [3], "fill": "zeros", "persistent": False}},
        "x": X,
        "y": {"type": "add", "inputs": {"input": "p", "other": "c"}},
    }
    answer = right(document(nodes, seed=3))
    torch.manual_seed(3)
    weight = nn.init.normal_(torch.empty(2, 3), std=0.02)
    assert torch.equal(tensor(answer, "y"), weight + torch.tensor([1.0, 2.0, 3.0]))
    assert answer["totals"]["parameters"] == 6
    root = built(document(nodes, seed=3))
    assert list(dict(root.named_parameters())) == ["p"]
    assert list(dict(root.named_buffers())) == ["c", "d"]
    assert list(root.state_dict()) == ["p", "c"]


def test_a_computed_constant_runs_when_the_network_is_built() -> None:
    nodes = {
        "x": given(shape=[3, 3]),
        "ones": {"type": "ones", "params": {"size": [3, 3]}},
        "tril": {"type": "tril", "inputs": {"input": "ones"}},
        "mask": {"type": "Constant", "inputs": {"value": "tril"}},
        "y": {"type": "mul", "inputs": {"input": "x", "other": "mask"}},
    }
    answer = right(document(nodes))
    assert torch.equal(tensor(answer, "y"), tensor(answer, "x").tril())
    assert list(built(document(nodes)).state_dict()) == ["mask"]
    plan, _ = planned(document(nodes))
    assert [node.key for node in plan.graph.nodes.values() if node.in_init] == ["ones", "tril"]


def test_a_computed_parameter_draws_where_it_is_built() -> None:
    nodes = {
        "a": {"type": "Linear", "params": {"in_features": 2, "out_features": 2}, "inputs": {"input": "z"}},
        "zeros": {"type": "zeros", "params": {"size": [2, 2]}},
        "noise": {"type": "randn_like", "inputs": {"input": "zeros"}},
        "p": {"type": "Parameter", "inputs": {"value": "noise"}},
        "z": {"type": "add", "params": {"other": 0}, "inputs": {"input": "p"}},
    }
    answer = right(document(nodes))
    torch.manual_seed(0)
    nn.Linear(2, 2)
    assert torch.equal(tensor(answer, "p"), torch.randn(2, 2))


# -- init and trainable -----------------------------------------------------------------------------------------------


def test_init_of_a_node_runs_after_its_construction() -> None:
    node = {
        "type": "Linear",
        "params": {"out_features": 2},
        "inputs": {"input": "x"},
        "init": {"weight": {"normal_": {"std": 0.02}}, "bias": [1, 0]},
    }
    root = built(
        document({"x": X, "a": node, "b": {"type": "Linear", "params": {"out_features": 1}, "inputs": {"input": "a"}}})
    )
    torch.manual_seed(0)
    expected = nn.Linear(3, 2)
    nn.init.normal_(expected.weight, std=0.02)
    after = nn.Linear(2, 1)
    assert torch.equal(root.a.weight, expected.weight)
    assert root.a.bias.tolist() == [1, 0]
    assert torch.equal(root.b.weight, after.weight)


def test_init_of_the_document_runs_module_by_module_at_the_end() -> None:
    nodes = {
        "x": X,
        **{key: {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}} for key in "ab"},
    }
    init = {"Linear.weight": {"normal_": {}}, "Linear.bias": {"uniform_": {}}}
    root = built(document(nodes, init=init))
    torch.manual_seed(0)
    modules = [nn.Linear(3, 3), nn.Linear(3, 3)]
    for module in modules:
        nn.init.normal_(module.weight)
        nn.init.uniform_(module.bias)
    for ours, theirs in zip((root.a, root.b), modules, strict=True):
        assert torch.equal(ours.weight, theirs.weight)
        assert torch.equal(ours.bias, theirs.bias)


def test_init_of_a_block_and_of_its_use() -> None:
    inner = {"x": {"type": "Input"}, "fc": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}}}
    for where in ("block", "use"):
        init = {"Linear.weight": {"constant_": {"val": 0.5}}}
        block = {"nodes": inner, **({"init": init} if where == "block" else {})}
        use = {"type": "B", "inputs": {"x": "x"}, **({"init": init} if where == "use" else {})}
        root = built(document({"x": X, "a": use}, blocks={"B": block}))
        assert root.a.fc.weight.tolist() == [[0.5] * 3] * 3


@pytest.mark.parametrize(
    "init",
    [
        {"weigth": {"zeros_": {}}},
        {"weight": {"nope_": {}}},
        {"weight": {"zeros": {}}},
        {"weight": {"normal_": {"nope": 1}}},
        {"weight": {"normal_": {}, "zeros_": {}}},
        {"weight": {}},
        {"weight": 5},
        {"weight": [1, 2]},
        {"weight": {"_no_grad_fill_": {"val": 1}}},
        {"weight": {"normal_": {"std": 2**60}}},
    ],
)
def test_a_wrong_init_is_told_on_its_node(init: dict[str, Any]) -> None:
    node = {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "x"}, "init": init}
    answer = forward(document({"x": X, "a": node}))
    assert [(p["code"], p["node"], p["param"]) for p in answer["problems"]] == [("bad-init", "a", "init")]


def test_trainable_false_freezes() -> None:
    node = {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "x"}}
    answer = right(document({"x": X, "a": {**node, "trainable": False}, "b": node}))
    assert answer["totals"] == {**answer["totals"], "parameters": 16, "trainable": 8}
    root = built(document({"x": X, "a": {**node, "trainable": False}, "b": node}))
    assert [parameter.requires_grad for parameter in root.parameters()] == [False, False, True, True]


# -- order ------------------------------------------------------------------------------------------------------------


def test_construction_in_document_order_then_inputs_then_the_run() -> None:
    nodes = {
        "b": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "a"}},
        "y": X,
        "a": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}},
        "x": X,
        "d": {"type": "Dropout", "inputs": {"input": "b"}},
    }
    answer = right(document(nodes, seed=11, training=True))
    torch.manual_seed(11)
    b, a = nn.Linear(3, 3), nn.Linear(3, 3)
    y, x = torch.randn(2, 3), torch.randn(2, 3)
    assert torch.equal(tensor(answer, "y"), y)
    assert torch.equal(tensor(answer, "x"), x)
    assert torch.equal(tensor(answer, "d"), nn.functional.dropout(b(a(x))))


def test_renaming_keeps_the_place_and_sorting_changes_the_network() -> None:
    nodes = {
        "x": X,
        "b": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}},
        "a": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}},
    }
    first = right(document(nodes))
    again = right(document(dict(sorted(nodes.items()))))
    assert values(first, "b") != values(again, "b")


def test_the_run_is_first_ready_in_document_order() -> None:
    def relu(source: str) -> dict[str, Any]:
        return {"type": "relu", "inputs": {"input": source}}

    nodes = {
        "late": relu("c"),
        "x": X,
        "b": relu("x"),
        "a": relu("b"),
        "c": relu("x"),
        "out": {"type": "Output", "inputs": {"value": "late"}},
        "o2": {"type": "Output", "inputs": {"value": "a"}},
    }
    plan, _ = planned(document(nodes))
    assert plan.graph.order == ["x", "b", "a", "c", "late", "out", "o2"]


def test_nodes_that_no_output_needs_run_after_all_others() -> None:
    drop = {"type": "dropout", "inputs": {"input": "x"}}
    nodes = {"x": given(shape=[64]), "idle": drop, "used": drop, "out": {"type": "Output", "inputs": {"value": "used"}}}
    plan, _ = planned(document(nodes, training=True))
    assert (plan.graph.order, plan.graph.idle) == (["x", "used", "out"], ["idle"])
    answer = right(document(nodes, training=True))
    torch.manual_seed(0)
    x = torch.randn(64)
    used, idle = nn.functional.dropout(x), nn.functional.dropout(x)
    assert torch.equal(tensor(answer, "used"), used)
    assert torch.equal(tensor(answer, "idle"), idle)


def test_the_order_of_inputs_and_outputs_is_the_document_s() -> None:
    nodes = {
        "o2": {"type": "Output", "inputs": {"value": "a"}},
        "b": X,
        "a": X,
        "o1": {"type": "Output", "inputs": {"value": "b"}},
    }
    plan, _ = planned(document(nodes))
    assert plan.graph.returned == ["o2", "o1"]
    assert [node.key for node in plan.graph.kind("input")] == ["b", "a"]


def test_without_an_output_what_nobody_reads_is_returned() -> None:
    def relu(source: str) -> dict[str, Any]:
        return {"type": "relu", "inputs": {"input": source}}

    nodes = {"c": relu("x"), "x": X, "a": relu("x"), "b": relu("a")}
    plan, _ = planned(document(nodes))
    assert plan.graph.returned == ["c", "b"]
    assert plan.graph.idle == []


def test_a_node_whose_parameter_alone_is_read_is_still_returned() -> None:
    nodes = {
        "x": X,
        "a": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}},
        "w": {"type": "t", "inputs": {"input": "a.weight"}},
    }
    plan, _ = planned(document(nodes))
    assert plan.graph.returned == ["a", "w"]


def test_what_the_editor_keeps_is_ignored() -> None:
    plain = document({"x": X, "a": {"type": "exp", "inputs": {"input": "x"}}})
    drawn = document(
        {
            "x": X,
            "a": {
                "type": "exp",
                "inputs": {"input": "x"},
                "position": [1, 2.5],
                "note": "n",
                "collapsed": True,
                "color": "#f80",
            },
        },
        canvas={"frames": [{"deep": [[[]]]}], "view": {"zoom": 1.5}},
    )
    assert right(plain) == right(drawn)


def test_the_name_is_free_text() -> None:
    assert found(document({"x": X}, name="Ünïcode ☃ 'quoted' \n" + "x" * 80)) == []
    assert right(document({"x": X}, name="my tiny net"))["repr"].startswith("MyTinyNet(")


def test_an_empty_document() -> None:
    assert found(document({})) == []
    assert right(document({}))["nodes"] == {}
    assert shape(right(document({"x": X})), "x") == [2, 3]
