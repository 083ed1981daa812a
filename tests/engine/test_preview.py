"""Previews: which values they hold, against torch's own indexing; where an answer has them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from safetensors.torch import load
from tests.engine.test_encode import written
from tests.problems.mistake import network, node

from torchwire.api.models import Answer
from torchwire.engine.encode import dumps
from torchwire.engine.memory import MEMORIES
from torchwire.engine.preview import MOST, preview_of, steps_of
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS
from torchwire.settings import settings

ROOT = Path(__file__).parents[2]
DTYPES = (
    *(torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64),
    *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
)
BEYOND = (2**53 + 1, -(2**53) - 1)  # these are written as text


def shapes(seed: int, count: int) -> list[list[int]]:
    chance = Random(seed)
    ranks = [chance.randint(0, 16) for _ in range(count)]
    return [[int(chance.choice((1, 4, 40, 400, 40_000)) * chance.random()) for _ in range(rank)] for rank in ranks]


def shown(shape: list[int], most: int) -> int:
    """How many values there are with at most so many indices a dimension."""
    return math.prod(min(size or 1, most) for size in shape)


FIXED = [[], [0], [1], [MOST], [MOST + 1], [10**7 + 1], [0, 10**8], [10**8, 0], [64, 64], [65, 64], [8, 64, 224, 224]]


@pytest.mark.parametrize("shape", [*FIXED, [2] * 12, [2] * 16, *shapes(1, 100)], ids=str)
def test_the_steps_are_those_of_the_rule(shape: list[int]) -> None:
    steps = steps_of(shape)
    counts = [len(range(0, size, step)) for size, step in zip(shape, steps, strict=True)]
    assert math.prod(count or 1 for count in counts) <= MOST
    if shown(shape, max(shape, default=1)) <= MOST:
        assert steps == [1] * len(shape)
        return
    most = next(most for most in range(MOST, 0, -1) if shown(shape, most) <= MOST)
    for size, step, count in zip(shape, steps, counts, strict=True):
        assert count <= most
        assert step == 1 or len(range(0, size, step - 1)) > most, "a smaller step would do"


def filled(shape: list[int], dtype: torch.dtype, chance: torch.Generator) -> torch.Tensor:
    if dtype.is_floating_point or dtype.is_complex:
        wide = torch.complex128 if dtype.is_complex else torch.float64
        found = torch.randn(shape, dtype=wide, generator=chance).to(dtype)
    else:
        found = torch.randint(0, 2, shape, generator=chance).to(dtype)
    flat = found.view(-1)
    if dtype.is_floating_point and len(flat):
        flat[0] = math.nan
        flat[len(flat) // 2 :: 7] = -math.inf
    if dtype == torch.int64 and len(flat) > 1:
        flat[0], flat[-1] = BEYOND
    return found


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_values_are_torchs_at_the_indices(dtype: torch.dtype) -> None:
    chance = torch.Generator().manual_seed(5)
    for shape in ([], [3, 5], [9_001], [70, 90], [4, 1, 50, 61], [3, 4, 5, 6, 7, 8], [0, 9_000], [9_000, 0]):
        whole = filled(shape, dtype, chance)
        for tensor in (whole, whole.mT if len(shape) > 1 else whole.expand(2, *shape)):
            preview = json.loads(dumps(preview_of(tensor)))
            assert preview["step"] == steps_of(tensor.shape)
            picked = tensor
            for dim, step in enumerate(preview["step"]):
                picked = picked.index_select(dim, torch.arange(0, tensor.shape[dim], step))
            assert preview["values"] == written(picked)
            assert picked.numel() <= MOST
            if tensor.numel() > MOST:
                assert picked.numel() < tensor.numel()


# -- in answers -------------------------------------------------------------------------------------------------------

WEIGHTS = network(
    x=node("Input", shape=[300, 400]),
    fc=node("Linear", "x", out_features=300),
    act=node("ReLU", "fc"),
    total=node("sum", "act"),
)
BUFFERS = network(x=node("Input", shape=[2, 100_000]), norm=node("BatchNorm1d", "x", affine=False))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer holds the values of 99,999 elements, and two previews."""
    few = replace(settings(), max_answer=99_999)
    monkeypatch.setattr("torchwire.engine.answer.settings", lambda: few)


def ask(document: dict[str, Any], **options: Any) -> bytes:
    return VERBS["forward"]({"network": document, **options}, Unwatched())


def entries(answer: bytes) -> dict[str, Any]:
    """Every tensor of an answer, by its name."""
    nodes = json.loads(answer)["nodes"]
    kinds = ("outputs", "parameters", "buffers")
    return {f"{key}.{name}": made for key in nodes for kind in kinds for name, made in nodes[key][kind].items()}


def previewed(document: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """The names of the tensors that have a preview, each being what the verb `tensors` says of it."""
    names = [name for name, entry in found.items() if "preview" in entry]
    whole = load(VERBS["tensors"]({"network": document, "tensors": names}, Unwatched()))
    for name in names:
        assert found[name]["values"] is None
        step = found[name]["preview"]["step"]
        assert found[name]["preview"]["values"] == written(whole[name][tuple(slice(None, None, by) for by in step)])
    return names


@pytest.mark.usefixtures("small")
def test_outputs_and_parameters_without_a_place_are_previewed() -> None:
    answer = ask(WEIGHTS, values="all", parameters="all")
    Answer.model_validate(json.loads(answer))
    assert [problem["node"] for problem in json.loads(answer)["problems"]] == ["x", "fc", "act"]
    found = entries(answer)
    assert sorted(previewed(WEIGHTS, found)) == ["fc.weight", "x.output"]
    assert found["x.output"]["preview"]["step"] == [5, 7]
    # previews take no place from values, and are themselves bounded: `act` would have been the third
    assert [name for name, entry in found.items() if entry["values"] is not None] == [
        "fc.output",
        "fc.bias",
        "total.output",
    ]


@pytest.mark.usefixtures("small")
def test_buffers_without_a_place_are_previewed() -> None:
    found = entries(ask(BUFFERS, parameters=["norm"]))
    assert previewed(BUFFERS, found) == ["norm.running_mean", "norm.running_var"]


@pytest.mark.usefixtures("small")
def test_what_has_its_place_or_was_not_asked_for_has_no_preview() -> None:
    assert previewed(WEIGHTS, entries(ask(WEIGHTS))) == []
    assert previewed(WEIGHTS, entries(ask(WEIGHTS, values=["act"]))) == []


@pytest.mark.usefixtures("small")
def test_previews_are_the_same_bytes_with_and_without_memories() -> None:
    asked = {"values": "all", "parameters": "all"}
    ask(WEIGHTS, **asked)
    warm = ask(WEIGHTS, **asked)
    for memory in MEMORIES.values():
        memory.clear()
    assert ask(WEIGHTS, **asked) == warm
    assert b'"preview"' in warm


def test_the_documentation_says_how_many() -> None:
    assert f"{MOST:,}" in Answer.model_json_schema()["$defs"]["Preview"]["properties"]["step"]["description"]
    assert f"at most {MOST:,} elements" in (ROOT / "docs" / "api.md").read_text("utf-8").replace("\n", " ")
