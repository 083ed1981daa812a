"""Normalisation and dropout."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, chain

MISTAKES = [
    Mistake(
        "norm-rank",
        "norm",
        chain(4, 16, norm=("BatchNorm2d", {"num_features": 16})),
        1,
        says=("tensor of 2 dimensions (N 4, C 16) from x", "BatchNorm1d"),
    ),
    Mistake(
        "norm-rank",
        "norm",
        chain(4, 16, 5, 5, norm=("BatchNorm1d", {})),
        1,
        id="maps",
        says=("N 4, C 16, H 5, W 5",),
    ),
    Mistake(
        "norm-one-value",
        "norm",
        chain(1, 16, training=True, norm=("BatchNorm1d", {})),
        2,
        says=("N 1, C 16",),
    ),
    Mistake(
        "group-norm-groups",
        "norm",
        chain(2, 16, 4, 4, norm=("GroupNorm", {"num_groups": 3})),
        3,
        says=("16 channels into 3 groups", "1, 2, 4, 8, 16"),
        param="num_groups",
    ),
    Mistake(
        "dropout-rank",
        "drop",
        chain(2, 16, 4, drop=("Dropout2d", {})),
        1,
        severity="warning",
        says=("Dropout1d",),
    ),
    Mistake(
        "dropout-rank",
        "drop",
        chain(2, 16, drop=("Dropout2d", {})),
        1,
        severity="warning",
        id="flat",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()
