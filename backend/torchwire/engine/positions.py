"""In which order Python takes the arguments of a layer: what a reader of source needs to tell positions apart."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from torchwire.catalogue.functions.entry import Function

Positions = tuple[str, ...]


def positions_of(function: Callable[..., Any], skip: int = 0) -> Positions:
    """The positional arguments of a function, without the first `skip`. Raises ValueError without a signature."""
    items = list(inspect.signature(function).parameters.values())[skip:]
    return tuple(item.name for item in items if item.kind is item.POSITIONAL_OR_KEYWORD)


def overloads_of(entry: Function) -> tuple[Positions, ...]:
    """Every way in which torch takes the arguments of a function by position; `input` stands for a method's `self`."""
    written = _written(entry.code)
    if written:
        return (written,)
    if entry.takes:
        return (tuple(dict.fromkeys(item.name for item in entry.takes)),)
    name = entry.reads or entry.name
    target = getattr(F, f"_{name}", None) if "pool" in name else None
    for holder in (F, torch):
        target = target or getattr(holder, name, None)
    try:
        return (positions_of(target),)  # type: ignore[arg-type]
    except (ValueError, TypeError):  # a builtin
        return _schemas(name)


def _written(code: str) -> Positions:
    """The order that an expression such as `torch.where(condition, input, other)` shows; () for a plain name."""
    if "(" not in code:
        tree = ast.parse(code or "_", mode="eval").body
        if isinstance(tree, ast.BinOp) and isinstance(tree.left, ast.Name) and isinstance(tree.right, ast.Name):
            return (tree.left.id, tree.right.id)
        if isinstance(tree, ast.Compare) and isinstance(tree.left, ast.Name):
            return (tree.left.id, *(item.id for item in tree.comparators if isinstance(item, ast.Name)))
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.operand, ast.Name):
            return (tree.operand.id,)
        return ()
    tree = ast.parse(code, mode="eval").body
    while isinstance(tree, ast.UnaryOp):
        tree = tree.operand
    if not isinstance(tree, ast.Call):
        return ()
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in ("F", "torch")]
    if isinstance(tree.func, ast.Attribute) and isinstance(tree.func.value, ast.Name):
        holder = tree.func.value.id
        names = sorted(dict.fromkeys(names), key=lambda name: name != holder or holder in ("F", "torch"))
    return tuple(names)


def _schemas(name: str) -> tuple[Positions, ...]:
    found: dict[Positions, None] = {}
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        if "Dimname" in str(schema) or any(argument.is_out for argument in schema.arguments):
            continue
        names = [argument.name for argument in schema.arguments if not argument.kwarg_only]
        found[tuple("input" if each == "self" else each for each in names)] = None
    return tuple(found)
