"""Losses."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, network, node

MISTAKES = [
    Mistake(
        "loss-layout",
        "loss",
        network(
            scores=node("Input", shape=[4, 50, 10]),
            y=node("Input", shape=[4, 50], dtype="int64", fill="randint"),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        1,
        says=("N, C, L", "10 classes stand last"),
    ),
    Mistake(
        "loss-target",
        "loss",
        network(
            scores=node("Input", shape=[4, 5]),
            y=node("Input", shape=[4]),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        1,
        says=("y gives float32, but class numbers are int64",),
        port="target",
    ),
    Mistake(
        "loss-target",
        "loss",
        id="one-hot",
        network=network(
            scores=node("Input", shape=[4, 5]),
            y=node("Input", shape=[4, 5], dtype="int64", fill="randint", high=2),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        fixes=2,
    ),
    Mistake(
        "loss-target",
        "loss",
        id="column",
        network=network(
            scores=node("Input", shape=[4, 5]),
            y=node("Input", shape=[4, 1], dtype="int64", fill="randint", high=5),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        fixes=1,
    ),
    Mistake(
        "loss-target",
        "loss",
        id="binary",
        network=network(
            scores=node("Input", shape=[4]),
            y=node("Input", shape=[4], dtype="int64", fill="randint", high=2),
            loss=node("BCEWithLogitsLoss", "scores", inputs={"target": "y"}),
        ),
        fixes=1,
    ),
    Mistake(
        "loss-class-range",
        "loss",
        network(
            x=node("Input", shape=[3, 4]),
            scores=node("Linear", "x", out_features=5),
            y=node("Input", shape=[3], dtype="int64", fill="values", values=[1, 10, 2]),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        1,
        says=("5 classes, numbered 0 to 4, but y holds 10",),
        verbs=("forward",),
    ),
    Mistake(
        "loss-class-range",
        "loss",
        id="classes drawn",  # more classes draw more weights, and then other targets
        network=network(
            x=node("Input", shape=[3, 4]),
            scores=node("Linear", "x", out_features=5),
            y=node("Input", shape=[3], fill="randint", low=5, high=40),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        fixes=2,
        verbs=("forward",),
    ),
    Mistake(
        "loss-class-range",
        "loss",
        id="classes computed",
        network=network(
            scores=node("Input", shape=[4, 3]),
            y=node("arange", end=4),
            loss=node("CrossEntropyLoss", "scores", inputs={"target": "y"}),
        ),
        fixes=1,
        verbs=("forward",),
    ),
    Mistake(
        "loss-probabilities",
        "loss",
        network(
            scores=node("Input", shape=[40]),
            y=node("Input", shape=[40], fill="rand"),
            loss=node("BCELoss", "scores", inputs={"target": "y"}),
        ),
        2,
        verbs=("forward",),
    ),
    Mistake(
        "loss-size",
        "loss",
        network(
            scores=node("Input", shape=[4, 1]),
            y=node("Input", shape=[4], fill="rand"),
            loss=node("BCEWithLogitsLoss", "scores", inputs={"target": "y"}),
        ),
        1,
        says=("4 x 1 (scores)", "4 (y)"),
    ),
    Mistake(
        "loss-size",
        "loss",
        id="broadcast",
        severity="warning",
        network=network(
            scores=node("Input", shape=[4, 1]),
            y=node("Input", shape=[4]),
            loss=node("MSELoss", "scores", inputs={"target": "y"}),
        ),
        fixes=1,
    ),
    Mistake(
        "loss-softmax-twice",
        "loss",
        severity="warning",
        network=network(
            x=node("Input", shape=[4, 5]),
            probabilities=node("Softmax", "x", dim=1),
            y=node("Input", shape=[4], dtype="int64", fill="randint", high=5),
            loss=node("CrossEntropyLoss", "probabilities", inputs={"target": "y"}),
        ),
        fixes=1,
    ),
    Mistake(
        "loss-no-log-softmax",
        "loss",
        severity="warning",
        network=network(
            x=node("Input", shape=[4, 5]),
            fc=node("Linear", "x", out_features=5),
            y=node("Input", shape=[4], dtype="int64", fill="randint", high=5),
            loss=node("NLLLoss", "fc", inputs={"target": "y"}),
        ),
        fixes=2,
    ),
    Mistake(
        "loss-one-class",
        "loss",
        severity="warning",
        network=network(
            x=node("Input", shape=[4, 5]),
            fc=node("Linear", "x", out_features=1),
            y=node("Input", shape=[4], dtype="int64", fill="randint", high=1),
            loss=node("CrossEntropyLoss", "fc", inputs={"target": "y"}),
        ),
        fixes=1,
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
