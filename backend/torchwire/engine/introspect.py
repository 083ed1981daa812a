"""The catalogue, read from the installed torch."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from torch import nn

from torchwire.catalogue import families
from torchwire.catalogue.catalogue import Catalogue
from torchwire.catalogue.functions import FUNCTIONS
from torchwire.catalogue.layer import LayerType, Param, Port
from torchwire.catalogue.module_bounds import bounded_module
from torchwire.catalogue.modules import EXCLUDED, MODULES, NOT_LAYERS, WRAPPERS
from torchwire.catalogue.own import OWN
from torchwire.engine.docstrings import arguments, plain
from torchwire.engine.functions import function_type
from torchwire.engine.positions import positions_of
from torchwire.engine.signatures import params_of

# Arguments of constructors that functions do not have, and what they take.
_KEPT = {"distance_function": "module", "options": "options", "_random_samples": "tensor"}
# Deprecated names of other arguments; `mode` says which of the three recurrent layers RNNBase is.
_DEPRECATED = ("min_value", "max_value")
_RECURRENT: dict[str, tuple[str, ...]] = {"RNN": ("mode", "proj_size"), "GRU": ("mode", "proj_size"), "LSTM": ("mode",)}
# Their state is a pair, h and c, where others have h alone.
_STATES = ("LSTM", "LSTMCell")
# Arguments that are one number or one for each dimension, where torch's annotation does not say how many.
_PER_DIMENSION = frozenset("kernel_size stride padding dilation output_size size scale_factor".split())


@cache
def read_catalogue() -> Catalogue:
    """Every type: ours, torch.nn's classes, functions."""
    layers = [*OWN]
    for family, names in MODULES.items():
        layers += [_module(name, family, summary) for name, summary in names.items() if hasattr(nn, name)]
    layers += [_wrapper(name, summary) for name, summary in WRAPPERS.items()]
    layers += [function_type(entry) for entry in FUNCTIONS]
    return Catalogue(layers, EXCLUDED)


def public_modules() -> list[str]:
    """Every public module class of torch.nn, in alphabetical order."""
    return sorted(
        name
        for name in dir(nn)
        if not name.startswith("_") and isinstance(getattr(nn, name), type) and name not in NOT_LAYERS
    )


def uncovered(names: Iterable[str]) -> list[str]:
    """Those of the classes that are neither in the catalogue, nor excluded, nor `Lazy*` aliases of one that is."""
    covered = {name for family in MODULES.values() for name in family}
    return [name for name in names if name not in EXCLUDED and name.removeprefix("Lazy") not in covered]


def _module(name: str, family: str, summary: str) -> LayerType:
    cls = getattr(nn, name)
    ports, forward = _forward(name, cls)
    words = arguments(cls.__doc__) | families.WORDS
    found = [replace(param, summary=words.get(param.name, "")) for param in _constructor(name, cls)]
    outputs = families.OUTPUTS.get(name, (Port("output"),))
    if any(param.name == "return_indices" for param in found):
        outputs = (Port("output"), Port("indices", when={"return_indices": True}))
    if family == "Losses":
        ports = [replace(port, label=families.LABELS.get(port.name.rstrip("_"))) for port in ports]
    return LayerType(
        type=name,
        form="module",
        family=family,
        summary=summary,
        doc=plain(cls.__doc__),
        params=tuple(bounded_module(name, param) for param in found) + tuple(forward),
        inputs=tuple(ports),
        outputs=tuple(outputs),
        code=f"nn.{name}",
        aliases=families.ALIASES.get(name, ()),
        positions=(_constructor_positions(name, cls),),
        forward=positions_of(cls.forward, 1) or tuple(port.name for port in ports),
    )


def _constructor_positions(name: str, cls: type[nn.Module]) -> tuple[str, ...]:
    if name in _RECURRENT:  # their own signature is (*args, **kwargs); of RNNBase's, `mode` says which one it is
        found = positions_of(nn.modules.rnn.RNNBase.__init__, 2)
        return (*found[:3], "nonlinearity", *found[3:]) if name == "RNN" else found
    return positions_of(cls.__init__, 1)


def _constructor(name: str, cls: type[nn.Module]) -> Iterator[Param]:
    """The constructor's parameters in its order, those that are tensors last."""
    function: Any = nn.modules.rnn.RNNBase.__init__ if name in _RECURRENT else cls.__init__
    params, tensors = params_of(function, skip=(*_RECURRENT.get(name, ()), *_DEPRECATED), keep=_KEPT)
    if name == "RNN":  # it takes it from its keywords
        params.insert(3, Param("nonlinearity", "choice", "tanh"))
    for param in params:
        if param.name == "activation":  # of transformers: torch also takes a function
            param = replace(param, kind="choice", default="relu", nullable=False)
        yield _described(name, param)
    for port in tensors:
        yield Param(port.name, "tensor", required=not port.optional, nullable=port.optional)


def _described(name: str, param: Param) -> Param:
    """What torch's signature leaves open about a constructor's parameter."""
    if param.name in _KEPT:
        param = replace(param, kind=_KEPT[param.name])
    elif param.name in ("encoder_layer", "decoder_layer", "norm", "custom_encoder", "custom_decoder"):
        param = replace(param, kind="module")
    elif param.name in ("unflattened_size", "normalized_shape"):
        param = replace(param, kind="ints", length=None)
    elif (name == "Unflatten" and param.name == "dim") or (
        name == "LPPool1d" and param.name == "kernel_size"
    ):  # its other form is a named tensor's
        param = replace(param, kind="int")
    dims = 2 if name in ("Fold", "Unfold") else next((int(char) for char in name if char.isdigit()), None)
    if param.name in _PER_DIMENSION and param.kind in ("int_or_ints", "float_or_floats") and param.length is None:
        param = replace(param, length=dims)
    if name.startswith("Adaptive") and param.name == "output_size":
        param = replace(param, nullable=False, nullable_items=dims != 1)
    return replace(param, inferred=param.name in families.INFERRED)


def _forward(name: str, cls: type[nn.Module]) -> tuple[list[Port], list[Param]]:
    """The ports in the order of forward's arguments, and those of its arguments that are no tensors."""
    if name in _RECURRENT:  # their annotations stand in overloads
        return [Port("input"), Port("hx", optional=True, many=name in _STATES)], []
    ports = []
    for item in list(inspect.signature(cls.forward).parameters.values())[1:]:
        if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
            continue
        text = item.annotation if isinstance(item.annotation, str) else str(item.annotation)
        if "Tensor" in text or item.annotation is item.empty:
            many = item.name == "hx" and name in _STATES
            ports.append(Port(item.name, optional=item.default is not item.empty, many=many))
    names = {port.name for port in ports}
    params, _ = params_of(cls.forward)
    return ports, [replace(param, forward=True) for param in params if param.name not in names]


def _wrapper(name: str, summary: str) -> LayerType:
    """spectral_norm and weight_norm: a nested module whose weight is reparametrised."""
    function: Any = getattr(nn.utils.parametrizations, name)
    params, _ = params_of(function, skip=("module",))
    return LayerType(
        type=name,
        form="module",
        family="Normalisation",
        summary=summary,
        doc=plain(function.__doc__),
        params=(Param("module", "module", required=True), *(bounded_module(name, param) for param in params)),
        inputs=(Port("input"),),
        outputs=(Port("output"),),
        code=f"nn.utils.parametrizations.{name}",
        aliases=families.ALIASES.get(name, ()),
        positions=(positions_of(function),),
    )
