"""The forward pass: the plan run with real tensors, one node after the other."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine import diagnosis, limits
from torchwire.engine.allocation import out_of_memory
from torchwire.engine.build import Builder
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.interpreter import Interpreter
from torchwire.engine.memory import Memory
from torchwire.engine.outcomes import Blocked, Failure, Fault, Outcome, Scope
from torchwire.engine.progress import Watch
from torchwire.engine.reuse import Kept, Reuse, identify, identity
from torchwire.engine.sheet import Sheet
from torchwire.engine.source import draw, drawn_by
from torchwire.engine.trial import call
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.ties import slot
from torchwire.plan.told import Told
from torchwire.plan.tree import Copy, Graph, Node, walk

# functions that update running statistics which came over a wire
_UPDATES_WIRED = frozenset({"batch_norm", "instance_norm"})


class ForwardPass(Interpreter):
    """Runs a plan whose shapes are known.

    `refused` maps paths to "limit" (over a limit: skipped) or "error" (the shape pass found the fault).
    """

    computes_stored = False

    def __init__(
        self,
        training: bool,
        problems: list[Problem],
        watch: Watch,
        refused: Mapping[str, str],
        given: Mapping[str, torch.Tensor],
        told: Told | None = None,
        memory: Memory[Kept] | None = None,
    ) -> None:
        super().__init__(training, problems, told)
        self._reuse = Reuse(memory)
        self.builder = Builder(refused, self, watch, self._reuse)
        self._watch = watch
        self._refused = refused
        self._given = given
        self._caught: list[warnings.WarningMessage] = []
        self._init_scopes: dict[int, Scope] = {}
        self._weights: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}  # weights that were read, by their id()
        self._undrawn: dict[str, Problem] = {}  # why an Input has no tensor, by the copy's path
        self.expected: Mapping[str, Outcome] = {}  # what the shapes said
        self.seconds: dict[str, float] = {}  # what each layer's call took, by the copy's path

    # -- the whole pass ----------------------------------------------------------------------------------------------

    def forward(self, graph: Graph, seed: int, draw_number: int) -> None:
        """Seed, construction, inputs, run: in this order, as the document format says."""
        with warnings.catch_warnings(record=True) as self._caught, torch.no_grad():
            warnings.simplefilter("always")
            root = self._construct(graph, seed)
            if draw_number:
                # another draw of inputs and dropout, with the same weights
                self._reuse.stream.seed((seed + 0x9E3779B1 * draw_number) % 2**53)
            arguments = self._inputs(graph)
            self.run(graph, arguments)
        self.root = root

    def construct(self, graph: Graph, seed: int) -> nn.Module:
        """Seed and construction alone: the network as it is before anything runs."""
        with warnings.catch_warnings(record=True) as self._caught, torch.no_grad():
            warnings.simplefilter("always")
            return self._construct(graph, seed)

    def _construct(self, graph: Graph, seed: int) -> nn.Module:
        if writes_into_wires(graph):
            self._reuse.stop()
        self._reuse.stream.seed(seed)
        root = self.builder.graph(graph, self)
        return root.train(self.training)

    def order(self, graph: Graph) -> list[str]:
        return graph.order if graph.path else graph.order + graph.idle

    def _inputs(self, graph: Graph) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for node in graph.kind("input"):
            copy = node.copies[0]
            if node.faults or copy.path in self._refused:
                continue
            if self.builder.lost and copy.params.get("fill", "randn") not in (
                "zeros",
                "ones",
                "arange",
                "values",
                "sample",
            ):
                continue
            try:
                values[node.key] = self._given[node.key] if node.key in self._given else self._drawn(node, copy)
            except Fault as fault:
                self._undrawn[copy.path] = fault.problem
        return values

    def _drawn(self, node: Node, copy: Copy) -> torch.Tensor:
        return self._reuse.drawn((copy.path, drawn_by(copy)), lambda: draw(node, copy))

    # -- the domain's part -------------------------------------------------------------------------------------------

    def shape_of(self, value: Any) -> tuple[int, ...] | None:
        return tuple(value.shape) if isinstance(value, torch.Tensor) else None

    def source(self, graph: Graph, node: Node, copy: Copy) -> dict[str, Any]:
        if copy.path in self._undrawn:
            raise Fault(self._undrawn[copy.path])
        if node.kind == "input":
            raise Blocked((node.path,), skipped=self._refused.get(copy.path) != "error")
        tensor = self.builder.tensors.get(copy.path)
        if tensor is None:
            raise Blocked((node.path,), skipped=self._refused.get(copy.path) == "limit")
        return {"output": self._read(tensor)}

    def _run_node(self, graph: Graph, node: Node, scope: Scope, arguments: Mapping[str, Any]) -> Outcome:
        built = self._init_scopes.get(id(graph), {}).get(node.key)
        if isinstance(built, dict) and node.kind == "function" and node.key in graph.idle:
            return Outcome(outputs=built)  # it has run when the network was built, and no Output asks for it again
        outcome = super()._run_node(graph, node, scope, arguments)
        expected = self.expected.get(node.path)
        if outcome.state != "blocked" or expected is None or expected.state != "error":
            return outcome
        # the fault that the shapes found stands, unless the run found another one before it
        return outcome if any(self._is_new(root) for root in outcome.blocked_by) else Outcome("error")

    def _is_new(self, path: str) -> bool:
        found, expected = self.outcomes.get(path), self.expected.get(path)
        return found is not None and found.state == "error" and (expected is None or expected.state != "error")

    def _run_copy(self, graph: Graph, node: Node, copy: Copy, scope: Scope, wires: dict[str, Any]) -> dict[str, Any]:
        self.sound(node, graph.nodes.get(node.target or "") or node)
        return super()._run_copy(graph, node, copy, scope, wires)

    def parameter(self, graph: Graph, node: Node, name: str) -> Any:
        """Raises Blocked where the module that has it is not there."""
        end = slot(node, name)
        path = end[1].path if end is not None and end[0].kind == "module" else None
        if path is not None and (path not in self.builder.modules or self.builder.failed.get(path)):
            waits = self.expected.get(node.path)
            roots = waits.blocked_by if waits is not None else ()
            raise Blocked(roots or (node.path,), skipped=self.builder.lost or self._refused.get(path) == "limit")
        found = self.builder.weight(graph, node.key, name)
        return self._read(found) if isinstance(found, torch.Tensor) else None

    def _read(self, tensor: torch.Tensor) -> torch.Tensor:
        """A weight as a value: the same one for all who read it."""
        if id(tensor) not in self._weights:
            read = tensor.detach()
            changes = self.training and not isinstance(tensor, torch.nn.Parameter)  # running statistics
            if identity(tensor) is not None and not changes:
                identify(read, ("read", identity(tensor)))
            self._weights[id(tensor)] = (tensor, read)
        return self._weights[id(tensor)][1]

    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        refusal = self._refused.get(copy.path)
        if refusal is not None:
            raise Blocked((node.path,), skipped=refusal == "limit")
        module = None
        if layer.form == "module":
            module = self.builder.modules.get(owner.path)
            if module is None or self.builder.failed.get(owner.path):
                raise Blocked((owner.path,), skipped=self.builder.lost or self._refused.get(owner.path) == "limit")
            if self.builder.lost and any(True for _ in module.parameters()):
                raise Blocked((node.path,), skipped=True)
        if layer.type in limits.STEPPED:
            case = Case(graph, node, copy, owner, layer, _sheets(arguments), self.training, self.outcomes)
            over = limits.many_steps(case)
            if over is not None:
                self.tell(node, over)
                raise Blocked((node.path,), skipped=True)
        self._watch.enter("run", copy.path)
        seen = len(self._caught)
        if self.training and layer.type in _UPDATES_WIRED:
            self._keep_shown(arguments)

        def run() -> tuple[dict[str, Any], bool]:
            outputs = call(layer, module, arguments, self.training)
            return outputs, len(self._caught) == seen

        before = self._reuse.stream.place() if self.builder.lost else None
        began = time.perf_counter()
        try:
            outputs = self._reuse.outputs(copy.path, layer.type, module, arguments, self.training, run)
        except Exception as error:
            case = Case(graph, node, copy, owner, layer, _sheets(arguments), self.training, self.outcomes, arguments)
            raise Fault(out_of_memory(case.title, error) or diagnosis.explain(case, error)) from None
        self.seconds[copy.path] = self.seconds.get(copy.path, 0.0) + time.perf_counter() - began
        if before is not None and self._reuse.stream.place() != before:
            raise Blocked((node.path,), skipped=True)
        if len(self._caught) > seen:
            case = Case(graph, node, copy, owner, layer, _sheets(arguments), self.training, self.outcomes, arguments)
            for problem in diagnosis.warned(case, [str(warning.message) for warning in self._caught[seen:]]):
                self.tell(node, problem)
        return outputs

    def _keep_shown(self, arguments: Mapping[str, Any]) -> None:
        """A node shows its output as it was when it ran: running statistics over a wire are about to be updated."""
        wired = {id(arguments[name]) for name in ("running_mean", "running_var") if name in arguments}
        for path, outcome in self.outcomes.items():
            if any(id(value) in wired for value in outcome.outputs.values()):
                kept = {name: value.clone() if id(value) in wired else value for name, value in outcome.outputs.items()}
                self.outcomes[path] = replace(outcome, outputs=kept)

    # -- what runs in __init__ ---------------------------------------------------------------------------------------

    def run_in_init(self, graph: Graph, node: Node) -> None:
        """Runs a node that a Constant or Parameter is computed from, its own sources first."""
        scope = self._init_scopes.setdefault(id(graph), {})
        if node.key in scope:
            return
        scope[node.key] = Failure((node.path,))  # until it has run: whoever waits for itself finds this
        for reference in node.reads():
            source = graph.nodes.get(reference.node)
            if source is None:
                continue
            if source.in_init and source.kind == "function":
                self.run_in_init(graph, source)
            elif source.kind in ("parameter", "constant"):
                tensor = self.builder.tensors.get(source.path)
                if tensor is not None:
                    scope[source.key] = {"output": tensor.detach()}
        outcome = self._run_node(graph, node, scope, {})
        if outcome.state == "ok":
            scope[node.key] = outcome.outputs
            self.outcomes[node.path] = outcome

    def computed(self, graph: Graph, node: Node) -> torch.Tensor | None:
        """The value wired into a Constant or Parameter; None when it could not be computed."""
        references = node.wires.get("value", [])
        for reference in references:
            source = graph.nodes[reference.node]
            if source.in_init and source.kind == "function":
                self.run_in_init(graph, source)
        scope = self._init_scopes.setdefault(id(graph), {})
        for reference in references:
            stored = self.builder.tensors.get(graph.nodes[reference.node].path)
            if stored is not None:
                scope[reference.node] = {"output": stored.detach()}
        value = (
            self.resolve(graph, node, "value", Reference(references[0].node, references[0].port), scope)
            if references
            else None
        )
        return value if isinstance(value, torch.Tensor) else None


def writes_into_wires(graph: Graph) -> bool:
    """Whether a function updates running statistics that come over its wires."""
    return any(
        node.layer is not None and node.layer.type in _UPDATES_WIRED and "running_mean" in node.wires
        for node, _ in walk(graph)
    )


def _sheets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    def one(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return Sheet.of(value)
        return tuple(one(item) for item in value) if isinstance(value, tuple) else value

    return {name: one(value) for name, value in arguments.items()}
