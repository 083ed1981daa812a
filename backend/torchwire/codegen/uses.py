"""The classes of the code: the document's own and one for each block that is used, with all uses of each."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from torchwire.codegen.refusal import Refused
from torchwire.graph.document import GraphSpec, NodeSpec
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.names import fresh_name
from torchwire.plan import evaluate
from torchwire.plan.tree import Copy, Graph, Node, Plan

MEANT = frozenset({"torch", "nn", "F", "Tensor", "math", "self", *dir(builtins)})
"""Names that mean something in generated code, so that nothing else is called so."""


@dataclass
class Seat:
    """A node of a class in all uses of it."""

    spec: NodeSpec
    nodes: list[Node]  # one a use, in the order of the uses
    switched: str = ""  # "": there in every use; "off": in none; "some": a condition decides
    present: list[tuple[Graph, Node]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def first(self) -> Node:
        """The node in the first use that has it."""
        return self.present[0][1] if self.present else self.nodes[0]

    @property
    def kind(self) -> str:
        return self.nodes[0].kind

    @property
    def repeated(self) -> bool:
        return self.nodes[0].repeated

    def copies(self) -> Iterator[Copy]:
        for _, node in self.present:
            yield from node.copies


@dataclass
class Class:
    """A class of the code. `extras` are arguments for what is inferred differently from use to use: values by use."""

    name: str
    spec: GraphSpec
    uses: list[Graph]
    seats: dict[str, Seat] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    ports: dict[str, str] = field(default_factory=dict)  # Input -> its name as an argument of forward()
    without_default: set[str] = field(default_factory=set)  # optional Inputs that stand before one that is not
    returned: list[str] = field(default_factory=list)  # the keys whose values forward() returns
    extras: dict[str, dict[int, Any]] = field(default_factory=dict)  # name -> id of the use -> value
    arguments: dict[str, str] = field(default_factory=dict)  # parameter -> its name as an argument of __init__

    @property
    def is_network(self) -> bool:
        return self.spec.name is None

    def where(self, seat: Seat) -> str:
        """Who is meant in a refusal."""
        return seat.first.path


def classes(plan: Plan, network_name: str) -> list[Class]:
    """Every class, each after those that it uses, the network's last. Raises Refused."""
    uses: dict[str | None, list[Graph]] = {}
    depth_first: dict[str | None, None] = {}

    def visit(graph: Graph) -> None:
        uses.setdefault(graph.spec.name, []).append(graph)
        for node in graph.nodes.values():
            for copy in node.copies:
                if copy.graph is not None and node.present:
                    visit(copy.graph)
        depth_first.setdefault(graph.spec.name)

    visit(plan.graph)
    order = _after_their_parts(uses, list(depth_first))
    taken = set(MEANT)
    names: dict[str | None, str] = {}
    for block in [*(name for name in order if name is not None), None]:
        wanted = class_name(network_name) if block is None else block
        names[block] = _free(wanted, taken)
        taken.add(names[block])
    made = [_class(names[block], uses[block]) for block in order]
    return made


def _after_their_parts(uses: dict[str | None, list[Graph]], names: list[str | None]) -> list[str | None]:
    done: dict[str | None, None] = {}

    def add(name: str | None) -> None:
        if name in done:
            return
        for node in uses[name][0].spec.nodes.values():
            if node.type in uses and node.type is not None:
                add(node.type)
        done[name] = None

    for name in names:
        add(name)
    return list(done)


def class_name(name: str) -> str:
    """A class name from the document's free text."""
    words = "".join(char if char.isascii() and (char.isalnum() or char == "_") else " " for char in name).split()
    joined = "".join(word[0].upper() + word[1:] for word in words).lstrip("_")
    return joined if joined and not joined[0].isdigit() else f"Network{joined}"


def _free(wanted: str, taken: set[str]) -> str:
    if wanted not in taken and not keyword.iskeyword(wanted):
        return wanted
    return fresh_name(f"{wanted}Net", taken)


def _class(name: str, uses: list[Graph]) -> Class:
    spec = uses[0].spec
    made = Class(name, spec, uses)
    for key, node_spec in spec.nodes.items():
        nodes = [use.nodes[key] for use in uses]
        present = [(use, use.nodes[key]) for use in uses if use.nodes[key].present]
        seat = Seat(node_spec, nodes, present=present)
        if not present:
            seat.switched = "off"
        elif len(present) < len(uses):
            switched = [use for use in uses if not use.nodes[key].present and _when(node_spec, use)]
            if not switched:
                seat.switched = "some"
            elif node_spec.when is not None:
                raise Refused(f"{key} has both a `when` and a `repeat` that is 0 in some uses.", nodes[0].path)
        made.seats[key] = seat
    made.order = uses[0].order
    if any(use.order != made.order for use in uses):
        raise Refused(f"The nodes of {spec.name} run in another order in some of its uses.", uses[0].path)
    return made


def _when(spec: NodeSpec, use: Graph) -> bool:
    """Whether `when` is true: a node that is absent all the same has a `repeat` of 0."""
    if spec.when is None:
        return True
    try:
        return bool(evaluate.evaluate(spec.when, use.names)[0])
    except ExpressionError:
        return True
