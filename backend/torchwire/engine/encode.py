"""Tensors as JSON: values that read back to the same bits, and summaries over the tensors' own memory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import orjson
import torch

_SAFE = 2**53


def as_array(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The tensor's values as numpy, sharing memory where numpy has the dtype; bfloat16 as float32."""
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.to(torch.float32)
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    array: np.ndarray[Any, Any] = tensor.numpy()
    return array


def _shortest_bfloat16(value: float) -> float:
    """The shortest decimal that reads back to the same bfloat16."""
    for digits in range(1, 6):
        short = float(f"{value:.{digits}g}")
        if torch.tensor(short, dtype=torch.bfloat16).item() == value:
            return short
    return value


def _special(value: float) -> Any:
    if math.isnan(value):
        return "nan"
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def values_of(tensor: torch.Tensor) -> Any:
    """The values as something orjson writes: numpy where it can, nested lists where a value needs other words.

    Floats are the shortest decimal of their own dtype; NaN and infinities are text; integers beyond 2**53 are text.
    """
    array = as_array(tensor)
    if array.ndim == 0:
        array = array.reshape(1)
        return _list_of(tensor, array)[0]
    plain = tensor.dtype not in (torch.bfloat16,) and array.dtype.kind in "biuf" and array.size > 0
    if plain and array.dtype.kind == "f":
        plain = bool(np.isfinite(array).all())
    if plain and array.dtype.itemsize == 8 and array.dtype.kind in "iu":
        plain = bool(array.min() >= -_SAFE and array.max() <= _SAFE)
    return np.ascontiguousarray(array) if plain else _list_of(tensor, array)


def _list_of(tensor: torch.Tensor, array: np.ndarray[Any, Any]) -> Any:
    kind = array.dtype.kind

    def walk(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return [walk(item) for item in value]
        if kind == "b":
            return bool(value)
        if kind in "iu":
            integer = int(value)
            return integer if abs(integer) <= _SAFE else str(integer)
        if kind == "c":
            return [_special(float(value.real)), _special(float(value.imag))]
        number = float(value)
        if not math.isfinite(number):
            return _special(number)
        if tensor.dtype == torch.bfloat16:
            return _shortest_bfloat16(number)
        return float(str(value))  # numpy writes the shortest decimal of the dtype

    return walk(array)


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
    mean, std = _moments(finite)
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
    if dtype == torch.bfloat16:
        return _shortest_bfloat16(float(value))
    return float(str(value))


def dumps(value: Any) -> bytes:
    """JSON bytes."""
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_STRICT_INTEGER
    try:
        return orjson.dumps(value, option=options)
    except TypeError:  # a count or a size beyond 2**53, of a network that nobody can build
        return orjson.dumps(_large_as_text(value), option=options)


def _large_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _large_as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_large_as_text(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _SAFE:
        return str(value)
    return value
