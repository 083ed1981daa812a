"""Names of nodes, blocks, parameters and attributes: allowed, and each only once in its graph."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from torchwire.graph.findings import crowded, fits, removal, replace
from torchwire.graph.names import fresh_name, name_fault, pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.rename import renamed, renamed_block, renamed_parameter

if TYPE_CHECKING:
    from torchwire.graph.document import GraphSpec, NodeSpec

IN_EXPRESSIONS = frozenset({"i", "training"})
_RENAMING = 50_000  # values that all renaming patches of a document may repeat together


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
        fixes: tuple[Fix, ...] = ()
        if self._affordable(data["nodes"]):
            new = _fresh(key, taken)
            patch = replace(path, data["nodes"], renamed(data["nodes"], key, new))
            fixes = (Fix(f"Rename it to {new}", patch),)
        self._problems.append(Problem("bad-name", text, node=where, fixes=fixes, block=graph.name))

    def _block(self, name: str, fault: str) -> None:
        fixes: tuple[Fix, ...] = ()
        if self._affordable(self._data):
            new = _fresh(name, self._data["blocks"])
            fixes = (Fix(f"Rename it to {new}", renamed_block(self._data, name, new)),)
        self._problems.append(
            Problem("bad-name", f"Block {name[:64]!r}: {fault}.", param=name[:64], fixes=fixes, block=None)
        )

    def _parameter(self, graph: GraphSpec, data: dict[str, Any], key: str, text: str, taken: set[str]) -> None:
        fixes: tuple[Fix, ...] = ()
        if self._affordable(self._data):
            new = _fresh(key, taken | IN_EXPRESSIONS)
            fixes = (Fix(f"Rename it to {new}", renamed_parameter(self._data, graph.name, key, new)),)
        self._problems.append(Problem("bad-name", text, node=graph.name, param=key[:64], fixes=fixes, block=graph.name))

    def _affordable(self, value: Any) -> bool:
        """Whether a patch may repeat this part of the document, as the renaming patches do."""
        if crowded(self._problems) or not fits(value, self._left, 20 * self._left):
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
