"""Functions and tensor methods of the catalogue, read from the installed torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from torchwire.catalogue import families
from torchwire.catalogue.bounds import bounded
from torchwire.catalogue.functions.entry import Function
from torchwire.catalogue.layer import LayerType, Param, Port
from torchwire.engine.docstrings import plain
from torchwire.engine.positions import overloads_of
from torchwire.engine.schemas import schema_of
from torchwire.engine.signatures import params_of

_SIZED = frozenset("kernel_size stride padding dilation output_size output_padding".split())


def function_type(entry: Function) -> LayerType:
    """The catalogue type of an entry. Raises ValueError where torch does not say what the function takes."""
    root, target = _target(entry.name)
    if entry.takes:
        params = [item for item in entry.takes if isinstance(item, Param)]
        ports = [item for item in entry.takes if isinstance(item, Port)]
    else:
        params, ports = _signature(entry.reads or entry.name)
        dropped = entry.drops.split()
        params = [bounded(entry.name, param) for param in params if param.name not in dropped]
        ports = list(entry.ports or ports)
    params = _set_right(params, entry.params)
    ported = {port.name for port in ports}
    outputs = entry.outputs
    if any(param.name == "return_indices" for param in params):
        outputs = (Port("output"), Port("indices", when={"return_indices": True}))
    if entry.family == "Losses":
        ports = [replace(port, label=families.LABELS.get(port.name)) for port in ports]
    return LayerType(
        type=entry.name,
        form="function",
        family=entry.family,
        summary=entry.summary,
        doc=plain(getattr(target, "__doc__", None)),
        params=tuple(
            _sized(entry.name, _training(replace(param, required=param.required and param.name not in ported)))
            for param in params
        ),
        inputs=tuple(ports),
        outputs=() if entry.numbered else outputs,
        code=entry.code or f"{root}.{entry.name}",
        aliases=entry.aliases,
        list_output=entry.numbered,
        positions=overloads_of(entry),
    )


def _set_right(params: list[Param], given: Iterable[Param]) -> list[Param]:
    """torch's parameters, with the entry's in place of those of the same name and new ones behind."""
    by_name = {param.name: param for param in params} | {param.name: param for param in given}
    return list(by_name.values())


def _training(param: Param) -> Param:
    """`training`, left out of a function, is the network's."""
    if param.name != "training":
        return param
    return Param("training", "bool_or_none", nullable=True, summary="left out: the network's mode")


def _sized(name: str, param: Param) -> Param:
    """How many numbers a window of conv2d or max_pool3d has: a pair, a triple."""
    count = name[-2:-1]
    if param.kind != "int_or_ints" or param.name not in _SIZED or not name.endswith("d") or count not in ("2", "3"):
        return param
    return replace(param, length=int(count))


def _target(name: str) -> tuple[str, Any]:
    """Where the name is found: torch.nn.functional, then torch, then torch.Tensor."""
    for root, holder in (("F", F), ("torch", torch), ("input", torch.Tensor)):
        found = getattr(holder, name, None)
        if callable(found) and not isinstance(found, type):
            return root, found
    return "", None  # ours


def _signature(name: str) -> tuple[list[Param], list[Port]]:
    _, target = _target(name)
    # max_pool2d is chosen by its return_indices at the call; what it takes stands in _max_pool2d
    target = getattr(F, f"_{name}", target) if "pool" in name else target
    try:
        return params_of(target)
    except (ValueError, TypeError):  # a builtin
        return schema_of(name)
