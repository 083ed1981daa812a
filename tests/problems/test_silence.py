"""Networks in which nothing is wrong: not a word about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node

import torchwire

NETWORKS = sorted((Path(__file__).parent.parent / "conformance" / "networks").glob("*.json"))

GALLERY = sorted((Path(torchwire.__file__).parent / "gallery").glob("*.json"))


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_conformance_networks(path: Path, verb: str) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))["network"]
    assert answer(verb, given)["problems"] == []


SHOWN = {"02_my_model": {("implicit-dim", "softmax")}}
"""What an example exists to show."""


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    found = answer("analyze", json.loads(path.read_text(encoding="utf-8"))["network"])
    assert {(problem["code"], problem["node"]) for problem in found["problems"]} == SHOWN.get(path.stem, set())


MEANT = {
    "unbatched picture": chain(3, 8, 8, conv=("Conv2d", {"out_channels": 4, "kernel_size": 3})),
    "sequence first": chain(4, 50, 32, lstm=("LSTM", {"hidden_size": 8}), last=("getitem", {"index": "-1"})),
    "sequence first behind a convolution": chain(
        4,
        32,
        9,
        conv=("Conv1d", {"out_channels": 8, "kernel_size": 3}),
        turned=("permute", {"dims": [2, 0, 1]}),
        rnn=("GRU", {"hidden_size": 8}),
        mean=("mean", {"dim": 0}),
    ),
    "sequence first, turned back": chain(
        9,
        4,
        32,
        rnn=("LSTM", {"hidden_size": 8}),
        turned=("transpose", {"dim0": 0, "dim1": 1}),
        flat=("Flatten", {}),
    ),
    "one sample of feature maps": chain(
        16, 8, 8, conv=("Conv2d", {"in_channels": 16, "out_channels": 4, "kernel_size": 3})
    ),
    "feature maps of one sample, computed": chain(
        16, 8, 8, act=("ReLU", {}), conv=("Conv2d", {"out_channels": 4, "kernel_size": 3})
    ),
    "batch first": chain(
        4, 50, 32, lstm=("LSTM", {"hidden_size": 8, "batch_first": True}), last=("getitem", {"index": ":, -1"})
    ),
    "outer difference": network(
        a=node("Input", shape=[5, 1]), b=node("Input", shape=[1, 5]), d=node("sub", "a", inputs={"other": "b"})
    ),
    "bias on a row": network(
        a=node("Input", shape=[8, 5]), b=node("Input", shape=[5]), s=node("add", "a", inputs={"other": "b"})
    ),
    "squeeze of a batch": chain(4, 1, 28, less=("squeeze", {})),
    "linear on channels last": chain(2, 4, 4, 8, fc=("Linear", {"in_features": 8, "out_features": 3})),
    "probabilities as target": network(
        x=node("Input", shape=[4, 5]),
        y=node("Input", shape=[4, 5], fill="rand"),
        loss=node("CrossEntropyLoss", "x", inputs={"target": "y"}),
    ),
    "log softmax and NLL": network(
        x=node("Input", shape=[4, 5]),
        p=node("LogSoftmax", "x", dim=1),
        y=node("Input", shape=[4], fill="randint", high=5),
        loss=node("NLLLoss", "p", inputs={"target": "y"}),
    ),
    "dropout in a stack": chain(5, 2, 3, rnn=("GRU", {"hidden_size": 4, "num_layers": 2, "dropout": 0.5})),
    "in place, read before": network(
        x=node("Input", shape=[2, 4]),
        fc=node("Linear", "x", out_features=4),
        side=node("sigmoid", "fc"),
        act=node("ReLU", "fc", inplace=True),
        sum=node("add", "act", inputs={"other": "side"}),
    ),
    "maps of one pixel in train mode": chain(4, 8, 1, 1, training=True, norm=("BatchNorm2d", {})),
    "instance norm without weights": chain(2, 3, 8, 8, norm=("InstanceNorm2d", {"num_features": 3})),
}


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize("given", MEANT.values(), ids=MEANT)
def test_what_is_meant(given: dict[str, Any], verb: str) -> None:
    assert answer(verb, given)["problems"] == []
