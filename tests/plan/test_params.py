"""`params`: JSON's values in Python's form, torch's defaults, tensors and modules as values."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.plan.documents import X, document, forward, found, planned, right, shape, tensor, values
from torch import nn


def call(kind: str, params: dict[str, Any], source: Any = None, port: str = "input") -> dict[str, Any]:
    return document({"x": source or X, "y": {"type": kind, "params": params, "inputs": {port: "x"}}})


IMAGE = {"type": "Input", "params": {"shape": [1, 3, 8, 8]}}


def params_of(network: dict[str, Any], node: str = "y") -> dict[str, Any]:
    plan, problems = planned(network)
    assert problems == []
    copy = plan.graph.nodes[node].copies[0]
    return {**copy.params, **copy.run_params}


def test_lists_are_tuples() -> None:
    network = call("Conv2d", {"out_channels": 2, "kernel_size": [3, 1], "padding": [1, 0]}, IMAGE)
    assert params_of(network) == {"out_channels": 2, "kernel_size": (3, 1), "padding": (1, 0)}
    assert right(network)["nodes"]["y"]["repr"] == str(nn.Conv2d(3, 2, kernel_size=(3, 1), padding=(1, 0)))


def test_what_is_left_out_is_torch_s_default() -> None:
    assert params_of(call("Conv2d", {"out_channels": 2, "kernel_size": 3}, IMAGE)) == {
        "out_channels": 2,
        "kernel_size": 3,
    }


def test_null_is_none() -> None:
    network = call("AdaptiveAvgPool2d", {"output_size": [None, 2]}, IMAGE)
    assert right(network)["nodes"]["y"]["repr"] == str(nn.AdaptiveAvgPool2d((None, 2)))
    assert shape(right(network), "y") == [1, 3, 8, 2]


def test_dtypes_are_names() -> None:
    network = call(
        "Linear",
        {"out_features": 2, "dtype": "float64"},
        {"type": "Input", "params": {"shape": [2, 3], "dtype": "float64"}},
    )
    assert right(network)["nodes"]["y"]["outputs"]["output"]["dtype"] == "float64"
    assert ("bad-param", "y", "dtype") in found(call("Linear", {"out_features": 2, "dtype": "float31"}))


@pytest.mark.parametrize(("text", "number"), [("inf", float("inf")), ("-inf", float("-inf"))])
def test_infinities_are_written_as_text(text: str, number: float) -> None:
    mask = {"type": "ones_like", "params": {"dtype": "bool"}, "inputs": {"input": "x"}}
    network = document(
        {
            "x": X,
            "m": mask,
            "y": {"type": "masked_fill", "params": {"value": text}, "inputs": {"input": "x", "mask": "m"}},
        }
    )
    assert params_of(network) == {"value": number}
    assert values(right(network), "y") == [[text] * 3] * 2


def test_nan_is_written_as_text() -> None:
    network = call("full_like", {"fill_value": "nan"})
    assert values(right(network), "y") == [["nan"] * 3] * 2


@pytest.mark.parametrize("written", [1, 1.0])
def test_one_and_one_point_nought_are_one_number(written: Any) -> None:
    assert type(params_of(call("Dropout", {"p": written}))["p"]) is float
    kernel = params_of(call("MaxPool2d", {"kernel_size": written}, IMAGE))["kernel_size"]
    assert (type(kernel), kernel) == (int, 1)
    integers = {"type": "Input", "params": {"shape": [2, 3], "fill": "randint"}}
    network = call("add", {"other": written}, integers)
    assert right(network)["nodes"]["y"]["outputs"]["output"]["dtype"] == "int64"


def test_an_expression_insists_on_a_float() -> None:
    integers = {"type": "Input", "params": {"shape": [2, 3], "fill": "randint"}}
    network = call("add", {"other": {"$": "1.0"}}, integers)
    assert right(network)["nodes"]["y"]["outputs"]["output"]["dtype"] == "float32"
    full = document({"y": {"type": "full", "params": {"size": [2], "fill_value": 1}}})
    assert right(full)["nodes"]["y"]["outputs"]["output"]["dtype"] == "int64"
    full["nodes"]["y"]["params"]["fill_value"] = {"$": "1.0"}
    assert right(full)["nodes"]["y"]["outputs"]["output"]["dtype"] == "float32"


def test_a_fraction_is_no_integer() -> None:
    assert ("bad-param", "y", "kernel_size") in found(call("MaxPool2d", {"kernel_size": 1.5}, IMAGE))


def test_integers_within_two_to_the_53() -> None:
    assert found(call("add", {"other": 2**53})) == []
    assert found(call("add", {"other": 2**53 + 1})) == [("bad-param", "y", "other")]
    assert found(call("view", {"shape": [[-(2**53) - 1]]})) == [("bad-param", "y", "shape")]


def test_a_tensor_valued_argument_is_a_nested_list() -> None:
    target = {"type": "Input", "params": {"shape": [2], "fill": "values", "values": [0, 2], "dtype": "int64"}}
    node = {"type": "CrossEntropyLoss", "params": {"weight": [1, 2, 0.5]}, "inputs": {"input": "x", "target": "t"}}
    answer = right(document({"x": X, "t": target, "y": node}))
    x = tensor(answer, "x")
    expected = nn.CrossEntropyLoss(weight=torch.tensor([1, 2, 0.5]))(x, torch.tensor([0, 2]))
    assert values(answer, "y") == pytest.approx(expected.item(), rel=1e-6)


def test_a_module_valued_argument_is_a_nested_node() -> None:
    layer = {"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforward": 8}}
    source = {"type": "Input", "params": {"shape": [5, 1, 4]}}
    network = call("TransformerEncoder", {"encoder_layer": layer, "num_layers": 2}, source, "src")
    answer = right(network, parameters="all")
    torch.manual_seed(0)
    expected = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2, enable_nested_tensor=False)
    assert answer["nodes"]["y"]["parameter_count"] == sum(parameter.numel() for parameter in expected.parameters())
    weight = answer["nodes"]["y"]["parameters"]["layers.1.self_attn.in_proj_weight"]["values"]
    assert torch.equal(torch.tensor(weight), expected.layers[1].self_attn.in_proj_weight)


@pytest.mark.parametrize("wrapper", ["spectral_norm", "weight_norm"])
def test_a_wrapper_has_the_ports_of_its_module(wrapper: str) -> None:
    network = call(wrapper, {"module": {"type": "Linear", "params": {"out_features": 2}}})
    assert shape(right(network), "y") == [2, 2]
    assert ("missing-wire", "y", "input") in found(
        {**network, "nodes": {**network["nodes"], "y": {**network["nodes"]["y"], "inputs": {}}}}
    )


def test_forward_s_own_arguments_are_params_too() -> None:
    source = {"type": "Input", "params": {"shape": [5, 1, 4]}}
    node = {
        "type": "MultiheadAttention",
        "params": {"num_heads": 2, "need_weights": False},
        "inputs": {"query": "x", "key": "x", "value": "x"},
    }
    assert list(right(document({"x": source, "y": node}))["nodes"]["y"]["outputs"]) == ["attn_output"]
    up = {
        "type": "ConvTranspose2d",
        "params": {"out_channels": 1, "kernel_size": 3, "stride": 2, "output_size": [18, 18]},
        "inputs": {"input": "x"},
    }
    assert shape(right(document({"x": {"type": "Input", "params": {"shape": [1, 2, 8, 8]}}, "y": up})), "y") == [
        1,
        1,
        18,
        18,
    ]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (":, -1", (slice(None), -1)),
        ("0", 0),
        ("..., 1:3", (..., slice(1, 3))),
        ({"$": "..., :x.shape[0]"}, (..., slice(None, 2))),
        (1, 1),
        ([0, 1], [0, 1]),
    ],
)
def test_getitem_takes_what_stands_between_the_brackets(index: Any, expected: Any) -> None:
    answer = right(call("getitem", {"index": index}))
    assert torch.equal(tensor(answer, "y"), tensor(answer, "x")[expected])


def test_getitem_takes_tensors_on_its_port() -> None:
    index = {"type": "Input", "params": {"shape": [2], "fill": "values", "values": [1, 0], "dtype": "int64"}}
    answer = right(document({"x": X, "i1": index, "y": {"type": "getitem", "inputs": {"input": "x", "index": "i1"}}}))
    assert values(answer, "y") == values(answer, "x")[::-1]
    pair = right(
        document({"x": X, "i1": index, "y": {"type": "getitem", "inputs": {"input": "x", "index": ["i1", "i1"]}}})
    )
    x = values(pair, "x")
    assert values(pair, "y") == [x[1][1], x[0][0]]


@pytest.mark.parametrize(
    ("kind", "params"), [("view", {"shape": [3, 2]}), ("reshape", {"shape": [3, -1]}), ("permute", {"dims": [1, 0]})]
)
def test_names_of_shapes(kind: str, params: dict[str, Any]) -> None:
    assert shape(right(call(kind, params)), "y") == [3, 2]


def test_training_left_out_of_a_function_is_the_network_s() -> None:
    network = call("dropout", {"p": 0.5}, {"type": "Input", "params": {"shape": [1000], "fill": "ones"}})
    assert values(right(network), "y") == [1.0] * 1000
    assert 0.0 in values(right({**network, "training": True}), "y")
    network["nodes"]["y"]["params"]["training"] = True
    assert 0.0 in values(right(network), "y")


def test_inplace_is_computed_out_of_place() -> None:
    answer = right(call("ReLU", {"inplace": True}))
    assert min(min(row) for row in values(answer, "x")) < 0
    assert answer["nodes"]["y"]["repr"] == "ReLU(inplace=True)"


def test_a_later_reader_of_an_overwritten_tensor_is_a_problem() -> None:
    network = document(
        {
            "x": X,
            "a": {"type": "exp", "inputs": {"input": "x"}},
            "y": {"type": "ReLU", "params": {"inplace": True}, "inputs": {"input": "a"}},
            "z": {"type": "add", "inputs": {"input": "a", "other": "y"}},
        }
    )
    assert "inplace-overwritten" in {problem["code"] for problem in forward(network)["problems"]}


def test_a_number_on_either_side_of_an_operator() -> None:
    answer = right(
        document(
            {
                "x": X,
                "y": {"type": "sub", "params": {"input": 1}, "inputs": {"other": "x"}},
                "z": {"type": "sub", "params": {"other": 1}, "inputs": {"input": "x"}},
            }
        )
    )
    x = tensor(answer, "x")
    assert torch.equal(tensor(answer, "y"), 1 - x)
    assert torch.equal(tensor(answer, "z"), x - 1)


@pytest.mark.parametrize("kind", ["Linear", "LazyLinear"])
def test_lazy_is_an_alias(kind: str) -> None:
    assert right(call(kind, {"out_features": 2}))["nodes"]["y"]["repr"] == str(nn.Linear(3, 2))


def test_what_the_input_decides_is_inferred_and_reported() -> None:
    answer = right(call("Conv2d", {"out_channels": 2, "kernel_size": 3}, IMAGE))
    assert answer["nodes"]["y"]["inferred"] == {"in_channels": 3}


def test_a_wrong_explicit_value_is_a_problem_and_never_replaced() -> None:
    answer = forward(call("Linear", {"in_features": 5, "out_features": 2}))
    assert not answer["ok"]
    assert answer["nodes"]["y"]["inferred"] == {}
    assert answer["nodes"]["y"]["parameter_count"] == 12
    assert any(problem["fixes"] for problem in answer["problems"] if problem["node"] == "y")


@pytest.mark.parametrize(
    "kind", ["empty_like", "empty", "add_", "relu_", "Module", "__class__", "manual_seed", "save", "conv2D", "RELU"]
)
def test_only_what_the_catalogue_lists_exists(kind: str) -> None:
    assert ("unknown-type", "y", "type") in found(call(kind, {}))
