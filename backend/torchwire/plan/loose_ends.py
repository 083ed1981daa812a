"""Wires, calls and sizes that come from nowhere, and ports that nothing is wired to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from torchwire.catalogue.layer import Port
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.findings import removal, replace
from torchwire.graph.names import fresh_name, pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.graph.rename import renamed_sizes
from torchwire.plan.evaluate import expressions
from torchwire.plan.order import ancestors, readers
from torchwire.plan.remedies import own_instance
from torchwire.plan.reporter import Reporter, add_to
from torchwire.plan.strays import is_there, moves
from torchwire.plan.tree import Graph, Node


class Ports(Protocol):
    """Who knows the input ports of a node."""

    def ports(self, graph: Graph, node: Node) -> Sequence[Port] | None:
        """In order; None when its type is unknown."""


class LooseEnds:
    """Tells them, with the nearest node that may be meant."""

    def __init__(self, ports: Ports, reporter: Reporter) -> None:
        self._ports = ports
        self._reporter = reporter
        self._readers_of: tuple[Graph | None, dict[str, list[str]]] = (None, {})  # a graph, and who reads its nodes

    def tell(self, graph: Graph) -> None:
        for node in graph.nodes.values():
            self._check(graph, node)

    def _check(self, graph: Graph, node: Node) -> None:
        if node.kind == "call":
            self._check_target(graph, node)
        for name, references in node.wires.items():
            for number, reference in enumerate(references):
                self._check_reference(graph, node, name, number, reference)
        for name, reference in node.ties.items():
            self._check_reference(graph, node, name, 0, reference)
        node.ties = {name: reference for name, reference in node.ties.items() if reference.node in graph.nodes}
        for reference in node.sizes:
            if reference.node not in graph.nodes:
                self._dangling_size(graph, node, reference)
        if node.runs and node.present:
            self._check_missing(graph, node)

    def _check_target(self, graph: Graph, node: Node) -> None:
        target = graph.nodes.get(node.target or "")
        if target is None:
            near = self._near(graph, node, node.target or "", self._callable)
            fixes = [Fix(f"Call {key}", replace(f"{node.spec.path}/call", node.target, key)) for key in near]
            self._reporter.at(
                node,
                "dangling-reference",
                f"{node.key} calls {(node.target or '')[:64]}, but there is no such node."
                + (f" Did you mean {near[0]}?" if near else ""),
                param="call",
                fixes=fixes,
            )
        elif target.repeated or target.kind not in ("module", "block", "faulty"):
            is_what = "a row of copies" if target.repeated else "no layer with weights of its own"
            self._reporter.at(
                node,
                "dangling-reference",
                f"{node.key} calls {target.key}, which is {is_what}. Call a single layer or block.",
                param="call",
                fixes=_instead_of_call(graph, node, target),
            )

    def _check_reference(self, graph: Graph, node: Node, port: str, number: int, reference: Reference) -> None:
        source = graph.nodes.get(reference.node)
        if source is not None and source.kind != "output":
            return
        raw = node.spec.inputs[port]
        path = node.spec.path + pointer("inputs", port)
        old = raw[number] if isinstance(raw, list) else raw
        if isinstance(raw, list):
            path += f"/{number}"
        test = {"op": "test", "path": path, "value": old}
        fixes = [
            Fix(f"Wire it to {new}", [test, {"op": "replace", "path": path, "value": new}])
            for new in (self._meant(graph, node, port, reference) if source is None else ())
        ]
        fixes.append(Fix("Remove this wire", [test, {"op": "remove", "path": path}]))
        what = "is an Output, which has no outputs" if source else "does not exist"
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} reads {reference.node[:64]} on {port}, which {what}.",
            port=port,
            fixes=fixes,
            key=("dangling-reference", path),
        )

    def _meant(self, graph: Graph, node: Node, port: str, reference: Reference) -> list[str]:
        """What a wire from nowhere may mean, the likeliest first: the like name, and the output that nobody reads.

        A name that is mistyped leaves the node unread that it means; a node that is removed, the one before it.
        """
        named = self._near(graph, node, reference.node, self._readable)
        tied = port in node.ties
        unread = None if tied or self._reporter.crowded else self._nearest_source(graph, node)
        read = self._reads(graph)
        found = [key if reference.port is None else f"{key}.{reference.port}" for key in named]
        if unread is not None and unread not in read and unread not in named:
            found.insert(1 if named and named[0] not in read else 0, unread)
        return found

    def _near(self, graph: Graph, node: Node, name: str, fits: Callable[[Node], bool]) -> list[str]:
        """Nodes of a like name; none that waits for this one, which would close a cycle."""
        if self._reporter.crowded:
            return []
        waiting = ancestors([node.key], self._reads(graph))
        return nearest(name, (other.key for other in graph.nodes.values() if other.key not in waiting and fits(other)))

    @staticmethod
    def _readable(node: Node) -> bool:
        return node.kind != "output" and "name" not in node.spec.faulty  # by a wrong name it may not be read

    @staticmethod
    def _callable(node: Node) -> bool:
        return node.kind in ("module", "block") and not node.repeated

    def _dangling_size(self, graph: Graph, node: Node, reference: Reference) -> None:
        """A size of a node that is not there; the expression is rewritten where the name that was meant is clear."""
        near = self._near(graph, node, reference.node, self._readable)
        fixes = []
        renamed = renamed_sizes(node.spec.params, reference.node, near[0]) if near else node.spec.params
        for name, raw in node.spec.params.items():
            if renamed[name] != raw:
                patch = replace(node.spec.path + pointer("params", name), raw, renamed[name])
                fixes.append(Fix(f"Use the size of {near[0]}", patch))
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} uses the size {str(reference)[:64]}.shape, but there is no node {reference.node[:64]}.",
            param=next((name for name, raw in node.spec.params.items() if names_size(raw, reference)), None),
            fixes=fixes[:1],
            key=("dangling-reference", node.spec.path, reference),
        )

    def _check_missing(self, graph: Graph, node: Node) -> None:
        faulty = node.spec.faulty
        for port in self._ports.ports(graph, node) or ():
            if faulty & {"inputs", f"inputs.{port.name}", "params", f"params.{port.name}"}:
                continue  # something is wired there, and wrong: the reader of the document has said so
            optional = port.optional and not _needed(node, port.name)
            if optional or port.name in node.wires or port.name in node.spec.params:
                continue
            if not is_there(node, port):
                continue
            if node.kind in ("parameter", "constant") or (node.kind == "input" and port.name != "value"):
                continue
            stray = next((name for name, meant in node.strays.items() if meant == port.name), None)
            if stray is not None:
                self._reporter.at(
                    node,
                    "missing-wire",
                    f"Nothing is wired to {port.name} of {node.key} ({node.what}). "
                    f"The wire on {stray[:64]} may be meant for it.",
                    port=port.name,
                    fixes=moves(node, stray, port.name, "Move the wire from {name} to {port}"),
                )
                continue
            source = None if self._reporter.crowded else self._nearest_source(graph, node)
            fixes = []
            if source is not None:
                wire: str | list[str] = [source] if port.many else source
                fixes.append(Fix(f"Wire {source} to {port.name}", add_to(node, "inputs", port.name, wire)))
            elif not graph.path:
                fixes.append(_new_input(graph, node, port))
            self._reporter.at(
                node,
                "missing-wire",
                f"Nothing is wired to {port.name} of {node.key} ({node.what})."
                + (f" The nearest output is {source}." if source else " Add an Input and wire it."),
                port=port.name,
                fixes=fixes,
            )

    def _nearest_source(self, graph: Graph, node: Node) -> str | None:
        """The nearest node before this one whose result nobody reads, else the nearest before it.

        None that waits for this one itself: the wire would close a cycle.
        """
        read = self._reads(graph)
        waiting = ancestors([node.key], read)
        nearest_read = None
        for other in reversed(list(graph.nodes.values())[: node.index]):
            if not self._readable(other) or other.kind == "faulty" or not other.runs or not other.present:
                continue
            if other.key in waiting:
                continue
            if other.key not in read:
                return other.key
            nearest_read = nearest_read or other.key
        return nearest_read

    def _reads(self, graph: Graph) -> dict[str, list[str]]:
        """Who reads each node of a graph."""
        if graph is not self._readers_of[0]:
            reads = {key: [reference.node for reference in other.reads()] for key, other in graph.nodes.items()}
            self._readers_of = (graph, readers(reads))
        return self._readers_of[1]


def _instead_of_call(graph: Graph, node: Node, target: Node) -> list[Fix]:
    """What a wrong call may mean: the call before it, the same layer once more, or reading it."""
    spec = node.spec
    path = f"{spec.path}/call"
    first = graph.nodes.get(target.target or "")
    if first is not None and LooseEnds._callable(first):
        return [Fix(f"Call {first.key}", replace(path, spec.call, first.key))]
    if target.kind in ("module", "block", "function"):
        return own_instance(node, target)
    if target.kind not in ("input", "parameter", "constant"):
        return []
    own = removal(path, spec.call)
    own.append({"op": "add", "path": f"{spec.path}/type", "value": "Identity"})
    own.append({"op": "add", "path": f"{spec.path}/inputs", "value": {"input": target.key}})
    return [Fix(f"Read {target.key}"[:99], own)]


def _needed(node: Node, port: str) -> bool:
    """Whether an optional port of a block is there in this use of it: an Input whose `when` is true."""
    return any(
        copy.graph is not None and port in copy.graph.nodes and copy.graph.nodes[port].present for copy in node.copies
    )


def names_size(raw: Any, reference: Reference) -> bool:
    """Whether a value of `params` has an expression that uses a size of this reference."""
    try:
        return any(reference in expression.sizes for expression in expressions(raw, index=isinstance(raw, str)))
    except ExpressionError:
        return False


def _new_input(graph: Graph, node: Node, port: Port) -> Fix:
    """An Input for a network that has nothing to read yet, of a shape that this node may take."""
    key = fresh_name("input", {*graph.nodes, *graph.spec.params})
    made = {"type": "Input", "params": sample_params(node)}
    wire: str | list[str] = [key] if port.many else key
    patch = [*add_to(node, "inputs", port.name, wire), {"op": "add", "path": pointer("nodes", key), "value": made}]
    return Fix(f"Add an Input and wire it to {port.name}", patch)


def sample_params(node: Node) -> dict[str, Any]:
    """The parameters of an Input that this node may read."""
    params = node.spec.params
    if (node.spec.type or "").startswith("Embedding"):
        rows = params.get("num_embeddings")
        return {"shape": [1, 8], "fill": "randint", "high": rows if isinstance(rows, int) else 10}
    name = node.spec.type or ""
    spatial: list[int] = next((sizes for end, sizes in _SPATIAL.items() if end in name), [])
    width = next((params[key] for key in _WIDTHS if isinstance(params.get(key), int)), 8 if not spatial else 1)
    return {"shape": [1, width, *spatial]}


_SPATIAL = {"1d": [28], "2d": [28, 28], "3d": [8, 28, 28]}
_WIDTHS = ("in_features", "in_channels", "num_features", "num_channels", "input_size")
