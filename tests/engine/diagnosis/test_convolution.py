"""Convolutions, and what comes behind them."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, chain

MISTAKES = [
    Mistake(
        "conv-channels-last",
        "conv",
        chain(1, 24, 24, 3, conv=("Conv2d", {"in_channels": 3, "out_channels": 4, "kernel_size": 3})),
        1,
        says=("reads 24 channels from x", "N 1, C 3, H 24, W 24"),
    ),
    Mistake(
        "conv-channels-last",
        "conv",
        id="sequence",
        network=chain(4, 50, 32, conv=("Conv1d", {"in_channels": 32, "out_channels": 4, "kernel_size": 3})),
        fixes=1,
        says=("N 4, C 50, L 32", "N 4, C 32, L 50"),
    ),
    Mistake(
        "conv-unbatched",
        "conv",
        chain(8, 28, 28, conv=("Conv2d", {"in_channels": 1, "out_channels": 4, "kernel_size": 3})),
        1,
        says=("one sample of 8 channels", "N 8, C 1, H 28, W 28"),
    ),
    Mistake(
        "conv-rank",
        "conv",
        chain(28, 28, conv=("Conv2d", {"in_channels": 1, "out_channels": 4, "kernel_size": 3})),
        1,
        says=("wants 4 dimensions (N, C, H, W) but gets 2 from x (28 x 28)",),
    ),
    Mistake(
        "conv-rank",
        "conv",
        chain(2, 3, 8, 8, conv=("Conv1d", {"in_channels": 3, "out_channels": 4, "kernel_size": 3})),
        1,
        id="too-many",
        says=("wants 3 dimensions",),
    ),
    Mistake(
        "conv-kernel-size",
        "conv3",
        chain(
            1,
            1,
            8,
            8,
            pool1=("MaxPool2d", {"kernel_size": 2}),
            pool2=("MaxPool2d", {"kernel_size": 2}),
            conv3=("Conv2d", {"out_channels": 4, "kernel_size": 5}),
        ),
        2,
        says=("reaches over 5 x 5", "pool2 gives maps of 2 x 2", "pool1 8 x 8 to 4 x 4; pool2 4 x 4 to 2 x 2"),
    ),
    Mistake(
        "conv-same-stride",
        "conv",
        chain(1, 1, 8, 8, conv=("Conv2d", {"out_channels": 4, "kernel_size": 3, "stride": 2, "padding": "same"})),
        2,
        says=("padding 'same' and stride 2",),
        param="padding",
    ),
    Mistake(
        "conv-groups",
        "conv",
        chain(1, 8, 8, 8, conv=("Conv2d", {"out_channels": 16, "kernel_size": 3, "groups": 3})),
        2,
        says=("3 groups", "in_channels 8"),
        param="groups",
    ),
    Mistake(
        "conv-groups",
        "conv",
        chain(1, 8, 8, 8, conv=("Conv2d", {"out_channels": 15, "kernel_size": 3, "groups": 2})),
        2,
        id="outside",
        says=("out_channels 15",),
    ),
    Mistake(
        "conv-output-padding",
        "up",
        chain(1, 8, 8, 8, up=("ConvTranspose2d", {"out_channels": 4, "kernel_size": 3, "output_padding": 1})),
        2,
        says=("output_padding 1", "stride 1"),
        param="output_padding",
    ),
    Mistake(
        "linear-unflattened",
        "fc",
        chain(
            2,
            1,
            8,
            8,
            conv=("Conv2d", {"out_channels": 4, "kernel_size": 3}),
            fc=("Linear", {"in_features": 144, "out_features": 10}),
        ),
        2,
        says=("N 2, C 4, H 6, W 6", "4 x 6 x 6 = 144"),
        param="in_features",
    ),
    Mistake(
        "linear-unflattened",
        "fc",
        id="other-number",
        network=chain(
            2,
            1,
            8,
            8,
            conv=("Conv2d", {"out_channels": 4, "kernel_size": 3}),
            fc=("Linear", {"in_features": 512, "out_features": 10}),
        ),
        fixes=2,
    ),
    Mistake(
        "linear-unflattened",
        "fc",
        id="pooled",
        network=chain(
            2,
            1,
            8,
            8,
            conv=("Conv2d", {"out_channels": 4, "kernel_size": 3}),
            fc=("Linear", {"in_features": 4, "out_features": 10}),
        ),
        fixes=2,
    ),
    Mistake(
        "pool-size",
        "pool",
        chain(1, 4, 3, 3, pool=("MaxPool2d", {"kernel_size": 4})),
        2,
        says=("windows of 4 x 4, but only 3 x 3 is left of the map from x",),
    ),
    Mistake(
        "pool-padding",
        "pool",
        chain(1, 4, 8, 8, pool=("MaxPool2d", {"kernel_size": 2, "padding": 2})),
        1,
        says=("padding 2", "kernel_size 2"),
        param="padding",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
