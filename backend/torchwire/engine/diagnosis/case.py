"""One call of a layer as a rule sees it: the layer, its inputs by shape, and who is upstream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from torchwire.catalogue.layer import LayerType
from torchwire.engine.sheet import Sheet
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.tree import Copy, Graph, Node

AXES = {2: "N C", 3: "N C L", 4: "N C H W", 5: "N C D H W"}
_CHANNELLED = (
    "Conv", "BatchNorm", "InstanceNorm", "GroupNorm", "MaxPool", "AvgPool", "LPPool", "Adaptive", "Dropout2", "Dropout3"
)  # fmt: skip
_SEQUENCED = ("RNN", "LSTM", "GRU", "Transformer", "MultiheadAttention")


@dataclass(frozen=True)
class Case:
    """A layer, about to run or just failed.

    `arguments` holds sheets by port and plain values by keyword; `values` the tensors, where there are any.
    `outcomes` is what became of the nodes before, by path.
    """

    graph: Graph
    node: Node
    copy: Copy
    owner: Copy
    layer: LayerType
    arguments: Mapping[str, Any]
    training: bool
    outcomes: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)
    detail: str | None = None

    def because(self, detail: str | None) -> Case:
        return replace(self, detail=detail)

    # -- the layer ---------------------------------------------------------------------------------------------------

    def kind(self, *types: str) -> bool:
        """Whether the layer is one of these types, as a class or as a function: CrossEntropyLoss, cross_entropy."""
        return self.layer.type in types

    def param(self, name: str) -> Any:
        """The value of a parameter, torch's default where the document leaves it out."""
        given = self.owner.params if self.layer.form == "module" else self.arguments
        if name in given:
            return given[name]
        if name in self.copy.run_params:
            return self.copy.run_params[name]
        return next((param.default for param in self.layer.params if param.name == name), None)

    @property
    def spatial(self) -> int:
        """How many spatial dimensions a type such as Conv2d or max_pool1d has."""
        return next((int(char) for char in self.layer.type if char.isdigit()), 2)

    def sizes(self, name: str) -> tuple[int, ...] | None:
        """A parameter such as kernel_size, one number per spatial dimension; None where it is not made of numbers."""
        value = self.param(name)
        if isinstance(value, int):
            return (value,) * self.spatial
        if isinstance(value, (tuple, list)) and len(value) == self.spatial and all(isinstance(n, int) for n in value):
            return tuple(value)
        return None

    @property
    def holder(self) -> Node | None:
        """The node whose parameters can mend this case: its own, or that of a module which only this node calls."""
        if self.node.spec.call is None:
            return self.node
        target = self.graph.nodes.get(self.node.target or "")
        callers = [other for other in self.graph.nodes.values() if other.target == self.node.target]
        return target if target is not None and not target.runs and len(callers) == 1 else None

    @property
    def title(self) -> str:
        """`conv3 (Conv2d)`; for a call `pool2 (MaxPool2d of pool)`."""
        again = f" of {self.node.target}" if self.node.spec.call is not None else ""
        return f"{self.node.key} ({self.layer.type}{again})"

    # -- its inputs --------------------------------------------------------------------------------------------------

    def sheet(self, port: str, number: int = 0) -> Sheet | None:
        value = self.arguments.get(port)
        if isinstance(value, tuple):
            value = value[number] if number < len(value) else None
        return value if isinstance(value, Sheet) else None

    def shape(self, port: str, number: int = 0) -> tuple[int, ...] | None:
        sheet = self.sheet(port, number)
        return sheet.shape if sheet is not None else None

    def tensor(self, port: str) -> torch.Tensor | None:
        value = self.values.get(port)
        return value if isinstance(value, torch.Tensor) else None

    @property
    def later_copy(self) -> bool:
        """Whether this is not the first copy of a repeat: its first port is fed by the copy before."""
        return self.node.repeated and bool(self.node.copies) and self.copy is not self.node.copies[0]

    def reference(self, port: str, number: int = 0) -> Reference | None:
        if self.later_copy and port == self.node.first_port:
            return None
        references = self.node.wires.get(port) or []
        return references[number] if number < len(references) else None

    def source(self, port: str, number: int = 0) -> str:
        """Who is wired to the port, as the document writes it."""
        if self.later_copy and port == self.node.first_port:
            return "the copy before"
        reference = self.reference(port, number)
        if reference is None:
            return "its input"
        return reference.node if reference.port is None else f"{reference.node}.{reference.port}"

    # -- upstream ----------------------------------------------------------------------------------------------------

    def feeder(self, port: str, number: int = 0) -> Node | None:
        """The node that gives the port its value; nodes that are switched off are passed over."""
        reference = self.reference(port, number)
        node = self.graph.nodes.get(reference.node) if reference is not None else None
        while node is not None and not node.present:
            wires = node.wires.get(node.first_port or "")
            node = self.graph.nodes.get(wires[0].node) if wires else None
        return node

    def type_of(self, node: Node | None) -> str:
        """The layer type of a node, through a call; "" for blocks, inputs and the like."""
        if node is not None and node.target is not None:
            node = self.graph.nodes.get(node.target)
        return node.layer.type if node is not None and node.layer is not None else ""

    def upstream(self, port: str) -> Iterator[Node]:
        """The nodes along the first ports, nearest first."""
        node, seen = self.feeder(port), set[str]()
        while node is not None and node.key not in seen:
            seen.add(node.key)
            yield node
            wires = node.wires.get(node.first_port or "")
            node = self.graph.nodes.get(wires[0].node) if wires else None

    def readers(self) -> Iterator[Node]:
        """The nodes that read an output of this one."""
        for other in self.graph.nodes.values():
            if any(reference.node == self.node.key for reference in other.reads()):
                yield other

    def output_of(self, node: Node) -> Sheet | None:
        """The first output of a node that has run, as a sheet."""
        outcome = self.outcomes.get(node.path)
        first = next(iter(outcome.outputs.values()), None) if outcome is not None else None
        if isinstance(first, torch.Tensor):
            return Sheet.of(first)
        return first if isinstance(first, Sheet) else None


Rule = Callable[[Case], "Problem | None"]


def named(shape: tuple[int, ...], type_name: str = "", batch_first: bool = False) -> str:
    """A shape with the names of its dimensions where the layer gives them names: `N 4, C 32, H 14, W 14`."""
    axes = ""
    if type_name.startswith(_CHANNELLED):
        axes = AXES.get(len(shape), "")
    elif type_name.startswith(_SEQUENCED) and len(shape) == 3:
        axes = "N L E" if batch_first else "L N E"
    if not axes:
        return " x ".join(map(str, shape)) or "a single number"
    return ", ".join(f"{axis} {size}" for axis, size in zip(axes.split(), shape, strict=True))
