"""References of one graph: read, checked against what exists, put in order.

Which outputs a run really gives is torch's to say; here it is settled who reads whom, what is tied, and the run order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torchwire.catalogue.layer import Port
from torchwire.graph.document import NetworkSpec
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.findings import removal, replace
from torchwire.graph.names import fresh_name, pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.graph.rename import renamed_sizes
from torchwire.plan.cycles import tell_cycles
from torchwire.plan.evaluate import expressions
from torchwire.plan.order import ancestors, run_order
from torchwire.plan.reporter import Reporter, add_to
from torchwire.plan.tree import Graph, Node


class Wiring:
    """Wires the nodes of a graph, once all of them are laid out."""

    def __init__(self, network: NetworkSpec, reporter: Reporter) -> None:
        self._network = network
        self._reporter = reporter
        self._read_of: tuple[Graph | None, set[str]] = (None, set())  # a graph, and the nodes that somebody reads

    def wire(self, graph: Graph) -> None:
        for node in graph.nodes.values():
            self._read_inputs(graph, node)
        self._uncalled(graph)
        for node in graph.nodes.values():
            self._check(graph, node)
        self._order(graph)

    # -- reading -----------------------------------------------------------------------------------------------------

    def ports(self, graph: Graph, node: Node) -> Sequence[Port] | None:
        """The input ports of a node, in order; None when its type is unknown."""
        if node.kind == "call":
            target = graph.nodes.get(node.target or "")
            if target is None or target.kind == "call":
                return None
            return self.ports(graph, target)
        if node.kind == "block":
            block = self._network.blocks[node.spec.type or ""]
            return [
                Port(spec.key, optional=spec.when is not None) for spec in block.nodes.values() if spec.type == "Input"
            ]
        if node.layer is None:
            return None
        return node.layer.inputs

    def _read_inputs(self, graph: Graph, node: Node) -> None:
        ports = self.ports(graph, node)
        known = {port.name: port for port in ports or ()}
        node.first_port = next(iter(known), next(iter(node.spec.inputs), None))
        listed = set()
        for name, raw in node.spec.inputs.items():
            texts = raw if isinstance(raw, list) else [raw]
            if isinstance(raw, list):
                listed.add(name)
            references = []
            for number, text in enumerate(texts):
                try:
                    references.append(Reference.parse(text))
                except ValueError as error:
                    where = f"{name}[{number}]" if isinstance(raw, list) else name
                    path = node.spec.path + pointer("inputs", name, *([str(number)] if isinstance(raw, list) else []))
                    self._reporter.at(
                        node,
                        "dangling-reference",
                        f"{node.key}.{where}: {error}",
                        port=name,
                        detail=where,
                        fixes=[Fix("Remove this wire", removal(path, text))],
                    )
            if ports is not None and name not in known:
                if node.kind == "module" or (node.kind == "block" and self._inside(node, name)):
                    # one of its own parameters, by its state_dict name: tied (torch says later whether it has it)
                    if len(references) == 1:
                        node.ties[name] = references[0]
                    elif references:
                        self._reporter.at(node, "bad-wire", f"{name[:64]} of {node.key} takes one tensor.", port=name)
                    continue
                self._unknown_port(node, name, list(known))
                continue
            node.wires[name] = references
        node.listed = frozenset(listed)

    def _inside(self, node: Node, name: str) -> bool:
        """Whether a name may be that of a parameter inside a block: it begins with a node of it."""
        block = self._network.blocks[node.spec.type or ""]
        if node.repeated:
            name = name.partition(".")[2]
        return any(name.startswith(spec.attribute or spec.key) for spec in block.nodes.values())

    def _unknown_port(self, node: Node, name: str, known: list[str]) -> None:
        if self._reporter.crowded:
            self._reporter.at(node, "unknown-port", f"{node.key} has no input port {name[:64]}.", port=name)
            return
        near = nearest(name, known) or [port for port in known if port not in node.spec.inputs][:1]
        path = node.spec.path + pointer("inputs", name)
        raw = node.spec.inputs[name]
        fixes = [Fix("Remove this wire", [{"op": "test", "path": path, "value": raw}, {"op": "remove", "path": path}])]
        if near and near[0] not in node.spec.inputs:
            move = [*fixes[0].patch, {"op": "add", "path": node.spec.path + pointer("inputs", near[0]), "value": raw}]
            fixes.insert(0, Fix(f"Move the wire to {near[0]}", move))
        has = f"It has {', '.join(known)}." if known else "It has none."
        self._reporter.at(
            node,
            "unknown-port",
            f"{node.key} ({node.spec.type}) has no input port {name[:64]}. {has}",
            port=name,
            fixes=fixes,
        )

    def _uncalled(self, graph: Graph) -> None:
        """A module that is only called or read elsewhere needs no input: it is constructed, not run."""
        used: set[str] = {node.target for node in graph.nodes.values() if node.target}
        for node in graph.nodes.values():
            for reference in [*node.reads(), *node.ties.values()]:
                if self.reads_parameter(graph, reference):
                    used.add(reference.node)
        for node in graph.nodes.values():
            if node.kind in ("module", "block") and not node.wires and node.key in used:
                node.runs = False

    def reads_parameter(self, graph: Graph, reference: Reference) -> bool:
        """Whether the reference means a parameter or buffer of a module, which orders nothing."""
        if reference.port is None:
            return False
        source = graph.nodes.get(reference.node)
        if source is None or not source.present:
            return False
        if source.kind == "block":
            block = self._network.blocks[source.spec.type or ""]
            outputs = [spec.key for spec in block.nodes.values() if spec.type == "Output"]
            return reference.port not in outputs and reference.port != "output"
        if source.kind == "module" and source.layer is not None:
            return reference.port not in {port.name for port in source.layer.outputs} and not reference.port.isdigit()
        return False

    # -- checking ----------------------------------------------------------------------------------------------------

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
        fixes = []
        near = self._near(graph, node, reference.node, self._readable)
        test = {"op": "test", "path": path, "value": old}
        if near and source is None:
            new = near[0] if reference.port is None else f"{near[0]}.{reference.port}"
            fixes.append(Fix(f"Wire it to {near[0]}", [test, {"op": "replace", "path": path, "value": new}]))
        fixes.append(Fix("Remove this wire", [test, {"op": "remove", "path": path}]))
        what = "is an Output, which has no outputs" if source else "does not exist"
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} reads {reference.node[:64]} on {port}, which {what}.",
            port=port,
            detail=str(number),
            fixes=fixes,
        )

    def _near(self, graph: Graph, node: Node, name: str, fits: Callable[[Node], bool]) -> list[str]:
        if self._reporter.crowded:
            return []
        return nearest(name, (other.key for other in graph.nodes.values() if other is not node and fits(other)))

    @staticmethod
    def _readable(node: Node) -> bool:
        return node.kind != "output"

    @staticmethod
    def _callable(node: Node) -> bool:
        return node.kind in ("module", "block") and not node.repeated

    def _dangling_size(self, graph: Graph, node: Node, reference: Reference) -> None:
        """A size of a node that is not there; the expression is rewritten where the name that was meant is clear."""
        near = self._near(graph, node, reference.node, self._readable)
        fixes = []
        for name, raw in node.spec.params.items():
            renamed = renamed_sizes(raw, reference.node, near[0]) if near else raw
            if renamed != raw:
                patch = replace(node.spec.path + pointer("params", name), raw, renamed)
                fixes.append(Fix(f"Use the size of {near[0]}", patch))
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} uses the size {str(reference)[:64]}.shape, but there is no node {reference.node[:64]}.",
            param=next((name for name, raw in node.spec.params.items() if _names_size(raw, reference)), None),
            detail=reference.node[:64],
            fixes=fixes[:1],
        )

    def _check_missing(self, graph: Graph, node: Node) -> None:
        faulty = node.spec.faulty
        for port in self.ports(graph, node) or ():
            if faulty & {"inputs", f"inputs.{port.name}", "params", f"params.{port.name}"}:
                continue  # something is wired there, and wrong: the reader of the document has said so
            optional = port.optional and not _needed(node, port.name)
            if optional or port.name in node.wires or port.name in node.spec.params:
                continue
            if port.when and any(node.spec.params.get(key) != value for key, value in port.when.items()):
                continue
            if node.kind in ("parameter", "constant") or (node.kind == "input" and port.name != "value"):
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
                f"Nothing is wired to {port.name} of {node.key} ({node.spec.type or 'call'})."
                + (f" The nearest output is {source}." if source else " Add an Input and wire it."),
                port=port.name,
                fixes=fixes,
            )

    def _nearest_source(self, graph: Graph, node: Node) -> str | None:
        """The nearest node before this one whose result nobody reads, else the nearest before it."""
        if graph is not self._read_of[0]:
            read = {reference.node for other in graph.nodes.values() for reference in other.reads()}
            self._read_of = (graph, read)
        read = self._read_of[1]
        nearest_read = None
        for other in reversed(list(graph.nodes.values())[: node.index]):
            if other.kind in ("output", "faulty") or not other.runs or not other.present:
                continue
            if other.key not in read:
                return other.key
            nearest_read = nearest_read or other.key
        return nearest_read

    # -- order -------------------------------------------------------------------------------------------------------

    def _order(self, graph: Graph) -> None:
        reads: dict[str, set[str]] = {}
        for node in graph.nodes.values():
            waits = {
                reference.node
                for reference in node.reads()
                if reference.node in graph.nodes and not self.reads_parameter(graph, reference)
            }
            reads[node.key] = waits
        self._mark_init(graph, reads)
        for node in graph.nodes.values():
            if node.kind in ("parameter", "constant"):
                reads[node.key] = set()
        order, stuck = run_order(graph.nodes, reads)
        if stuck:
            tell_cycles(self._reporter, graph, stuck, reads)
            order += stuck
        outputs = [node.key for node in graph.nodes.values() if node.kind == "output"]
        if outputs:
            graph.returned = outputs
        else:
            read = {source for sources in reads.values() for source in sources}
            graph.returned = [
                node.key for node in graph.nodes.values() if node.key not in read and node.runs and not node.in_init
            ]
        needed = ancestors(graph.returned, reads)
        needed |= {node.key for node in graph.nodes.values() if node.kind == "input"}
        graph.order = [key for key in order if key in needed]
        graph.idle = [key for key in order if key not in needed and not graph.nodes[key].in_init]
        graph.shape_order = self._shape_order(graph, reads, order)

    def _shape_order(self, graph: Graph, reads: dict[str, set[str]], order: list[str]) -> list[str]:
        """The order in which shapes are found: as `order`, but a module stands before whoever reads its parameters.

        Reading `wte.weight` orders nothing in the run, where every module exists by then; a parameter whose size is
        inferred has no shape before the module's input has one.
        """
        waits = {key: set(sources) for key, sources in reads.items()}
        changed = False
        callers = {node.target: node for node in reversed(graph.nodes.values()) if node.target is not None}
        for node in graph.nodes.values():
            if node.kind in ("parameter", "constant"):
                waits[node.key] = {reference.node for reference in node.reads() if reference.node in graph.nodes}
                changed = changed or bool(waits[node.key])
            for reference in node.reads():
                if not self.reads_parameter(graph, reference):
                    continue
                source = graph.nodes[reference.node]
                if not source.runs:
                    source = callers.get(source.key, source)
                waits[node.key].add(source.key)
                changed = True
        if not changed:
            return order
        shape_order, stuck = run_order(graph.nodes, waits)
        return shape_order + stuck

    def _mark_init(self, graph: Graph, reads: dict[str, set[str]]) -> None:
        computed = [node for node in graph.nodes.values() if node.kind in ("parameter", "constant") and node.wires]
        for node in computed:
            for key in ancestors(reads[node.key], reads):
                source = graph.nodes[key]
                source.in_init = True
                if source.kind == "input":
                    self._reporter.at(
                        node,
                        "bad-wire",
                        f"{node.key} is computed when the network is built, so it cannot depend on the input {key}. "
                        "Compute it from nodes such as arange, ones or full.",
                        port="value",
                    )


def _needed(node: Node, port: str) -> bool:
    """Whether an optional port of a block is there in this use of it: an Input whose `when` is true."""
    return any(
        copy.graph is not None and port in copy.graph.nodes and copy.graph.nodes[port].present for copy in node.copies
    )


def _names_size(raw: Any, reference: Reference) -> bool:
    try:
        return any(reference in expression.sizes for expression in expressions(raw, index=isinstance(raw, str)))
    except ExpressionError:
        return False


def _new_input(graph: Graph, node: Node, port: Port) -> Fix:
    """An Input for a network that has nothing to read yet, of a shape that this node may take."""
    key = fresh_name("input", {*graph.nodes, *graph.spec.params})
    made = {"type": "Input", "params": _sample(node)}
    wire: str | list[str] = [key] if port.many else key
    patch = [*add_to(node, "inputs", port.name, wire), {"op": "add", "path": pointer("nodes", key), "value": made}]
    return Fix(f"Add an Input and wire it to {port.name}", patch)


def _sample(node: Node) -> dict[str, Any]:
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
