"""Parameters and ports read from the signatures of the installed torch."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

import torch

from torchwire.catalogue.layer import Param, Port

DROPPED = frozenset(
    """device out layout pin_memory memory_format generator _stacklevel size_average reduce _random_samples names
    requires_grad self sparse_grad process_group distance_function options""".split()
)


_TENSORS = frozenset("input tensor other target weight bias tensors x1 x2".split())
"""Names of arguments that are tensors where a signature has no annotation."""


_KIND_BY_NAME: dict[str, str] = {
    **dict.fromkeys("kernel_size stride padding dilation output_size dim".split(), "int_or_ints"),
    **dict.fromkeys("embed_dim num_heads kdim vdim".split(), "int"),
}
"""Kinds of arguments whose annotation says nothing (BroadcastingList, none at all)."""


def kind_of(annotation: Any) -> tuple[str, int | None, bool, tuple[Any, ...] | None]:
    """(kind, length, nullable, choices) of a Python annotation."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        rest = [arg for arg in args if arg is not type(None)]
        nullable = len(rest) < len(args)
        if len(rest) == 1:
            kind, length, _, choices = kind_of(rest[0])
            return ("bool_or_none" if kind == "bool" and nullable else kind), length, nullable, choices
        kinds = [kind_of(arg) for arg in rest]
        names = {kind for kind, *_ in kinds}
        length = next((length for _, length, _, _ in kinds if length is not None), None)
        if "tensor" in names:
            return "number_or_tensor", None, nullable, None
        if names <= {"int", "ints", "string"} and "ints" in names:
            return "int_or_ints", length, nullable, ("same", "valid") if "string" in names else None
        if names <= {"float", "floats", "int"} and "floats" in names:
            return "float_or_floats", length, nullable, None
        if names <= {"int", "float"}:
            return "number", None, nullable, None
        if "string" in names:
            return "string", None, nullable, None
        return "any", None, nullable, None
    if origin is typing.Literal:
        return "choice", None, False, args
    if origin in (tuple, list) or annotation is torch.Size or (origin and "Sequence" in str(origin)):
        inner = {kind_of(arg)[0] for arg in args if arg is not Ellipsis}
        length = len(args) if origin is tuple and Ellipsis not in args else None
        return ("floats" if inner == {"float"} else "ints"), length, False, None
    simple: dict[Any, str] = {int: "int", float: "float", bool: "bool", str: "string", torch.dtype: "dtype"}
    if annotation in simple:
        return simple[annotation], None, False, None
    if annotation is torch.Tensor:
        return "tensor", None, False, None
    if inspect.isclass(annotation) and issubclass(annotation, torch.nn.Module):
        return "module", None, False, None
    return "any", None, False, None


def params_of(
    function: Callable[..., Any], skip: Iterable[str] = (), keep: Iterable[str] = ()
) -> tuple[list[Param], list[Port]]:
    """Parameters and tensor ports of a Python function, without DROPPED except `keep`.

    Raises ValueError where it has no signature.
    """
    params: list[Param] = []
    ports: list[Port] = []
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        hints = {}
    for item in inspect.signature(function).parameters.values():
        dropped = item.name in skip or (item.name in DROPPED and item.name not in keep)
        if dropped or item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
            continue
        annotation = hints.get(item.name, item.annotation)
        required = item.default is item.empty
        default = None if required else item.default
        if annotation is item.empty:
            annotation = type(default) if default is not None else Any
        kind, length, nullable, choices = kind_of(annotation)
        if kind == "tensor" or (kind == "any" and item.name in _TENSORS):
            ports.append(Port(item.name, optional=not required))
            continue
        if kind == "any":
            kind = _KIND_BY_NAME.get(item.name, "any")
        if item.name == "dtype":
            kind, nullable = "dtype", True
        params.append(
            Param(
                item.name,
                kind,
                default,
                required,
                length=length,
                nullable=nullable or (default is None and not required),
                choices=choices,
            )
        )
    return params, ports
