"""Names of nodes, blocks, parameters and attributes: allowed, and each only once in its graph."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from torchwire.graph.findings import crowded, fits, removal
from torchwire.graph.names import fresh_name, name_fault, pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.rename import renamed_block, renamed_input, renamed_node, renamed_parameter

if TYPE_CHECKING:
    from torchwire.graph.document import GraphSpec, NodeSpec

IN_EXPRESSIONS = frozenset({"i", "training"})
_RENAMING = 100_000  # values that are looked through for all renaming patches of a document together
_LONGEST = 10_000  # characters of a path in a patch
_ANY = 2**53  # characters: the patches do not repeat what they only look through


class Namespace:
    """Checks the names of one document. `data` is the document as posted, which the patches are for."""

    def __init__(self, data: dict[str, Any], problems: list[Problem]) -> None:
        self._data = data
        self._problems = problems
        self._left = _RENAMING

    def graph(self, graph: GraphSpec) -> None:
        data = self._data if graph.name is None else self._data["blocks"][graph.name]
        if graph.name is not None and (fault := name_fault(graph.name)) is not None:
            self._block(graph.name, fault)
        taken = {*graph.nodes, *graph.params}
        for key in graph.nodes:
            if (fault := name_fault(key)) is not None:
                self._node(graph, data, key, f"Node {key[:64]!r}: {fault}.", taken)
        for key in graph.params:
            fault = name_fault(key)
            if fault is None and key in IN_EXPRESSIONS:
                fault = f"{key} has a meaning of its own in expressions"
            if fault is not None:
                self._parameter(graph, data, key, f"Parameter {key[:64]!r}: {fault}.", taken)
            elif key in graph.nodes:
                text = f"{key} is both a parameter and a node; they share one namespace."
                self._node(graph, data, key, text, taken)
        self._attributes(graph)

    # -- fixes -------------------------------------------------------------------------------------------------------

    def _node(self, graph: GraphSpec, data: dict[str, Any], key: str, text: str, taken: set[str]) -> None:
        path, where = f"{graph.path}/nodes", key if graph.name is None else f"{graph.name}.{key}"
        graph.nodes[key].faulty.add("name")
        new = self._new(key, taken)
        patch = None
        if graph.name is not None and graph.nodes[key].type == "Input":  # its name is a port of the block
            if self._affordable(self._data):
                patch = renamed_input(self._data, graph.name, key, new)
        elif self._affordable(data["nodes"]):
            patch = renamed_node(data["nodes"], path, key, new)
        self._tell(Problem("bad-name", text, node=where, block=graph.name), new, patch)

    def _block(self, name: str, fault: str) -> None:
        new = self._new(name, self._data["blocks"])
        patch = renamed_block(self._data, name, new) if self._affordable(self._data) else None
        self._tell(Problem("bad-name", f"Block {name[:64]!r}: {fault}.", param=name[:64]), new, patch)

    def _parameter(self, graph: GraphSpec, data: dict[str, Any], key: str, text: str, taken: set[str]) -> None:
        new = self._new(key, taken, IN_EXPRESSIONS)
        patch = renamed_parameter(self._data, graph.name, key, new) if self._affordable(self._data) else None
        self._tell(Problem("bad-name", text, node=graph.name, param=key[:64], block=graph.name), new, patch)

    def _new(self, name: str, taken: Any, reserved: frozenset[str] = frozenset()) -> str:
        """A free name; none is looked for where the problem is only counted."""
        return "" if crowded(self._problems) else _fresh(name, {*taken, *reserved})

    def _tell(self, problem: Problem, new: str, patch: list[dict[str, Any]] | None) -> None:
        """Adds the problem with its fix, or what to do where the document is too large for one."""
        if patch is not None and all(len(operation["path"]) <= _LONGEST for operation in patch):
            problem = replace(problem, fixes=(Fix(f"Rename it to {new}", patch),))
        elif new:
            problem = replace(problem, message=f"{problem.message} Call it {new}, here and wherever it is read.")
        self._problems.append(problem)

    def _affordable(self, value: Any) -> bool:
        """Whether this part of the document may be looked through for whatever names the old name."""
        if crowded(self._problems) or not fits(value, self._left, _ANY):
            return False
        self._left -= _count(value)
        return True

    # -- attributes --------------------------------------------------------------------------------------------------

    def _attributes(self, graph: GraphSpec) -> None:
        """Every node is a module of its own at its attribute, so none may be another's or stand inside another."""
        if all(node.attribute is None for node in graph.nodes.values()):
            return  # keys are different from one another, and from parameters by the check of names
        taken: dict[str, str] = dict.fromkeys(graph.params, "")
        holders: dict[str, str] = {}
        for node in graph.nodes.values():
            name = node.attribute or node.key
            text = None
            for part in node.attribute.split(".") if node.attribute else ():
                fault = None if part.isascii() and part.isdigit() else name_fault(part)
                if fault is not None:
                    text = f"`attribute` of {node.key[:64]}: {fault} ({part[:64]!r})."
            parts = name.split(".")
            above = [".".join(parts[:length]) for length in range(1, len(parts))]
            if text is None and (node.attribute or name not in graph.params):
                clash = next((taken[key] for key in (name, *above) if key in taken), holders.get(name))
                if clash is not None:
                    other = f"{clash[:64]}" if clash else "a parameter"
                    text = f"{node.key[:64]} and {other} cannot both stand at {name[:64]} in code."
            if text is not None:
                self._attribute(graph, node, text, {*taken, *holders, *graph.nodes})
            taken.setdefault(name, node.key)
            for key in above:
                holders.setdefault(key, node.key)

    def _attribute(self, graph: GraphSpec, node: NodeSpec, text: str, taken: set[str]) -> None:
        where = node.key if graph.name is None else f"{graph.name}.{node.key}"
        node.faulty.add("name")
        fixes = []
        if node.attribute is not None:
            fixes.append(Fix("Remove the attribute", removal(node.path + pointer("attribute"), node.attribute)))
        else:
            type_path = node.path + ("/call" if node.call else "/type")
            new = _fresh(node.key, taken)
            test = {"op": "test", "path": type_path, "value": node.call or node.type}
            fixes.append(
                Fix(f"Set attribute to {new}", [test, {"op": "add", "path": f"{node.path}/attribute", "value": new}])
            )
        self._problems.append(
            Problem("bad-name", text, node=where, param="attribute", fixes=tuple(fixes), block=graph.name)
        )


def _fresh(name: str, taken: Any) -> str:
    return fresh_name(unicodedata.normalize("NFKC", name[:200]), taken)


def _count(value: Any) -> int:
    if isinstance(value, (dict, list)):
        return 1 + sum(map(_count, value.values() if isinstance(value, dict) else value))
    return 1
