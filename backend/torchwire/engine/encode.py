"""Tensors as JSON: values that read back to the same bits, and summaries over the tensors' own memory."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import orjson
import torch

from torchwire.engine.decimals import SHORT, decimals_of

_SAFE = 2**53
_WORDS = {word: f'"{word}"'.encode() for word in ("nan", "inf", "-inf")}


def as_array(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The tensor's values as numpy, sharing memory where numpy has the dtype; bfloat16 as float32."""
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.to(torch.float32)
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    array: np.ndarray[Any, Any] = tensor.numpy()
    return array


def _special(value: float) -> Any:
    if math.isnan(value):
        return "nan"
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def values_of(tensor: torch.Tensor) -> Any:
    """The values as something orjson writes: numpy where it can, else JSON's own bytes or nested lists.

    Floats are the shortest decimal of their own dtype, complex numbers pairs of them; NaN and infinities are text;
    integers beyond 2**53 are text.
    """
    array = decimals_of(tensor) if tensor.dtype in SHORT else as_array(tensor)
    if array.dtype.kind == "c":
        array = np.stack((array.real, array.imag), axis=-1)
    if array.ndim == 0:
        return _scalar(array)
    array = np.ascontiguousarray(array)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return _with_words(array)
    if array.dtype == np.int64 and array.size and (array.min() < -_SAFE or array.max() > _SAFE):
        return _large_as_text(array.tolist())
    return array


def _scalar(array: np.ndarray[Any, Any]) -> Any:
    if array.dtype.kind == "b":
        return bool(array)
    if array.dtype.kind in "iu":
        return _large_as_text(int(array))
    return _special(float(str(array[()])))  # numpy writes the shortest decimal of the dtype


def _with_words(array: np.ndarray[Any, Any]) -> orjson.Fragment:
    """JSON of floats of which some are not finite; orjson writes each of those as null."""
    words = iter([_WORDS[str(value)] for value in array[~np.isfinite(array)]])
    text = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    return orjson.Fragment(re.sub(b"null", lambda _: next(words), text))


def summary_of(tensor: torch.Tensor) -> dict[str, Any] | None:
    """min, max, mean and std (correction 1) over the finite values, and how many are zero, NaN or infinite."""
    array = as_array(tensor)
    if array.dtype.kind == "c":
        return None
    if array.dtype.kind == "b":
        array = array.view(np.uint8)
    flat = array.ravel()
    size = flat.size
    if not size:
        return {"min": None, "max": None, "mean": None, "std": None, "zeros": 0, "nan": 0, "inf": 0}
    low, high = np.minimum.reduce(flat), np.maximum.reduce(flat)  # the methods cost two microseconds more each
    nans = infinities = 0
    finite = flat
    if flat.dtype.kind == "f" and not (math.isfinite(low) and math.isfinite(high)):
        nans = int(np.isnan(flat).sum())
        finite = flat[np.isfinite(flat)]
        infinities = size - nans - finite.size
        if finite.size:
            low, high = finite.min(), finite.max()
    zeros = size - int(np.count_nonzero(flat))
    if not finite.size:
        return {"min": None, "max": None, "mean": None, "std": None, "zeros": zeros, "nan": nans, "inf": infinities}
    mean, std = _moments_of(finite, low, high)
    narrow = tensor.dtype if tensor.is_floating_point() else None
    return {
        "min": _bound(low, narrow),
        "max": _bound(high, narrow),
        "mean": _special(mean),
        "std": None if std is None else _special(std),
        "zeros": zeros,
        "nan": nans,
        "inf": infinities,
    }


_SQUARES = 400  # numbers beyond 2**400 or within 2**-400 are scaled before they are squared: float64 ends at 2**1024


def _moments_of(finite: np.ndarray[Any, Any], low: Any, high: Any) -> tuple[float, float | None]:
    """Mean and standard deviation of any finite numbers."""
    if finite.dtype != np.float64:
        return _moments(finite)
    power = math.frexp(max(-float(low), float(high)))[1]
    if abs(power) <= _SQUARES:
        return _moments(finite)
    mean, std = _moments(np.ldexp(finite, -power))
    return _scaled(mean, power), None if std is None else _scaled(std, power)


def _scaled(value: float, power: int) -> float:
    try:
        return math.ldexp(value, power)
    except OverflowError:  # the deviation of the largest number and the smallest is beyond float64
        return math.inf


_CHUNK = 2**20  # elements that are made float64 at a time: a large tensor's summary must not need twice its memory


def _moments(finite: np.ndarray[Any, Any]) -> tuple[float, float | None]:
    """Mean and standard deviation, computed in float64."""
    if finite.size <= _CHUNK:
        wide = finite.astype(np.float64)
        mean = float(np.add.reduce(wide)) / wide.size
        wide -= mean
        squares = float(wide.dot(wide))
    else:
        chunks = [finite[start : start + _CHUNK] for start in range(0, finite.size, _CHUNK)]
        mean = math.fsum(float(chunk.sum(dtype=np.float64)) for chunk in chunks) / finite.size
        squares = 0.0
        for chunk in chunks:
            wide = chunk.astype(np.float64)
            wide -= mean
            squares += float(wide.dot(wide))
    return mean, math.sqrt(squares / (finite.size - 1)) if finite.size > 1 else None


def _bound(value: Any, dtype: torch.dtype | None) -> Any:
    if dtype is None:
        number = int(value)
        return number if abs(number) <= _SAFE else str(number)
    if dtype in SHORT:
        return float(decimals_of(torch.tensor(float(value), dtype=dtype)))
    return float(str(value))


def dumps(value: Any) -> bytes:
    """JSON bytes."""
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_STRICT_INTEGER
    try:
        return orjson.dumps(value, option=options)
    except TypeError:  # a count or a size beyond 2**53, of a network that nobody can build
        return orjson.dumps(_large_as_text(value), option=orjson.OPT_SERIALIZE_NUMPY)


def _large_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _large_as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_large_as_text(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE:
        return str(value)
    return value
