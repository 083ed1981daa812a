"""The types that are ours: where tensors enter and leave, and what the network keeps."""

from __future__ import annotations

from torchwire.catalogue.layer import LayerType, Param, Port

_DTYPE = Param("dtype", "dtype", default="float32", summary="int64 where fill is randint")
_SHAPE = Param("shape", "ints", min=0, summary="sizes, the batch first")
_FILLS = ("randn", "rand", "zeros", "ones", "arange", "randint", "values", "sample")

INPUT = LayerType(
    type="Input",
    form="own",
    family="Inputs and outputs",
    summary="where a tensor enters the network",
    doc="An argument of forward(). Its sample is drawn, typed in, or taken from a data set.",
    params=(
        _SHAPE,
        _DTYPE,
        Param("fill", "any", default="randn", choices=_FILLS, summary="how the sample is made"),
        Param("low", "int", default=0, summary="randint: the smallest value"),
        Param("high", "int", default=10, summary="randint: one more than the largest value"),
        Param("values", "any", summary="the sample itself, as a nested list"),
        Param("name", "string", summary="sample: the data set", choices=("digits", "iris", "wine")),
        Param("index", "int", default=0, min=0, summary="sample: which one"),
    ),
    inputs=(),
    outputs=(Port("output"),),
    code="",
    aliases=("data", "placeholder"),
)
OUTPUT = LayerType(
    type="Output",
    form="own",
    family="Inputs and outputs",
    summary="what the network returns",
    doc="A value that forward() returns. Without any Output, every result that nobody reads is returned.",
    params=(),
    inputs=(Port("value"),),
    outputs=(Port("output"),),
    code="",
    aliases=("return", "result"),
)
_STORED = (
    _SHAPE,
    _DTYPE,
    Param(
        "fill",
        "any",
        default="randn",
        summary='randn, zeros, ..., values, or a torch.nn.init function {"normal_": {"std": 0.02}}',
    ),
    Param("low", "int", default=0),
    Param("high", "int", default=10),
    Param("values", "any", summary="the values, as a nested list"),
)
PARAMETER = LayerType(
    type="Parameter",
    form="own",
    family="Inputs and outputs",
    summary="a tensor that the network learns",
    doc="A learnable nn.Parameter of the network itself.",
    params=_STORED,
    inputs=(Port("value", optional=True),),
    outputs=(Port("output"),),
    code="nn.Parameter",
    aliases=("weight", "learnable"),
)
CONSTANT = LayerType(
    type="Constant",
    form="own",
    family="Inputs and outputs",
    summary="a tensor that the network keeps and does not learn",
    doc="A buffer of the network: a mask, a table of positions. Computed where something is wired to `value`.",
    params=(*_STORED, Param("persistent", "bool", default=True, summary="whether it is in the state_dict")),
    inputs=(Port("value", optional=True),),
    outputs=(Port("output"),),
    code="",
    aliases=("buffer",),
)
OWN = (INPUT, OUTPUT, PARAMETER, CONSTANT)
