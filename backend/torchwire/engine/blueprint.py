"""What a constructor would make, without making it: built on the meta device, where weights take no memory."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine.memory import Memory
from torchwire.engine.operation import construct
from torchwire.engine.sheet import Sheet
from torchwire.plan.tree import Nested


@dataclass(frozen=True)
class Weight:
    """A parameter or buffer of a module."""

    sheet: Sheet
    requires_grad: bool
    persistent: bool = True


@dataclass(frozen=True)
class Blueprint:
    """A module as its constructor would make it. `fault` says why it cannot; then there is no module."""

    module: nn.Module | None
    repr: str | None
    parameters: Mapping[str, Weight]
    buffers: Mapping[str, Weight]
    count: int | None
    fault: Exception | None


_remembered: Memory[Blueprint] = Memory(2000, name="blueprints")


def canonical(params: Mapping[str, Any], nested: Mapping[str, Nested] | None = None) -> str:
    """A key for parameters; repr tells 1, 1.0 and True apart, which are equal as keys of a dict."""
    inner = {
        name: (value.layer.type, canonical(value.params, value.nested))
        for name, value in sorted((nested or {}).items())
    }
    return f"{sorted(params.items())!r}{inner!r}"


def blueprint(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> Blueprint:
    """The blueprint of a module with these constructor arguments; remembered."""
    return _remembered.get((layer.type, canonical(params, nested)), lambda: _draw(layer, params, nested))


def _draw(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> Blueprint:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they speak of speed, or of what diagnosis/ says better
        try:
            with torch.device("meta"):
                module = construct(layer, params, nested)
        except Exception as fault:
            return Blueprint(None, None, {}, {}, None, fault)
    parameters = {name: Weight(Sheet.of(value), value.requires_grad) for name, value in module.named_parameters()}
    persistent = set(module.state_dict(keep_vars=True))
    buffers = {name: Weight(Sheet.of(value), False, name in persistent) for name, value in module.named_buffers()}
    text = repr(module)
    return Blueprint(
        module=out_of_place(module),
        repr=text,
        parameters=parameters,
        buffers=buffers,
        count=sum(weight.sheet.elements for weight in parameters.values()),
        fault=None,
    )


def out_of_place(module: nn.Module) -> nn.Module:
    """`inplace=True` computed out of place: the same bits, and the node before keeps what it showed."""
    for inner in module.modules():
        if getattr(inner, "inplace", False) is True:
            inner.inplace = False
    return module
