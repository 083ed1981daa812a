"""torch's own module samples, and the network document of each one that a document can express.

What a document says, and how the sample says it:

    constructor arguments      params; a tensor is a nested list, a layer a nested node, F.gelu the word "gelu"
    tensors of forward         Input nodes with fill `values` and the tensor's dtype
    other forward arguments    params

A sample in another dtype than float32 is a module constructed in it: `dtype` is a parameter of the classes that have
weights. The other classes compute in the dtype of what they are given.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.testing._internal.common_modules import module_db

from torchwire.engine.introspect import read_catalogue

SEED = 20260
EQUAL, FAILED, NOT_EXPRESSIBLE = "equal to the bit", "fails as in torch", "not expressible"
_WORDS = {F.gelu: "gelu", F.relu: "relu"}


class NotExpressible(Exception):
    """A document cannot say this; the text is the reason."""


@dataclass(frozen=True)
class Sample:
    """One sample: what to construct, what to call it with, and whether it must fail."""

    type: str
    number: int
    dtype: torch.dtype
    training: bool
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    forward_args: tuple[Any, ...]
    forward_kwargs: dict[str, Any]
    fails: bool = False

    @property
    def id(self) -> str:
        dtype = "" if self.dtype == torch.float32 else f"-{str(self.dtype).removeprefix('torch.')}"
        mode = "train" if self.training else "eval"
        return f"{self.type}-{self.number}{dtype}-{mode}{'-fails' if self.fails else ''}"


@dataclass(frozen=True)
class Recipe:
    """A layer that is an argument of another, as it was constructed."""

    type: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def build(self) -> nn.Module:
        made: nn.Module = getattr(nn, self.type)(
            *map(built, self.args), **{k: built(v) for k, v in self.kwargs.items()}
        )
        return made


def built(value: Any) -> Any:
    """The argument as the constructor takes it."""
    return value.build() if isinstance(value, Recipe) else value


@contextmanager
def _remembering() -> Iterator[dict[int, Recipe]]:
    """Notes the arguments of the layers that module_db constructs to hand them to other layers."""
    cls = nn.TransformerEncoderLayer
    original: Callable[..., None] = cls.__init__
    recipes: dict[int, Recipe] = {}
    kept = []

    @wraps(original)
    def init(self: nn.Module, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        kept.append(self)  # so that no other takes its id
        recipes[id(self)] = Recipe(cls.__name__, args, kwargs)

    cls.__init__ = init  # type: ignore[method-assign]
    try:
        yield recipes
    finally:
        cls.__init__ = original  # type: ignore[method-assign]


def samples(dtype: torch.dtype = torch.float32) -> list[Sample]:
    """Every sample of module_db in both modes, then every case that must fail."""
    good: list[Sample] = []
    bad: list[Sample] = []
    for info in module_db:
        if dtype not in info.dtypes:
            continue
        for training in (False, True):
            torch.manual_seed(SEED)
            with _remembering() as recipes:
                given = (info, "cpu", dtype, False, training)
                for number, item in enumerate(info.module_inputs_func(*given)):
                    good.append(_sample(given, number, item, recipes))
                if info.module_error_inputs_func is not None:
                    for number, error in enumerate(info.module_error_inputs_func(*given)):
                        bad.append(_sample(given, number, error.module_error_input, recipes, fails=True))
    return good + bad


def _sample(given: tuple[Any, ...], number: int, item: Any, recipes: dict[int, Recipe], fails: bool = False) -> Sample:
    info, _, dtype, _, training = given

    def kept(value: Any) -> Any:
        if not isinstance(value, nn.Module):
            return value
        recipe = recipes[id(value)]
        return Recipe(recipe.type, recipe.args, _in_dtype(recipe.type, recipe.kwargs, dtype))

    construct, forward = item.constructor_input, item.forward_input
    kwargs = {name: kept(value) for name, value in construct.kwargs.items()}
    return Sample(
        type=info.module_cls.__name__,
        number=number,
        dtype=dtype,
        training=training,
        args=tuple(map(kept, construct.args)),
        kwargs=_in_dtype(info.module_cls.__name__, kwargs, dtype),
        forward_args=tuple(forward.args) if forward is not None else (),
        forward_kwargs=dict(forward.kwargs) if forward is not None else {},
        fails=fails,
    )


def _in_dtype(type_name: str, kwargs: dict[str, Any], dtype: torch.dtype) -> dict[str, Any]:
    """The keywords, with `dtype` where the class takes it and float32, its default, is not meant."""
    layer = read_catalogue().get(type_name)
    takes = layer is not None and any(param.name == "dtype" for param in layer.params)
    return {"dtype": dtype, **kwargs} if takes and dtype != torch.float32 else kwargs


# -- the document ------------------------------------------------------------------------------------------------------


def document(sample: Sample) -> dict[str, Any]:
    """The network document. Raises NotExpressible."""
    layer = read_catalogue().get(sample.type)
    assert layer is not None, sample.type
    given = sample.kwargs.get("dtype", torch.float32)
    for value in (*sample.args, *sample.kwargs.values()):
        # FractionalMaxPool's random samples are float64 in float32 samples too; torch's tests cast them, as we do
        cast = sample.type.startswith("FractionalMaxPool") and sample.dtype == torch.float32
        if isinstance(value, torch.Tensor) and value.dtype != given and not cast:
            raise NotExpressible(f"a tensor-valued argument in {value.dtype}: it has the class's `dtype`, else float32")
    nodes: dict[str, Any] = {}
    params = _params(sample.type, sample.args, sample.kwargs)
    wires: dict[str, Any] = {}
    ports = [port.name for port in layer.inputs]
    for name, value in _forward(sample).items():
        if name in ports:
            if value is not None:
                wires[name] = _wire(name, value, nodes)
        elif value is not None or any(param.name == name for param in layer.params):
            params[name] = _json(value)
        else:
            raise NotExpressible(f"forward takes no {name}")
    nodes["layer"] = {"type": sample.type, "params": params, "inputs": wires}
    return {
        "format": "torchwire/1",
        "name": sample.id,
        "seed": SEED,
        "training": sample.training,
        "nodes": nodes,
    }


def _params(type_name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    cls = getattr(nn, type_name)
    given = {**dict(zip(_names(cls), args, strict=False)), **kwargs}
    if len(args) > len(_names(cls)):
        raise NotExpressible("more positional arguments than the constructor has names")
    given.pop("device", None)  # of the tests: always the processor
    return {name: _json(value) for name, value in given.items()}


def _names(cls: type[nn.Module]) -> list[str]:
    if cls in (nn.RNN, nn.LSTM, nn.GRU):
        names = [name for name in inspect.signature(nn.RNNBase.__init__).parameters if name not in ("self", "mode")]
        return [*names[:3], "nonlinearity", *names[3:]] if cls is nn.RNN else names
    return list(inspect.signature(cls.__init__).parameters)[1:]


def _forward(sample: Sample) -> dict[str, Any]:
    cls = getattr(nn, sample.type.removeprefix("Lazy"))
    names = list(inspect.signature(cls.forward).parameters)[1:]
    return {**dict(zip(names, sample.forward_args, strict=False)), **sample.forward_kwargs}


def _wire(port: str, value: Any, nodes: dict[str, Any]) -> Any:
    if isinstance(value, tuple) and value and all(isinstance(item, torch.Tensor) for item in value):
        return [_wire(f"{port}_{number}", item, nodes) for number, item in enumerate(value)]
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        value = torch.tensor(value)  # CTCLoss takes lengths as a tuple too
    if not isinstance(value, torch.Tensor):
        raise NotExpressible(f"a {type(value).__name__} on a port")
    key = f"in_{port}"
    nodes[key] = {
        "type": "Input",
        "params": {
            "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
            "fill": "values",
            "values": values_of(value),
        },
    }
    return key


def _json(value: Any) -> Any:
    """A Python value as the document writes it. Raises NotExpressible."""
    if isinstance(value, Recipe):
        return {"type": value.type, "params": _params(value.type, value.args, value.kwargs)}
    if isinstance(value, torch.Tensor):
        return values_of(value)
    if isinstance(value, nn.LinearCrossEntropyOptions):
        fields = type(value).__dataclass_fields__
        return {name: _json(getattr(value, name)) for name in fields if getattr(value, name) != fields[name].default}
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, (tuple, list)):
        return [_json(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return {"$": repr(value)}  # JSON has one kind of number; an expression insists on the float
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if callable(value) and value in _WORDS:
        return _WORDS[value]
    raise NotExpressible(f"a {type(value).__name__} as an argument of the constructor")


def values_of(tensor: torch.Tensor) -> Any:
    """The nested list of a tensor."""

    def text(value: Any) -> Any:
        if isinstance(value, list):
            return [text(item) for item in value]
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    return text(tensor.tolist())


# -- torch itself ------------------------------------------------------------------------------------------------------


def expected(sample: Sample) -> list[torch.Tensor]:
    """What torch gives: the module constructed after the seed, run without gradients. Raises whatever torch raises."""
    torch.manual_seed(SEED)
    # as torch's own tests run it; FractionalMaxPool's random samples are float64 in every sample
    module = Recipe(sample.type, sample.args, sample.kwargs).build().to(sample.dtype).train(sample.training)
    with torch.no_grad():
        return list(_flat(module(*sample.forward_args, **sample.forward_kwargs)))


def _flat(result: Any) -> Iterator[torch.Tensor]:
    if isinstance(result, (tuple, list)):
        for item in result:
            yield from _flat(item)
    elif result is not None:
        yield result
