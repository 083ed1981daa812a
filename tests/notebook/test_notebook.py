"""The rows of the teaching notebook, from the gallery and over REST, with the figures that a student must see."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest
import torch
import torch.nn.functional as F
from torch import nn

Answer = dict[str, Any]


@pytest.fixture
def example(api: httpx.Client) -> Any:
    def get(name: str) -> dict[str, Any]:
        network: dict[str, Any] = api.get(f"/examples/{name}").raise_for_status().json()
        return network

    return get


@pytest.fixture
def forward(api: httpx.Client) -> Any:
    def post(network: dict[str, Any], **options: Any) -> Answer:
        answer: Answer = api.post("/forward", json={"network": network, **options}).raise_for_status().json()
        return answer

    return post


def output(answer: Answer, node: str, port: str = "output") -> torch.Tensor:
    found = answer["nodes"][node]["outputs"][port]
    assert found["values"] is not None, node
    return torch.tensor(found["values"], dtype=getattr(torch, found["dtype"])).reshape(found["shape"])


def shape(answer: Answer, node: str, port: str = "output") -> list[int]:
    found: list[int] = answer["nodes"][node]["outputs"][port]["shape"]
    return found


def weights(answer: Answer, node: str) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(entry["values"]) for name, entry in answer["nodes"][node]["parameters"].items()}


def four_decimals(tensor: torch.Tensor) -> Any:
    return (tensor.double() * 1e4).round().div(1e4).tolist()


def test_n1_the_first_model(example: Any, forward: Any) -> None:
    network = example("my_model")
    answer = forward(network, values=["softmax"], parameters="all")
    assert answer["repr"] == (
        "MyModel(\n"
        "  (linear1): Linear(in_features=100, out_features=200, bias=True)\n"
        "  (activation): ReLU()\n"
        "  (linear2): Linear(in_features=200, out_features=10, bias=True)\n"
        "  (softmax): Softmax(dim=None)\n"
        ")"
    )
    assert answer["totals"]["parameters"] == answer["totals"]["trainable"] == 22_210
    parameters = [entry for node in answer["nodes"].values() for entry in node["parameters"].values()]
    assert [entry["shape"] for entry in parameters] == [[200, 100], [200], [10, 200], [10]]
    assert all(entry["requires_grad"] for entry in parameters)
    alone = forward(network, parameters=["linear2"])["nodes"]
    assert alone["linear2"]["parameters"]["weight"]["values"] is not None
    assert alone["linear1"]["parameters"]["weight"]["values"] is None
    rows = output(answer, "softmax").sum(dim=1)
    assert rows.shape == (16,) and torch.allclose(rows, torch.ones(16))
    [problem] = answer["problems"]
    assert (problem["code"], problem["node"], problem["severity"]) == ("implicit-dim", "softmax", "warning")
    assert "mplicit dimension" in problem["detail"]
    assert problem["fixes"][0]["patch"][-1]["value"] in (1, {"dim": 1})


def test_n2_one_linear_layer(example: Any, forward: Any) -> None:
    answer = forward(example("linear"), parameters="all")
    assert four_decimals(output(answer, "x")) == [[0.4294, 0.8854, 0.5739, 0.2666]]
    found = weights(answer, "linear")
    assert four_decimals(found["weight"]) == [
        [0.3823, 0.4150, -0.1171, 0.4593],
        [-0.1096, 0.1009, -0.2434, 0.2936],
        [0.4408, -0.3668, 0.4346, 0.0936],
    ]
    assert four_decimals(found["bias"]) == [0.3694, 0.0677, 0.2411]
    assert four_decimals(output(answer, "linear")) == [[0.9562, 0.0486, 0.3799]]


def test_n3_lenet(example: Any, forward: Any) -> None:
    answer = forward(example("lenet"))
    maps = {"conv1": [6, 28, 28], "pool1": [6, 14, 14], "conv2": [16, 12, 12], "pool2": [16, 6, 6], "flatten": [576]}
    assert {node: shape(answer, node)[1:] for node in maps} == maps
    counts = {"conv1": 156, "conv2": 880, "fc1": 69_240, "fc2": 10_164, "fc3": 850}
    assert {node: answer["nodes"][node]["parameter_count"] for node in counts} == counts
    assert answer["totals"]["parameters"] == 81_290
    assert shape(answer, "out") == [1, 10]


def test_n3_the_helper_that_counts_flat_features_is_a_size(example: Any, forward: Any) -> None:
    """`x.view(-1, self.num_flat_features(x))`, written as the product of the sizes that follow the batch."""
    network = example("lenet")
    sizes = " * ".join(f"pool2.shape[{axis}]" for axis in (1, 2, 3))
    shape = [-1, {"$": sizes}]
    network["nodes"]["flatten"] = {"type": "view", "params": {"shape": shape}, "inputs": {"input": "pool2"}}
    answer = forward(network, values=["out"])
    assert answer["ok"]
    assert torch.equal(output(answer, "out"), output(forward(example("lenet"), values=["out"]), "out"))


def test_n4_the_exercise(example: Any, forward: Any) -> None:
    network = example("lenet_exercise")
    answer = forward(network)
    maps = {"conv1": [9, 30, 30], "pool1": [9, 15, 15], "conv2": [25, 12, 12], "pool2": [25, 6, 6], "flatten": [900]}
    assert {node: shape(answer, node)[1:] for node in maps} == maps
    assert [shape(answer, node)[1] for node in ("fc1", "fc2", "fc3")] == [540, 54, 10]
    assert not any("relu" in node.get("type", "").lower() for node in network["nodes"].values())


def test_n5_lstm_tagger(example: Any, forward: Any) -> None:
    network = example("lstm_tagger")
    answer = forward(network)
    assert {port: shape(answer, "lstm", port) for port in answer["nodes"]["lstm"]["outputs"]} == {
        "output": [5, 1, 6],
        "h_n": [1, 1, 6],
        "c_n": [1, 1, 6],
    }
    assert answer["nodes"]["sentence"]["outputs"]["output"]["dtype"] == "int64"
    scores = output(answer, "out")
    assert scores.shape == (5, 3)
    assert torch.allclose(scores.exp().sum(dim=1), torch.ones(5))
    # the numbers of the class are parameters of the document
    network["params"] |= {"embedding_dim": 32, "hidden_dim": 16, "vocab_size": 40, "tagset_size": 7}
    larger = forward(network)
    assert larger["ok"] and shape(larger, "out") == [5, 7]
    assert larger["totals"]["parameters"] == sum(
        parameter.numel()
        for module in (nn.Embedding(40, 32), nn.LSTM(32, 16), nn.Linear(16, 7))
        for parameter in module.parameters()
    )


def test_n6_transformers(example: Any, forward: Any) -> None:
    default = forward(example("transformer"))
    assert default["ok"] and default["totals"]["parameters"] == 44_140_544
    small = forward(example("transformer_small"))
    chosen = nn.Transformer(64, 4, 2, 3, 128, 0.2, "gelu", batch_first=True)
    assert small["ok"]
    assert small["totals"]["parameters"] == sum(parameter.numel() for parameter in chosen.parameters())
    assert small["nodes"]["transformer"]["repr"] == repr(chosen)
    layers = forward(example("encoder_decoder"))
    assert layers["ok"] and shape(layers, "stacked") == shape(layers, "single") == [6, 2, 32]


def test_n6_bert_base(example: Any, forward: Any) -> None:
    answer = forward(example("bert_base"))
    assert answer["ok"], answer["problems"]
    assert answer["totals"]["parameters"] == 108_891_648
    assert shape(answer, "out") == [2, 16, 768]


def test_n7_max_and_min_pooling(example: Any, forward: Any) -> None:
    answer = forward(example("pooling"))
    assert four_decimals(output(answer, "largest")) == [[[0.8860, 0.9516], [0.9464, 0.9103]]]
    pasted = output(answer, "x")
    assert torch.equal(output(answer, "smallest"), -F.max_pool2d(-pasted, 3))


def test_n8_batch_norm(example: Any, forward: Any) -> None:
    network = example("batch_norm")
    training = forward(network)
    assert four_decimals(output(training, "norm")) == [
        [
            [0.1413, -0.2023, -1.3726, 1.4335],
            [-1.0121, 0.7081, -0.9499, 1.2538],
            [-1.0578, 0.3467, -0.7642, 1.4754],
            [-0.5735, -0.5792, -0.5793, 1.7320],
        ]
    ]
    assert output(training, "means").abs().max() < 1e-6
    evaluated = forward({**network, "training": False})
    pasted = output(evaluated, "x")
    assert torch.allclose(output(evaluated, "norm"), pasted, rtol=1e-4)  # the running statistics are still 0 and 1
    assert output(evaluated, "means").abs().max() > 1


def test_n9_dropout(example: Any, forward: Any) -> None:
    network = example("dropout")
    training = forward(network)
    x, dropped = output(training, "x"), output(training, "dropout")
    kept = dropped != 0
    assert 0 < kept.sum() < 16
    assert torch.allclose(dropped[kept], x[kept] / 0.6)
    assert output(forward(network, draw=1), "dropout").tolist() != dropped.tolist()
    evaluated = forward({**network, "training": False})
    assert torch.equal(output(evaluated, "dropout"), output(evaluated, "x"))


def test_n10_every_activation(example: Any, forward: Any, catalogue: dict[str, Any]) -> None:
    network = example("activations")
    answer = forward(network)
    assert answer["ok"], answer["problems"]
    torch.manual_seed(network["seed"])
    used = {node["type"] for node in network["nodes"].values()}
    modules = {name: layer for name, layer in catalogue.items() if layer["form"] == "module"}
    missing = {name for name, layer in modules.items() if layer["family"] == "Activations"}
    assert missing - used == set()
    for key, node in network["nodes"].items():
        if node["type"] in ("Input", "getitem", "unsqueeze", "reshape"):
            continue
        module = getattr(nn, node["type"])(**node.get("params", {})).eval()
        wanted = module(output(answer, node["inputs"]["input"])).detach()
        assert torch.equal(output(answer, key), wanted), key


def test_n11_every_loss(example: Any, forward: Any, catalogue: dict[str, Any]) -> None:
    network = example("losses")
    answer = forward(network, values="all")
    assert answer["ok"], answer["problems"]
    used = {node["type"] for node in network["nodes"].values()}
    known = {name for name, layer in catalogue.items() if layer["family"] == "Losses" and layer["form"] == "module"}
    # these two hold weights of their own and take a hidden state, not a prediction
    assert known - used <= {"AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss"}
    for key, node in network["nodes"].items():
        if not node["type"].endswith("Loss"):
            continue
        module = getattr(nn, node["type"])(**node.get("params", {}))
        wanted = module(**{port: output(answer, source) for port, source in node["inputs"].items()})
        assert output(answer, key).shape == ()
        assert torch.equal(output(answer, key), wanted), key


def test_n12_convolutions(example: Any, forward: Any) -> None:
    network = example("convolutions")
    answer = forward(network)
    assert answer["ok"], answer["problems"]
    checked = set()
    for key, node in network["nodes"].items():
        if node["type"] == "Input":
            continue
        source = torch.zeros(shape(answer, node["inputs"]["input"]))
        params = {name: tuple(value) if isinstance(value, list) else value for name, value in node["params"].items()}
        module = getattr(nn, node["type"])(source.shape[1], **params)
        assert shape(answer, key) == list(module(source).shape), key
        checked.add(node["type"])
    assert checked == {f"Conv{transposed}{d}d" for transposed in ("", "Transpose") for d in (1, 2, 3)}


def test_n13_looking_at_a_layer(example: Any, forward: Any) -> None:
    network = example("weights")
    answer = forward(network, parameters=["conv"])
    conv = answer["nodes"]["conv"]
    assert conv["repr"] == repr(nn.Conv2d(1, 8, 5))
    torch.manual_seed(network["seed"])
    direct = nn.Conv2d(1, 8, 5)
    for name, parameter in direct.named_parameters():
        assert torch.equal(torch.tensor(conv["parameters"][name]["values"]), parameter.detach())
        assert conv["parameters"][name]["requires_grad"] is True
    frozen = answer["nodes"]["frozen"]["parameters"]
    assert all(entry["requires_grad"] is False for entry in frozen.values())
    fixed = sum(entry["count"] for entry in frozen.values())
    assert answer["totals"]["parameters"] - answer["totals"]["trainable"] == fixed


def test_every_example_opens_without_an_error(api: httpx.Client, example: Any) -> None:
    entries = api.get("/examples").raise_for_status().json()["examples"]
    assert len(entries) >= 20
    for entry in entries:
        assert entry["title"] and entry["family"] and entry["about"]
        answer = api.post("/analyze", json={"network": copy.deepcopy(example(entry["id"]))}).raise_for_status().json()
        errors = [problem for problem in answer["problems"] if problem["severity"] == "error"]
        assert not errors, (entry["id"], errors)
