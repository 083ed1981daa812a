"""What a call of a layer takes: its wires, and its run parameters with the sizes that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine.outcomes import UNKNOWN, Fault
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.evaluate import Deferred
from torchwire.plan.remedies import remedies
from torchwire.plan.tree import Copy, Node
from torchwire.plan.values import BadValue

Shape = Callable[[Reference], "tuple[int, ...] | None"]
"""The shape of what a reference means; None where only a run can tell it."""


def call_arguments(
    node: Node, copy: Copy, layer: LayerType, wires: Mapping[str, Any], training: bool, shape: Shape
) -> dict[str, Any]:
    """By name; UNKNOWN in place of a value that holds a size which only a run can tell. Raises Fault."""

    def size(reference: Reference) -> tuple[int, ...]:
        found = shape(reference)
        if found is None:
            raise _ShapeUnknown
        return found

    arguments = dict(wires)
    takes_mode = layer.form == "function" and any(param.name == "training" for param in layer.params)
    if takes_mode and "training" not in copy.run_params:
        arguments["training"] = training
    for name, value in copy.run_params.items():
        if not isinstance(value, Deferred):
            arguments[name] = value
            continue
        try:
            arguments[name] = value.value(copy.names, size)
        except ExpressionError as error:
            raise Fault(_told("bad-expression", node, value, f"{name} of {node.key}: {error}")) from None
        except BadValue as error:
            raise Fault(_told("bad-param", node, value, f"{name} of {node.key} {error}.")) from None
        except _ShapeUnknown:
            arguments[name] = UNKNOWN
    return arguments


def _told(code: str, node: Node, value: Deferred, text: str) -> Problem:
    return Problem(code, text, param=value.param.name, fixes=tuple(remedies(node, value.param, None)))


class _ShapeUnknown(Exception):
    """A size is asked of a value whose shape only a run can tell."""
