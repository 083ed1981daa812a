"""Where the plan's problems are made: one place for their words, their fixes, and for saying each only once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace as replaced
from typing import Any

from torchwire.graph.findings import crowded, portable, removal, replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.told import Told
from torchwire.plan.tree import Node


class Reporter:
    """Collects problems. A fault that several uses of a block have in common is told at the first of them only."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._told = Told()

    @property
    def crowded(self) -> bool:
        """Whether further problems are only counted, so that hints and fixes would be for nobody."""
        return crowded(self._problems)

    def add(self, problem: Problem, key: Hashable) -> str | None:
        """The node at which this is told: another one where a block's definition was found to be wrong before."""
        node, new = self._told.note(key, problem.message, problem.node)
        if new:
            self._problems.append(replaced(problem, fixes=portable(problem.fixes)))
        return node

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
        teller = self.add(problem, key or (code, node.spec.path, port, param, detail))
        if severity == "error":
            node.fail(teller)

    def unknown_type(self, node: Node, nearest: Sequence[str]) -> None:
        self._tell_type(
            node,
            f"{node.key}: there is no layer, function or block called {(node.spec.type or '')[:64]!r}."
            + (f" Did you mean {nearest[0]}?" if nearest else ""),
            nearest,
        )

    def excluded_type(self, node: Node, reason: str, instead: Sequence[str]) -> None:
        """A class of torch.nn that is known, and left out on purpose; names that look alike are not what is meant."""
        self._tell_type(node, f"{node.key}: {node.spec.type} is not used here: {reason}.", instead)

    def _tell_type(self, node: Node, message: str, instead: Sequence[str]) -> None:
        path = f"{node.spec.path}/type"
        fixes = [Fix(f"Change the type to {name}", replace(path, node.spec.type, name)) for name in instead[:3]]
        self.at(node, "unknown-type", message, param="type", fixes=fixes or _bypass(node))


def _bypass(node: Node) -> list[Fix]:
    """The node hands its input on, in place of what nobody knows."""
    spec = node.spec
    if any(label.startswith("params") for label in spec.faulty):
        return []
    patch = replace(f"{spec.path}/type", spec.type, "Identity")
    return [
        Fix(
            "Replace it by Identity, which passes its input on",
            [*patch, *(removal(f"{spec.path}/params", spec.params) if spec.params else [])],
        )
    ]


def test(node: Node) -> dict[str, Any]:
    """The operation that begins a patch which adds to a node: it is still the one that was meant."""
    what = "call" if node.spec.call is not None else "type"
    return {"op": "test", "path": f"{node.spec.path}/{what}", "value": node.spec.call or node.spec.type}


def set_param(node: Node, name: str, value: Any) -> list[dict[str, Any]]:
    """Patch that gives a parameter of the node a value, whether or not it has one now."""
    spec = node.spec
    path = spec.path + pointer("params", name)
    if name in spec.params:
        return replace(path, spec.params[name], value)
    return add_to(node, "params", name, value)


def add_to(node: Node, what: str, name: str, value: Any) -> list[dict[str, Any]]:
    """Patch that adds to the node's `params` or `inputs` a name that is not there."""
    return _add_all(node, what, {name: value})


def add_wires(node: Node, wires: Mapping[str, str | list[str]]) -> list[dict[str, Any]]:
    """Patch that wires ports which have no wire."""
    return _add_all(node, "inputs", wires)


def add_params(node: Node, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Patch that gives values to parameters which are not there."""
    return _add_all(node, "params", values)


def _add_all(node: Node, what: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    spec = node.spec
    there = getattr(spec, what) or any(label.startswith(f"{what}.") for label in spec.faulty)
    if not there:
        return [test(node), {"op": "add", "path": f"{spec.path}/{what}", "value": dict(values)}]
    added = [{"op": "add", "path": spec.path + pointer(what, name), "value": value} for name, value in values.items()]
    return [test(node), *added]


def drop_param(node: Node, name: str) -> list[dict[str, Any]]:
    """Patch that takes a parameter away."""
    return removal(node.spec.path + pointer("params", name), node.spec.params[name])
