"""What the input decides of a layer and of those nested in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine.outcomes import Fault
from torchwire.graph.problems import Problem
from torchwire.plan.inferred import Shapes, infer
from torchwire.plan.tree import Nested, Node


def infer_all(node: Node, layer: LayerType, names: Iterable[str], shapes: Shapes) -> dict[str, Any]:
    """The values of parameters that are left out. Raises Fault where one is required and the input does not tell."""
    inferred: dict[str, Any] = {}
    params = {param.name: param for param in layer.params}
    for name in names:
        value = infer(layer.type, name, shapes)
        if value is not None:
            inferred[name] = value
        elif params[name].required:
            text = f"{name} of {node.key} ({layer.type}) cannot be inferred from its input. Set it."
            raise Fault(Problem("missing-param", text, param=name))
    return inferred


def infer_nested(node: Node, nested: Nested, shapes: Shapes) -> tuple[Nested, dict[str, Any]]:
    """The nested layer with what the input decides, and that by name. Raises Fault."""
    inferred = infer_all(node, nested.layer, nested.inferred, shapes)
    told = dict(inferred)
    inner: dict[str, Nested] = {}
    for name, value in nested.nested.items():
        inner[name], deeper = infer_nested(node, value, shapes)
        told |= {f"{name}.{key}": found for key, found in deeper.items()}
    return replace(nested, params={**nested.params, **inferred}, nested=inner, inferred=()), told
