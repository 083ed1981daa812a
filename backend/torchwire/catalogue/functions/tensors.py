"""Functions of tensors as boxes of numbers: joining, shape, indexing."""

from __future__ import annotations

from torchwire.catalogue.functions.entry import INPUT, Function, family, method
from torchwire.catalogue.layer import Param, Port

_MANY = (Port("tensors", many=True),)
_SIZES = Param("shape", "ints", required=True, min=-1, summary="sizes; one may be -1")
_DIM = Param("dim", "int", required=True)

_JOINING = (
    Function("cat", "joins tensors along a dimension", "concat, concatenate, join, merge, skip connection"),
    Function("stack", "puts tensors side by side along a new dimension", "join, batch"),
    Function("hstack", "joins tensors along the second dimension", "concat"),
    Function("vstack", "joins tensors as rows", "concat"),
    Function(
        "split",
        "cuts into pieces of a size, or of several sizes",
        "divide, pieces, qkv",
        code="tensor.split(split_size_or_sections, dim=dim)",
        params=(Param("split_size_or_sections", "int_or_ints", required=True, min=0),),
        numbered=True,
    ),
    Function(
        "chunk",
        "cuts into so many pieces",
        "divide, pieces, qkv",
        code="input.chunk",
        params=(Param("chunks", "int", required=True, min=1),),
        numbered=True,
    ),
    Function(
        "unbind", "takes a dimension apart into single tensors", "unstack, qkv", code="input.unbind", numbered=True
    ),
    Function(
        "meshgrid",
        "the coordinates of a grid, from one axis each",
        "coordinates",
        code="torch.meshgrid(*tensors, indexing=indexing)",
        takes=(*_MANY, Param("indexing", "choice", "ij", choices=("ij", "xy"))),
        numbered=True,
    ),
    Function(
        "broadcast_tensors",
        "expands tensors to a common shape",
        code="torch.broadcast_tensors(*tensors)",
        takes=_MANY,
        numbered=True,
    ),
    Function("block_diag", "puts matrices along a diagonal", code="torch.block_diag(*tensors)", takes=_MANY),
)

_SHAPE = (
    Function(
        "getitem",
        "takes a part, as brackets do",
        "slice, index, select, crop, []",
        code="input[index]",
        takes=(
            INPUT,
            Port("index", many=True),
            Param("index", "index", summary="what stands between the brackets, such as :, -1"),
        ),
    ),
    method("view", "another shape over the same memory", "reshape, flatten", _SIZES),
    method("reshape", "another shape", "view, flatten", _SIZES),
    Function("flatten", "makes one dimension of several", "reshape, view", code="input.flatten"),
    Function(
        "unflatten",
        "makes several dimensions of one",
        "reshape, view, heads",
        code="input.unflatten(dim, sizes)",
        takes=(INPUT, _DIM, Param("sizes", "ints", required=True, min=-1)),
    ),
    Function("ravel", "makes one long row"),
    Function(
        "squeeze",
        "removes dimensions of size 1",
        code="input.squeeze",
        params=(Param("dim", "int_or_ints", summary="left out: all of size 1"),),
    ),
    method("unsqueeze", "adds a dimension of size 1", "batch, expand dims", _DIM),
    method(
        "permute",
        "puts dimensions in another order",
        "transpose, axes, channels last",
        Param("dims", "ints", required=True),
    ),
    method(
        "transpose",
        "swaps two dimensions",
        "swap, heads",
        Param("dim0", "int", required=True),
        Param("dim1", "int", required=True),
    ),
    method(
        "swapaxes",
        "swaps two dimensions",
        "transpose",
        Param("axis0", "int", required=True),
        Param("axis1", "int", required=True),
    ),
    method(
        "movedim",
        "moves dimensions to other places",
        "axes, channels last",
        Param("source", "int_or_ints", required=True),
        Param("destination", "int_or_ints", required=True),
    ),
    method(
        "expand",
        "repeats dimensions of size 1 without copying",
        "broadcast",
        Param("size", "ints", required=True, min=-1, summary="-1 leaves a dimension as it is"),
    ),
    Function("expand_as", "expands to the shape of another tensor", "broadcast", code="input.expand_as(other)"),
    Function("view_as", "view in the shape of another tensor", code="input.view_as(other)"),
    Function("reshape_as", "reshape to the shape of another tensor", code="input.reshape_as(other)"),
    method(
        "broadcast_to", "expands to a shape without copying", "expand", Param("size", "ints", required=True, min=-1)
    ),
    method("repeat", "copies along each dimension", "tile", Param("repeats", "ints", required=True, min=0)),
    Function(
        "repeat_interleave",
        "repeats every value in its place",
        "upsample, grouped heads",
        ports=(INPUT, Port("repeats")),
        params=(Param("repeats", "int", min=0), Param("output_size", "int", nullable=True)),
    ),
    method(
        "tile", "copies along each dimension, the last first", "repeat", Param("dims", "ints", required=True, min=0)
    ),
    Function("roll", "shifts values around in a circle", "shift, swin"),
    method("flip", "turns dimensions around", "reverse, mirror", Param("dims", "ints", required=True)),
    Function("fliplr", "turns columns around", "mirror"),
    Function("flipud", "turns rows around", "mirror"),
    Function("rot90", "turns by 90 degrees", "rotate"),
    Function("contiguous", "puts the memory in order", "copy", code="input.contiguous()"),
    Function(
        "narrow",
        "takes a run of positions of a dimension",
        "slice",
        code="input.narrow(dim, start, length)",
        takes=(INPUT, _DIM, Param("start", "int", required=True), Param("length", "int", required=True, min=0)),
    ),
    Function(
        "select",
        "takes one position of a dimension",
        "slice, index",
        code="input.select(dim, index)",
        takes=(INPUT, _DIM, Param("index", "int", required=True)),
    ),
    Function("diagonal", "takes a diagonal"),
    Function("diag", "a matrix's diagonal, or a matrix with this diagonal"),
    Function("diag_embed", "matrices with these diagonals"),
    Function("clone", "copies the values", "copy", code="input.clone()"),
    Function("detach", "the same values, cut off from the gradient", "stop gradient", code="input.detach()"),
)

_VALUE = Param("value", "number")

_INDEXING = (
    Function("gather", "takes one value by index for every position", "index, lookup"),
    Function("index_select", "takes positions of a dimension by number", "index, lookup"),
    Function("take_along_dim", "takes values by indices as argsort gives them", "index"),
    Function("take", "takes values by their number in the flattened tensor", "index"),
    Function(
        "masked_fill",
        "puts a value where a mask is true",
        "mask, attention, causal",
        code="input.masked_fill(mask, value)",
        takes=(INPUT, Port("mask"), Port("value"), Param("value", "number")),
    ),
    Function("masked_select", "the values where a mask is true, in a row", "mask, filter"),
    Function("masked_scatter", "fills the true places of a mask from a tensor", "mask"),
    Function("nonzero", "the positions of values that are not 0", "where, mask", takes=(INPUT,)),
    Function(
        "scatter",
        "writes values to positions by index",
        "index",
        ports=(INPUT, Port("index"), Port("src", optional=True)),
        params=(_VALUE, Param("reduce", "choice", choices=("add", "multiply"))),
    ),
    Function("scatter_add", "adds values at positions by index", "index"),
    Function(
        "scatter_reduce",
        "gathers values at positions by a rule",
        "index, graph",
        params=(Param("reduce", "choice", required=True, choices=("sum", "prod", "mean", "amax", "amin")),),
    ),
    Function("index_add", "adds rows at positions by number", "graph"),
    Function("index_copy", "writes rows to positions by number"),
    Function("index_fill", "puts a value at positions by number", ports=(INPUT, Port("index"))),
    Function("tril", "keeps the lower triangle", "causal mask, triangle", code="input.tril"),
    Function("triu", "keeps the upper triangle", "causal mask, triangle", code="input.triu"),
    Function(
        "one_hot",
        "a row of zeros with a one per number",
        "classes, encode",
        params=(Param("num_classes", "int", -1, min=-1, summary="-1: one more than the largest number"),),
    ),
    Function(
        "bucketize",
        "the number of the interval that a value is in",
        "bins",
        ports=(INPUT, Port("boundaries")),
        drops="input",
    ),
    Function(
        "searchsorted",
        "where a value would stand in a sorted row",
        "bins",
        ports=(Port("sorted_sequence"), INPUT, Port("sorter", optional=True)),
        drops="input",
        params=(Param("side", "choice", nullable=True, choices=("left", "right")),),
    ),
)

TENSORS = (
    *family("Joining", _JOINING),
    *family("Shape", _SHAPE),
    *family("Indexing", _INDEXING),
)
