"""Names from outside the text that have a meaning here: Python's builtins, parts of its library, torch.

A name that is not in these tables may be imported and passed on; calling it is refused. Nothing here reads a file,
opens a connection or runs a string.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from torchwire.reading import draws
from torchwire.reading.bounds import MAX_ITEMS, Raised, Refusal
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import (
    Builtin,
    Class,
    Device,
    DTypeOf,
    Fields,
    Frame,
    Function,
    Library,
    Method,
    Module,
    Object,
    Partial,
    Pieces,
    Shape,
    Super,
    Tensor,
    Unknown,
    Walk,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

Args = list[Any]
Kwargs = dict[str, Any]
Handler = Callable[["Evaluator", Args, Kwargs], Any]


def attribute(it: Evaluator, path: str, name: str) -> Any:
    """What a dotted name has under a further name."""
    if path in CONSTANTS and name:
        raise Refusal(f"`.{name}` of {path} is not read.")
    if name in ("__name__", "__qualname__"):
        return path.rpartition(".")[2]
    full = canonical(it, f"{path}.{name}")
    if full in CONSTANTS:
        return CONSTANTS[full]
    return Library(full)


def canonical(it: Evaluator, path: str) -> str:
    """One name for each thing: torch.nn.modules.conv.Conv2d is torch.nn.Conv2d."""
    if path.startswith("torch.nn.modules."):
        last = path.rpartition(".")[2]
        return f"torch.nn.{last}" if last[:1].isupper() else path
    if path.startswith("torch.functional.") and it.catalogue.get(path.rpartition(".")[2]) is not None:
        name = path.rpartition(".")[2]
        told = f"torch.functional has no {name}; it is taken as torch.nn.functional.{name}."
        it.notes.here(it, "import-assumed", told)
        return f"torch.nn.functional.{name}"
    return path


CONSTANTS: dict[str, Any] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.inf": math.inf,
    "torch.inf": math.inf,
    "torch.nan": math.nan,
    "torch.pi": math.pi,
    "typing.TYPE_CHECKING": False,
    "torch.backends.cudnn.enabled": False,
    "sys.version_info": (3, 11, 7),
    "torch.__version__": "2.13.0",
}


def call(it: Evaluator, path: str, args: Args, kwargs: Kwargs) -> Any:
    """Calls a name from outside the text. Raises Refusal for those without a meaning here."""
    path = canonical(it, path)
    handler = HANDLERS.get(path)
    if handler is not None:
        try:
            return handler(it, args, kwargs)
        except (IndexError, KeyError):
            raise Raised(f"{path.removeprefix('builtins.')}() gets other arguments than it takes.") from None
    root, _, name = path.rpartition(".")
    if root == "torch.nn.init":
        return it.modules.weights.call(name, args, kwargs)
    if root == "torch.nn" and name[:1].isupper():
        return it.modules.construct_library(path, args, kwargs)
    if path == "torch.nn.utils.spectral_norm":
        told = "It is read as nn.utils.parametrizations.spectral_norm, which takes more steps at first: other numbers."
        it.notes.here(it, "import-order", told, "info")
    if root in ("torch.nn.utils", "torch.nn.utils.parametrizations") and name in ("spectral_norm", "weight_norm"):
        return it.modules.construct_library(path, args, kwargs)
    if root in ("torch.nn.functional", "torch", "torch.Tensor", "torch.special", "torch._C._nn", "torch.linalg"):
        return it.tensors.call(name, args, kwargs, of=path)
    if root.startswith("typing") or root in ("jaxtyping", "numpy.typing"):
        return Library(path)
    if any(isinstance(value, Tensor) for value in [*args, *kwargs.values()]):
        return it.tensors.placeholder(Unknown(path, f"{path} is not in the catalogue."), args, kwargs)
    raise Refusal(f"{path.removeprefix('builtins.')}() is not called here: pasted code is read, never run.")


def method(it: Evaluator, value: Any, name: str) -> Any:
    """A method of Python's own types; None where there is none."""
    for kind, table in METHODS.items():
        if isinstance(value, kind) and name in table:
            handler = table[name]

            def run(args: Args, kwargs: Kwargs, handler: Handler = handler) -> Any:
                try:
                    return handler(it, [value, *args], kwargs)
                except (IndexError, KeyError, ValueError, TypeError):
                    raise Raised(f".{name}() gets other arguments than it takes.") from None

            return Builtin(name, run)
    return None


# -- builtins ------------------------------------------------------------------------------------------------------


def _numbers(it: Evaluator, args: Args) -> list[Any]:
    return [it.plain(value) for value in args]


def _range(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = _numbers(it, args)
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
            return function(_numbers(it, values))
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


def _sorted(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
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


def _list(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return it.items(args[0]) if args else []


def _tuple(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return tuple(it.items(args[0])) if args else ()


def _dict(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
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


def _set(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return {it.key(value) for value in it.items(args[0])} if args else set()


def _round(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if isinstance(args[0], Tensor):
        return it.tensors.call("round", args, kwargs)
    return round(*_numbers(it, args))


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


_BUILTIN: dict[str, Handler] = {
    "range": _range,
    "len": _length,
    "int": _integer,
    "float": _float,
    "bool": _truth,
    "str": _text,
    "repr": _text,
    "list": _list,
    "tuple": _tuple,
    "dict": _dict,
    "set": _set,
    "frozenset": _set,
    "iter": _iter,
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "sorted": _sorted,
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
BUILTINS = frozenset(_BUILTIN) | frozenset(
    """object staticmethod classmethod property Exception ValueError TypeError RuntimeError NotImplementedError
    AssertionError KeyError IndexError AttributeError ImportError NotImplemented StopIteration DeprecationWarning
    UserWarning Warning eval exec compile open input globals locals vars dir id hash bytes bytearray memoryview
    complex delattr format chr ord bin hex oct help breakpoint __import__""".split()
)

# -- Python's library ----------------------------------------------------------------------------------------------


def _math(function: Callable[..., Any], symbol: Callable[[Any], Any] | None = None) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        if any(isinstance(value, Unknown) for value in args):
            return next(value for value in args if isinstance(value, Unknown))
        if symbol is not None and isinstance(args[0], Symbol):
            return symbol(args[0])
        try:
            result = function(*_numbers(it, args))
        except (ArithmeticError, ValueError, TypeError) as error:
            raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None
        if isinstance(result, int) and abs(result) > 2**64:
            raise Refusal("A number that is too large.")
        return result

    return run


def _product(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import binary

    values = it.items(args[0])
    return reduce(lambda a, b: binary(it, "*", a, b), values, 1) if values else 1


def _partial(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Partial(args[0], args[1:], kwargs)


def _wraps(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Builtin("wraps", lambda inner, more: inner[0])


def _reduce(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = it.items(args[1])
    start = args[2:] or values[:1]
    if not start:
        raise Raised("reduce() of nothing.")
    total = start[0]
    for value in values if len(args) > 2 else values[1:]:
        total = it.call(args[0], [total, value], {})
    return total


def _chain(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    found = [item for value in args for item in it.items(value)]
    it.budget.size(len(found))
    return found


def _flat_chain(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return _chain(it, it.items(args[0]), {})


def _repeat(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if len(args) < 2:
        raise Refusal("itertools.repeat() without an end.")
    count = it.plain(args[1])
    it.budget.size(count)
    return [args[0]] * count


def _pairwise(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    values = it.items(args[0])
    return list(pairwise(values))


def _grid(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    rows: list[tuple[Any, ...]] = [()]
    for value in args * it.plain(kwargs.get("repeat", 1)):
        items = it.items(value)
        it.budget.size(len(rows) * len(items))
        rows = [(*row, item) for row in rows for item in items]
    return rows


def _accumulate(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import binary

    found: list[Any] = []
    for value in it.items(args[0]):
        found.append(binary(it, "+", found[-1], value) if found else value)
    return found


def _linspace(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    start, end, count = (it.plain(value) for value in [*args, kwargs.get("num", 50)][:3])
    it.budget.size(count)
    step = (end - start) / max(count - 1, 1)
    return [start + number * step for number in range(count - 1)] + [float(end)] * (count > 0)


def _deepcopy(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0]
    if isinstance(value, Module):
        return it.modules.copy(value)
    if isinstance(value, Tensor):
        return it.modules.copied_tensor(value)
    if isinstance(value, list):
        return [_deepcopy(it, [item], {}) for item in it.items(value)]
    if isinstance(value, tuple):
        return tuple(_deepcopy(it, [item], {}) for item in it.items(value))
    if isinstance(value, dict):
        it.budget.size(len(value))
        return {key: _deepcopy(it, [item], {}) for key, item in value.items()}
    if isinstance(value, Object):
        return Object(value.cls, {key: _deepcopy(it, [item], {}) for key, item in value.attributes.items()})
    return value


def _field(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Partial(Library("dataclasses.field"), [], kwargs)


def _namedtuple(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    import ast

    names = args[1].replace(",", " ").split() if isinstance(args[1], str) else [str(n) for n in it.items(args[1])]
    body: list[ast.stmt] = [
        ast.AnnAssign(
            ast.Name(name, ast.Store()), ast.Name("object", ast.Load()), None, 1, lineno=it.line, col_offset=0
        )
        for name in names
    ]
    assert it.file is not None
    node = ast.ClassDef(str(args[0]), [], [], body, [], lineno=it.line, col_offset=0)
    made = Class(str(args[0]), node, Frame(it.file), [], {}, form="namedtuple")
    made.mro = [made]
    return made


def _same(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[-1]


def _first(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0] if args else Builtin("decorator", lambda inner, more: inner[0])


def _nothing(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return None


def _false(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return False


def _true(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return True


def _asserted(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    value = args[0]
    if isinstance(value, Symbol):
        from torchwire.reading.bounds import Undecided

        try:
            value = it.concrete(value)
        except Undecided:
            return
    if not isinstance(value, Tensor | Unknown) and not it.truth(value):
        raise Raised(f"What the text asserts does not hold: {str(args[1])[:160] if len(args) > 1 else ''}")


def _operator(sign: str) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        from torchwire.reading.operators import binary

        return binary(it, sign, args[0], args[1])

    return run


def _ntuple(count: int) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        return tuple(it.items(args[0])) if isinstance(args[0], list | tuple) else (args[0],) * count

    return run


def _device(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return Device()


def _shape(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return tuple(it.items(args[0]))


def _seed(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    """Inside the text's own functions; at its top level the seed is the entry's (entries.py)."""
    if it.outside:
        return
    if it.recording.scope is not None or draws.before(it) or it.seed is not None:
        raise Refusal("The seed is set in the midst of the network, which has one seed, set before it.")
    it.seed = it.plain(args[0])


def _dtype(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    if it.dtype(args[0]) != "float32":
        raise Refusal("Another default dtype is not read: layers and constants here are float32 unless they say so.")


HANDLERS: dict[str, Handler] = {
    **{f"builtins.{name}": handler for name, handler in _BUILTIN.items()},
    "math.sqrt": _math(math.sqrt, lambda value: Symbol("**", (value, 0.5))),
    "math.prod": _product,
    "numpy.prod": _product,
    **{
        f"math.{name}": _math(getattr(math, name))
        for name in "log log2 log10 exp ceil floor pow sin cos tan atan tanh fabs gcd isinf isnan isclose trunc".split()
    },
    **{f"numpy.{name}": _math(getattr(math, name)) for name in "log exp ceil floor sin cos".split()},
    "numpy.sqrt": _math(math.sqrt, lambda value: Symbol("**", (value, 0.5))),
    "numpy.linspace": _linspace,
    "numpy.cumsum": _accumulate,
    "numpy.array": _list,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.reduce": _reduce,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda it, args, kwargs: {},
    "collections.namedtuple": _namedtuple,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _flat_chain,
    "itertools.repeat": _repeat,
    "itertools.product": _grid,
    "itertools.pairwise": _pairwise,
    "itertools.accumulate": _accumulate,
    "copy.deepcopy": _deepcopy,
    "copy.copy": _deepcopy,
    "dataclasses.field": _field,
    "dataclasses.dataclass": _first,
    "typing.cast": _same,
    "typing.overload": _first,
    "warnings.warn": _nothing,
    "warnings.filterwarnings": _nothing,
    **{f"operator.{name}": _operator(sign) for name, sign in (("add", "+"), ("mul", "*"), ("sub", "-"))},
    # -- torch, beside its functions --
    "torch.nn.Parameter": lambda it, args, kwargs: it.modules.parameter(args, kwargs),
    "torch.nn.parameter.Parameter": lambda it, args, kwargs: it.modules.parameter(args, kwargs),
    "torch.nn.Buffer": lambda it, args, kwargs: it.modules.buffer(args, kwargs),
    "torch.autograd.Variable": _first,
    "torch.nn.modules.utils._pair": _ntuple(2),
    "torch.nn.modules.utils._single": _ntuple(1),
    "torch.nn.modules.utils._triple": _ntuple(3),
    "torch.manual_seed": _seed,
    "torch.cuda.manual_seed": _nothing,
    "torch.cuda.manual_seed_all": _nothing,
    "torch.set_default_dtype": _dtype,
    "torch.set_default_tensor_type": _dtype,
    "torch.set_num_threads": _nothing,
    "torch.no_grad": _first,
    "torch.inference_mode": _first,
    "torch.enable_grad": _first,
    "torch.set_grad_enabled": _nothing,
    "torch.device": _device,
    "torch.Size": _shape,
    "torch.is_tensor": lambda it, args, kwargs: isinstance(args[0], Tensor),
    "torch.is_grad_enabled": _false,
    "torch.is_floating_point": lambda it, args, kwargs: it.known.dtype(args[0]).startswith(("float", "bfloat")),
    "torch.cuda.is_available": _false,
    "torch.cuda.device_count": lambda it, args, kwargs: 0,
    "torch.backends.mps.is_available": _false,
    "torch.jit.is_scripting": _false,
    "torch.jit.is_tracing": _false,
    "torch.compiler.is_compiling": _false,
    "torch.jit.annotate": _same,
    **{f"torch.jit.{name}": _first for name in "script ignore unused export script_if_tracing".split()},
    "torch.jit._overload_method": _first,
    "torch.compile": _first,
    "torch.fx.wrap": _nothing,
    "torch._assert": _asserted,
    "torch._C._log_api_usage_once": _nothing,
    "torch.get_default_dtype": lambda it, args, kwargs: Library("torch.float32"),
}

# -- methods of Python's own types -----------------------------------------------------------------------------------


def _append(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    it.budget.size(len(args[0]) + 1)
    args[0].append(args[1])


def _extend(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    more = it.items(args[1])
    it.budget.size(len(args[0]) + len(more))
    args[0].extend(more)


def _index(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import equal

    for number, value in enumerate(args[0]):
        if equal(it, value, args[1]):
            return number
    raise Raised("The item is not there.")


def _count(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import equal

    return sum(equal(it, value, args[1]) for value in args[0])


def _remove(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    del args[0][_index(it, args, kwargs)]


def _get(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0].get(it.key(args[1]), args[2] if len(args) > 2 else kwargs.get("default"))


def _set_default(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0].setdefault(it.key(args[1]), args[2] if len(args) > 2 else None)


def _pop(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    holder = args[0]
    if isinstance(holder, list):
        return holder.pop(it.plain(args[1]) if len(args) > 1 else -1)
    key = it.key(args[1])
    if key not in holder:
        if len(args) > 2:
            return args[2]
        raise Raised("The key is not there.")
    return holder.pop(key)


def _update(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    args[0].update(_dict(it, args[1:], kwargs))
    it.budget.size(len(args[0]), "dict")


def _format(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    """ "layer{}".format(3): plain fields only."""
    from torchwire.reading.calls import text_of

    text, values = args[0], args[1:]
    out, number, rest = "", 0, text
    while "{" in rest:
        before, _, behind = rest.partition("{")
        inside, closed, rest = behind.partition("}")
        if not closed or ":" in inside or "!" in inside or "." in inside or "[" in inside:
            raise Refusal("A format that is not read.")
        if inside == "" or inside.isdigit():
            value = values[int(inside) if inside else number]
            number += 1
        else:
            value = kwargs[inside]
        out += before + text_of(it, value)
        it.budget.text(len(out))
    return out + rest


def _join(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    parts = [str(it.plain(value)) for value in it.items(args[1])]
    it.budget.text(sum(map(len, parts)) + len(args[0]) * len(parts))
    return args[0].join(parts)


def _replace(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    text, old, new = args[0], it.plain(args[1]), it.plain(args[2])
    it.budget.text(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _of_text(name: str) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        values = [value if isinstance(value, tuple) else it.plain(value) for value in args]
        it.budget.take(1 + len(values[0]) // 16)
        return getattr(str, name)(*values)

    return run


METHODS: dict[type, dict[str, Handler]] = {
    str: {
        "format": _format,
        "join": _join,
        "replace": _replace,
        **{
            name: _of_text(name)
            for name in """lower upper strip lstrip rstrip split rsplit startswith endswith isdigit title capitalize
            removeprefix removesuffix find count partition rpartition isupper islower""".split()
        },
    },
    list: {
        "append": _append,
        "extend": _extend,
        "insert": lambda it, args, kwargs: args[0].insert(it.plain(args[1]), args[2]),
        "pop": _pop,
        "index": _index,
        "count": _count,
        "remove": _remove,
        "reverse": lambda it, args, kwargs: args[0].reverse(),
        "copy": lambda it, args, kwargs: list(args[0]),
        "clear": lambda it, args, kwargs: args[0].clear(),
        "tolist": lambda it, args, kwargs: args[0],
        "sort": lambda it, args, kwargs: args[0].__setitem__(slice(None), _sorted(it, args, kwargs)),
    },
    tuple: {"index": _index, "count": _count},
    dict: {
        "get": _get,
        "pop": _pop,
        "items": lambda it, args, kwargs: [(key, value) for key, value in args[0].items()],
        "keys": lambda it, args, kwargs: list(args[0]),
        "values": lambda it, args, kwargs: list(args[0].values()),
        "update": _update,
        "setdefault": _set_default,
        "copy": lambda it, args, kwargs: dict(args[0]),
    },
    set: {
        "add": lambda it, args, kwargs: args[0].add(it.key(args[1])),
        "update": lambda it, args, kwargs: args[0].update(_set(it, args[1:], kwargs)),
    },
    int: {"bit_length": lambda it, args, kwargs: args[0].bit_length()},
    float: {"is_integer": lambda it, args, kwargs: args[0].is_integer()},
}

__all__ = ["DTypeOf", "Fields", "Pieces"]
