"""Functions that make tensors, from sizes or in the likeness of another, and those that cast them."""

from __future__ import annotations

from torchwire.catalogue.functions.entry import INPUT, Function, family, method
from torchwire.catalogue.layer import Param

_DTYPE = Param("dtype", "dtype", nullable=True)
_SIZE = Param("size", "ints", required=True, min=0)
_ENDS = (Param("start", "number", required=True), Param("end", "number", required=True))
_STEPS = Param("steps", "int", required=True, min=0)
_LIKE = (INPUT, _DTYPE)

_MAKING = (
    Function(
        "arange",
        "numbers in a row, such as 0, 1, 2",
        "range, positions, iota",
        code="torch.arange(start, end, step, dtype=dtype)",
        takes=(
            Param("start", "number", 0),
            Param("end", "number", required=True, summary="not included"),
            Param("step", "number", 1),
            _DTYPE,
        ),
    ),
    Function("linspace", "so many numbers from start to end", "range", takes=(*_ENDS, _STEPS, _DTYPE)),
    Function(
        "logspace",
        "so many powers from base**start to base**end",
        "range",
        takes=(*_ENDS, _STEPS, Param("base", "float", 10.0), _DTYPE),
    ),
    Function("zeros", "a tensor of zeros", "constant", takes=(_SIZE, _DTYPE)),
    Function("ones", "a tensor of ones", "constant", takes=(_SIZE, _DTYPE)),
    Function(
        "full",
        "a tensor filled with one value",
        "constant",
        takes=(_SIZE, Param("fill_value", "number", required=True), _DTYPE),
    ),
    Function(
        "eye",
        "ones on the diagonal",
        "identity",
        takes=(Param("n", "int", required=True, min=0), Param("m", "int", min=0, summary="left out: n"), _DTYPE),
    ),
    Function("rand", "random numbers between 0 and 1", "uniform, noise", takes=(_SIZE, _DTYPE)),
    Function("randn", "random numbers, normally distributed", "normal, gauss, noise", takes=(_SIZE, _DTYPE)),
    Function("zeros_like", "zeros in the shape of another tensor", takes=_LIKE),
    Function("ones_like", "ones in the shape of another tensor", takes=_LIKE),
    Function(
        "full_like",
        "one value in the shape of another tensor",
        takes=(INPUT, Param("fill_value", "number", required=True), _DTYPE),
    ),
    Function("rand_like", "random numbers between 0 and 1 in a tensor's shape", "uniform, noise", takes=_LIKE),
    Function("randn_like", "normally distributed numbers in a tensor's shape", "gauss, noise", takes=_LIKE),
    Function(
        "randint_like",
        "random integers in the shape of another tensor",
        "noise",
        takes=(INPUT, Param("low", "int", 0), Param("high", "int", required=True, summary="not included"), _DTYPE),
    ),
    Function(
        "bernoulli",
        "ones with the input's values as probability",
        "random, coin",
        takes=(INPUT, Param("p", "float", min=0, max=1, summary="left out: the input's values")),
    ),
    Function(
        "multinomial",
        "draws numbers by their weights",
        "sample, random",
        params=(Param("num_samples", "int", required=True, min=1),),
    ),
)

_NUMBERS_OF = {
    "float": "as 32-bit floats",
    "double": "as 64-bit floats",
    "half": "as 16-bit floats",
    "bfloat16": "as 16-bit floats with the range of 32-bit ones",
    "int": "as 32-bit integers",
    "long": "as 64-bit integers",
    "short": "as 16-bit integers",
    "bool": "as true or false",
}
_CASTING = (
    *(method(name, summary, "cast, dtype, convert") for name, summary in _NUMBERS_OF.items()),
    method("to", "in another dtype", "cast, convert", Param("dtype", "dtype", required=True)),
    Function("type_as", "in the dtype of another tensor", "cast, dtype", code="input.type_as(other)"),
)

MAKING = (
    *family("Making", _MAKING),
    *family("Casting", _CASTING),
)
