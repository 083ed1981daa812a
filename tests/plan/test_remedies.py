"""A value or a name that is offered can be used as it stands: the first fix leaves nothing wrong."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node
from tests.problems.patching import applied

ENCODER = {"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforward": 8}}


def encoder(**params: Any) -> dict[str, Any]:
    given = {"num_layers": 1, "encoder_layer": ENCODER, **params}
    return network(
        x=node("Input", shape=[3, 2, 4]), n={"type": "TransformerEncoder", "params": given, "inputs": {"src": "x"}}
    )


FIRST: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a pooling with padding": (
        chain(1, 3, 8, 8, n=("MaxPool2d", {"padding": 1, "stride": 2})),
        "missing-param",
        "kernel_size",
        "Set kernel_size to 2",
    ),
    "a pooling with two paddings": (
        chain(1, 3, 8, 8, n=("avg_pool2d", {"padding": [1, 2]})),
        "missing-param",
        "kernel_size",
        "Set kernel_size to 4",
    ),
    "groups": (
        chain(1, 4, 8, 8, n=("Conv2d", {"kernel_size": 3, "groups": 2})),
        "missing-param",
        "out_channels",
        "Set out_channels to 2",
    ),
    "a table": (
        network(ids=node("Input", shape=[3], fill="randint"), n=node("Embedding", "ids", embedding_dim=2)),
        "missing-param",
        "num_embeddings",
        "Set num_embeddings to 10",
    ),
    "a class inside": (
        encoder(norm={"type": "LayerNrm", "params": {"normalized_shape": 4}}),
        "unknown-type",
        "norm",
        "Change the type of norm to LayerNorm",
    ),
    "a function inside": (
        encoder(norm={"type": "layer_norm", "params": {"normalized_shape": 4}}),
        "unknown-type",
        "norm",
        "Change the type of norm to LayerNorm",
    ),
    "a parameter inside": (
        encoder(encoder_layer={"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforwrd": 8}}),
        "unknown-param",
        "encoder_layer.dim_feedforwrd",
        "Rename it to dim_feedforward",
    ),
    "the beginning of a type": (
        chain(2, 3, n=("Lin", {"out_features": 3})),
        "unknown-type",
        "type",
        "Change the type to Linear",
    ),
}


@pytest.mark.parametrize("name", FIRST)
def test_the_first_fix_mends_it(name: str) -> None:
    given, code, param, title = FIRST[name]
    for verb in ("analyze", "forward"):
        (told,) = answer(verb, given)["problems"]
        assert (told["code"], told["node"], told["param"]) == (code, "n", param)
        assert told["fixes"][0]["title"] == title
        assert answer(verb, applied(given, told["fixes"][0]["patch"]))["problems"] == []
