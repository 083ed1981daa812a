"""The orders of one graph: what runs when, what is returned, what is computed when the network is built."""

from __future__ import annotations

from typing import Protocol

from torchwire.graph.findings import removal, replace
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.plan.cycles import tell_cycles
from torchwire.plan.order import ancestors, run_order
from torchwire.plan.reporter import Reporter
from torchwire.plan.tree import Graph, Node


class Wires(Protocol):
    """Who knows which references order nothing."""

    def reads_parameter(self, graph: Graph, reference: Reference) -> bool:
        """Whether the reference means a parameter or buffer of a module."""


class Schedule:
    """Puts a graph in order."""

    def __init__(self, wires: Wires, reporter: Reporter) -> None:
        self._wires = wires
        self._reporter = reporter

    def order(self, graph: Graph) -> None:
        reads: dict[str, set[str]] = {}
        for node in graph.nodes.values():
            waits = {
                reference.node
                for reference in node.reads()
                if reference.node in graph.nodes and not self._wires.reads_parameter(graph, reference)
            }
            reads[node.key] = waits
        self._mark_init(graph, reads)
        order, stuck = run_order(graph.nodes, reads)
        if stuck:
            tell_cycles(self._reporter, graph, stuck, reads)
        computed = [node for node in graph.nodes.values() if node.kind in ("parameter", "constant") and reads[node.key]]
        if computed:
            # their values are there before anything runs; a cycle through them is one all the same
            reads = {**reads, **{node.key: set() for node in computed}}
            order, stuck = run_order(graph.nodes, reads)
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
        graph.idle = [key for key in order if key not in needed]
        graph.shape_order = self._shape_order(graph, reads, order)

    def _shape_order(self, graph: Graph, reads: dict[str, set[str]], order: list[str]) -> list[str]:
        """The order in which shapes are found: a module stands before whoever reads its parameters or calls it.

        Its own input decides what is inferred, where it has one that does not come from the call. Reading `wte.weight`
        orders nothing in the run, where every module exists by then; a parameter whose size is inferred has no shape
        before the module's input has one.
        """
        waits = {key: set(sources) for key, sources in reads.items()}
        changed = False
        callers = {node.target: node for node in reversed(graph.nodes.values()) if node.target is not None}
        for node in graph.nodes.values():
            if node.kind in ("parameter", "constant"):
                waits[node.key] = {reference.node for reference in node.reads() if reference.node in graph.nodes}
                changed = changed or bool(waits[node.key])
            for reference in node.reads():
                if not self._wires.reads_parameter(graph, reference):
                    continue
                source = graph.nodes[reference.node]
                if not source.runs:
                    source = callers.get(source.key, source)
                waits[node.key].add(source.key)
                changed = True
        for node in graph.nodes.values():
            target = graph.nodes.get(node.target or "")
            if target is not None and target.runs and node.key not in ancestors([target.key], waits):
                waits[node.key].add(target.key)
                changed = True
        if not changed:
            return order
        shape_order, stuck = run_order(graph.nodes, waits)
        return shape_order + stuck

    def _mark_init(self, graph: Graph, reads: dict[str, set[str]]) -> None:
        computed = [node for node in graph.nodes.values() if node.kind in ("parameter", "constant") and node.wires]
        for node in computed:
            found = ancestors(reads[node.key], reads)
            for key, source in graph.nodes.items():
                if key not in found:
                    continue
                source.in_init = True
                if source.kind == "input":
                    self._reporter.at(
                        node,
                        "bad-wire",
                        f"{node.key} is computed when the network is built, so it cannot depend on the input {key}. "
                        "Compute it from nodes such as arange, ones or full.",
                        port="value",
                        fixes=_identity(node),
                    )


def _identity(node: Node) -> list[Fix]:
    """The node passes on what it receives when the network runs, in place of keeping it."""
    spec = node.spec
    if "value" not in spec.inputs or spec.faulty:
        return []
    patch = replace(f"{spec.path}/type", spec.type, "Identity")
    patch.append({"op": "move", "from": f"{spec.path}/inputs/value", "path": f"{spec.path}/inputs/input"})
    patch += removal(f"{spec.path}/params", spec.params) if spec.params else []
    return [Fix("Make it an Identity, which passes its input on", patch)]
