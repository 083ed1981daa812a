"""Python's builtins, as the text sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import MAX_ITEMS, Raised, Refusal
from torchwire.reading.handlers import Args, Handler, Kwargs
from torchwire.reading.paths import canonical
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import (
    Builtin,
    Class,
    Function,
    Library,
    Method,
    Module,
    Object,
    Partial,
    Shape,
    Super,
    Tensor,
    Unknown,
    Walk,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def numbers(it: Evaluator, args: Args) -> list[Any]:
    return [it.plain(value) for value in args]


def _range(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = numbers(it, args)
    if not values or not all(isinstance(value, int) for value in values):
        raise Raised("range() takes integers.")
    try:
        made = range(*values)
    except (TypeError, ValueError) as error:
        raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None
    if len(made) > MAX_ITEMS:
        it.budget.size(len(made), "range")
    return made


def _length(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0]
    if isinstance(value, Tensor):
        return Symbol("size", (*value.reference, 0))
    if isinstance(value, list | tuple | dict | set | str | range):
        return len(value)
    if isinstance(value, Shape):
        return len(it.known.shape(value.tensor))
    if isinstance(value, Object | Module):
        found = it.find_method(value, "__len__")
        if found is not None:
            return it.call(found, [], {})
    return len(it.items(value))


def _integer(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0] if args else 0
    if isinstance(value, Symbol):
        return value if _is_whole(value) else int(it.decide(value))
    if isinstance(value, Unknown):
        return value
    try:
        return int(it.plain(value))
    except (ValueError, OverflowError, TypeError) as error:
        raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None


def _is_whole(value: Any) -> bool:
    """Whether a size is an integer whatever the tensor's shape."""
    if isinstance(value, Symbol):
        return value.kind == "size" or (value.kind in "+-*//%" and all(map(_is_whole, value.parts)))
    return isinstance(value, int)


def _float(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0] if args else 0.0
    if isinstance(value, Symbol):
        return Symbol("*", (value, 1.0))
    try:
        return float(it.plain(value))
    except (ValueError, OverflowError, TypeError) as error:
        raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None


def _extreme(sign: str, function: Callable[..., Any]) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        values = it.items(args[0]) if len(args) == 1 else args
        if kwargs.get("key") is not None:
            keys = [it.plain(it.call(kwargs["key"], [value], {})) for value in values]
            return values[keys.index(function(keys))]
        if not values:
            if "default" in kwargs:
                return kwargs["default"]
            raise Raised("The largest or smallest of nothing.")
        if any(isinstance(value, Symbol) for value in values):
            found = values[0]
            for value in values[1:]:
                found = Symbol("if", (Symbol(sign, (found, value)), found, value))
            return found
        try:
            return function(numbers(it, values))
        except TypeError as error:
            raise Raised(f"Python would raise TypeError: {error}.") from None

    return run


def _sum(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import binary

    total = args[1] if len(args) > 1 else kwargs.get("start", 0)
    for number, value in enumerate(it.items(args[0])):
        total = value if number == 0 and total == 0 and not isinstance(total, Tensor) else binary(it, "+", total, value)
    return total


def _zip(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Walk([tuple(row) for row in zip(*(it.items(value) for value in args), strict=False)])


def _enumerate(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    return Walk(list(enumerate(it.items(args[0]), it.plain(start))))


def _map(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    rows = zip(*(it.items(value) for value in args[1:]), strict=False)
    return Walk([it.call(args[0], list(row), {}) for row in rows])


def _filter(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = it.items(args[1])
    if args[0] is None:
        return Walk([value for value in values if it.truth(value)])
    return Walk([value for value in values if it.truth(it.call(args[0], [value], {}))])


def in_order(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = it.items(args[0])
    key = kwargs.get("key")
    keys = [it.key(it.call(key, [value], {}) if key is not None else value) for value in values]
    try:
        order = sorted(range(len(values)), key=lambda number: keys[number], reverse=bool(kwargs.get("reverse", False)))
    except TypeError as error:
        raise Raised(f"Python would raise TypeError: {error}.") from None
    return [values[number] for number in order]


def _isinstance(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value, kinds = args
    if isinstance(value, Unknown):
        raise it.unreadable(value)
    return any(is_instance(it, value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


_TYPES: dict[str, tuple[type, ...]] = {
    "builtins.int": (int, Symbol),
    "builtins.float": (float,),
    "builtins.bool": (bool,),
    "builtins.str": (str,),
    "builtins.list": (list,),
    "builtins.tuple": (tuple, Shape),
    "builtins.dict": (dict,),
    "builtins.set": (set,),
    "builtins.range": (range,),
    "collections.OrderedDict": (dict,),
    "torch.Tensor": (Tensor,),
    "torch.Size": (Shape,),
    "builtins.type": (Class, Library),
}
for _name, _kinds in (("Sequence", (list, tuple, str)), ("Iterable", (list, tuple, dict, set, str))):
    for _root in ("typing", "collections.abc", "collections"):
        _TYPES[f"{_root}.{_name}"] = _kinds
for _name, _kind in (("Mapping", dict), ("List", list), ("Tuple", tuple), ("Dict", dict)):
    _TYPES[f"typing.{_name}"] = _TYPES[f"collections.abc.{_name}"] = (_kind,)


def is_instance(it: Evaluator, value: Any, kind: Any) -> bool:
    """isinstance(value, kind). Raises Refusal where that cannot be said."""
    if isinstance(kind, Unknown):
        return False
    if isinstance(kind, Class):
        return isinstance(value, Object | Module) and value.cls is not None and kind in value.cls.mro
    if not isinstance(kind, Library):
        raise Refusal("isinstance() of something that is no class.")
    path = canonical(it, kind.path)
    if path in _TYPES:
        return isinstance(value, _TYPES[path])
    if path in ("numbers.Number", "numbers.Real", "builtins.complex"):
        return isinstance(value, int | float | Symbol)
    if path in ("numbers.Integral",):
        return isinstance(value, int | Symbol)
    if path in ("typing.Callable", "collections.abc.Callable"):
        return isinstance(value, Function | Method | Builtin | Class | Library | Partial | Module)
    if path == "torch.nn.Parameter":
        return isinstance(value, Tensor) and it.modules.is_parameter(value)
    if path == "builtins.object":
        return True
    if path.startswith("torch.nn."):
        if not isinstance(value, Module):
            return False
        name = path.removeprefix("torch.nn.")
        if name == "Module" or value.kind == name:
            return True
        if value.cls is not None and any(base == Library(path) for base in value.cls.mro):
            return True
        return value.kind in _BASES.get(name.rpartition(".")[2], ())
    return False


_BASES: dict[str, tuple[str, ...]] = {
    "_ConvNd": tuple(f"Conv{more}{n}d" for n in (1, 2, 3) for more in ("", "Transpose")),
    "_ConvTransposeNd": tuple(f"ConvTranspose{n}d" for n in (1, 2, 3)),
    "_BatchNorm": ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm"),
    "_NormBase": ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "InstanceNorm1d", "InstanceNorm2d"),
    "RNNBase": ("RNN", "LSTM", "GRU"),
}


def _getattr(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading import attributes

    name = args[1]
    if not isinstance(name, str):
        raise Refusal("getattr() with a name that is not known.")
    if name.startswith("_"):
        raise Refusal(f"getattr() of {name[:40]} reaches into Python itself and is not read.")
    if len(args) > 2 and not _has(it, args[0], name):
        return args[2]
    return attributes.load(it, args[0], name)


def _has(it: Evaluator, value: Any, name: str) -> bool:
    from torchwire.reading import attributes

    if isinstance(value, Library):
        return it.catalogue.get(name) is not None or name in ("Sequential", "ModuleList", "ModuleDict", "Module")
    try:
        attributes.load(it, value, name)
    except Refusal:
        return False
    return True


def _hasattr(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return isinstance(args[1], str) and not args[1].startswith("__") and _has(it, args[0], args[1])


def _setattr(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading import attributes

    if not isinstance(args[1], str) or args[1].startswith("__"):
        raise Refusal("setattr() with a name that is not known, or that reaches into Python itself.")
    attributes.store(it, args[0], args[1], args[2])


def as_list(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return it.items(args[0]) if args else []


def _tuple(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return tuple(it.items(args[0])) if args else ()


def as_dict(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    found: dict[Any, Any] = {}
    for value in args:
        if isinstance(value, dict):
            found.update(value)
        elif isinstance(value, Module):
            found.update(value.children)
        else:
            found.update({it.key(it.items(pair)[0]): it.items(pair)[1] for pair in it.items(value)})
    found.update(kwargs)
    it.budget.size(len(found), "dict")
    return found


def as_set(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return {it.key(value) for value in it.items(args[0])} if args else set()


def _round(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if isinstance(args[0], Tensor):
        return it.tensors.call("round", args, kwargs)
    return round(*numbers(it, args))


def _abs(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return it.tensors.call("abs", args, kwargs) if isinstance(args[0], Tensor) else abs(it.plain(args[0]))


def _all(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return all(it.truth(value) for value in it.items(args[0]))


def _any(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return any(it.truth(value) for value in it.items(args[0]))


def _print(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return None


def _type(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0]
    if isinstance(value, Object):
        return value.cls
    if isinstance(value, Module):
        return value.cls if value.cls is not None else Library(f"torch.nn.{value.kind}")
    for path, kinds in _TYPES.items():
        if path.startswith("builtins.") and type(value) is kinds[0]:
            return Library(path)
    raise Refusal("type() of this value.")


def _super(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if len(args) != 2 or not isinstance(args[0], Class):
        raise Refusal("super() of something that is no class of the text.")
    return Super(args[0], args[1])


def _pow(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import binary

    return binary(it, "**", args[0], args[1])


def _next(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if not isinstance(args[0], Walk):
        raise Raised("next() of something that is no iterator.", kind="TypeError")
    if args[0].values:
        return args[0].values.pop(0)
    if len(args) > 1:
        return args[1]
    raise Raised("next() of nothing.", kind="StopIteration")


def _text(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.calls import text_of

    return text_of(it, args[0]) if args else ""


def _slice(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return slice(*args)


def _callable(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return is_instance(it, args[0], Library("typing.Callable"))


def _truth(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return it.truth(args[0]) if args else False


def _reversed(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Walk(it.items(args[0])[::-1])


def _iter(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0] if isinstance(args[0], Walk) else Walk(it.items(args[0]))


def _divmod(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import binary

    return (binary(it, "//", args[0], args[1]), binary(it, "%", args[0], args[1]))


def _issubclass(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    kinds = args[1] if isinstance(args[1], tuple) else (args[1],)
    if isinstance(args[0], Class):
        return any(kind in args[0].mro for kind in kinds)
    return any(args[0] == kind or kind == Library("torch.nn.Module") for kind in kinds)


BUILTIN: dict[str, Handler] = {
    "range": _range,
    "len": _length,
    "int": _integer,
    "float": _float,
    "bool": _truth,
    "str": _text,
    "repr": _text,
    "list": as_list,
    "tuple": _tuple,
    "dict": as_dict,
    "set": as_set,
    "frozenset": as_set,
    "iter": _iter,
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "sorted": in_order,
    "reversed": _reversed,
    "min": _extreme("<=", min),
    "max": _extreme(">=", max),
    "sum": _sum,
    "abs": _abs,
    "round": _round,
    "pow": _pow,
    "divmod": _divmod,
    "all": _all,
    "any": _any,
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "callable": _callable,
    "type": _type,
    "super": _super,
    "next": _next,
    "print": _print,
    "slice": _slice,
    "object": lambda it, args, kwargs: Builtin("object", lambda inner, more: None),  # a mark, like nothing else
}
BUILTINS = frozenset(BUILTIN) | frozenset(
    """object staticmethod classmethod property Exception ValueError TypeError RuntimeError NotImplementedError
    AssertionError KeyError IndexError AttributeError ImportError NotImplemented StopIteration DeprecationWarning
    UserWarning Warning eval exec compile open input globals locals vars dir id hash bytes bytearray memoryview
    complex delattr format chr ord bin hex oct help breakpoint __import__""".split()
)
