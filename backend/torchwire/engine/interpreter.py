"""Walks a Plan: who runs when, with which wires, how often. What "run" means is the domain's.

Two domains use it: shapes.py computes with sheets, forward.py with tensors, so both follow the same rules.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine.arguments import call_arguments
from torchwire.engine.diagnosis.output import unknown_output
from torchwire.engine.outcomes import UNSIZED, Blocked, Failure, Fault, Outcome, Scope, Unsound
from torchwire.graph.problems import Problem
from torchwire.graph.references import Reference
from torchwire.plan.absent import behind
from torchwire.plan.remedies import own_instance
from torchwire.plan.ties import slot
from torchwire.plan.told import Told
from torchwire.plan.tree import Copy, Graph, Node


class Interpreter(ABC):
    """Does: order, wires, absent nodes, repeats, blocks, calls, sizes. Does not: compute."""

    computes_stored = True  # whether a Constant's value is computed here, or was when the network was built

    def __init__(self, training: bool, problems: list[Problem], told: Told | None = None) -> None:
        self.training = training
        self.problems = problems
        self.outcomes: dict[str, Outcome] = {}
        self.told = Told() if told is None else told  # what is reported already, here or by the pass before
        self.unsound: Mapping[str, Unsound] = {}
        self._caller: Node | None = None  # the call on whose behalf another node's block runs
        self._called: Node | None = None  # that node; None where its block calls a further one
        self._recording = True

    # -- the domain's part -------------------------------------------------------------------------------------------

    @abstractmethod
    def source(self, graph: Graph, node: Node, copy: Copy) -> dict[str, Any]:
        """The outputs of an Input without a wire, a Parameter or a Constant."""

    @abstractmethod
    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """Runs a layer: `owner` is the copy whose module it is (another node's for a call). Raises Fault."""

    @abstractmethod
    def parameter(self, graph: Graph, node: Node, name: str) -> Any:
        """A parameter or buffer of a module or block, or None when it has none of that name."""

    @abstractmethod
    def shape_of(self, value: Any) -> tuple[int, ...] | None:
        """The shape of a value; None when it is unknown."""

    def order(self, graph: Graph) -> list[str]:
        """The keys that run, in order."""
        return graph.order

    def look_further(self, graph: Graph, node: Node, scope: Scope) -> Iterable[Problem]:
        """What else is wrong with a node that does not run because of what was told before."""
        return ()

    # -- graphs ------------------------------------------------------------------------------------------------------

    def run(self, graph: Graph, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Runs a graph on values for its Inputs; what it returns, by key of its Outputs: values or Failures."""
        scope: Scope = {}
        for key in self.order(graph):
            node = graph.nodes[key]
            if not node.present or not node.runs:
                continue
            outcome = self._run_node(graph, node, scope, arguments)
            scope[key] = outcome.outputs if outcome.state == "ok" else self._left(node, outcome)
            if self._recording:
                self.outcomes[node.path] = outcome
        results: dict[str, Any] = {}
        for key in graph.returned:
            node = graph.nodes[key]
            port = "" if node.present else node.first_port or ""
            try:
                value = self.resolve(graph, node, port, Reference(key, None), scope)
            except Fault as fault:
                # one that is not there reads what is not there either; else an empty block gives nothing to return
                if not node.present and not node.faults:
                    node.fail(self.tell(node, fault.problem))
                continue
            if value is not None:
                results[key] = value
        return results

    def runs(self, graph: Graph, node: Node, scope: Scope) -> bool:
        """Whether a single node runs on what its scope holds."""
        return self._run_node(graph, node, scope, {}).state == "ok"

    @staticmethod
    def _left(node: Node, outcome: Outcome) -> dict[str, Any] | Failure:
        """What others can still read of a node that did not run, or of a block that did so in part."""
        failure = Failure(outcome.blocked_by or (node.path,), outcome.state == "skipped")
        good = outcome.outputs if node.kind in ("block", "call") and outcome.failed else {}
        return {**good, **dict.fromkeys(outcome.failed, failure)} if good else failure

    def _run_node(self, graph: Graph, node: Node, scope: Scope, arguments: Mapping[str, Any]) -> Outcome:
        if node.faults:
            for problem in self.look_further(graph, node, scope):
                self.tell(node, problem)
            return Outcome("blocked", blocked_by=(node.told_at,)) if node.told_at else Outcome("error")
        if node.kind == "input" and node.key in arguments:
            return Outcome(outputs={"output": arguments[node.key]})
        stored = node.kind in ("parameter", "constant") and not self.computes_stored
        try:
            wires = {} if stored else self._wires(graph, node, scope)
        except Fault as fault:
            return self._failed(node, fault)
        if isinstance(wires, Outcome):
            return wires
        first = node.first_port
        outputs: dict[str, Any] = {}
        for copy in node.copies:
            if outputs and first is not None:
                wires = {**wires, first: next(iter(outputs.values()))}
            try:
                outputs = self._run_copy(graph, node, copy, scope, wires)
            except Fault as fault:
                return self._failed(node, fault)
            except Blocked as blocked:
                own = {node.path, *(copy.path for copy in node.copies)}
                others = tuple(root for root in blocked.failure.roots if root not in own)
                return Outcome("skipped" if blocked.failure.skipped else "blocked", blocked.outputs, others)
            if any(isinstance(value, Failure) for value in outputs.values()):
                return self._partly(graph, node, outputs, copy is node.copies[-1])
        return Outcome(outputs=outputs)

    def spoil(self, node: Node, failure: Failure) -> None:
        """From here on the weights of a node are not to be used: what is to stand in their place is not there."""
        self.unsound = {node.path: (node, failure), **self.unsound}

    def sound(self, node: Node, owner: Node) -> None:
        """Whether the owner's weights may be used. Raises Fault on itself, Blocked on others."""
        found = self.unsound.get(owner.path)
        if found is None:
            return
        if isinstance(found[1], Failure):
            raise Blocked(found[1].roots, found[1].skipped)
        if owner is not node:
            raise Blocked((owner.path,))
        raise Fault(found[1], inherent=True)

    def _failed(self, node: Node, fault: Fault) -> Outcome:
        teller = self.tell(node, fault.problem, fault.inherent)
        for other in fault.beside:
            self.tell(node, other, fault.inherent)
        return Outcome("error") if teller == node.path else Outcome("blocked", blocked_by=(teller,))

    def _partly(self, graph: Graph, node: Node, outputs: dict[str, Any], last: bool) -> Outcome:
        """A block of which not all outputs are there: the others can be read, unless a further copy reads them."""
        failures = {name: value for name, value in outputs.items() if isinstance(value, Failure)}
        good = {name: value for name, value in outputs.items() if name not in failures} if last else {}
        roots = dict.fromkeys(root for failure in failures.values() for root in failure.roots)
        if all(failure.skipped for failure in failures.values()):
            return Outcome("skipped", good, tuple(roots), tuple(failures))
        inside = tuple(f"{copy.module_path}." for copy in node.copies)
        if node.path in roots or any(root.startswith(inside) for root in roots if inside):
            return Outcome("error", good, failed=tuple(failures))
        target = graph.nodes.get(node.target or "")
        if target is not None:  # the fault is where the block stands
            within = tuple(f"{copy.module_path}." for copy in target.copies)
            roots = dict.fromkeys(target.path if root.startswith(within) else root for root in roots)
        return Outcome("blocked", good, tuple(roots), tuple(failures))

    def _run_copy(self, graph: Graph, node: Node, copy: Copy, scope: Scope, wires: dict[str, Any]) -> dict[str, Any]:
        if node.kind == "output":
            return {"output": wires["value"]}
        if node.kind in ("input", "parameter", "constant"):
            return (
                {"output": wires["value"]}
                if "value" in wires and node.kind != "input"
                else self.source(graph, node, copy)
            )
        if node.kind == "block":
            assert copy.graph is not None
            return self.run(copy.graph, wires)
        if node.kind == "call":
            target = graph.nodes[node.target or ""]
            if not target.copies:  # too many, which is told there
                raise Blocked((target.path,))
            owner = target.copies[0]
            if owner.graph is not None:
                return self._call(node, target, owner.graph, wires)
            if target.layer is None:  # its type is unknown, which is told there
                raise Blocked((target.path,))
            return self.apply(
                graph, node, copy, owner, target.layer, self._arguments(graph, node, copy, target.layer, scope, wires)
            )
        assert node.layer is not None
        arguments = self._arguments(graph, node, copy, node.layer, scope, wires)
        return self.apply(graph, node, copy, copy, node.layer, arguments)

    def _call(self, node: Node, target: Node, graph: Graph, wires: dict[str, Any]) -> dict[str, Any]:
        """Runs another node's block: what it makes of these wires is the caller's."""
        before = self._caller, self._called, self._recording
        self._called = target if self._caller is None else None
        self._caller, self._recording = self._caller or node, self._recording and not target.runs
        try:
            return self.run(graph, wires)
        finally:
            self._caller, self._called, self._recording = before

    # -- values ------------------------------------------------------------------------------------------------------

    def _wires(self, graph: Graph, node: Node, scope: Scope) -> dict[str, Any] | Outcome:
        """The values of the ports, or what keeps the node from running. Raises Fault."""
        values: dict[str, Any] = {}
        failures: list[Failure] = []

        def found(port: str, reference: Reference) -> Any:
            try:
                value = self.resolve(graph, node, port, reference, scope)
            except Blocked as blocked:
                value = blocked.failure
            if isinstance(value, Failure):
                failures.append(value)
            return value

        for port, references in node.wires.items():
            read = [found(port, reference) for reference in references]
            single = port not in node.listed and not self._many(node, port)
            value = read[0] if single and len(read) == 1 else tuple(read)
            if value is not None or not self._optional(graph, node, port):
                values[port] = value
        if not failures:
            for reference in node.sizes:
                found("", reference)
        if failures:
            skipped = all(failure.skipped for failure in failures)
            roots = dict.fromkeys(root for failure in failures for root in failure.roots)
            if roots.keys() == {node.path}:
                raise Fault(_waits_for_itself(node, *self._parameter_read(graph, node)))
            return Outcome("skipped" if skipped else "blocked", blocked_by=tuple(roots))
        for port, value in values.items():
            if value is None:
                text = f"{port} of {node.key} reads an input that is switched off."
                raise Fault(Problem("missing-wire", text, port=port))
        return values

    @staticmethod
    def _parameter_read(graph: Graph, node: Node) -> tuple[str, Reference]:
        """A wire of the node to a parameter, where it has one."""
        read = [(port, reference) for port, references in node.wires.items() for reference in references]
        modules = [found for found in read if found[1].port and graph.nodes[found[1].node].kind in ("module", "block")]
        return (modules or read)[0]

    @staticmethod
    def _many(node: Node, port: str) -> bool:
        return node.layer is not None and any(known.name == port and known.many for known in node.layer.inputs)

    def _optional(self, graph: Graph, node: Node, port: str) -> bool:
        layer = node.layer
        if node.kind == "call":
            layer = graph.nodes[node.target or ""].layer
        if layer is not None:
            return any(known.name == port and known.optional for known in layer.inputs)
        return node.kind in ("block", "call")

    def resolve(self, graph: Graph, node: Node, port: str, reference: Reference, scope: Scope) -> Any:
        """The value of a reference: of a node's output, of a parameter, of whatever an absent node stands for."""
        meant = behind(graph, reference)
        if meant is None:
            return None
        source, reference = meant
        if not source.present:  # its own first wire leads nowhere, which is told there
            return Failure((source.path,))
        found = scope.get(source.key)
        if isinstance(found, Failure):
            return found
        if found is not None:
            if reference.port is None:
                if found:
                    return next(iter(found.values()))
            elif reference.port in found:
                return found[reference.port]
            elif reference.port == "output" and len(found) == 1:
                return next(iter(found.values()))
        if reference.port is not None and source.kind in ("module", "block"):
            holder = slot(source, reference.port) if self.unsound else None
            self.sound(node, source)
            if holder is not None and holder[0].path in self.unsound:
                return Failure((source.path,))
            value = self.parameter(graph, source, reference.port)
            if value is UNSIZED:
                raise Fault(_waits_for_itself(node, port, reference))
            if value is not None:
                return value
        elif found is None:
            return Failure((source.path,))
        raise Fault(unknown_output(node, port, reference, source, found or ()))

    def _arguments(
        self, graph: Graph, node: Node, copy: Copy, layer: LayerType, scope: Scope, wires: dict[str, Any]
    ) -> dict[str, Any]:
        """Wires and run parameters by name, as the call takes them. Raises Fault."""
        return call_arguments(
            node,
            copy,
            layer,
            wires,
            self.training,
            lambda reference: self.shape_of(self.resolve(graph, node, "", reference, scope)),
        )

    def tell(self, node: Node, problem: Problem, inherent: bool = False) -> str:
        """Reports a problem of this node; the node at which it is told.

        That is the call on whose behalf the node's block runs, or an earlier use of the block with the same fault.
        """
        place = (node.spec.path, problem.code, problem.port, problem.param, problem.severity)
        caller = None if inherent else self._caller
        teller, new = self.told.note(place, problem.message, (caller or node).path)
        if new and caller is not None:
            text = f"In {caller.target}, {problem.message}"
            inferred = problem.param is not None and problem.param in _inferred(node)
            fixes = tuple(own_instance(caller, self._called)) if inferred and self._called is not None else ()
            port = next(iter(caller.wires)) if len(caller.wires) == 1 else None
            problem = replace(problem, message=text, port=port, param=None, fixes=fixes)
        if new:
            self.problems.append(replace(problem, node=teller))
        return teller or node.path


def _inferred(node: Node) -> list[str]:
    """The parameters that the node leaves for its input to decide: a module of its own would fit another one."""
    known = node.layer.params if node.layer is not None else ()
    return [param.name for param in known if param.inferred and param.name not in node.spec.params]


def _waits_for_itself(node: Node, port: str, reference: Reference) -> Problem:
    return Problem(
        "unknown-output",
        f"{node.key} reads {str(reference)[:64]}, whose size is inferred from an input that waits for {node.key}. "
        f"Set the parameters of {reference.node[:64]} that are left out.",
        port=port or None,
    )
