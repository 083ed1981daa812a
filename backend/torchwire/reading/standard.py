"""Parts of Python's library and of torch that are no operation, by their dotted names."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from torchwire.reading import draws
from torchwire.reading.bounds import Raised, Refusal
from torchwire.reading.builtin_names import BUILTIN, as_dict, as_list, numbers
from torchwire.reading.handlers import Args, Handler, Kwargs
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import (
    Builtin,
    Class,
    Device,
    Frame,
    Library,
    Module,
    Object,
    Partial,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def _math(function: Callable[..., Any], symbol: Callable[[Any], Any] | None = None) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        if any(isinstance(value, Unknown) for value in args):
            return next(value for value in args if isinstance(value, Unknown))
        if symbol is not None and isinstance(args[0], Symbol):
            return symbol(args[0])
        try:
            result = function(*numbers(it, args))
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
    **{f"builtins.{name}": handler for name, handler in BUILTIN.items()},
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
    "numpy.array": as_list,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.reduce": _reduce,
    "collections.OrderedDict": as_dict,
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
