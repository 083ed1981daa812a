"""Parameters and ports of torch's builtins, read from their operator schemas."""

from __future__ import annotations

import re
from typing import Any

import torch

from torchwire.catalogue.layer import Param, Port
from torchwire.engine.signatures import DROPPED

_KINDS = {"int": "int", "SymInt": "int", "float": "float", "bool": "bool", "str": "string", "number": "number"}


def schema_of(name: str) -> tuple[list[Param], list[Port]]:
    """Parameters and ports of a builtin, merged over its overloads. Raises ValueError without any.

    An argument is required when every overload has it without a default; one that some overload takes as a tensor is
    a port, and a parameter too where another takes it as a number.
    """
    schemas = [schema for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}") if _offered(schema)]
    if not schemas:
        raise ValueError(f"torch has no operator {name} that gives a tensor")
    params: dict[str, Param] = {}
    ports: dict[str, Port] = {}
    for schema in schemas:
        for argument in schema.arguments:
            arg_name = "input" if argument.name == "self" else argument.name
            if (argument.name != "self" and arg_name in DROPPED) or arg_name.startswith("cudnn_"):
                continue
            text = str(argument.type)
            everywhere = all(any(other.name == argument.name for other in each.arguments) for each in schemas)
            if "Tensor" in text:
                optional = text.startswith("Optional") or not everywhere
                ports.setdefault(arg_name, Port(arg_name, optional=optional, many=text.startswith("List")))
                continue
            found = _param(arg_name, text, argument, everywhere and not argument.has_default_value())
            if found is not None:
                params[arg_name] = _merged(params[arg_name], found) if arg_name in params else found
    return list(params.values()), list(ports.values())


def _offered(schema: Any) -> bool:
    """Whether it computes new tensors from tensors: not into `out`, not in place, not of plain numbers."""
    written = any(
        argument.is_out or (argument.alias_info and argument.alias_info.is_write) for argument in schema.arguments
    )
    tensors = any("Tensor" in str(argument.type) for argument in schema.arguments)
    given = any("Tensor" in str(result.type) for result in schema.returns)
    return tensors and given and not written and "Dimname" not in str(schema)


def _param(name: str, text: str, argument: Any, required: bool) -> Param | None:
    default = argument.default_value if argument.has_default_value() else None
    nullable = text.startswith("Optional")
    inner = re.sub(r"^Optional\[(.*)\]$", r"\1", text)
    if name == "dtype":
        return Param(name, "dtype", nullable=True)
    if inner.startswith("List["):
        element = inner[5:-1]
        if element not in ("int", "SymInt", "float", "bool"):
            return None
        if isinstance(default, list):
            same = argument.N is not None and len(set(default)) == 1
            default = default[0] if same else tuple(default)
        kind = "floats" if element == "float" else ("int_or_ints" if argument.N is not None else "ints")
        return Param(name, kind, default, required, nullable=nullable)
    kind = _KINDS.get(inner, "number" if inner == "Scalar" else "")
    return Param(name, kind, default, required, nullable=nullable) if kind else None


def _merged(one: Param, other: Param) -> Param:
    """What either of two overloads takes."""
    kinds = {one.kind, other.kind}
    kind = "int_or_ints" if kinds in ({"int", "ints"}, {"int", "int_or_ints"}, {"ints", "int_or_ints"}) else one.kind
    default = one.default if one.default is not None else other.default
    return Param(one.name, kind, default, one.required and other.required, nullable=one.nullable or other.nullable)
