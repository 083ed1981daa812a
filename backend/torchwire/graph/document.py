"""The network document: every fault reported, and the rest kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torchwire.graph.body import NotADocument, parse_json
from torchwire.graph.faults import Place, Reading, read_models
from torchwire.graph.findings import crowded, portable, removal
from torchwire.graph.literals import literal_fault
from torchwire.graph.models import FORMAT, Block, Expression, Network, Node
from torchwire.graph.names import pointer
from torchwire.graph.namespace import Namespace
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.recursion import circles
from torchwire.settings import settings

__all__ = ["FORMAT", "GraphSpec", "NetworkSpec", "NodeSpec", "NotADocument", "parse_json", "read_network", "recognise"]


@dataclass
class NodeSpec:
    """A node as the document gives it, faulty keys left out.

    What is left out has its problem already; `faulty` names it ("repeat", "params.kernel_size", "inputs.hx"), so that
    nobody calls it missing and nobody runs the node without it. A name that is not allowed is faulty too ("name").
    """

    key: str
    path: str  # JSON pointer
    type: str | None = None
    call: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    repeat: Any = None
    when: Any = None
    attribute: str | None = None
    init: dict[str, Any] | None = None
    trainable: bool = True
    faulty: set[str] = field(default_factory=set)


@dataclass
class GraphSpec:
    """The document's own graph (name None), or a block."""

    name: str | None
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, NodeSpec] = field(default_factory=dict)
    init: dict[str, Any] | None = None


@dataclass
class NetworkSpec:
    """The whole document."""

    name: str
    seed: int
    training: bool
    graph: GraphSpec
    blocks: dict[str, GraphSpec]


def read_network(data: Any) -> tuple[NetworkSpec, list[Problem]]:
    """The document and everything that is wrong with it. Raises NotADocument where it is none."""
    recognise(data)
    problems: list[Problem] = []
    written = sum(len(graph["nodes"]) for graph in _graphs(data))
    most = settings().max_written_nodes
    if written > most:
        text = f"The document has {written:,} nodes; at most {most:,} are read. Use blocks and `repeat`."
        problems.append(Problem("limit-nodes", text))
        data = {**data, "nodes": {}, "blocks": {}}
    reading = read_models(data, problems)
    reader = _Reader(data, reading, problems)
    return reader.network(reading.network), problems


def recognise(data: Any) -> None:
    """Raises NotADocument where the data is no network document at all."""
    if not isinstance(data, dict):
        raise NotADocument("`network` must be an object.", "network")
    if data.get("format") != FORMAT:
        raise NotADocument(f'`format` must be "{FORMAT}".', "network.format")
    for graph in _graphs(data):
        _nodes(graph, "network" if graph is data else "network.blocks")


def _graphs(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The document and its blocks."""
    blocks = data.get("blocks")
    return [
        data,
        *(block for block in (blocks.values() if isinstance(blocks, dict) else ()) if isinstance(block, dict)),
    ]


def _label(place: Place) -> str:
    """A faulty place as NodeSpec.faulty names it."""
    return place.key if place.port is None else f"{place.key}.{place.port}"


def _nodes(graph: dict[str, Any], where: str) -> None:
    nodes = graph.get("nodes")
    if not isinstance(nodes, dict):
        raise NotADocument("`nodes` must be an object of nodes by name.", f"{where}.nodes")
    for node in nodes.values():
        if not isinstance(node, dict):
            raise NotADocument("Every node must be an object.", f"{where}.nodes")


class _Reader:
    """From models to specs, with the checks that look at more than one value's kind."""

    def __init__(self, data: dict[str, Any], reading: Reading, problems: list[Problem]) -> None:
        self._problems = problems
        self._namespace = Namespace(data, problems)
        self._faulty: dict[tuple[str | None, str | None], set[str]] = {}
        for place in reading.faulty:
            self._faulty.setdefault((place.block, place.node), set()).add(_label(place))
        for place in reading.unknown:  # whatever it was meant for, the node is not the one that was meant
            self._faulty.setdefault((place.block, place.node), set()).add("unknown key")

    def network(self, model: Network) -> NetworkSpec:
        graph = self._graph(None, "", model)
        blocks = {
            name: self._graph(name, pointer("blocks", name), block) for name, block in (model.blocks or {}).items()
        }
        self._recursion(blocks)
        return NetworkSpec(model.name, model.seed, model.training, graph, blocks)

    def _graph(self, name: str | None, path: str, model: Network | Block) -> GraphSpec:
        graph = GraphSpec(name, path, {}, {}, model.init)
        for key, value in (model.params or {}).items():
            if self._literal(value, name, name, key, path + pointer("params", key)):
                graph.params[key] = value
        for key, node in model.nodes.items():
            graph.nodes[key] = self._node(name, key, node, path + pointer("nodes", key))
        if model.init is not None:
            graph.init = self._graph_init(name, model.init, path)
        self._namespace.graph(graph)
        return graph

    def _graph_init(self, block: str | None, init: dict[str, Any], path: str) -> dict[str, Any]:
        kept = {}
        for target, value in init.items():
            if "." not in target:
                text = f"{target[:64]!r} in `init` must name a class and its parameter: Conv2d.weight."
                fixes = (Fix(f"Remove the rule {target}"[:99], removal(f"{path}/init" + pointer(target), value)),)
                self._problems.append(Problem("bad-init", text, node=block, param="init", block=block, fixes=fixes))
            elif self._literal(value, block, block, "init", f"{path}/init" + pointer(target), "bad-init"):
                kept[target] = value
        return kept

    def _node(self, block: str | None, key: str, model: Node, path: str) -> NodeSpec:
        where = key if block is None else f"{block}.{key}"
        spec = NodeSpec(
            key=key,
            path=path,
            type=model.type,
            call=model.call,
            inputs=dict(model.inputs or {}),
            repeat=self._flow(model.repeat),
            when=self._flow(model.when),
            attribute=model.attribute,
            trainable=model.trainable,
            faulty=self._faulty.get((block, key), set()),
        )
        self._one_of_type_and_call(spec, where, block)
        for name, value in (model.params or {}).items():
            if self._literal(value, where, block, name, path + pointer("params", name)):
                spec.params[name] = value
            else:
                spec.faulty.add(f"params.{name}")
        if model.init is not None:
            spec.init = {}
            for name, value in model.init.items():
                if self._literal(value, where, block, "init", path + pointer("init", name), "bad-init"):
                    spec.init[name] = value
                else:
                    spec.faulty.add("init")
        for name in ("repeat", "when"):
            value = getattr(spec, name)
            if isinstance(value, dict) and not self._literal(value, where, block, name, f"{path}/{name}"):
                setattr(spec, name, None)
                spec.faulty.add(name)
        return spec

    def _one_of_type_and_call(self, spec: NodeSpec, where: str, block: str | None) -> None:
        if spec.type and spec.call:
            text = f"{spec.key[:64]} has both `type` and `call`; it needs one of them."
            self._problems.append(
                Problem("bad-param", text, node=where, param="call", fixes=_only_type(spec), block=block)
            )
            spec.call = None
            spec.faulty.add("call")
        elif not spec.type and not spec.call and not spec.faulty & {"type", "call"}:
            text = f"{spec.key[:64]} needs either `type` or `call`."
            self._problems.append(
                Problem("missing-param", text, node=where, param="type", block=block, fixes=(_identity(spec),))
            )
            spec.faulty.add("type")

    @staticmethod
    def _flow(value: Any) -> Any:
        return {"$": value.text} if isinstance(value, Expression) else value

    def _literal(
        self, value: Any, where: str | None, block: str | None, param: str, path: str, code: str | None = None
    ) -> bool:
        """Whether the value at a place of the document can stand there at all; else it is told, and to be removed."""
        fault = literal_fault(value, index=param == "index")
        if fault is None:
            return True
        kind = code if code is not None and fault[0] == "bad-param" else fault[0]
        fixes = () if crowded(self._problems) else portable([Fix(f"Remove {param}"[:99], removal(path, value))])
        self._problems.append(
            Problem(kind, f"{param[:64]} {fault[1]}.", node=where, param=param[:64], fixes=fixes, block=block)
        )
        return False

    def _recursion(self, blocks: Mapping[str, GraphSpec]) -> None:
        uses = {
            name: sorted({node.type for node in graph.nodes.values() if node.type in blocks and node.type is not None})
            for name, graph in blocks.items()
        }
        for name, used in circles(uses):
            for node in blocks[name].nodes.values():
                if node.type == used:
                    fixes = portable([Fix(f"Remove {node.key}"[:99], _removed(node))])
                    node.type = None
                    node.faulty.add("type")
                    text = f"Block {name[:64]} contains {used[:64]}" + (
                        "." if used == name else f", which contains {name[:64]}."
                    )
                    where = f"{name}.{node.key}"
                    self._problems.append(
                        Problem("block-recursion", text, node=where, param="type", block=name, fixes=fixes)
                    )


def _only_type(spec: NodeSpec) -> tuple[Fix, ...]:
    return (Fix("Remove call", removal(spec.path + "/call", spec.call)),)


def _removed(spec: NodeSpec) -> list[dict[str, Any]]:
    return [{"op": "test", "path": f"{spec.path}/type", "value": spec.type}, {"op": "remove", "path": spec.path}]


def _identity(spec: NodeSpec) -> Fix:
    """The type of a node that passes its input on, which a node without one seems to do."""
    still: dict[str, Any] = {"op": "test", "path": f"{spec.path}/inputs", "value": spec.inputs}
    if not spec.inputs or any(label.startswith("inputs") for label in spec.faulty):
        still = {"op": "test", "path": "/format", "value": FORMAT}
    patch = [still, {"op": "add", "path": f"{spec.path}/type", "value": "Identity"}]
    return Fix("Make it an Identity, which passes its input on", patch)
