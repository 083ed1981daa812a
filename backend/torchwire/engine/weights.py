"""The parameters and buffers of a node, by their names in state_dict(): those of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

import torch

from torchwire.engine.forward import ForwardPass
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.engine.ties import Slot, Tied
from torchwire.engine.wanted import Wanted
from torchwire.plan.tree import Copy, Node

Entries = dict[str, Any]


class Weights:
    """Writes parameters and buffers; their values are there once they were built, and asked for."""

    def __init__(
        self,
        shapes: ShapePass,
        run: ForwardPass | None,
        wanted: Wanted,
        tied: dict[Slot, Tied],
        frozen: Set[str],
    ) -> None:
        self._shapes = shapes
        self._blueprints = shapes.described()
        self._run = run
        self._wanted = wanted
        self._tied = tied
        self._frozen = frozen

    def of(self, node: Node) -> tuple[Entries, Entries]:
        """(parameters, buffers) of a node, those inside a block by their path in it."""
        parameters: Entries = {}
        buffers: Entries = {}
        if node.kind not in ("module", "parameter", "constant", "block"):
            return parameters, buffers
        for prefix, inner, copy in _holders(node):
            if inner.kind == "module":
                self._module(node, prefix, inner, copy, parameters, buffers)
            else:
                self._stored(node, prefix, inner, copy, buffers if inner.kind == "constant" else parameters)
        return parameters, buffers

    def _module(self, node: Node, prefix: str, inner: Node, copy: Copy, parameters: Entries, buffers: Entries) -> None:
        plan = self._blueprints.get(copy.path)
        if plan is None:
            return
        module = self._run.builder.modules.get(copy.path) if self._run is not None else None
        for name, weight in plan.parameters.items():
            tied = self._tied.get((copy.path, name))
            home = copy.path if tied is None else tied.held[0]  # it is made after its own module is frozen
            grad = weight.requires_grad and home not in self._frozen
            entry = self._parameter(node, _tensor(module, name), weight.sheet, grad)
            if tied is not None:
                entry["tied"] = tied.name
            parameters[prefix + name] = entry
        for name, weight in plan.buffers.items():
            buffers[prefix + name] = self._buffer(node, _tensor(module, name), weight.sheet)

    def _stored(self, node: Node, prefix: str, inner: Node, copy: Copy, entries: Entries) -> None:
        outcome = self._shapes.outcomes.get(inner.path)
        sheet = next(iter(outcome.outputs.values()), None) if outcome is not None else None
        if not isinstance(sheet, Sheet):
            return
        tensor = self._run.builder.tensors.get(copy.path) if self._run is not None else None
        name = prefix.rstrip(".") or "value"
        if inner.kind == "constant":
            entries[name] = self._buffer(node, tensor, sheet)
        else:
            entries[name] = self._parameter(node, tensor, sheet, copy.path not in self._frozen)

    def _buffer(self, node: Node, tensor: torch.Tensor | None, sheet: Sheet) -> dict[str, Any]:
        return {
            "shape": list(sheet.shape),
            "dtype": dtype_name(sheet.dtype),
            **self._values(node, tensor),
        }

    def _parameter(self, node: Node, tensor: torch.Tensor | None, sheet: Sheet, requires_grad: bool) -> dict[str, Any]:
        return {
            "shape": list(sheet.shape),
            "dtype": dtype_name(sheet.dtype),
            "count": sheet.elements,
            "requires_grad": requires_grad,
            **self._values(node, tensor),
        }

    def _values(self, node: Node, tensor: torch.Tensor | None) -> Entries:
        return {"values": None} if tensor is None else self._wanted.of(node.path, tensor)


def _holders(node: Node) -> Iterator[tuple[str, Node, Copy]]:
    """Everything of a node that holds weights, each with the prefix of its names."""
    for number, copy in enumerate(node.copies):
        prefix = f"{number}." if node.repeated else ""
        if copy.graph is not None:
            for inner in copy.graph.nodes.values():
                name = inner.spec.attribute or inner.key
                for tail, holder, inner_copy in _holders(inner):
                    dot = "." if tail or holder.kind == "module" else ""
                    yield f"{prefix}{name}{dot}{tail}", holder, inner_copy
        elif node.kind in ("module", "parameter", "constant"):
            yield prefix, node, copy


def _tensor(module: torch.nn.Module | None, name: str) -> torch.Tensor | None:
    if module is None:
        return None
    holder, _, last = name.rpartition(".")
    found = getattr(module.get_submodule(holder) if holder else module, last, None)
    return found if isinstance(found, torch.Tensor) else None
