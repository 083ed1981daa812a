"""Samples against the data sets as scikit-learn itself loads them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from sklearn import datasets

from torchwire.engine.progress import Unwatched
from torchwire.engine.samples import data_set
from torchwire.engine.verbs import VERBS


def run(**params: Any) -> dict[str, Any]:
    network = {"format": "torchwire/1", "nodes": {"x": {"type": "Input", "params": {"fill": "sample", **params}}}}
    answer: dict[str, Any] = json.loads(VERBS["forward"]({"network": network, "values": "all"}, Unwatched()))
    return answer


def values(**params: Any) -> torch.Tensor:
    answer = run(**params)
    assert answer["ok"], answer["problems"]
    return torch.tensor(answer["nodes"]["x"]["outputs"]["output"]["values"])


@pytest.mark.parametrize("name", ["digits", "iris", "wine"])
def test_features_and_classes_are_scikit_learns(name: str) -> None:
    known = getattr(datasets, f"load_{name}")()
    found = data_set(name)
    scale = 16 if name == "digits" else 1
    assert torch.allclose(found.rows * scale, torch.tensor(known.data, dtype=torch.float32))
    assert torch.equal(found.classes, torch.tensor(known.target, dtype=torch.int64))


def test_a_digit_is_an_image_of_its_own_size() -> None:
    known = torch.tensor(datasets.load_digits().images[3] / 16, dtype=torch.float32)
    assert torch.equal(values(name="digits", index=3, shape=[1, 1, 8, 8])[0, 0], known)


def test_a_digit_is_resized_and_repeated_over_channels_and_batch() -> None:
    found = values(name="digits", index=7, shape=[2, 3, 32, 32])
    assert found.shape == (2, 3, 32, 32)
    assert torch.equal(found[0, 0], found[0, 2])
    known = torch.tensor(datasets.load_digits().images[7:9, None] / 16, dtype=torch.float32)
    resized = torch.nn.functional.interpolate(known, size=(32, 32), mode="bilinear")
    assert torch.allclose(found[:, :1], resized)


def test_integers_are_the_classes() -> None:
    assert values(name="iris", index=49, shape=[3], dtype="int64").tolist() == [0, 1, 1]


def test_the_last_sample_is_followed_by_the_first() -> None:
    assert torch.equal(values(name="iris", index=150, shape=[1, 4]), values(name="iris", index=0, shape=[1, 4]))


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"name": "cats", "shape": [1, 4]}, "name"),
        ({"name": "iris", "shape": [1, 5]}, "shape"),
        ({"shape": [4]}, "name"),
    ],
)
def test_what_a_data_set_cannot_give_is_a_problem(params: dict[str, Any], param: str) -> None:
    answer = run(**params)
    assert [(problem["code"], problem["node"], problem["param"]) for problem in answer["problems"]] == [
        ("bad-param", "x", param)
    ]
