"""Ports of torch.nn's classes: torch's argument names in torch's order, and outputs as the run gives them."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from tests.catalogue.recipes import RECIPES, document, floats, integers
from torch import nn

from torchwire.catalogue.layer import LayerType, Port
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

CLASSES = [layer for layer in read_catalogue().types.values() if layer.form == "module" and hasattr(nn, layer.type)]


def outputs(type_name: str, params: dict[str, Any], sources: dict[str, Any]) -> dict[str, list[int]]:
    """Shapes by output port."""
    request = {"network": document(type_name, params, sources)}
    answer = json.loads(VERBS["forward"](request, Unwatched()))
    assert answer["ok"], answer["problems"]
    return {port: output["shape"] for port, output in answer["nodes"]["layer"]["outputs"].items()}


@pytest.mark.parametrize("layer", CLASSES, ids=lambda layer: layer.type)
def test_every_argument_of_forward_is_a_port_or_a_parameter(layer: LayerType) -> None:
    arguments = list(inspect.signature(getattr(nn, layer.type).forward).parameters)[1:]
    ports = [port.name for port in layer.inputs]
    forward = [param.name for param in layer.params if param.forward]
    assert ports == [name for name in arguments if name in ports]
    assert sorted(ports + forward) == sorted(arguments)


@pytest.mark.parametrize("layer", CLASSES, ids=lambda layer: layer.type)
def test_the_outputs_are_those_of_the_run(layer: LayerType) -> None:
    params = RECIPES[layer.type].params
    assert list(outputs(layer.type, params, RECIPES[layer.type].inputs(params))) == [
        port.name for port in layer.outputs if _there(port, layer, params)
    ]


def _there(port: Port, layer: LayerType, params: dict[str, Any]) -> bool:
    defaults = {param.name: param.default for param in layer.params}
    return all((defaults | params)[name] == value for name, value in (port.when or {}).items())


def test_several_outputs_are_called_what_torch_calls_them() -> None:
    named = {layer.type: [port.name for port in layer.outputs] for layer in CLASSES if len(layer.outputs) > 1}
    pools = [f"{stem}{dims}d" for dims in (1, 2, 3) for stem in ("MaxPool", "AdaptiveMaxPool")]
    assert named == {
        "LSTM": ["output", "h_n", "c_n"],
        "GRU": ["output", "h_n"],
        "RNN": ["output", "h_n"],
        "LSTMCell": ["h_1", "c_1"],
        "MultiheadAttention": ["attn_output", "attn_output_weights"],
        "AdaptiveLogSoftmaxWithLoss": ["output", "loss"],
        **{name: ["output", "indices"] for name in [*pools, "FractionalMaxPool2d", "FractionalMaxPool3d"]},
    }


@pytest.mark.parametrize("layer", [layer for layer in CLASSES if layer.type.find("MaxPool") >= 0], ids=lambda x: x.type)
def test_indices_come_when_they_are_asked_for(layer: LayerType) -> None:
    params = RECIPES[layer.type].params | {"return_indices": True}
    found = outputs(layer.type, params, RECIPES[layer.type].inputs(params))
    assert list(found) == ["output", "indices"]
    assert found["output"] == found["indices"]


def test_attention_weights_come_unless_they_are_not_needed() -> None:
    recipe = RECIPES["MultiheadAttention"]
    sources = recipe.inputs(recipe.params)
    assert outputs("MultiheadAttention", recipe.params, sources) == {
        "attn_output": [5, 2, 8],
        "attn_output_weights": [2, 5, 6],
    }
    assert outputs("MultiheadAttention", recipe.params | {"need_weights": False}, sources) == {"attn_output": [5, 2, 8]}
    apart = recipe.params | {"average_attn_weights": False}
    assert outputs("MultiheadAttention", apart, sources)["attn_output_weights"] == [2, 2, 5, 6]


def test_lstm_ports_follow_its_parameters() -> None:
    params = {"hidden_size": 6, "proj_size": 3, "num_layers": 2, "bidirectional": True}
    assert outputs("LSTM", params, {"input": floats(5, 2, 4)}) == {
        "output": [5, 2, 6],
        "h_n": [4, 2, 3],
        "c_n": [4, 2, 6],
    }
    states = [floats(1, 2, 6), floats(1, 2, 6)]
    assert outputs("LSTM", {"hidden_size": 6}, {"input": floats(5, 2, 4), "hx": states})["c_n"] == [1, 2, 6]


def test_forward_keywords_are_parameters() -> None:
    sources = {"input": floats(1, 4, 6, 6)}
    params = {"out_channels": 2, "kernel_size": 3, "stride": 2}
    assert outputs("ConvTranspose2d", params, sources) == {"output": [1, 2, 13, 13]}
    assert outputs("ConvTranspose2d", params | {"output_size": [14, 14]}, sources) == {"output": [1, 2, 14, 14]}


def test_optional_ports_may_be_wired() -> None:
    bags = {"input": integers(9, 8), "offsets": {"fill": "values", "values": [0, 3], "dtype": "int64"}}
    assert outputs("EmbeddingBag", {"num_embeddings": 9, "embedding_dim": 4}, bags) == {"output": [2, 4]}


def test_losses_have_friendlier_words_beside_their_ports() -> None:
    losses = [layer for layer in CLASSES if layer.family == "Losses"]
    assert len(losses) == 23
    targets = {"target", "target_", "targets"}
    for layer in losses:
        labels = {port.name: port.label for port in layer.inputs}
        for name in targets & set(labels):
            assert labels[name] == "what it should have been", layer.type
    unlabelled = {port.name for layer in losses for port in layer.inputs if port.label is None}
    assert unlabelled == set()
    assert all(port.label is None for layer in CLASSES if layer.family != "Losses" for port in layer.inputs)
