"""The shortest decimals of float16 and bfloat16, of which there are 65,536 each.

numpy and orjson write float32 and float64 so by themselves; 16-bit floats they would write with float32's digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

_ENOUGH = 5  # significant digits tell every 16-bit float from its neighbours


class _Decimals:
    """A table by the bits, filled as they are met."""

    def __init__(self, dtype: torch.dtype) -> None:
        self._dtype = dtype
        self._values = np.zeros(2**16)
        self._known = np.zeros(2**16, dtype=bool)

    def of(self, tensor: torch.Tensor) -> np.ndarray[Any, Any]:
        bits = tensor.detach().contiguous().view(torch.int16).numpy().view(np.uint16)
        known = self._known[bits]
        if not known.all():
            new = np.unique(bits[~known])
            self._values[new] = self._shortest(new)
            self._known[new] = True
        found: np.ndarray[Any, Any] = np.asarray(self._values[bits])
        return found

    def _shortest(self, bits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        exact = torch.from_numpy(bits.view(np.int16)).view(self._dtype).double().numpy()
        found = exact.copy()
        open_ = np.isfinite(exact) & (exact != 0)
        for digits in range(_ENOUGH):
            places = np.flatnonzero(open_)
            for shift in (0, 1):  # at a power of two the decimal next to it may be the farther one
                tried = np.array([_rounded(value, digits, shift) for value in exact[places]])
                back = torch.from_numpy(tried).to(self._dtype).double().numpy() == exact[places]
                found[places[back]] = tried[back]
                open_[places[back]] = False
                places = places[~back]
        return found


def _rounded(value: float, digits: int, up: int) -> float:
    """The value with so many digits behind the first one, or the next one away from 0."""
    text = f"{value:.{digits}e}"
    if not up:
        return float(text)
    mantissa, _, exponent = text.partition("e")
    step = (-1 if value < 0 else 1) * 10**-digits
    return float(f"{float(mantissa) + step:.{digits}f}e{exponent}")


SHORT = {dtype: _Decimals(dtype) for dtype in (torch.float16, torch.bfloat16)}


def decimals_of(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The values of a 16-bit float tensor as float64 whose shortest decimals are those of the tensor's own dtype."""
    return SHORT[tensor.dtype].of(tensor)
