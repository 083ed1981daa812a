"""A parameter that the input decides was given another value."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, chain, network, node

CONV = {"out_channels": 6, "kernel_size": 3}
LENET = chain(
    1,
    1,
    28,
    28,
    conv1=("Conv2d", {"out_channels": 16, "kernel_size": 5}),
    pool=("MaxPool2d", {"kernel_size": 4}),
    flatten=("Flatten", {}),
    fc1=("Linear", {"in_features": 400, "out_features": 120}),
    relu=("ReLU", {}),
)

MISTAKES = [
    Mistake(
        "linear-in-features",
        "fc1",
        LENET,
        2,
        says=("fc1 (Linear) gets 576 features from flatten", "in_features is 400", "576 = 16 x 6 x 6"),
        param="in_features",
        port="input",
        blocked=("relu",),
    ),
    Mistake(
        "linear-in-features",
        "fc",
        id="swallowed-batch",
        network=chain(
            2, 1, 4, 4, flatten=("Flatten", {"start_dim": 0}), fc=("Linear", {"in_features": 16, "out_features": 3})
        ),
        fixes=3,
        says=("swallowed the batch of 2",),
    ),
    Mistake(
        "linear-in-features",
        "fc",
        id="bidirectional",
        network=chain(
            5,
            2,
            3,
            lstm=("LSTM", {"hidden_size": 8, "bidirectional": True}),
            fc=("Linear", {"in_features": 8, "out_features": 3}),
        ),
        fixes=2,
        says=("gets 16 features from lstm", "2 x 8 features"),
    ),
    Mistake(
        "linear-in-features",
        "both",
        id="bilinear",
        network=network(
            a=node("Input", shape=[2, 3]),
            b=node("Input", shape=[2, 5]),
            both=node(
                "Bilinear", inputs={"input1": "a", "input2": "b"}, in1_features=3, in2_features=4, out_features=2
            ),
        ),
        fixes=2,
        param="in2_features",
        port="input2",
        says=("gets 5 features from b", "in2_features is 4"),
    ),
    Mistake(
        "conv-in-channels",
        "conv",
        chain(1, 1, 28, 28, conv=("Conv2d", {"in_channels": 3, **CONV})),
        3,
        says=("conv (Conv2d) gets 1 channels from x (N 1, C 1, H 28, W 28) but in_channels is 3.",),
        param="in_channels",
    ),
    Mistake(
        "conv-in-channels",
        "up",
        chain(1, 8, 7, 7, up=("ConvTranspose2d", {"in_channels": 4, **CONV})),
        3,
        id="transposed",
        says=("gets 8 channels",),
    ),
    Mistake(
        "conv-in-channels",
        "up",
        id="transposed-and-large",
        network=chain(1, 800, 4, 4, up=("ConvTranspose2d", {"in_channels": 400, "out_channels": 90, "kernel_size": 3})),
        fixes=3,
    ),
    Mistake(
        "norm-num-features",
        "norm",
        chain(
            2,
            3,
            8,
            8,
            conv=("Conv2d", {"out_channels": 32, "kernel_size": 1}),
            norm=("BatchNorm2d", {"num_features": 16}),
        ),
        2,
        says=("gets 32 channels from conv", "num_features is 16"),
        param="num_features",
    ),
    Mistake(
        "norm-num-channels",
        "norm",
        chain(2, 12, 8, 8, norm=("GroupNorm", {"num_groups": 4, "num_channels": 8})),
        2,
        param="num_channels",
    ),
    Mistake(
        "layer-norm-shape",
        "norm",
        chain(2, 16, 32, norm=("LayerNorm", {"normalized_shape": 64})),
        2,
        says=("normalized_shape is 64", "gets 32 features"),
        param="normalized_shape",
    ),
    Mistake(
        "layer-norm-shape",
        "norm",
        chain(2, 16, 32, norm=("LayerNorm", {"normalized_shape": [8, 32]})),
        2,
        id="two-dims",
        says=("[16, 32]", "[8, 32]"),
    ),
    Mistake(
        "layer-norm-shape",
        "norm",
        id="rms",
        fixes=2,
        port="x",
        network=network(
            a=node("Input", shape=[2, 16, 32]), norm=node("RMSNorm", inputs={"x": "a"}, normalized_shape=64)
        ),
    ),
    Mistake(
        "rnn-input-size",
        "rnn",
        chain(5, 2, 32, rnn=("LSTM", {"input_size": 28, "hidden_size": 8})),
        2,
        says=("gets 32 features from x (L 5, N 2, E 32) but input_size is 28.",),
        param="input_size",
    ),
    Mistake(
        "rnn-input-size",
        "rnn",
        chain(2, 32, rnn=("GRUCell", {"input_size": 28, "hidden_size": 8})),
        2,
        id="cell",
    ),
    Mistake(
        "attention-embed-dim",
        "attention",
        id="self-attention",
        network=network(
            x=node("Input", shape=[5, 2, 32]),
            attention=node(
                "MultiheadAttention", inputs={"query": "x", "key": "x", "value": "x"}, embed_dim=64, num_heads=4
            ),
        ),
        fixes=3,
        says=("gets 32 features from x", "embed_dim is 64"),
        param="embed_dim",
    ),
    Mistake(
        "attention-width",
        "attention",
        network(
            q=node("Input", shape=[5, 2, 64]),
            k=node("Input", shape=[7, 2, 32]),
            v=node("Input", shape=[7, 2, 64]),
            attention=node(
                "MultiheadAttention", inputs={"query": "q", "key": "k", "value": "v"}, embed_dim=64, num_heads=4
            ),
        ),
        1,
        says=("gets 32 features from k on key, but it computes with 64",),
        port="key",
    ),
    Mistake(
        "transformer-d-model",
        "layer",
        network(
            x=node("Input", shape=[5, 2, 32]),
            layer=node("TransformerEncoderLayer", inputs={"src": "x"}, d_model=64, nhead=4, dim_feedforward=16),
        ),
        3,
        says=("gets 32 features", "d_model is 64"),
        param="d_model",
    ),
    Mistake(
        "transformer-d-model",
        "encoder",
        id="nested",
        network=network(
            x=node("Input", shape=[5, 2, 32]),
            encoder=node(
                "TransformerEncoder",
                inputs={"src": "x"},
                num_layers=2,
                encoder_layer=node("TransformerEncoderLayer", d_model=64, nhead=4, dim_feedforward=16),
            ),
        ),
        fixes=2,
        says=("d_model of encoder_layer is 64",),
        param="encoder_layer",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
