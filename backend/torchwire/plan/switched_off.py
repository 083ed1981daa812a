"""Readers of what a node that is not there would give: its parameters, its module, its further outputs.

Its name alone stands for what its first port receives.
"""

from __future__ import annotations

from torchwire.graph.findings import removal, replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.graph.references import Reference
from torchwire.plan.absent import lost
from torchwire.plan.loose_ends import names_size
from torchwire.plan.reporter import Reporter, test
from torchwire.plan.tree import Graph, Node


class SwitchedOff:
    """Tells them, with the switch that would bring the node back."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def tell(self, graph: Graph) -> None:
        if all(node.present for node in graph.nodes.values()):
            return
        for node in graph.nodes.values():
            if not node.present:
                continue  # what it reads is nobody's concern unless its name is read
            if node.kind == "call":
                self._check_call(graph, node)
            for port, references in node.wires.items():
                for number, reference in enumerate(references):
                    self._check_wire(graph, node, port, number, reference)
            for reference in node.sizes:
                self._check_size(graph, node, reference)
            for name, reference in node.ties.items():
                source = graph.nodes[reference.node]
                if not source.present:
                    self._tell_tie(node, name, reference, source)

    def _check_call(self, graph: Graph, node: Node) -> None:
        target = graph.nodes.get(node.target or "")
        if target is None or target.present or target.repeated or target.kind not in ("module", "block", "faulty"):
            return
        fixes = _switch_on(target)
        if node.spec.when is None and target.spec.when is not None:
            add = {"op": "add", "path": f"{node.spec.path}/when", "value": target.spec.when}
            fixes.append(Fix(f"Switch {node.key} off with {target.key}"[:99], [test(node), add]))
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} calls {target.key}, which is {_off(target)}: there is no layer to call.",
            param="call",
            fixes=fixes,
        )

    def _check_wire(self, graph: Graph, node: Node, port: str, number: int, reference: Reference) -> None:
        found = lost(graph, reference)
        if found is None:
            return
        source, meant = found
        raw = node.spec.inputs[port]
        path = node.spec.path + pointer("inputs", port, *([str(number)] if isinstance(raw, list) else []))
        remove = Fix("Remove this wire", removal(path, raw[number] if isinstance(raw, list) else raw))
        through = "" if meant == reference else f", which stands for {str(meant)[:64]}"
        self._reporter.at(
            node,
            _code(source, meant),
            f"{node.key} reads {str(reference)[:64]} on {port}{through}, but {_reason(source, meant)}",
            port=port,
            fixes=[*_switch_on(source), remove],
            key=("switched off", path, reference),
        )

    def _check_size(self, graph: Graph, node: Node, reference: Reference) -> None:
        found = lost(graph, reference)
        if found is None:
            return
        source, meant = found
        self._reporter.at(
            node,
            _code(source, meant),
            f"{node.key} uses the size {str(reference)[:64]}.shape, but {_reason(source, meant)}",
            param=next((name for name, raw in node.spec.params.items() if names_size(raw, reference)), None),
            fixes=_switch_on(source),
            key=("switched off", node.spec.path, reference),
        )

    def _tell_tie(self, node: Node, name: str, reference: Reference, source: Node) -> None:
        path = node.spec.path + pointer("inputs", name)
        self._reporter.at(
            node,
            "dangling-reference",
            f"{node.key} ties {name[:64]} to {str(reference)[:64]}, but {source.key} is {_off(source)}: "
            "there is no parameter to stand in its place.",
            port=name,
            fixes=[Fix("Remove this wire", removal(path, node.spec.inputs[name])), *_switch_on(source)],
            key=("switched off", path, reference),
        )


def _code(source: Node, meant: Reference) -> str:
    """A module and a block have parameters and further outputs where they are there, whatever they are called."""
    known = source.kind in ("module", "block", "call")
    layer = source.layer
    known = known or (layer is not None and meant.port in {port.name for port in layer.outputs})
    known = known or (layer is not None and layer.list_output and (meant.port or "").isdigit())
    return "dangling-reference" if known else "unknown-output"


def _reason(source: Node, meant: Reference) -> str:
    first = source.wires.get(source.first_port or "")
    stands = f" stands for {str(first[0])[:64]}" if first else ", to which nothing is wired, stands for nothing"
    return f"{source.key} is {_off(source)}: there is no {str(meant)[:64]}, and {source.key} alone{stands}."


def _off(node: Node) -> str:
    return "switched off" if node.spec.when is not None else "not there, as its `repeat` is 0"


def _switch_on(node: Node) -> list[Fix]:
    """Where a value, and no expression, keeps the node from being there."""
    spec = node.spec
    if spec.when is False and spec.repeat != 0:
        return [Fix(f"Switch {node.key} on"[:99], removal(f"{spec.path}/when", False))]
    if spec.when is None and spec.repeat == 0:
        return [Fix(f"Set repeat of {node.key} to 1"[:99], replace(f"{spec.path}/repeat", 0, 1))]
    return []
