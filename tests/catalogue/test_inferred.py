"""A parameter that the input decides may be left out: it is taken from the wire and gives the bits of the number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.catalogue.recipes import RECIPES, document, floats

from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

INFERRED = {
    layer.type: [param.name for param in layer.params if param.inferred]
    for layer in read_catalogue().types.values()
    if any(param.inferred for param in layer.params)
}


def answer(network: dict[str, Any]) -> dict[str, Any]:
    request = {"network": network, "values": "all", "parameters": "all"}
    found: dict[str, Any] = json.loads(VERBS["forward"](json.loads(json.dumps(request)), Unwatched()))
    return found


def test_the_classes_that_infer() -> None:
    """The list as the document format promises it, by class."""
    sizes = [f"{stem}{dims}d" for dims in (1, 2, 3) for stem in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm")]
    names = """Linear Bilinear GroupNorm LayerNorm RMSNorm SyncBatchNorm RNN LSTM GRU RNNCell LSTMCell GRUCell
        MultiheadAttention Transformer TransformerEncoderLayer TransformerDecoderLayer AdaptiveLogSoftmaxWithLoss
        LinearCrossEntropyLoss"""
    assert set(INFERRED) == {*sizes, *names.split()}


@pytest.mark.parametrize("training", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize("name", INFERRED)
def test_left_out_it_is_the_number_from_the_wire(name: str, training: bool) -> None:
    params = RECIPES[name].params
    sources = RECIPES[name].inputs(params)
    explicit = answer(document(name, params, sources, training))
    left_out = {key: value for key, value in params.items() if key not in INFERRED[name]}
    inferred = answer(document(name, left_out, sources, training))
    assert explicit["ok"] and explicit["nodes"]["layer"]["inferred"] == {}
    assert inferred["nodes"]["layer"].pop("inferred") == {key: params[key] for key in INFERRED[name]}
    del explicit["nodes"]["layer"]["inferred"]
    assert inferred == explicit


@pytest.mark.parametrize("name", INFERRED)
def test_null_is_no_way_to_leave_it_out(name: str) -> None:
    params = RECIPES[name].params | dict.fromkeys(INFERRED[name])
    layer = answer(document(name, params, RECIPES[name].inputs(RECIPES[name].params)))["nodes"]["layer"]
    assert layer["state"] == "error" and layer["inferred"] == {}


UNBATCHED: dict[str, dict[str, Any]] = {
    **{f"{stem}{dims}d": {"input": floats(4, *[7] * dims)} for dims in (1, 2, 3) for stem in ("Conv", "ConvTranspose")},
    **{f"InstanceNorm{dims}d": {"input": floats(4, *[7] * dims)} for dims in (1, 2, 3)},
    "BatchNorm1d": {"input": floats(5, 4)},  # (N, C) beside (N, C, L)
    "Linear": {"input": floats(6)},
    "Bilinear": {"input1": floats(4), "input2": floats(5)},
    "LSTM": {"input": floats(5, 4)},
    "GRU": {"input": floats(5, 4)},
    "GRUCell": {"input": floats(4)},
    "MultiheadAttention": {"query": floats(5, 8), "key": floats(3, 8), "value": floats(3, 8)},
    "TransformerEncoderLayer": {"src": floats(5, 8)},
    "GroupNorm": {"input": floats(2, 4)},
}


@pytest.mark.parametrize("name", UNBATCHED)
def test_inputs_without_a_batch_decide_too(name: str) -> None:
    params = RECIPES[name].params
    left_out = {key: value for key, value in params.items() if key not in INFERRED[name]}
    found = answer(document(name, left_out, UNBATCHED[name]))
    assert found["ok"], found["problems"]
    assert found["nodes"]["layer"]["inferred"] == {key: params[key] for key in INFERRED[name]}


NESTED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "TransformerEncoder": (
        {
            "encoder_layer": {"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforward": 8}},
            "num_layers": 2,
            "norm": {"type": "LayerNorm", "params": {}},
        },
        {"encoder_layer.d_model": 8, "norm.normalized_shape": [8]},
        {"src": floats(4, 2, 8)},
    ),
    "TransformerDecoder": (
        {
            "decoder_layer": {"type": "TransformerDecoderLayer", "params": {"nhead": 2, "dim_feedforward": 8}},
            "num_layers": 1,
        },
        {"decoder_layer.d_model": 8},
        {"tgt": floats(4, 2, 8), "memory": floats(3, 2, 8)},
    ),
    "spectral_norm": (
        {"module": {"type": "Conv2d", "params": {"out_channels": 3, "kernel_size": 3}}},
        {"module.in_channels": 5},
        {"input": floats(2, 5, 6, 6)},
    ),
    "weight_norm": (
        {"module": {"type": "LSTM", "params": {"hidden_size": 3}}, "name": "weight_hh_l0"},
        {"module.input_size": 5},
        {"input": floats(4, 2, 5)},
    ),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_nested_layers_parameter_is_inferred(name: str) -> None:
    params, inferred, sources = NESTED[name]
    explicit = json.loads(json.dumps(params))
    for path, value in inferred.items():
        holder, key = path.split(".")
        explicit[holder]["params"][key] = value
    theirs = answer(document(name, explicit, sources))
    ours = answer(document(name, params, sources))
    assert theirs["ok"], theirs["problems"]
    assert ours["nodes"]["layer"].pop("inferred") == inferred
    assert theirs["nodes"]["layer"].pop("inferred") == {}
    assert ours == theirs


@pytest.mark.parametrize("name", [name for name in INFERRED if not name.startswith("InstanceNorm")])
def test_a_wrong_number_is_a_problem_and_never_replaced(name: str) -> None:
    """(InstanceNorm without affine weights lets it pass: torch only warns.)"""
    for param in INFERRED[name]:
        right = RECIPES[name].params
        value = right[param]
        wrong = right | {param: [value[0] + 2] if isinstance(value, list) else value + 2}
        layer = answer(document(name, wrong, RECIPES[name].inputs(right)))
        assert layer["nodes"]["layer"]["state"] == "error"
        assert layer["nodes"]["layer"]["inferred"] == {}
        assert [problem["node"] for problem in layer["problems"] if problem["severity"] == "error"] == ["layer"]
