"""Where the plan's problems are made: one place for their words, their fixes, and for saying each only once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.tree import Node


class Reporter:
    """Collects problems. A fault of a block's definition is told at its first use only."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._told: set[Hashable] = set()

    def add(self, problem: Problem, key: Hashable) -> None:
        if key not in self._told:
            self._told.add(key)
            self._problems.append(problem)

    def at(
        self,
        node: Node,
        code: str,
        message: str,
        *,
        port: str | None = None,
        param: str | None = None,
        detail: str | None = None,
        fixes: Sequence[Fix] = (),
        severity: str = "error",
        key: Hashable = None,
    ) -> None:
        """A problem of this node; an error keeps the node from running."""
        if severity == "error":
            node.faults += 1
        problem = Problem(
            code=code,
            message=message,
            severity=severity,
            node=node.path,
            port=port,
            param=param,
            detail=detail,
            fixes=tuple(fixes),
        )
        self.add(problem, key or (code, node.spec.path, port, param, detail))

    def unknown_type(self, node: Node, nearest: Sequence[str], excluded: str | None) -> None:
        path = f"{node.spec.path}/type"
        old = node.spec.type
        why = f": {excluded}" if excluded else "."
        self.at(
            node,
            "unknown-type",
            f"{node.key}: there is no layer, function or block called {old!r}{why}"
            + (f" Did you mean {nearest[0]}?" if nearest else ""),
            param="type",
            fixes=[Fix(f"Change the type to {name}", replace(path, old, name)) for name in nearest[:3]],
        )


def replace(path: str, old: Any, new: Any) -> list[dict[str, Any]]:
    """Patch that changes the value at a path, and only if it is still the old one."""
    return [{"op": "test", "path": path, "value": old}, {"op": "replace", "path": path, "value": new}]


def set_param(node: Node, name: str, value: Any) -> list[dict[str, Any]]:
    """Patch that gives a parameter of the node a value, whether or not it has one now."""
    spec = node.spec
    path = spec.path + pointer("params", name)
    if name in spec.params:
        return replace(path, spec.params[name], value)
    if spec.params:
        return [
            {"op": "test", "path": f"{spec.path}/params", "value": spec.params},
            {"op": "add", "path": path, "value": value},
        ]
    return [
        {"op": "test", "path": f"{spec.path}/type", "value": spec.type},
        {"op": "add", "path": f"{spec.path}/params", "value": {name: value}},
    ]


def drop_param(node: Node, name: str) -> list[dict[str, Any]]:
    """Patch that takes a parameter away."""
    path = node.spec.path + pointer("params", name)
    return [{"op": "test", "path": path, "value": node.spec.params[name]}, {"op": "remove", "path": path}]
