"""References of one graph: read from `inputs`, told apart into wires and ties.

Which outputs a run really gives is torch's to say; here it is settled who reads whom and what is tied.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchwire.catalogue.layer import Port
from torchwire.graph.document import GraphSpec, NetworkSpec
from torchwire.graph.findings import SHOWN, removal, replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.plan.loose_ends import LooseEnds
from torchwire.plan.reporter import Reporter
from torchwire.plan.schedule import Schedule
from torchwire.plan.strays import meant_for, no_port
from torchwire.plan.switched_off import SwitchedOff
from torchwire.plan.tree import Graph, Node
from torchwire.plan.unrun import Unrun


class Wiring:
    """Wires the nodes of a graph, once all of them are laid out."""

    def __init__(self, network: NetworkSpec, reporter: Reporter) -> None:
        self._network = network
        self._reporter = reporter
        self._loose_ends = LooseEnds(self, reporter)
        self._switched_off = SwitchedOff(reporter)
        self._unrun = Unrun(self, reporter)
        self._schedule = Schedule(self, reporter)

    def wire(self, graph: Graph) -> None:
        for node in graph.nodes.values():
            self._read_inputs(graph, node)
        self._uncalled(graph)
        self._loose_ends.tell(graph)
        self._switched_off.tell(graph)
        self._unrun.tell(graph)
        self._schedule.order(graph)

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

    def _first_outputs(self, graph: Graph, node: Node) -> frozenset[str]:
        """The names of a node's first output."""
        if node.kind == "call":
            target = graph.nodes.get(node.target or "")
            return self._first_outputs(graph, target) if target is not None and target.kind != "call" else frozenset()
        if node.kind == "block":
            return frozenset(["output", *_returned(self._network.blocks[node.spec.type or ""])[:1]])
        outputs = node.layer.outputs if node.layer is not None else ()
        several = bool(outputs) and outputs[0].when is not None  # max gives one `output`, or `values` and `indices`
        names = [port.name for port in outputs[: 2 if several else 1]]
        return frozenset(["output", *names, *(["0"] if node.layer is not None and node.layer.list_output else [])])

    def _read_inputs(self, graph: Graph, node: Node) -> None:
        ports = self.ports(graph, node)
        node.ports = tuple(ports or ())
        known = {port.name: port for port in node.ports}
        unknown = []
        node.first_port = next(iter(known), next(iter(node.spec.inputs), None))
        node.first_outputs = frozenset() if node.present else self._first_outputs(graph, node)
        listed = set()
        for name, raw in node.spec.inputs.items():
            texts = _texts(raw)
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
                        fixes=[Fix("Remove this wire", removal(path, text))],
                        key=("dangling-reference", path),
                    )
            if ports is not None and name not in known:
                if node.kind == "module" or (node.kind == "block" and self._inside(node, name)):
                    # one of its own parameters, by its state_dict name: tied (torch says later whether it has it)
                    if len(references) == 1:
                        node.ties[name] = references[0]
                    elif references:
                        self._reporter.at(node, "bad-wire", f"{name[:64]} of {node.key} takes one tensor.", port=name)
                    continue
                unknown.append(name)
                continue
            if name in listed and node.kind in ("output", "parameter", "constant"):
                self._one_tensor(node, name)
            node.wires[name] = references
        node.listed = frozenset(listed)
        lost = [name for name, reference in node.ties.items() if self._reads_output(graph, reference)]
        if (unknown or lost) and not self._reporter.crowded:
            node.strays = meant_for(node, [*unknown, *lost][:SHOWN])
        for name in unknown:
            text, fixes = no_port(node, name, node.strays.get(name))
            self._reporter.at(node, "unknown-port", text, port=name, fixes=fixes)

    def _one_tensor(self, node: Node, name: str) -> None:
        """A list on a port that takes a single tensor, and gives it on."""
        raw = node.spec.inputs[name]
        path = node.spec.path + pointer("inputs", name)
        self._reporter.at(
            node,
            "bad-wire",
            f"{name} of {node.key} ({node.spec.type}) takes one tensor, and a list is wired. Wire one node.",
            port=name,
            fixes=[Fix(f"Wire {raw[0]} alone"[:99], replace(path, raw, raw[0]))]
            if raw and isinstance(raw[0], str)
            else [],
        )

    def _inside(self, node: Node, name: str) -> bool:
        """Whether a name may be that of a parameter inside a block: it begins with a node of it."""
        block = self._network.blocks[node.spec.type or ""]
        if node.repeated:
            name = name.partition(".")[2]
        return any(name.startswith(spec.attribute or spec.key) for spec in block.nodes.values())

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

    def _reads_output(self, graph: Graph, reference: Reference) -> bool:
        """Whether the reference means what a node computes, which can stand in no parameter's place."""
        source = graph.nodes.get(reference.node)
        if source is None or not source.present or source.kind in ("parameter", "constant", "output"):
            return False
        return not self.reads_parameter(graph, reference)


def _returned(block: GraphSpec) -> list[str]:
    """The keys of a block's outputs, in order: without any Output, the nodes to which no wire leads."""
    outputs = [spec.key for spec in block.nodes.values() if spec.type == "Output"]
    if outputs:
        return outputs
    wired = [text for spec in block.nodes.values() for raw in spec.inputs.values() for text in _texts(raw)]
    read = {text.partition(".")[0] for text in wired if isinstance(text, str)}
    return [key for key in block.nodes if key not in read]


def _texts(raw: object) -> list[object]:
    return raw if isinstance(raw, list) else [raw]
