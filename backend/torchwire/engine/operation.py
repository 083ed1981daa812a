"""From a catalogue entry to something that can be called, and from what it returns to named outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine.sheet import dtype_named
from torchwire.plan.tree import Nested
from torchwire.plan.values import DType, Options, TensorValue

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_NAMESPACE = {"torch": torch, "F": F, "nn": nn}


@cache
def function_of(layer: LayerType) -> Callable[[dict[str, Any]], Any]:
    """The function of a catalogue entry, taking ports and parameters by name in one mapping.

    A dotted name is called by keywords, as a method of the port `input` where it begins with that. A default that is
    written out is left out: torch has overloads that take no `keepdim=False` without a `dim`. Anything else is an
    expression over the names of ports and parameters, the same string that generated code shows; it comes from our own
    table, never from a document.
    """
    code = layer.code
    if _DOTTED.fullmatch(code):
        root, *rest = code.split(".")
        usual = {param.name: param.default for param in layer.params if param.default is not None}
        if root == "input":
            return lambda given: _method(_without(usual, given), rest[0])
        target = _NAMESPACE[root]
        for name in rest:
            target = getattr(target, name)
        return lambda given: target(**_without(usual, given))
    names = [port.name for port in layer.inputs]
    names += [param.name for param in layer.params if param.name not in names]
    defaults = {param.name: param.default for param in layer.params}
    for port in layer.inputs:
        if port.many:
            defaults.setdefault(port.name, ())
    compiled = eval(f"lambda {', '.join(names)}: {code}", dict(_NAMESPACE))
    return lambda given: compiled(*[given[name] if name in given else defaults.get(name) for name in names])


def _without(usual: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The arguments without those that are as usual."""
    return {
        name: value
        for name, value in given.items()
        if name not in usual or type(value) is not type(usual[name]) or value != usual[name]
    }


def _method(given: dict[str, Any], name: str) -> Any:
    rest = dict(given)
    return getattr(rest.pop("input"), name)(**rest)


@cache
def module_class(layer: LayerType) -> Any:
    """The torch.nn class, or the function that wraps one (spectral_norm)."""
    if layer.type == "spectral_norm":
        return torch.nn.utils.parametrizations.spectral_norm
    if layer.type == "weight_norm":
        return torch.nn.utils.parametrizations.weight_norm
    return getattr(nn, layer.type)


def to_torch(value: Any, dtype: torch.dtype | None = None) -> Any:
    """The plan's markers turned into torch's own objects; a tensor has the given dtype, else float32."""
    if isinstance(value, DType):
        return dtype_named(value.name)
    if isinstance(value, TensorValue):
        return torch.tensor(value.values, dtype=dtype or torch.float32)
    if isinstance(value, Options):
        return nn.LinearCrossEntropyOptions(**{name: to_torch(item) for name, item in value.values.items()})
    if isinstance(value, tuple):
        return tuple(to_torch(item) for item in value)
    return value


def construct(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> nn.Module:
    """The module, nested modules first, as in the code it stands for. Raises whatever torch raises.

    Tensor-valued arguments have the module's own `dtype`.
    """
    dtype = to_torch(params.get("dtype"))
    given = {name: to_torch(value, dtype) for name, value in params.items()}
    for name, inner in nested.items():
        given[name] = construct(inner.layer, inner.params, inner.nested)
    module: nn.Module = module_class(layer)(**given)
    return module


def name_outputs(layer: LayerType, result: Any) -> dict[str, torch.Tensor]:
    """What a call returned, by the names of its output ports, in order; None among several is left out.

    Raises TypeError where something else than a tensor is among it (the sum of two numbers).
    """
    if isinstance(result, torch.Tensor):
        return {layer.outputs[0].name if layer.outputs and not layer.list_output else "output": result}
    flat = list(_flatten(result))
    for value in flat:
        if value is not None and not isinstance(value, torch.Tensor):
            raise TypeError(f"the result is {value!r}, not a tensor: wire a tensor to at least one input")
    if layer.list_output:
        return {str(number): value for number, value in enumerate(flat) if value is not None}
    names = [port.name for port in layer.outputs]
    if len(flat) > 1 and names[0] == "output" and layer.outputs[0].when:
        names = names[1:]  # max: one `output`, or `values` and `indices`
    names += [str(number) for number in range(len(names), len(flat))]
    return {name: value for name, value in zip(names, flat, strict=False) if value is not None}


def _flatten(result: Any) -> Any:
    if isinstance(result, (tuple, list)):
        for item in result:
            yield from _flatten(item)
    else:
        yield result
