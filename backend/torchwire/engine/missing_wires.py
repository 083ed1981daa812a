"""Ports that nothing is wired to, once shapes are known: offered is what fits, and not merely what is near.

The plan, which knows no shapes, offers the nearest output that nobody reads. Here candidates are tried on the node as
the shape pass runs it, nearest first, and whatever torch refuses is not offered.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch

from torchwire.engine.diagnosis.case import named
from torchwire.engine.progress import Watch
from torchwire.engine.rewiring import Rewiring, Wires
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.graph.findings import SHOWN
from torchwire.graph.names import fresh_name, pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.references import Reference
from torchwire.plan.loose_ends import sample_params
from torchwire.plan.order import ancestors, readers
from torchwire.plan.reporter import add_wires
from torchwire.plan.tree import Graph, Node

_OFFERED = 3
_TRIALS = 24  # of one node; outputs of one shape and dtype are tried once
_NODES = 10  # that are looked at in one network

_ATTENTION = ("query", "key", "value")
_CLASSES = ("CrossEntropyLoss", "NLLLoss", "cross_entropy", "nll_loss")


def offer_wires(graph: Graph, shapes: ShapePass, watch: Watch, problems: list[Problem]) -> None:
    """Puts the fixes of missing wires right, in place."""
    missing: dict[str, list[int]] = {}
    for number, problem in enumerate(problems[:SHOWN]):
        if problem.code == "missing-wire" and problem.node is not None:
            missing.setdefault(problem.node, []).append(number)
    for path, numbers in itertools.islice(missing.items(), _NODES):
        place = _find(graph, path)
        if place is None or len(numbers) != place[1].faults or place[1].strays:
            continue  # something else is wrong with it too
        offer = _Offer(*place, shapes, watch, [problems[number].port or "" for number in numbers])
        for number in numbers:
            problems[number] = offer.told(problems[number])


def _find(graph: Graph, path: str) -> tuple[Graph, Node] | None:
    for node in graph.nodes.values():
        if node.path == path:
            return graph, node
        for copy in node.copies:
            if copy.graph is not None and path.startswith(f"{copy.path}."):
                return _find(copy.graph, path)
    return None


@dataclass(frozen=True)
class _Candidate:
    reference: Reference
    node: Node
    sheet: Sheet


class _Offer:
    """What to wire to the missing ports of one node."""

    def __init__(self, graph: Graph, node: Node, shapes: ShapePass, watch: Watch, ports: list[str]) -> None:
        self._graph = graph
        self._node = node
        self._ports = ports
        holder = graph.nodes.get(node.target or "") or node
        self._layer = holder.layer
        self._trial = Rewiring(shapes, watch, graph, node)
        reads = {key: [reference.node for reference in other.reads()] for key, other in graph.nodes.items()}
        self._readers = readers(reads)
        self._own = [reference for references in node.wires.values() for reference in references]
        self._outputs, complete = self._candidates()
        self._found: list[dict[str, _Candidate]] = []
        self._judged = self._trial.possible
        if self._judged:
            self._found = self._fitting()
            self._judged = bool(self._found) or complete

    def told(self, problem: Problem) -> Problem:
        """The problem with the wires that fit; as it is where nobody can tell which do."""
        if not self._judged:
            return problem
        head = problem.message.partition(". ")[0]
        if not self._found:
            text = f"{head}. No output here fits it."
            made = self._new_input()
            return replace(problem, message=f"{text} Add an Input and wire it." if made else text, fixes=tuple(made))
        first = self._found[0][problem.port or ""]
        shape = named(first.sheet.shape)
        text = f"{head}. The nearest output that fits is {first.reference} ({shape}, {dtype_name(first.sheet.dtype)})."
        return replace(problem, message=text, fixes=tuple(self._fix(chosen) for chosen in self._found))

    def _fix(self, chosen: dict[str, _Candidate]) -> Fix:
        texts = {port: str(candidate.reference) for port, candidate in chosen.items()}
        if len(set(texts.values())) == 1:
            title = f"Wire {next(iter(texts.values()))} to {_and(texts)}"
        else:
            title = _and(f"wire {text} to {port}" for port, text in texts.items()).replace("wire", "Wire", 1)
        return Fix(title[:99], add_wires(self._node, {port: self._wire(port, text) for port, text in texts.items()}))

    def _wire(self, port: str, text: str) -> str | list[str]:
        many = any(known.many and known.name == port for known in (self._layer.inputs if self._layer else ()))
        return [text] if many else text

    # -- candidates --------------------------------------------------------------------------------------------------

    def _candidates(self) -> tuple[list[_Candidate], bool]:
        """The outputs that could be read, the nearest before the node first, and whether all of them are known."""
        complete = True
        first: list[_Candidate] = []
        others: list[_Candidate] = []
        waiting = ancestors([self._node.key], self._readers)  # wired to this node they would close a cycle
        nodes = list(self._graph.nodes.values())
        for node in [*reversed(nodes[: self._node.index]), *nodes[self._node.index + 1 :]]:
            if node.kind in ("output", "faulty") or not node.runs or not node.present or node.key in waiting:
                continue
            sheets = self._trial.sheets(node.key)
            if sheets is None:
                complete = False
                continue
            for number, (port, sheet) in enumerate(sheets.items()):
                candidate = _Candidate(Reference(node.key, port if number else None), node, sheet)
                (others if number else first).append(candidate)
        return first + others, complete

    def _ranked(self, port: str) -> list[_Candidate]:
        """Those that may be meant for a port, the likeliest first; among equals the nearest."""
        query = self._node.wires.get("query", [None])[0]
        loss = self._layer is not None and self._layer.family == "Losses"
        behind = self._ancestors() if loss else set()

        def rank(candidate: _Candidate) -> tuple[bool, ...]:
            node = candidate.node
            own = candidate.reference in self._own
            return (
                port in _ATTENTION and candidate.reference != query,
                port == "memory" and not _encodes(node),
                loss and (node.kind != "input") == (port == "target"),
                own,
                node.key in self._readers,
            )

        found = [
            candidate
            for candidate in self._outputs
            # a loss compares what is computed with what is given: not with itself, nor with a step on the way to it
            if not (loss and (candidate.reference in self._own or candidate.node.key in behind))
            and not (self._probable and port == "target" and _normal(candidate.node))
        ]
        return sorted(found, key=rank)

    @property
    def _probable(self) -> bool:
        """Whether the node compares probabilities, which no value outside 0 to 1 is."""
        return self._layer is not None and self._layer.type in ("BCELoss", "binary_cross_entropy")

    def _ancestors(self) -> set[str]:
        """The nodes that what is wired comes from, Inputs aside."""
        reads = {key: {reference.node for reference in node.reads()} for key, node in self._graph.nodes.items()}
        found = ancestors([reference.node for reference in self._own], reads)
        return {key for key in found if key in self._graph.nodes and self._graph.nodes[key].kind != "input"}

    # -- trials ------------------------------------------------------------------------------------------------------

    def _fitting(self) -> list[dict[str, _Candidate]]:
        """Up to three ways to wire all missing ports, none of which torch refuses; without a warning where one is."""
        clean: list[dict[str, _Candidate]] = []
        warned: list[dict[str, _Candidate]] = []
        tried: dict[Any, list[Problem] | None] = {}
        most = _OFFERED if self._alike else 1
        for chosen in self._assignments():
            sheets = tuple((candidate.sheet.shape, candidate.sheet.dtype) for candidate in chosen.values())
            alike = (sheets, len({candidate.reference for candidate in chosen.values()}))
            if alike not in tried:
                if len(tried) == _TRIALS:
                    break
                tried[alike] = self._trial.problems(_wires(chosen))
            told = tried[alike]
            if told is not None:
                (warned if told else clean).append(chosen)
            if len(clean) == most:
                break
        return (clean or warned)[:most]

    @property
    def _alike(self) -> bool:
        """Whether all missing ports read the same: a single one does, and those of self-attention."""
        return len(self._ports) == 1 or set(self._ports) <= set(_ATTENTION)

    def _assignments(self) -> Iterator[dict[str, _Candidate]]:
        ranked = {port: self._ranked(port) for port in self._ports}
        if self._alike:
            for candidate in ranked[self._ports[0]]:
                yield dict.fromkeys(self._ports, candidate)
            return
        chosen = [candidates[:_TRIALS] for candidates in ranked.values()]
        for apart in (True, False):
            for candidates in itertools.islice(itertools.product(*chosen), 20 * _TRIALS):
                if (len({candidate.reference for candidate in candidates}) == len(candidates)) is apart:
                    yield dict(zip(ranked, candidates, strict=True))

    def _new_input(self) -> list[Fix]:
        """An Input that fits, where no output does; a block cannot have one for this."""
        if self._graph.path or len(self._ports) != 1:
            return []
        (port,) = self._ports
        key = fresh_name("input", {*self._graph.spec.nodes, *self._graph.spec.params})
        for params, sheet in self._samples(port):
            told = self._trial.problems({port: Reference(key)}, {key: sheet})
            if told is not None and not told:
                made = {"type": "Input", "params": params}
                patch = add_wires(self._node, {port: self._wire(port, key)})
                patch.append({"op": "add", "path": pointer("nodes", key), "value": made})
                return [Fix(f"Add an Input and wire it to {port}", patch)]
        return []

    def _samples(self, port: str) -> Iterable[tuple[dict[str, Any], Sheet]]:
        found: list[tuple[dict[str, Any], Sheet]] = []
        sheets = self._trial.sheets(self._own[0].node) if self._own else None
        other = (sheets or {}).get(self._own[0].port or next(iter(sheets or {}), "")) if self._own else None
        if port == "target" and other is not None:
            alike = ({"shape": list(other.shape), "fill": "rand"}, Sheet.contiguous(other.shape, torch.float32))
            shape = other.shape[:1] + other.shape[2:] if len(other.shape) > 1 else ()
            classes = other.shape[1] if len(other.shape) > 1 else other.shape[0] if other.shape else 1
            numbers = (
                {"shape": list(shape), "fill": "randint", "high": max(classes, 1)},
                Sheet.contiguous(shape, torch.int64),
            )
            found = [numbers, alike] if self._layer is not None and self._layer.type in _CLASSES else [alike, numbers]
        elif other is not None:
            found = [({"shape": list(other.shape)}, Sheet.contiguous(other.shape, other.dtype))]
        params = sample_params(self._node)
        dtype = torch.int64 if params.get("fill") == "randint" else torch.float32
        return [*found, (params, Sheet.contiguous(tuple(params["shape"]), dtype))]


def _normal(node: Node) -> bool:
    """Whether a node draws values around 0."""
    return node.kind == "input" and node.copies[0].params.get("fill", "randn") == "randn"


def _encodes(node: Node) -> bool:
    kind = node.layer.type if node.layer is not None else ""
    return "encoder" in f"{kind} {node.spec.type} {node.key}".lower()


def _wires(chosen: dict[str, _Candidate]) -> Wires:
    return {port: candidate.reference for port, candidate in chosen.items()}


def _and(texts: Iterable[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
