"""Parameters and ports read from the signatures of the installed torch."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

import torch

from torchwire.catalogue.layer import Param, Port

_DROPPED = frozenset(
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


def params_of(function: Callable[..., Any], skip: Iterable[str] = ()) -> tuple[list[Param], list[Port]]:
    """Parameters and tensor ports of a Python function. Raises ValueError where it has no signature."""
    params: list[Param] = []
    ports: list[Port] = []
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        hints = {}
    for item in inspect.signature(function).parameters.values():
        if item.name in _DROPPED or item.name in skip or item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
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
            Param(item.name, kind, default, required, length=length, nullable=nullable or default is None and not required, choices=choices)
        )
    return params, ports


_SCHEMA_KINDS = {"int": "int", "SymInt": "int", "float": "float", "bool": "bool", "str": "string", "number": "number"}


def schema_of(name: str) -> tuple[list[Param], list[Port], tuple[str, ...]]:
    """Parameters, ports and names of results of a builtin, merged over its overloads. Raises ValueError without any.

    An argument is required when no overload goes without it; one that some overload takes as a tensor is a port.
    """
    schemas = [
        schema
        for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}")
        if not any(arg.name in ("out", "names", "generator") or "Dimname" in str(arg.type) or arg.is_out for arg in schema.arguments)
        and "Dimname" not in str(schema)
        and "dims" != "".join(arg.name for arg in schema.arguments[-1:])
        or name in ("permute", "flip", "roll", "tile")
    ]
    schemas = [schema for schema in schemas if "out" not in schema.overload_name and "Dimname" not in str(schema)]
    if not schemas:
        raise ValueError(name)
    params: dict[str, Param] = {}
    ports: dict[str, Port] = {}
    for schema in schemas:
        for argument in schema.arguments:
            arg_name = "input" if argument.name == "self" else argument.name
            if arg_name in _DROPPED:
                continue
            text = str(argument.type)
            required = not argument.has_default_value() and all(_has(other, argument.name) for other in schemas)
            if "Tensor" in text:
                optional = "Optional" in text or not all(_has(other, argument.name) for other in schemas)
                ports.setdefault(arg_name, Port(arg_name, optional=optional, many=text.startswith("List")))
                continue
            found = _schema_param(arg_name, text, argument, required)
            if found is not None and (arg_name not in params or found.kind == "int_or_ints"):
                params[arg_name] = found
    results = tuple(item.name for item in max(schemas, key=lambda schema: len(schema.returns)).returns if item.name)
    merged = [
        Param(param.name, param.kind, param.default, param.required and param.name not in ports, length=param.length, nullable=param.nullable)
        for param in params.values()
    ]
    return merged, list(ports.values()), results


def _has(schema: Any, name: str) -> bool:
    return any(argument.name == name for argument in schema.arguments)


def _schema_param(name: str, text: str, argument: Any, required: bool) -> Param | None:
    nullable = text.startswith("Optional") or argument.has_default_value() and argument.default_value is None
    inner = re.sub(r"^Optional\[(.*)\]$", r"\1", text)
    if name == "dtype":
        return Param(name, "dtype", nullable=True)
    default = argument.default_value if argument.has_default_value() else None
    if inner.startswith("List["):
        element = inner[5:-1]
        kind = "floats" if element == "float" else ("int_or_ints" if argument.N is not None else "ints")
        if element not in ("int", "SymInt", "float", "bool"):
            return None
        return Param(name, kind, tuple(default) if isinstance(default, list) else default, required, nullable=nullable)
    kind = _SCHEMA_KINDS.get(inner, "number" if inner == "Scalar" else "")
    return Param(name, kind, default, required, nullable=nullable) if kind else None
