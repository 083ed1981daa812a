"""JSON values of `params` -> the Python values that torch's constructors and functions take.

torch itself is not imported here: a dtype, a tensor-valued argument and a nested module stand as small markers that the
engine turns into the real thing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torchwire.catalogue.layer import Param

DTYPES = (
    "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128".split()
)  # the dtypes of torch that a CPU computes with; `half`, `double`, ... are accepted as the functions of that name only

_NUMBERS_IN_TEXT = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class BadValue(ValueError):
    """A value that this parameter cannot take; the text says what it takes."""


@dataclass(frozen=True)
class DType:
    """A dtype by its name in torch."""

    name: str


@dataclass(frozen=True)
class TensorValue:
    """A tensor-valued argument, as the nested list that the document gives."""

    values: Any


@dataclass(frozen=True)
class Options:
    """An object of named settings, which torch takes as a class of its own."""

    values: Mapping[str, Any]


def _integer(value: Any, exact: bool = False) -> int:
    """JavaScript may have written 3 for 3.0 and the other way round; an expression's 3.0 is a float, as in Python."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue("takes an integer")
    if isinstance(value, float):
        if not value.is_integer():
            raise BadValue("takes an integer")
        if exact:
            raise BadValue("takes an integer, and the expression gives a float; // divides integers")
        value = int(value)
    if abs(value) > 2**53:
        raise BadValue("takes an integer within 2**53")
    return value


def _floating(value: Any) -> float:
    if isinstance(value, str) and value in _NUMBERS_IN_TEXT:
        return _NUMBERS_IN_TEXT[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue("takes a number")
    return float(value)


def _number(value: Any, exact: bool) -> int | float | bool:
    if isinstance(value, str) and value in _NUMBERS_IN_TEXT:
        return _NUMBERS_IN_TEXT[value]
    if isinstance(value, bool):
        return value
    if not isinstance(value, (int, float)):
        raise BadValue("takes a number")
    # JSON cannot tell 1.0 from 1 (JavaScript writes both as 1): an int, unless an expression insists
    return int(value) if not exact and isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _many(value: Any, each: Callable[[Any], Any], param: Param, what: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise BadValue(f"takes a list of {what}")
    # fewer may do: MaxPool2d takes (2,), ZeroPad2d (1, 1); torch says so where not
    if param.length is not None and len(value) > param.length:
        raise BadValue(f"takes {param.length} {what}, got {len(value)}")
    return tuple(None if item is None and param.nullable_items else each(item) for item in value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("takes true or false")
    return value


def _dtype(value: Any) -> DType:
    name = value.removeprefix("torch.") if isinstance(value, str) else value
    if name not in DTYPES:
        raise BadValue(f"takes a dtype: {', '.join(DTYPES)}")
    return DType(name)


def _anything(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBERS_IN_TEXT.get(value, value)
    if isinstance(value, list):
        return tuple(_anything(item) for item in value)
    if isinstance(value, dict):
        return {key: _anything(item) for key, item in value.items()}
    return value


def _option(key: str, value: Any) -> Any:
    return _dtype(value) if key.endswith("dtype") and value is not None else _anything(value)


def convert(param: Param, value: Any, exact: bool = False) -> Any:
    """The value in Python's form, within the declared bounds and choices.

    `exact` is for results of an expression, where 1.0 stays a float.
    Raises BadValue, whose text completes "<param> ...".
    """
    if value is None:
        if param.nullable or param.kind in ("any", "bool_or_none") or (not param.required and param.default is None):
            return None
        raise BadValue("cannot be null")
    # a choice of words beside numbers: padding='same', reduction='mean'
    if param.choices is not None and isinstance(value, (str, bool, int)) and value in param.choices:
        return value
    result = _by_kind(param, value, exact)
    words_beside_numbers = param.kind not in ("string", "choice") and all(
        isinstance(c, str) for c in param.choices or ()
    )
    if param.choices is not None and not words_beside_numbers and not isinstance(result, tuple):
        raise BadValue(f"takes one of {', '.join(map(repr, param.choices))}")
    for item in result if isinstance(result, tuple) else (result,):
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            if param.min is not None and not item >= param.min:
                raise BadValue(f"is {item}, but at least {param.min} is needed")
            if param.max is not None and not item <= param.max:
                raise BadValue(f"is {item}, but at most {param.max} is possible")
    return result


def _by_kind(param: Param, value: Any, exact: bool) -> Any:
    kind = param.kind
    is_list = isinstance(value, (list, tuple))

    def integer(item: Any) -> int:
        return _integer(item, exact)

    if kind == "int":
        return integer(value)
    if kind == "float":
        return _floating(value)
    if kind in ("number", "scalar"):
        return _number(value, exact)
    if kind in ("bool", "bool_or_none"):
        return _boolean(value)
    if kind in ("string", "choice", "index"):
        if kind == "index" and not isinstance(value, str):
            return value
        if not isinstance(value, str):
            raise BadValue(
                "takes text" if param.choices is None else f"takes one of {', '.join(map(repr, param.choices))}"
            )
        return value
    if kind == "dtype":
        return _dtype(value)
    if kind == "int_or_ints":
        return _many(value, integer, param, "integers") if is_list else integer(value)
    if kind == "float_or_floats":
        return _many(value, _floating, param, "numbers") if is_list else _floating(value)
    if kind == "number_or_tensor":
        return TensorValue(_anything(value)) if is_list else _number(value, exact)
    if kind in ("ints", "shape"):
        return _many(value, integer, param, "integers") if is_list else (integer(value),)
    if kind == "floats":
        return _many(value, _floating, param, "numbers")
    if kind == "tensor":
        return TensorValue(_anything(value))
    if kind == "options":
        if not isinstance(value, dict):
            raise BadValue('takes an object of settings, such as {"acc_policy": "compact"}')
        return Options({key: _option(key, item) for key, item in value.items()})
    return _anything(value)
