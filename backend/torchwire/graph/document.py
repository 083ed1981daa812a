"""The network document: JSON read strictly, nodes read leniently, every fault reported and the rest kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from torchwire.graph.checks import Checker
from torchwire.graph.problems import Problem

FORMAT = "torchwire/1"


class NotADocument(Exception):
    """The body is no network document; the answer is 422."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass
class NodeSpec:
    """A node as the document gives it, faulty keys left out."""

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


def parse_json(body: bytes) -> Any:
    """JSON as the format wants it. Raises NotADocument for duplicate keys, NaN, lone surrogates and anything not JSON."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                raise NotADocument(
                    f"The key {key[:64]!r} stands twice in one object; every parser would keep only one.", "body"
                )
            found[key] = value
        return found

    def constant(name: str) -> Any:
        raise NotADocument(f'{name} is not JSON; write "nan", "inf" or "-inf".', "body")

    def integer(text: str) -> int:
        if len(text) > 400:
            raise NotADocument("An integer has more than 400 digits.", "body")
        return int(text)

    try:
        text = body.decode("utf-8")
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer)
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise NotADocument("The body is not UTF-8 text; a lone surrogate cannot stand in it.", "body") from None
    except RecursionError:
        raise NotADocument("The body is nested too deeply.", "body") from None
    except json.JSONDecodeError as error:
        raise NotADocument(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.", "body"
        ) from None
    except ValueError as error:
        if isinstance(error, NotADocument):
            raise
        raise NotADocument("The body is not JSON.", "body") from None
    return data


def read_network(data: Any) -> tuple[NetworkSpec, list[Problem]]:
    """The document and everything that is wrong with it. Raises NotADocument where it is none."""
    if not isinstance(data, dict):
        raise NotADocument("`network` must be an object.", "network")
    if data.get("format") != FORMAT:
        raise NotADocument(f'`format` must be "{FORMAT}".', "network.format")
    _graph_shape(data, "network")
    blocks = data.get("blocks")
    if blocks is not None and not isinstance(blocks, dict):
        raise NotADocument("`blocks` must be an object.", "network.blocks")
    for name, block in (blocks or {}).items():
        if not isinstance(block, dict):
            raise NotADocument(f"Block {name[:64]!r} must be an object.", "network.blocks")
        _graph_shape(block, "network.blocks")
    checker = Checker()
    head = checker.head(data)
    spec = NetworkSpec(
        name=head["name"],
        seed=head["seed"],
        training=head["training"],
        graph=_graph(checker, None, data, ""),
        blocks={name: _graph(checker, name, block, checker.block_path(name)) for name, block in (blocks or {}).items()},
    )
    checker.blocks(spec.blocks)
    return spec, checker.problems


def _graph_shape(data: dict[str, Any], where: str) -> None:
    nodes = data.get("nodes")
    if not isinstance(nodes, dict):
        raise NotADocument("`nodes` must be an object of nodes by name.", f"{where}.nodes")
    for key, node in nodes.items():
        if not isinstance(node, dict):
            raise NotADocument(f"Node {key[:64]!r} must be an object.", f"{where}.nodes")


def _graph(checker: Checker, name: str | None, data: dict[str, Any], path: str) -> GraphSpec:
    params, init = checker.graph(name, data, path)
    graph = GraphSpec(name, path, params, {}, init)
    for key, node in data["nodes"].items():
        fields = checker.node(graph.name, key, node, path, data)
        graph.nodes[key] = NodeSpec(key=key, **fields)
    checker.attributes(graph.name, graph.nodes)
    return graph
