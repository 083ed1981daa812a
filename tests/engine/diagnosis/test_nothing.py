"""Things that are not there: the shape of a source, a wire in a list."""

from __future__ import annotations

import pytest
from tests.problems.mistake import Mistake, answer, network, node
from tests.problems.patching import applied

NOTHING = [
    Mistake(
        "missing-param", "x", fixes=1, param="shape", id="shape read by a convolution",
        network=network(x=node("Input"), conv=node("Conv2d", "x", out_channels=4, kernel_size=3)),
        blocked=("conv",),
    ),
    Mistake(
        "missing-param", "x", fixes=1, param="shape", id="shape read by an embedding",
        network=network(x=node("Input"), e=node("Embedding", "x", num_embeddings=3, embedding_dim=2)),
        blocked=("e",),
    ),
    Mistake(
        "missing-param", "x", fixes=1, param="shape", id="shape beside a fill",
        network=network(x=node("Input", fill="rand", shape=None), r=node("ReLU", "x")),
    ),
    Mistake(
        "missing-param", "w", fixes=1, param="shape", id="shape of a Parameter",
        network=network(x=node("Input", shape=[3]), w=node("Parameter"), a=node("add", "x", inputs={"other": "w"})),
    ),
    Mistake(
        "missing-wire", "a", fixes=1, port="tensors", id="empty list",
        network=network(x=node("Input", shape=[2, 3]), a=node("cat", inputs={"tensors": []})),
    ),
]  # fmt: skip


@pytest.mark.parametrize("mistake", NOTHING, ids=str)
def test_it_is_told_and_mended(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.parametrize("size", ["x.shape[7]", "x.shape[0] / 2"])
def test_a_size_that_cannot_be_used_is_told_with_another_value(size: str) -> None:
    given = network(x=node("Input", shape=[2, 3]), r=node("narrow", "x", dim=1, start=0, length={"$": size}))
    for verb in ("analyze", "forward"):
        (problem,) = answer(verb, given)["problems"]
        assert (problem["node"], problem["param"]) == ("r", "length")
        assert answer(verb, applied(given, problem["fixes"][0]["patch"]))["ok"]
