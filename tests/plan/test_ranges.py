"""What is said of a dtype is what torch does with it."""

from __future__ import annotations

import warnings

import pytest
import torch

from torchwire.plan.ranges import drawable, drawn, fills_of, misfit
from torchwire.plan.values import DTYPES

INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


def makes(fill: str, dtype: torch.dtype, low: int = 0, high: int = 2) -> bool:
    try:
        if fill == "randint":
            torch.randint(low, high, (1,), dtype=dtype)
        elif fill == "arange":
            torch.arange(3, dtype=dtype)
        else:
            getattr(torch, fill)((1,), dtype=dtype)
    except (RuntimeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", DTYPES)
def test_a_dtype_is_filled_as_torch_fills_it(name: str) -> None:
    dtype = getattr(torch, name)
    for fill in ("randn", "rand", "randint", "arange", "zeros", "ones"):
        assert (fill in fills_of(name)) == makes(fill, dtype), fill


@pytest.mark.parametrize("name", [*INTEGERS, "bool", "float16"])
def test_randint_draws_from_what_the_dtype_holds(name: str) -> None:
    dtype, (least, most) = getattr(torch, name), drawn(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of precision
        assert makes("randint", dtype, least, most + 1)
        if name != "int64":  # its own are beyond what a document can say
            assert not makes("randint", dtype, least - 1, most + 1)
            assert not makes("randint", dtype, least, most + 2)
        for low, high in ((0, 10), (3, 3), (-(2**53), 2**53), (2**40, 2**41), (-(2**40), -(2**39)), (most, 0)):
            assert makes("randint", dtype, *drawable(name, low, high)), (low, high)


@pytest.mark.parametrize("name", DTYPES)
def test_a_value_fits_where_torch_takes_it(name: str) -> None:
    edges = [edge + more for bits in (7, 8, 15, 16, 31) for edge in (2**bits, -(2**bits)) for more in (-1, 0, 1)]
    values = [*edges, *map(float, edges), 1.5, -0.5, 255.5, 2**53, -(2**53), 9.3e18, 1e30, "nan", "inf", "-inf"]
    for value in values:
        try:
            torch.tensor([float(value) if isinstance(value, str) else value], dtype=getattr(torch, name))
            taken = True
        except (RuntimeError, OverflowError, ValueError):
            taken = False
        assert (misfit(value, name) is None) == taken, (value, misfit(value, name))
