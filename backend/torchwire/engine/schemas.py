"""Parameters and ports of torch's builtins, read from their operator schemas."""

from __future__ import annotations

import re
from typing import Any

import torch

from torchwire.catalogue.layer import Param, Port
from torchwire.engine.signatures import DROPPED

_SCHEMA_KINDS = {"int": "int", "SymInt": "int", "float": "float", "bool": "bool", "str": "string", "number": "number"}


def schema_of(name: str) -> tuple[list[Param], list[Port], tuple[str, ...]]:
    """Parameters, ports and names of results of a builtin, merged over its overloads. Raises ValueError without any.

    An argument is required when no overload goes without it; one that some overload takes as a tensor is a port.
    """
    schemas = [
        schema
        for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}")
        if (
            not any(
                arg.name in ("out", "names", "generator") or "Dimname" in str(arg.type) or arg.is_out
                for arg in schema.arguments
            )
            and "Dimname" not in str(schema)
            and "".join(arg.name for arg in schema.arguments[-1:]) != "dims"
        )
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
            if arg_name in DROPPED:
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
        Param(
            param.name,
            param.kind,
            param.default,
            param.required and param.name not in ports,
            length=param.length,
            nullable=param.nullable,
        )
        for param in params.values()
    ]
    return merged, list(ports.values()), results


def _has(schema: Any, name: str) -> bool:
    return any(argument.name == name for argument in schema.arguments)


def _schema_param(name: str, text: str, argument: Any, required: bool) -> Param | None:
    nullable = text.startswith("Optional") or (argument.has_default_value() and argument.default_value is None)
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
