"""Recurrent layers, attention and embeddings."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, chain, network, node

MISTAKES = [
    Mistake(
        "rnn-rank",
        "rnn",
        chain(2, 1, 28, 28, rnn=("LSTM", {"input_size": 28, "hidden_size": 8})),
        1,
        says=("gives 4 (N 2, C 1, H 28, W 28)",),
    ),
    Mistake(
        "rnn-rank",
        "rnn",
        chain(2, 3, 4, 5, rnn=("GRU", {"input_size": 28, "hidden_size": 8})),
        1,
        id="colour",
    ),
    Mistake(
        "rnn-hidden-size",
        "rnn",
        network(
            x=node("Input", shape=[4, 50, 32]),
            h=node("Input", shape=[1, 4, 64]),
            rnn=node("GRU", "x", inputs={"hx": "h"}, hidden_size=64),
        ),
        1,
        says=("1 x 4 x 64 (h)", "1 x 50 x 64", "batch of 4"),
        port="hx",
    ),
    Mistake(
        "rnn-batch-first",
        "rnn",
        chain(4, 50, 32, rnn=("LSTM", {"hidden_size": 8}), last=("getitem", {"index": ":, -1"})),
        1,
        severity="warning",
        says=("4 steps of 50 sequences", "last takes [:, -1]"),
        param="batch_first",
    ),
    Mistake(
        "rnn-dropout",
        "rnn",
        chain(5, 2, 3, rnn=("LSTM", {"hidden_size": 8, "dropout": 0.5})),
        2,
        severity="warning",
        says=("dropout 0.5", "num_layers is 1"),
        param="dropout",
    ),
    Mistake(
        "attention-heads",
        "attention",
        network(
            x=node("Input", shape=[5, 2, 16]),
            attention=node("MultiheadAttention", inputs={"query": "x", "key": "x", "value": "x"}, num_heads=3),
        ),
        2,
        says=("embed_dim 16", "3 heads", "1, 2, 4, 8, 16"),
        param="num_heads",
    ),
    Mistake(
        "attention-heads",
        "encoder",
        id="nested",
        network=network(
            x=node("Input", shape=[5, 2, 16]),
            encoder=node(
                "TransformerEncoder",
                inputs={"src": "x"},
                num_layers=1,
                encoder_layer=node("TransformerEncoderLayer", d_model=16, nhead=5, dim_feedforward=8),
            ),
        ),
        fixes=2,
        says=("of encoder_layer",),
        param="encoder_layer",
    ),
    Mistake(
        "attention-mask-shape",
        "attention",
        network(
            x=node("Input", shape=[5, 2, 16]),
            mask=node("Input", shape=[2, 2]),
            attention=node(
                "MultiheadAttention", inputs={"query": "x", "key": "x", "value": "x", "attn_mask": "mask"}, num_heads=4
            ),
        ),
        2,
        says=("is 2 x 2 (mask), but must be 5 x 5",),
        port="attn_mask",
    ),
    Mistake(
        "embedding-dtype",
        "embed",
        chain(2, 5, embed=("Embedding", {"num_embeddings": 10, "embedding_dim": 4})),
        1,
        says=("x gives float32",),
        port="input",
    ),
    Mistake(
        "embedding-dtype",
        "embed",
        id="computed",
        network=chain(2, 5, zero=("zeros_like", {}), embed=("Embedding", {"num_embeddings": 10, "embedding_dim": 4})),
        fixes=1,
        says=("zero gives float32",),
    ),
    Mistake(
        "embedding-index",
        "embed",
        network(
            x=node("Input", shape=[3], dtype="int64", fill="values", values=[1, 12, 3]),
            embed=node("Embedding", "x", num_embeddings=10, embedding_dim=4),
        ),
        1,
        says=("10 rows, numbered 0 to 9", "the largest number from x is 12"),
        verbs=("forward",),
    ),
    Mistake(
        "embedding-index",
        "embed",
        id="drawn",
        network=network(
            x=node("Input", shape=[90], dtype="int64", fill="randint", low=0, high=50),
            embed=node("Embedding", "x", num_embeddings=10, embedding_dim=4),
        ),
        fixes=2,
        verbs=("forward",),
    ),
    Mistake(
        "embedding-index",
        "embed",
        id="few drawn",  # a larger table draws more weights, and then other numbers
        network=network(
            x=node("Input", shape=[3], dtype="int64", fill="randint", low=0, high=50),
            embed=node("Embedding", "x", num_embeddings=10, embedding_dim=4),
        ),
        fixes=2,
        verbs=("forward",),
    ),
    Mistake(
        "embedding-index",
        "embed",
        id="numbers computed",
        network=network(
            x=node("Input", shape=[40], fill="rand"),
            wide=node("mul", "x", other=50),
            numbers=node("long", "wide"),
            embed=node("Embedding", "numbers", num_embeddings=10, embedding_dim=4),
        ),
        fixes=1,
        says=("the largest number from numbers is",),
        verbs=("forward",),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
