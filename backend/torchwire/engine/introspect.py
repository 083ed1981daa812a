"""The catalogue, read from the installed torch."""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import cache
from typing import Any

from torch import nn

from torchwire.catalogue import families, functions
from torchwire.catalogue.bounds import bounded
from torchwire.catalogue.catalogue import Catalogue
from torchwire.catalogue.layer import LayerType, Param, Port
from torchwire.catalogue.own import OWN
from torchwire.engine.docstrings import plain, sentence
from torchwire.engine.functions import function_type
from torchwire.engine.signatures import params_of


@cache
def read_catalogue() -> Catalogue:
    """Every type: ours, torch.nn's classes, functions."""
    layers = [*OWN, *map(_module, module_names()), *(_wrapper(name) for name in ("spectral_norm", "weight_norm"))]
    known = {layer.type for layer in layers}
    for family, names in functions.FUNCTIONS.items():
        layers += [function_type(name, family) for name in names.split() if name not in known]
    return Catalogue(layers, families.EXCLUDED)


def module_names() -> list[str]:
    """The torch.nn classes that are layers, in alphabetical order."""
    return [name for name in public_modules() if name not in families.EXCLUDED and not name.startswith("Lazy")]


def public_modules() -> list[str]:
    """Every public module class of torch.nn."""
    return sorted(
        name
        for name in dir(nn)
        if not name.startswith("_") and isinstance(getattr(nn, name), type) and name not in families.NOT_LAYERS
    )


def _module(name: str) -> LayerType:
    cls = getattr(nn, name)
    base = nn.modules.rnn.RNNBase if name in ("LSTM", "GRU", "RNN") else cls
    params, tensors = params_of(base.__init__, skip=("mode", "proj_size") if name in ("GRU", "RNN") else ("mode",))
    found = [_inferred(replace(param)) for param in params]
    found += [Param(port.name, "tensor", required=not port.optional, nullable=port.optional) for port in tensors]
    if name == "RNN":
        found.insert(3, Param("nonlinearity", "choice", "tanh", choices=("tanh", "relu")))
    found = [_activation(param, name) for param in found]
    forward_params, ports = params_of(cls.forward)
    if name in ("LSTM", "GRU", "RNN"):
        ports = [Port("input"), Port("hx", optional=True)]
    else:
        ports = _forward_ports(cls)
    forward = [
        replace(param, forward=True) for param in forward_params if param.name not in {port.name for port in ports}
    ]
    outputs = families.OUTPUTS.get(name, (Port("output"),))
    if any(param.name == "return_indices" for param in found):
        outputs = (Port("output"), Port("indices", when={"return_indices": True}))
    family = families.family_of(name)
    if family == "Losses":
        ports = [replace(port, label=families.LABELS.get(port.name)) for port in ports]
    return LayerType(
        type=name,
        form="module",
        family=family,
        summary=families.SUMMARIES.get(name) or sentence(cls.__doc__),
        doc=plain(cls.__doc__),
        params=tuple(bounded(name, param) for param in [*found, *forward]),
        inputs=tuple(ports),
        outputs=tuple(outputs),
        code=f"nn.{name}",
        aliases=families.ALIASES.get(name, ()),
    )


def _forward_ports(cls: type[nn.Module]) -> list[Port]:
    ports = []
    for item in list(inspect.signature(cls.forward).parameters.values())[1:]:
        if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
            continue
        text = item.annotation if isinstance(item.annotation, str) else str(item.annotation)
        if "Tensor" in text or item.annotation is item.empty:
            ports.append(Port(item.name, optional=item.default is not item.empty))
    return ports


def _inferred(param: Param) -> Param:
    return replace(param, inferred=True) if param.name in families.INFERRED else param


def _activation(param: Param, name: str) -> Param:
    if name.startswith("Transformer") and param.name == "activation":
        return Param("activation", "choice", "relu", choices=("relu", "gelu"))
    if param.name in ("encoder_layer", "decoder_layer", "norm", "custom_encoder", "custom_decoder"):
        return replace(param, kind="module")
    return param


def _wrapper(name: str) -> LayerType:
    """spectral_norm and weight_norm: a nested module whose weight is reparametrised."""
    function: Any = getattr(nn.utils.parametrizations, name)
    params, _ = params_of(function, skip=("module",))
    return LayerType(
        type=name,
        form="module",
        family="Normalisation",
        summary={
            "spectral_norm": "divides a layer's weight by its largest singular value",
            "weight_norm": "learns a weight's length and direction apart",
        }[name],
        doc=plain(function.__doc__),
        params=(Param("module", "module", required=True), *params),
        inputs=(Port("input"),),
        outputs=(Port("output"),),
        code=f"nn.utils.parametrizations.{name}",
        aliases=(),
    )
