"""Functions and tensor methods of the catalogue, read from the installed torch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from torchwire.catalogue import families, functions
from torchwire.catalogue.bounds import bounded
from torchwire.catalogue.layer import LayerType, Param, Port
from torchwire.engine.docstrings import plain, sentence
from torchwire.engine.schemas import schema_of
from torchwire.engine.signatures import params_of


def function_type(name: str, family: str) -> LayerType:
    """The catalogue entry of a function or tensor method."""
    outputs: tuple[str, ...] = functions.OUTPUTS.get(name, ("output",))
    code = functions.CODE.get(name)
    root, target = _target(name)
    if name in functions.SIGNATURES:
        given_params, given_ports = functions.SIGNATURES[name]
        params, ports = list(given_params), list(given_ports)
    else:
        params, ports = _signature(name, target)
    if any(param.name == "return_indices" for param in params):
        outputs = ("output", "indices")
    params = [
        replace(param, required=False) if param.name in {port.name for port in ports} else param for param in params
    ]
    return LayerType(
        type=name,
        form="function",
        family=family,
        summary=sentence(getattr(target, "__doc__", None)) or name,
        doc=plain(getattr(target, "__doc__", None)),
        params=tuple(bounded(name, _training(param)) for param in params),
        inputs=tuple(ports),
        outputs=() if name in functions.LISTS else tuple(Port(output) for output in outputs),
        code=code or f"{root}.{name}",
        aliases=families.ALIASES.get(name, ()),
        list_output=name in functions.LISTS,
    )


def _training(param: Param) -> Param:
    """`training`, left out of a function, is the network's."""
    return (
        Param("training", "bool_or_none", nullable=True, summary="left out: the network's mode")
        if param.name == "training"
        else param
    )


def _target(name: str) -> tuple[str, Any]:
    for root, holder in (("F", F), ("torch", torch), ("input", torch.Tensor)):
        found = getattr(holder, name, None)
        if callable(found) and not isinstance(found, type):
            return root, found
    return "input", getattr(torch.Tensor, "__getitem__" if name == "getitem" else name)


def _signature(name: str, target: Any) -> tuple[list[Param], list[Port]]:
    private = getattr(F, f"_{name}", None)
    if "pool" in name and private is not None:  # max_pool2d is chosen by its return_indices at the call
        target = private
    try:
        params, ports = params_of(target)
    except (ValueError, TypeError):
        params, ports, _ = schema_of({"logsigmoid": "log_sigmoid"}.get(name, name))
        return params, ports
    if not ports:
        raise ValueError(f"{name} takes no tensor by its signature; give it one in functions.SIGNATURES")
    return [param for param in params if param.name != "inplace"], ports
