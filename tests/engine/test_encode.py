"""Values as JSON: the shortest decimals that read back to the same bits; summaries of any numbers."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from torchwire.engine.encode import dumps, summary_of, values_of

FLOATS = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
_WHOLE = {2: torch.int16, 4: torch.int32, 8: torch.int64}
_SPECIAL = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


def written(tensor: torch.Tensor) -> Any:
    return json.loads(dumps(values_of(tensor)))


def read(value: Any) -> Any:
    return [read(item) for item in value] if isinstance(value, list) else _SPECIAL.get(value, value)


def bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().view(_WHOLE[tensor.element_size()])


def of_bits(dtype: torch.dtype, patterns: list[int]) -> torch.Tensor:
    size = torch.finfo(dtype).bits
    signed = [pattern - 2**size if pattern >= 2 ** (size - 1) else pattern for pattern in patterns]
    return torch.tensor(signed, dtype=_WHOLE[size // 8]).view(dtype)


def all_16(dtype: torch.dtype) -> torch.Tensor:
    every = of_bits(dtype, list(range(2**16)))
    return every[every.isfinite()]


def shorter(value: float) -> Iterator[float]:
    """The decimals on either side of a number with one digit less than it is written with."""
    digits = len(Decimal(repr(value)).normalize().as_tuple().digits) - 1
    for rounding in (ROUND_FLOOR, ROUND_CEILING) if digits else ():
        yield float(Context(prec=digits, rounding=rounding).create_decimal(Decimal(value)))


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_floats_read_back_to_the_same_bits(dtype: torch.dtype) -> None:
    chance = random.Random(3)
    tensor = of_bits(dtype, [chance.getrandbits(torch.finfo(dtype).bits) for _ in range(3000)])
    tensor = torch.where(tensor.isnan(), torch.full_like(tensor, float("nan")), tensor).reshape(10, 300)
    back = torch.tensor(read(written(tensor)), dtype=dtype)
    assert torch.equal(bits(back), bits(tensor))
    assert read(written(tensor[0, 0])) == pytest.approx(read(written(tensor))[0][0], abs=0, nan_ok=True)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_16_bit_floats_are_the_shortest_decimals(dtype: torch.dtype) -> None:
    tensor = all_16(dtype)
    found = written(tensor)
    assert torch.equal(bits(torch.tensor(found, dtype=dtype)), bits(tensor))
    sample = random.Random(5).sample(range(len(found)), 6000)
    tried = [(number, other) for number in sample for other in shorter(found[number])]
    back = torch.tensor([other for _, other in tried], dtype=torch.float64).to(dtype)
    same = back == tensor[[number for number, _ in tried]]
    assert not same.any(), [(found[number], other) for (number, other), bad in zip(tried, same, strict=True) if bad][:5]


def test_float16_is_written_as_numpy_writes_it() -> None:
    tensor = all_16(torch.float16)
    assert written(tensor) == [float(str(value)) for value in tensor.numpy()]


def test_what_a_person_typed_comes_back() -> None:
    for dtype in FLOATS:
        assert written(
            torch.tensor([0.4963, 1e-3, 3.25], dtype=dtype if dtype != torch.bfloat16 else torch.float16)
        ) == [0.4963, 0.001, 3.25]
    assert written(torch.tensor([0.1, 0.7, 300.0], dtype=torch.bfloat16)) == [0.1, 0.7, 300.0]


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128], ids=str)
def test_complex_numbers_are_pairs_of_their_own_decimals(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0.1 + 0.7j, complex("nan"), complex(1, float("inf"))]], dtype=dtype)
    assert written(tensor) == [[[0.1, 0.7], ["nan", 0.0], [1.0, "inf"]]]
    assert written(tensor[0, 0]) == [0.1, 0.7]
    assert written(torch.view_as_complex(torch.view_as_real(tensor)).conj())[0][0] == [0.1, -0.7]


@pytest.mark.parametrize("dtype", [*FLOATS, torch.complex64, torch.int64, torch.uint8, torch.bool], ids=str)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0), (), (1,), (2, 3)], ids=str)
def test_every_shape_is_nested_as_torch_nests_it(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    want = torch.ones(shape, dtype=dtype).tolist()
    pairs = json.loads(json.dumps(want, default=lambda value: [value.real, value.imag]))  # of a complex number
    assert written(torch.ones(shape, dtype=dtype)) == pairs


def test_integers_beyond_2_53_are_text() -> None:
    tensor = torch.tensor([[2**53, -(2**53)], [2**53 + 1, -(2**63)]])
    assert written(tensor) == [[2**53, -(2**53)], [str(2**53 + 1), str(-(2**63))]]
    assert written(tensor[1, 0]) == str(2**53 + 1)


def exact(values: list[float]) -> tuple[Fraction, Fraction]:
    numbers = [Fraction(value) for value in values]
    mean = sum(numbers, Fraction()) / len(numbers)
    return mean, sum(((number - mean) ** 2 for number in numbers), Fraction()) / (len(numbers) - 1)


@pytest.mark.parametrize(
    "values",
    [
        [1e308, 1e-320],
        [1.7e308, 1.6e308, 1.5e308],
        [1e-320, 3e-320, 2e-310],
        [1e-200, 2e-200, -5e-200],
        [1e200, -1e200, 3.0],
        [1.0, 2.0, 4.0],
    ],
    ids=str,
)
def test_mean_and_deviation_of_any_finite_numbers(values: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = summary_of(torch.tensor(values, dtype=torch.float64))
    assert found is not None
    mean, variance = exact(values)
    assert found["mean"] == pytest.approx(float(mean), rel=1e-12)
    assert Fraction(found["std"]) ** 2 / variance == pytest.approx(1.0, rel=1e-3 if max(values) < 1e-300 else 1e-9)


def test_a_deviation_beyond_float64_is_infinite() -> None:
    most = np.finfo(np.float64).max
    found = summary_of(torch.tensor([most, -most], dtype=torch.float64))
    assert found is not None and (found["mean"], found["std"]) == (0.0, "inf")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_bounds_are_decimals_of_the_dtype(dtype: torch.dtype) -> None:
    found = summary_of(torch.tensor([0.1, 0.7], dtype=dtype))
    assert found is not None and (found["min"], found["max"]) == (0.1, 0.7)
