"""What the dtypes of torch hold, as far as a fill or a typed value can be wrong about it."""

from __future__ import annotations

from typing import Any

_INTEGERS = {
    "uint8": (0, 2**8 - 1),
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
_DRAWN = {**_INTEGERS, "bool": (0, 1), "float16": (-65504, 65504)}
_MOST = 2**53  # of `low` and `high`


def fills_of(dtype: str) -> tuple[str, ...]:
    """The ways of filling that torch has for a dtype, values and samples aside; the likeliest first."""
    if dtype.startswith("complex"):
        return "randn", "rand", "zeros", "ones"
    if dtype.startswith(("float", "bfloat")):
        return "randn", "rand", "randint", "arange", "zeros", "ones"
    return ("randint", "zeros", "ones") if dtype == "bool" else ("randint", "arange", "zeros", "ones")


def drawn(dtype: str) -> tuple[int, int]:
    """The smallest and the largest number that randint draws in a dtype."""
    low, high = _DRAWN.get(dtype, (-_MOST, _MOST))
    return max(low, -_MOST), min(high, _MOST - 1)


def drawable(dtype: str, low: int, high: int) -> tuple[int, int]:
    """The `low` and `high` nearest to these from which randint can draw."""
    least, most = drawn(dtype)
    low = low if least <= low <= most else least if low < least else max(least, 0)
    high = min(high, most + 1)
    return low, high if low < high else min(low + 10, most + 1)


def misfit(value: Any, dtype: str) -> str | None:
    """Why torch makes no tensor of an integer dtype from a number, or from "nan" and the like; None where it does."""
    if dtype not in _INTEGERS:
        return None
    least, most = _INTEGERS[dtype]
    if isinstance(value, str):
        return f"has the value {value}, which is no integer and does not fit {dtype}"
    # torch takes a negative integer, and no negative float, for what it is modulo 256
    lowest = -most if dtype == "uint8" and isinstance(value, int) else least
    if lowest <= value <= most:
        return None
    return f"has the value {value}, which does not fit {dtype} ({least} to {most})"
