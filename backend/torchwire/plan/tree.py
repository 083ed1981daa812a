"""A document made ready: the tree of graphs, nodes and copies that the engine runs and the generator writes.

Graph            the document, or one use of a block
+-- Node         a key in `nodes`
    +-- Copy     one execution: a plain node has one, a `repeat` has several
        +-- Graph        where the node's type is a block
        +-- Nested       where a parameter is a module
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from torchwire.catalogue.layer import LayerType, Port
from torchwire.graph.document import GraphSpec, NodeSpec
from torchwire.graph.references import Reference
from torchwire.plan.evaluate import Deferred


@dataclass
class Nested:
    """A module given as the value of a parameter: `encoder_layer`, `module`."""

    layer: LayerType
    params: dict[str, Any]  # constructor arguments in Python's form
    nested: dict[str, Nested] = field(default_factory=dict)
    inferred: tuple[str, ...] = ()  # parameters that are left for the input to decide

    @property
    def undecided(self) -> bool:
        return bool(self.inferred) or any(nested.undecided for nested in self.nested.values())


@dataclass
class Copy:
    """One execution of a node, with its own weights and its own evaluated parameters."""

    path: str  # its name in the answer: "stage1.0.conv1"
    module_path: str  # its name in state_dict(), where `attribute` counts
    names: Mapping[str, Any]  # what its expressions may name: the graph's parameters, `i`, `training`
    params: dict[str, Any] = field(default_factory=dict)  # of the constructor
    run_params: dict[str, Any | Deferred] = field(default_factory=dict)  # of the function, or of the module's forward
    nested: dict[str, Nested] = field(default_factory=dict)
    inferred: tuple[str, ...] = ()
    graph: Graph | None = None
    constructible: bool = True

    @property
    def undecided(self) -> bool:
        """Whether a parameter is left that only the input decides, and no input came."""
        return bool(self.inferred) or any(nested.undecided for nested in self.nested.values())


@dataclass
class Node:
    """A node of one graph, with its wires read and its copies laid out."""

    spec: NodeSpec
    index: int  # place in the document: the construction order, and the first choice of the run order
    kind: str  # input output parameter constant module function block call faulty
    path: str
    module_path: str
    layer: LayerType | None = None
    copies: list[Copy] = field(default_factory=list)
    present: bool = True  # false: `when` is false or `repeat` is 0, and the name stands for the first port's wire
    ports: tuple[Port, ...] = ()  # its input ports, in order
    first_port: str | None = None
    first_outputs: frozenset[str] = frozenset()  # what its first output may be called
    wires: dict[str, list[Reference]] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()  # ports that the document gives as a list
    ties: dict[str, Reference] = field(default_factory=dict)  # own parameter -> the tensor that stands in its place
    strays: dict[str, str] = field(default_factory=dict)  # wires that are on no port -> the port they may be meant for
    sizes: tuple[Reference, ...] = ()
    target: str | None = None  # `call`: the key of the node whose module runs again
    runs: bool = True  # false: a module without wires that others call or read
    repeated: bool = False
    faults: int = 0  # problems found before torch was asked
    told_at: str | None = None  # the node that tells them, where all of them are told at an earlier use of the block
    in_init: bool = False  # a computed Constant or Parameter's ancestor: it runs in __init__

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def what(self) -> str:
        """Its type in words: `Conv2d`, `call of pool`."""
        return self.spec.type or f"call of {(self.spec.call or '')[:64]}"

    def fail(self, teller: str | None = None) -> None:
        """Something is wrong with the node, as `teller` says; left out, the node itself."""
        other = None if teller in (None, self.path) else teller
        self.told_at = other if not self.faults else self.told_at and other and self.told_at
        self.faults += 1

    def reads(self) -> Iterator[Reference]:
        """Every reference that orders this node: wires and sizes."""
        for references in self.wires.values():
            yield from references
        yield from self.sizes


@dataclass
class Graph:
    """The document, or one use of a block."""

    spec: GraphSpec
    path: str
    module_path: str
    names: Mapping[str, Any]
    nodes: dict[str, Node] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # the run order of what an Output needs
    idle: list[str] = field(default_factory=list)  # what no Output needs, in run order
    shape_order: list[str] = field(default_factory=list)  # everything, in the order in which shapes can be found
    returned: list[str] = field(default_factory=list)  # keys whose values the graph gives back, in order

    def kind(self, kind: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == kind and node.present]


@dataclass
class Plan:
    """The whole network, ready."""

    name: str
    seed: int
    training: bool
    graph: Graph


def frozen(graph: Graph, inside: bool = False) -> Iterator[str]:
    """The paths of the copies that do not learn: `trainable: false` stands at them, or at a block around them."""
    for node in graph.nodes.values():
        still = inside or not node.spec.trainable
        for copy in node.copies:
            if still:
                yield copy.path
            if copy.graph is not None:
                yield from frozen(copy.graph, still)


def walk(graph: Graph) -> Iterator[tuple[Node, Copy]]:
    """Every copy of the tree in construction order, holders after what they hold."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                yield from walk(copy.graph)
            yield node, copy
