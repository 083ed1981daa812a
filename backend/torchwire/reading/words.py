"""Torch's words that are no entry of the catalogue themselves, or are written in another way than the entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torchwire.catalogue.layer import LayerType
from torchwire.reading.binding import is_tensors
from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.forms import library_word
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import Device, DTypeOf, Library, Operation, Pieces, Shape, Stored, Tensor, Unknown, Weight
from torchwire.reading.weights import METHODS as FILLING

if TYPE_CHECKING:
    from torchwire.reading.tensors import Tensors

Args = list[Any]
Kwargs = dict[str, Any]

SAME = {
    "concat": "cat",
    "concatenate": "cat",
    "absolute": "abs",
    "multiply": "mul",
    "subtract": "sub",
    "divide": "div",
    "true_divide": "div",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "not_equal": "ne",
    "negative": "neg",
    "swapdims": "swapaxes",
    "moveaxis": "movedim",
    "clip": "clamp",
    "row_stack": "vstack",
    "expit": "sigmoid",
    "view_copy": "view",
}
"""Other names of the same function."""

_SIZED = frozenset("view reshape permute expand broadcast_to repeat tile flip".split())
_STARRED = frozenset("meshgrid broadcast_tensors block_diag".split())


def gathered(own: Tensors, layer: LayerType, args: Args) -> Args:
    """x.view(2, 3) as x.view((2, 3)), torch.meshgrid(a, b) as torch.meshgrid([a, b])."""
    if layer.type in _SIZED and len(args) > 1 and not isinstance(args[1], list | tuple):
        if isinstance(args[1], Library):
            raise Refusal(f"{layer.type} to another dtype.")
        return [args[0], list(own.it.shape_items(args[1])) if isinstance(args[1], Shape) else list(args[1:])]
    if layer.type in _STARRED and args and isinstance(args[0], Tensor):
        return [list(args)]
    if layer.type in ("roll", "squeeze", "sum", "mean") and len(args) > 3:
        return args
    if layer.type == "einsum" and len(args) > 1 and isinstance(args[1], Tensor):
        return [args[0], list(args[1:])]
    if layer.type in ("cat", "stack", "hstack", "vstack") and args and isinstance(args[0], Pieces):
        return [own.pieces(args[0], None), *args[1:]]
    return args


# -- sizes ---------------------------------------------------------------------------------------------------------


def _size(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    own.read(args[0])
    where = args[1] if len(args) > 1 else kwargs.get("dim")
    if where is None:
        return Shape(args[0])
    return Symbol("size", (*args[0].reference, own.it.plain(where)))


def _rank(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    return len(own.it.known.shape(args[0]))


def _numel(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    return own.numel(args[0])


def _item(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    found = own.it.known.values(args[0])
    while isinstance(found, list) and len(found) == 1:
        found = found[0]
    if found is None or isinstance(found, list):
        raise Refusal("`.item()` of a tensor whose value only a run has.")
    return found


def _list(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    found = own.it.known.values(args[0])
    if found is None:
        raise Refusal("`.tolist()` of a tensor whose values only a run has.")
    return found


# -- the same tensor -----------------------------------------------------------------------------------------------


def _itself(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    own.read(args[0])
    return args[0]


def _requires_grad(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    own.store_attribute(args[0], "requires_grad", args[1] if len(args) > 1 else kwargs.get("requires_grad", True))
    return args[0]


def _to(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    tensor = args[0]
    for value in [*args[1:], *kwargs.values()]:
        if isinstance(value, Tensor):
            return own.operation("type_as", {"input": tensor, "other": value})
        if isinstance(value, DTypeOf):
            try:
                if own.it.known.dtype(tensor) == own.it.known.dtype(value.tensor):
                    return tensor
            except Undecided:
                pass
            return own.operation("type_as", {"input": tensor, "other": value.tensor})
        if isinstance(value, Library) and not value.path.startswith(("torch.device", "torch.channels")):
            return _cast(own, tensor, str(library_word(_plain_type(value), None)))
    own.read(tensor)
    return tensor


def _plain_type(value: Library) -> Library:
    from torchwire.reading.evaluator import DTYPE_ALIASES

    name = value.path.rpartition(".")[2]
    return Library(f"torch.{DTYPE_ALIASES.get(name, name)}")


def _cast(own: Tensors, tensor: Tensor, dtype: str) -> Any:
    try:
        if own.it.known.dtype(tensor) == dtype:
            return tensor
    except Undecided:
        pass
    return own.operation("to", {"input": tensor, "dtype": dtype})


def _type(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    if len(args) + len(kwargs) < 2:
        raise Refusal("`.type()` as text.")
    args = [
        Library(value.replace("torch.cuda.", "torch.")) if isinstance(value, str) else value
        for value in [*args, *kwargs.values()]
    ]
    return _to(own, args, {})


# -- making --------------------------------------------------------------------------------------------------------


def _sizes(own: Tensors, args: Args, kwargs: Kwargs) -> tuple[Any, Kwargs]:
    rest = dict(kwargs)
    sizes: Any = rest.pop("size", None)
    if args:
        sizes = args[0] if isinstance(args[0], list | tuple | Shape) else list(args)
    if isinstance(sizes, Shape):
        sizes = own.it.shape_items(sizes)
    return [] if sizes is None else sizes, rest


def _maker(name: str, filled: str = "") -> Callable[[Tensors, Args, Kwargs], Any]:
    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        sizes, rest = _sizes(own, args, kwargs)
        if isinstance(sizes, Unknown):
            return sizes
        rest.pop("names", None)
        made = own.operation(filled or name, {"size": list(sizes), **rest})
        if name == "empty":
            made.source.given = []
            made.source.hint = "empty"
        return made

    return run


def _new(name: str) -> Callable[[Tensors, Args, Kwargs], Any]:
    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        tensor, rest = args[0], dict(kwargs)
        if rest.get("dtype") is None:
            try:
                dtype = own.it.known.dtype(tensor)
            except Undecided:
                dtype = "float32"
            if dtype != "float32":
                rest["dtype"] = Library(f"torch.{dtype}")
        if name == "full":
            return own.call("full", args[1:], rest)
        return WORDS[name](own, args[1:], rest)

    return run


def _full(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    given = dict(zip(("size", "fill_value"), args, strict=False)) | kwargs
    size = given.get("size")
    if isinstance(size, Shape):
        given["size"] = own.it.shape_items(size)
    if isinstance(given.get("size"), int | Symbol):
        given["size"] = [given["size"]]
    return own.operation("full", given)


def _randint(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    """An example of an input; the catalogue has no such function."""
    it = own.it
    if it.recording.scope is not None:
        raise Refusal("torch.randint is not in the catalogue.")
    names = ("low", "high", "size") if len(args) > 2 or (len(args) == 2 and "size" in kwargs) else ("high", "size")
    given = dict(zip(names, args, strict=False)) | kwargs
    shape = [it.plain(size) for size in it.items(given["size"])]
    values = {"shape": shape, "low": it.plain(given.get("low", 0)), "high": it.plain(given["high"])}
    dtype = given.get("dtype")
    values["dtype"] = "int64" if dtype is None else it.dtype(dtype)
    return Tensor(it.recording.add(Operation("randint", None, {}, {}, None, line=it.line, given=values)))


def _arange(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    names = {1: ("end",), 2: ("start", "end"), 3: ("start", "end", "step")}.get(len(args), ())
    return own.operation("arange", dict(zip(names, args, strict=False)) | kwargs)


def _tensor(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    """torch.tensor([...]): a constant."""
    it = own.it
    data = args[0] if args else kwargs.get("data")
    if isinstance(data, Tensor):
        return data
    dtype = kwargs.get("dtype", args[1] if len(args) > 1 else None)
    flat: list[Any] = []

    def plain(value: Any, depth: int = 0) -> Any:
        if isinstance(value, list | tuple | range):
            if depth > 16:
                raise Refusal("A tensor of so many dimensions.")
            return [plain(item, depth + 1) for item in it.items(value)]
        flat.append(it.plain(value))
        return flat[-1]

    values = plain(data)
    if isinstance(dtype, DTypeOf):
        name = it.dtype(dtype)
    elif isinstance(dtype, Library):
        name = str(library_word(dtype, None))
    elif flat and all(isinstance(value, bool) for value in flat):
        name = "bool"
    elif flat and all(isinstance(value, int) for value in flat):
        name = "int64"
    else:
        name = "float32"
    return own.constant(values, name)


def _typed(dtype: str) -> Callable[[Tensors, Args, Kwargs], Any]:
    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        if args and isinstance(args[0], list | tuple):
            return _tensor(own, args, {"dtype": Library(f"torch.{dtype}")})
        return WORDS["empty"](own, args, {} if dtype == "float32" else {"dtype": Library(f"torch.{dtype}")})

    return run


# -- arithmetic ----------------------------------------------------------------------------------------------------


def _scaled(name: str) -> Callable[[Tensors, Args, Kwargs], Any]:
    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        given = dict(zip(("input", "other"), args, strict=False)) | kwargs
        alpha = given.pop("alpha", None)
        if alpha is not None and alpha != 1:
            given["other"] = own.operation("mul", {"input": given["other"], "other": alpha})
        return own.operation(name, given)

    return run


def _div(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    given = dict(zip(("input", "other"), args, strict=False)) | kwargs
    mode = given.pop("rounding_mode", None)
    if mode == "trunc":
        return own.operation("trunc", {"input": own.operation("div", given)})
    return own.operation("floor_divide" if mode == "floor" else "div", given)


def _reverse_sub(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    return own.operation("sub", {"input": args[1], "other": args[0]})


def _minimum_size(name: str) -> Callable[[Tensors, Args, Kwargs], Any]:
    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        layer = own.it.catalogue.get(name)
        assert layer is not None
        given = {"input": args[0]}
        bounds = [value for value in (args[1] if len(args) > 1 else kwargs.get(name[:-4], None),) if value is not None]
        return own.operation("clamp", {**given, ("min" if name == "clamp_min" else "max"): bounds[0]})

    return run


# -- in place ------------------------------------------------------------------------------------------------------


_MAKERS = frozenset("zeros ones rand randn full zeros_like".split())


def _filling(name: str) -> Callable[[Tensors, Args, Kwargs], Any]:
    """x.normal_(), x.zero_(): initialisation of a parameter; in forward() a new tensor."""

    def run(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
        tensor = args[0]
        source = tensor.source
        fresh = isinstance(source, Operation) and source.type in _MAKERS and tensor.base is None
        fresh = fresh and own.it.recording.scope is None
        if isinstance(source, Weight | Stored) or fresh:
            return own.it.modules.weights.method(tensor, name, args[1:], kwargs)
        if name == "zero_":
            result = own.operation("zeros_like", {"input": tensor})
        elif name == "fill_":
            value = args[1] if len(args) > 1 else kwargs.get("value")
            result = own.operation("full_like", {"input": tensor, "fill_value": own.it.plain(value)})
        else:
            low, high = (list(args[1:]) + [0.0, 1.0][len(args) - 1 :])[:2]
            kind = "rand_like" if name == "uniform_" else "randn_like"
            drawn = own.operation(kind, {"input": tensor})
            spread = high - low if name == "uniform_" else high
            if spread != 1:
                drawn = own.operation("mul", {"input": drawn, "other": spread})
            result = drawn if low == 0 else own.operation("add", {"input": drawn, "other": low})
        own.overwrite(tensor, result)
        return tensor

    return run


def _copy(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    tensor, value = args[0], args[1]
    if isinstance(tensor.source, Weight | Stored):
        values = own.it.known.values(value) if isinstance(value, Tensor) else None
        if isinstance(values, list) and isinstance(tensor.source, Weight):
            from torchwire.reading.properties import store_attribute

            store_attribute(own, own.it, tensor, "data", value)
            return tensor
        raise Refusal("A parameter is filled with values that only a run has.")
    own.overwrite(tensor, Tensor(*own.read(value)))
    return tensor


def _bernoulli(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    given = dict(zip(("input", "p"), args, strict=False)) | kwargs
    if isinstance(given["input"].source, Operation) and given["input"].source.hint == "empty":
        given["input"].source.hint = None  # its values are never read
    result = own.operation("bernoulli", given if "p" in given else {**given, "p": 0.5})
    own.overwrite(args[0], result)
    return args[0]


def _linear_norm(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    return own.call("norm", args, {("p" if key == "ord" else key): value for key, value in kwargs.items()})


def _chunked(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    given = dict(zip(("tensor", "split_size_or_sections", "dim"), args, strict=False))
    given |= {
        {"split_size": "split_size_or_sections", "input": "tensor", "self": "tensor"}.get(k, k): v
        for k, v in kwargs.items()
    }
    return own.operation("split", given)


def _cat(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    given = dict(zip(("tensors", "dim"), args, strict=False)) | kwargs
    if "axis" in given:
        given["dim"] = given.pop("axis")
    tensors = given.get("tensors")
    if isinstance(tensors, Tensor):
        given["tensors"] = own.rows(tensors, None)
    if isinstance(tensors, Unknown):
        return tensors
    if not isinstance(tensors, Tensor | Pieces) and not is_tensors(tensors):
        if any(isinstance(item, Unknown) for item in own.it.items(tensors)):
            return next(item for item in own.it.items(tensors) if isinstance(item, Unknown))
        raise Raised("cat() takes a list of tensors.")
    return own.operation("cat", given)


def _checked(own: Tensors, args: Args, kwargs: Kwargs) -> Any:
    return Device()


WORDS: dict[str, Callable[[Tensors, Args, Kwargs], Any]] = {
    "size": _size,
    "dim": _rank,
    "ndimension": _rank,
    "numel": _numel,
    "nelement": _numel,
    "item": _item,
    "tolist": _list,
    **dict.fromkeys("cuda cpu pin_memory detach_ retain_grad share_memory_".split(), _itself),
    "to": _to,
    "type": _type,
    "requires_grad_": _requires_grad,
    "randint": _randint,
    "zeros": _maker("zeros"),
    "ones": _maker("ones"),
    "rand": _maker("rand"),
    "randn": _maker("randn"),
    "empty": _maker("empty", "zeros"),
    "empty_like": lambda own, args, kwargs: own.operation("zeros_like", {"input": args[0], **kwargs}),
    **{f"new_{name}": _new(name) for name in "zeros ones empty full tensor".split()},
    "full": _full,
    "arange": _arange,
    "tensor": _tensor,
    "as_tensor": _tensor,
    "from_numpy": _tensor,
    "FloatTensor": _typed("float32"),
    "Tensor": _typed("float32"),
    "LongTensor": _typed("int64"),
    "add": _scaled("add"),
    "sub": _scaled("sub"),
    "div": _div,
    "rsub": _reverse_sub,
    "split": _chunked,
    "split_with_sizes": _chunked,
    "cat": _cat,
    "clamp_min": _minimum_size("clamp_min"),
    "clamp_max": _minimum_size("clamp_max"),
    "vector_norm": _linear_norm,
    "copy_": _copy,
    "bernoulli_": _bernoulli,
    "get_device": _checked,
    **{name: _filling(name) for name in FILLING},
}
