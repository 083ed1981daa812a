"""Every bound and choice of a class of torch.nn, proved on torch: at it the layer runs, beyond it torch refuses."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from tests.catalogue.recipes import RECIPES, Params, document
from torch import nn

from torchwire.catalogue.layer import LayerType, Param
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

CLASSES = [layer for layer in read_catalogue().types.values() if layer.form == "module"]
BOUNDED = [
    pytest.param(layer, param, id=f"{layer.type}-{param.name}")
    for layer in CLASSES
    for param in layer.params
    if param.min is not None or param.max is not None
]
CHOSEN = [
    pytest.param(layer, param, choice, id=f"{layer.type}-{param.name}-{choice}")
    for layer in CLASSES
    for param in layer.params
    for choice in param.choices or ()
]
# What else must change for a bound to be reached: one head where there is one feature, ...
COUPLED: dict[tuple[str, str], dict[str, Any]] = {
    ("MultiheadAttention", "embed_dim"): {"num_heads": 1},
    **{
        (name, "d_model"): {"nhead": 1}
        for name in ("TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
    },
    **{(f"BatchNorm{dims}d", "num_features"): {"affine": False} for dims in (1, 2, 3)},
    ("AdaptiveLogSoftmaxWithLoss", "n_classes"): {"cutoffs": [1]},
    ("Fold", "output_size"): {"kernel_size": 1},
    **{(name, "size"): {"scale_factor": None} for name in ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d")},
}


def made(value: Any) -> Any:
    """A value of `params` as torch's constructor takes it."""
    if isinstance(value, dict):
        return getattr(nn, value["type"])(**{name: made(inner) for name, inner in value["params"].items()})
    return tuple(value) if isinstance(value, list) else value


def drawn(source: Any) -> Any:
    """The tensor of an Input's params."""
    if isinstance(source, list):
        return tuple(drawn(item) for item in source)
    fill = source.get("fill", "randn")
    if fill == "values":
        return torch.tensor(source["values"])
    if fill == "randint":
        return torch.randint(source["low"], source["high"], source["shape"])
    return getattr(torch, fill)(source["shape"])


def torch_runs(layer: LayerType, params: Params) -> bool:
    """Whether torch itself constructs and runs it, in eval or in train mode."""
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        for training in (False, True):
            try:
                given = {name: made(value) for name, value in params.items()}
                maker = getattr(nn, layer.type, None) or getattr(nn.utils.parametrizations, layer.type)
                module = maker(**given).train(training)
                module(**{port: drawn(source) for port, source in inputs_for(layer, params).items()})
                return True
            except Exception:  # whatever torch raises is a refusal
                continue
    return False


def inputs_for(layer: LayerType, params: Params) -> dict[str, Any]:
    """The recipe's inputs; where a bound makes them impossible, any of the usual shape."""
    try:
        return RECIPES[layer.type].inputs(params)
    except (ValueError, ZeroDivisionError):
        return RECIPES[layer.type].inputs(RECIPES[layer.type].params)


def ours(layer: LayerType, params: Params, sources: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The state of the layer in the engine's answer, and the errors."""
    request = {"network": document(layer.type, params, dict(sources))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = json.loads(VERBS["forward"](json.loads(json.dumps(request)), Unwatched()))
    return answer["nodes"]["layer"]["state"], [item for item in answer["problems"] if item["severity"] == "error"]


def with_value(layer: LayerType, param: Param, value: Any) -> dict[str, Any]:
    """The recipe's parameters with this one, and what must change with it."""
    listed = [value] if param.kind in ("ints", "floats") else value
    return {**RECIPES[layer.type].params, **COUPLED.get((layer.type, param.name), {}), param.name: listed}


@pytest.mark.parametrize("layer", CLASSES, ids=lambda layer: layer.type)
def test_a_recipe_runs(layer: LayerType) -> None:
    params = RECIPES[layer.type].params
    assert ours(layer, params, RECIPES[layer.type].inputs(params)) == ("ok", [])


@pytest.mark.parametrize(("layer", "param"), BOUNDED)
def test_a_bound_is_torchs(layer: LayerType, param: Param) -> None:
    step = 1 if "int" in param.kind else 1e-3
    for bound, beyond in ((param.min, -step), (param.max, step)):
        if bound is None:
            continue
        at = with_value(layer, param, bound)
        assert torch_runs(layer, at), f"torch refuses {param.name}={bound}"
        assert ours(layer, at, inputs_for(layer, at)) == ("ok", [])
        if param.kind == "int_or_ints" and param.length is not None:
            listed = {**at, param.name: [bound] * param.length}
            assert ours(layer, listed, inputs_for(layer, listed)) == ("ok", [])
        over = with_value(layer, param, bound + beyond)
        assert not torch_runs(layer, over), f"torch takes {param.name}={bound + beyond}"
        state, errors = ours(layer, over, inputs_for(layer, at))
        assert state == "error"
        assert [(item["node"], item["param"], item["code"]) for item in errors] == [("layer", param.name, "bad-param")]


@pytest.mark.parametrize(("layer", "param", "choice"), CHOSEN)
def test_a_choice_runs(layer: LayerType, param: Param, choice: Any) -> None:
    params = with_value(layer, param, choice)
    assert torch_runs(layer, params)
    assert ours(layer, params, inputs_for(layer, params)) == ("ok", [])


@pytest.mark.parametrize(
    ("layer", "param"),
    [
        pytest.param(layer, param, id=f"{layer.type}-{param.name}")
        for layer in CLASSES
        for param in layer.params
        if param.choices
    ],
)
def test_no_other_word_is_taken(layer: LayerType, param: Param) -> None:
    params = with_value(layer, param, "nonsense")
    state, errors = ours(layer, params, RECIPES[layer.type].inputs(RECIPES[layer.type].params))
    assert state == "error"
    assert [(item["param"], item["code"]) for item in errors] == [(param.name, "bad-param")]
