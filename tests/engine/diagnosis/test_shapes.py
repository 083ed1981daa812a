"""Tensors that meet, and layers that change the shape only."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, chain, network, node

MISTAKES = [
    Mistake(
        "cat-rank",
        "both",
        network(
            maps=node("Input", shape=[2, 3, 4, 4]),
            row=node("Input", shape=[2, 5]),
            both=node("cat", inputs={"tensors": ["row", "maps"]}, dim=1),
        ),
        1,
        says=("row 2 x 5; maps 2 x 3 x 4 x 4",),
    ),
    Mistake(
        "cat-size",
        "both",
        network(
            a=node("Input", shape=[2, 3, 8, 8]),
            b=node("Input", shape=[2, 3, 4, 4]),
            both=node("cat", inputs={"tensors": ["a", "b"]}, dim=1),
        ),
        1,
        says=("along dimension 1", "dimension 2, 3", "H 8, W 8", "H 4, W 4"),
    ),
    Mistake(
        "cat-size",
        "both",
        id="dim",
        network=network(
            a=node("Input", shape=[2, 3]),
            b=node("Input", shape=[2, 4]),
            both=node("cat", inputs={"tensors": ["a", "b"]}),
        ),
        fixes=1,
    ),
    Mistake(
        "shape-mismatch",
        "sum",
        network(
            x=node("Input", shape=[1, 64, 16, 16]),
            deep=node("Conv2d", "x", out_channels=128, kernel_size=3, stride=2, padding=1),
            sum=node("add", "deep", inputs={"other": "x"}),
        ),
        1,
        says=("1 x 128 x 8 x 8 from deep", "1 x 64 x 16 x 16 from x"),
    ),
    Mistake(
        "shape-mismatch",
        "sum",
        id="features",
        network=network(
            a=node("Input", shape=[4, 6]),
            b=node("Input", shape=[4, 7]),
            sum=node("add", "a", inputs={"other": "b"}),
        ),
        fixes=2,
    ),
    Mistake(
        "accidental-broadcast",
        "sum",
        network(
            a=node("Input", shape=[8, 1]),
            b=node("Input", shape=[8]),
            sum=node("add", "a", inputs={"other": "b"}),
        ),
        1,
        severity="warning",
        says=("8 x 8 of 8 x 1 and 8",),
    ),
    Mistake(
        "reshape-size",
        "flat",
        chain(2, 12, flat=("reshape", {"shape": [2, 10]})),
        1,
        says=("24 values (2 x 12 from x) out as 2 x 10 = 20",),
        param="shape",
    ),
    Mistake(
        "reshape-size",
        "flat",
        chain(2, 12, flat=("view", {"shape": [7, 5]})),
        0,
        id="no-way",
        says=("24 is 1 x 24, 2 x 12, 3 x 8, 4 x 6",),
    ),
    Mistake(
        "reshape-size",
        "parts",
        chain(2, 16, parts=("Unflatten", {"dim": 1, "unflattened_size": [3, 4]})),
        1,
        id="unflatten",
        says=("dimension 1 of size 16", "3 x 4 = 12"),
        param="unflattened_size",
    ),
    Mistake(
        "view-strides",
        "flat",
        chain(2, 3, 4, turned=("permute", {"dims": [1, 0, 2]}), flat=("view", {"shape": [6, 4]})),
        1,
        says=("turned",),
    ),
    Mistake(
        "squeezed-batch",
        "less",
        chain(1, 1, 28, 28, less=("squeeze", {})),
        1,
        severity="warning",
        param="dim",
        says=("1 x 1 x 28 x 28",),
    ),
    Mistake(
        "dtype-mix",
        "fc",
        chain(2, 4, dtype="int64", fc=("Linear", {"out_features": 3})),
        1,
        says=("computes in float32, but x gives int64",),
    ),
    Mistake(
        "dtype-mix",
        "conv",
        chain(1, 3, 8, 8, dtype="uint8", conv=("Conv2d", {"out_channels": 3, "kernel_size": 3})),
        1,
        id="picture",
    ),
    Mistake(
        "dtype-mix",
        "fc",
        chain(2, 4000, dtype="float64", fc=("Linear", {"out_features": 300})),
        1,
        id="large",
    ),
    Mistake(
        "dtype-mix",
        "product",
        network(
            a=node("Input", shape=[2, 3]),
            b=node("Input", shape=[3, 2], dtype="int64", fill="randint"),
            product=node("matmul", "a", inputs={"other": "b"}),
        ),
        1,
        id="matmul",
    ),
    Mistake(
        "implicit-dim",
        "soft",
        chain(2, 4, soft=("Softmax", {})),
        1,
        severity="warning",
        param="dim",
        says=("torch takes 1",),
    ),
    Mistake(
        "implicit-dim",
        "soft",
        chain(2, 4, 5, soft=("softmax", {})),
        2,
        severity="warning",
        id="function",
        says=("torch takes 0",),
    ),
    Mistake(
        "inplace-overwritten",
        "act",
        network(
            x=node("Input", shape=[2, 4]),
            fc=node("Linear", "x", out_features=4),
            act=node("ReLU", "fc", inplace=True),
            sum=node("add", "act", inputs={"other": "fc"}),
        ),
        1,
        says=("overwrites fc, which sum reads afterwards",),
        param="inplace",
        blocked=("sum",),
    ),
    Mistake(
        "torch-error",
        "fc",
        chain(2, 3, 4, fc=("getitem", {"index": "0, 0, 0, 0"})),
        0,
    ),
    Mistake(
        "torch-error",
        "soft",
        chain(2, 3, soft=("softmax", {"dim": 5})),
        0,
        id="dimension",
    ),
    Mistake(
        "torch-error",
        "shuffle",
        chain(1, 3, 4, 4, shuffle=("PixelShuffle", {"upscale_factor": 2})),
        0,
        id="pixel-shuffle",
    ),
    Mistake(
        "unknown-output",
        "read",
        network(
            x=node("Input", shape=[5, 2, 3]), lstm=node("LSTM", "x", hidden_size=4), read=node("relu", "lstm.cell")
        ),
        0,
        says=("lstm.cell", "output, h_n, c_n"),
    ),
    Mistake(
        "torch-constructor",
        "rnn",
        chain(5, 2, 3, rnn=("LSTM", {"hidden_size": 4, "proj_size": 4})),
        0,
        says=("cannot be built: proj_size has to be smaller than hidden_size",),
    ),
    Mistake(
        "torch-warning",
        "attention",
        network(
            x=node("Input", shape=[5, 2, 16]),
            mask=node("zeros", size=[5, 5]),
            padding=node("zeros", size=[2, 5], dtype="bool"),
            attention=node(
                "MultiheadAttention",
                inputs={"query": "x", "key": "x", "value": "x", "key_padding_mask": "padding", "attn_mask": "mask"},
                num_heads=4,
            ),
        ),
        0,
        severity="warning",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
