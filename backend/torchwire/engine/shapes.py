"""The shape pass: every shape, size and inferred parameter of a network, drawing nothing and allocating no weights."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, NoReturn

import torch

from torchwire.catalogue.layer import LayerType
from torchwire.engine import diagnosis, further, limits, tall
from torchwire.engine.blueprint import Blueprint, Weight, canonical
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.diagnosis.inplace import Frame, Overwriting, writes_in_place
from torchwire.engine.inference import infer_all, infer_nested
from torchwire.engine.interpreter import Interpreter
from torchwire.engine.memory import Memory
from torchwire.engine.outcomes import UNKNOWN, UNSIZED, Blocked, Fault, Outcome, Scope, Unknown
from torchwire.engine.progress import Watch
from torchwire.engine.sheet import Place, Sheet
from torchwire.engine.source import misplaced, shaped, sheet_of
from torchwire.engine.trial import Verdict
from torchwire.engine.verdict import described, judge
from torchwire.graph.problems import Problem
from torchwire.plan.ties import slot
from torchwire.plan.tree import Copy, Graph, Node


@dataclass(frozen=True)
class _Step:
    """What is known of a layer on its inputs; the same wherever it stands. `verdict` is None where only values tell."""

    plan: Blueprint | None
    inferred: Mapping[str, Any]
    verdict: Verdict | None
    faultless: bool


_steps: Memory[_Step] = Memory(20_000, name="steps")


class ShapePass(Interpreter):
    """Leaves the inferred parameters in the copies, and blueprints and verdicts by path."""

    def __init__(
        self,
        training: bool,
        problems: list[Problem],
        watch: Watch,
        thorough: bool,
        given: Mapping[str, torch.Tensor],
    ) -> None:
        super().__init__(training, problems)
        self.blueprints: dict[str, Blueprint] = {}
        self.presumed: dict[str, Blueprint] = {}  # of layers behind a fault, were it mended: counted, never built
        self.inferred: dict[str, dict[str, Any]] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.called: dict[str, list[Verdict]] = {}  # of the layers that a call of a block runs, by the call
        self.limited: set[str] = set()  # paths over a limit, to be told and not to be built or run
        self._overwriting = Overwriting()
        self._storages = count()  # one for every tensor that is no view
        self._watch = watch
        self._thorough = thorough
        self.given = given  # tensors in place of what Inputs of the document's own graph would draw

    def order(self, graph: Graph) -> list[str]:
        return graph.shape_order

    def shape_of(self, value: Any) -> tuple[int, ...] | None:
        return value.shape if isinstance(value, Sheet) else None

    def run(self, graph: Graph, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if self._caller is not None:
            self.called.setdefault(self._caller.path, [])  # a block that computes nothing costs nothing
        return super().run(graph, arguments)

    # -- sources -----------------------------------------------------------------------------------------------------

    def source(self, graph: Graph, node: Node, copy: Copy) -> dict[str, Any]:
        given = self.given.get(node.key) if node.kind == "input" and not graph.path else None
        try:
            sheet = sheet_of(node, copy) if given is None else Sheet.of(given)
        except Fault as fault:
            raise Fault(shaped(fault.problem, graph, node), beside=fault.beside) from None
        return self._within(node, copy, {"output": replace(sheet, place=Place(next(self._storages)))})

    def _run_node(self, graph: Graph, node: Node, scope: Scope, arguments: Mapping[str, Any]) -> Outcome:
        outcome = super()._run_node(graph, node, scope, arguments)
        self._overwriting.note(graph, node, outcome.outputs)
        return outcome

    def _run_copy(self, graph: Graph, node: Node, copy: Copy, scope: Scope, wires: dict[str, Any]) -> dict[str, Any]:
        self._overwriting.frames.append(Frame(graph, node, copy, scope))
        try:
            outputs = super()._run_copy(graph, node, copy, scope, wires)
        finally:
            self._overwriting.frames.pop()
        self.sound(node, graph.nodes.get(node.target or "") or node)  # with all that can be known of it
        sheet = outputs.get("output")
        problem = misplaced(node, copy, sheet) if isinstance(sheet, Sheet) else None
        if problem is not None:
            raise Fault(problem)
        return outputs

    def _within(self, node: Node, copy: Copy, outputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs, if shapes can be computed with them. Raises Blocked where they cannot."""
        problem = limits.beyond_torch(node, outputs)
        if problem is not None:
            self._refuse(node, copy, problem, outputs)
        return outputs

    def _limit(self, node: Node, copy: Copy, problem: Problem) -> None:
        """It is too large to be computed; its shapes are found all the same."""
        self.tell(node, problem)
        self.limited.add(copy.path)

    def _refuse(self, node: Node, copy: Copy, problem: Problem, outputs: dict[str, Any] | None = None) -> NoReturn:
        self._limit(node, copy, problem)
        raise Blocked((node.path,), skipped=True, outputs=outputs)

    def parameter(self, graph: Graph, node: Node, name: str) -> Any:
        found = self.weight(graph, node, name)
        if found is None:
            end = slot(node, name)
            return UNSIZED if end is not None and end[0].kind == "module" and end[1].undecided else None
        return found.sheet

    def weight(self, graph: Graph, node: Node, name: str) -> Weight | None:
        """The parameter or buffer `name` of a module, or of a module inside a block."""
        if node.kind not in ("module", "block"):
            return None
        if node.repeated:
            number, _, name = name.partition(".")
            copy = node.copies[int(number)] if number.isdigit() and int(number) < len(node.copies) else None
        else:
            copy = node.copies[0] if node.copies else None
        if copy is None:
            return None
        if copy.graph is not None:
            return self._inside(copy.graph, name)
        plan = self.blueprints.get(copy.path)
        callers = [other for other in graph.nodes.values() if other.target == node.key]
        decided = not copy.inferred or not (node.runs or callers)  # nothing is to come that would tell more
        if plan is None and decided and node.layer is not None:
            try:
                plan = self._blueprint(self._unrun(graph, node, copy, node.layer))
            except Fault:
                raise Blocked((node.path,)) from None  # the fault is where the module stands
        if plan is not None:
            return plan.parameters.get(name) or plan.buffers.get(name)
        for other in (node, *callers):
            outcome = self.outcomes.get(other.path)
            if outcome is not None and outcome.state != "ok":
                raise Blocked(outcome.blocked_by or (other.path,), outcome.state == "skipped")
        return None

    def _inside(self, graph: Graph, name: str) -> Weight | None:
        for node in graph.nodes.values():
            head = node.spec.attribute or node.key
            if node.present and name.startswith(head + "."):
                return self.weight(graph, node, name[len(head) + 1 :])
        return None

    def look_further(self, graph: Graph, node: Node, scope: Scope) -> Iterable[Problem]:
        if node.kind != "module" or node.layer is None or not node.copies or node.told_at is not None:
            return ()
        arguments: dict[str, Any] = {}
        for port, references in node.wires.items():
            try:
                read = [self.resolve(graph, node, port, one, scope) for one in references if one.node in graph.nodes]
            except (Fault, Blocked):
                continue
            if len(read) == len(references) == 1 and isinstance(read[0], Sheet):
                arguments[port] = read[0]
        copy = node.copies[0]
        try:
            self._watch.enter("shapes", copy.path)
        except Fault as fault:  # it ended a worker before
            return (fault.problem,)
        return further.behind_faults(Case(graph, node, copy, copy, node.layer, arguments, self.training, self.outcomes))

    # -- layers ------------------------------------------------------------------------------------------------------

    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        # in a block what no Output needs never runs: only a run here can tell what meta lets pass
        thorough = self._thorough or (bool(graph.path) and node.key in graph.idle)
        case = Case(graph, node, copy, owner, layer, arguments, self.training, self.outcomes)
        key = None
        if owner is not copy and owner.undecided and self._has_failed(graph.nodes[node.target or ""]):
            raise Blocked(self._roots(graph.nodes[node.target or ""]))  # its own input decides, and did not come
        if owner.path not in self.limited and owner.constructible:
            made = (canonical(owner.params, owner.nested), owner.inferred) if layer.form == "module" else None
            key = (layer.type, made, described(layer, arguments), self.training, thorough)
        step = _steps.find(key)
        self._watch.enter("shapes", copy.path, known=step is not None)
        if step is None:
            step = self._step(case, thorough)
            if key is not None and step.faultless and not self.limited & {copy.path, owner.path}:
                _steps.put(key, step)
        elif step.plan is not None and owner.path not in self.blueprints:
            self._take(owner, step.plan, step.inferred, step.inferred)
        self._note(copy, step.verdict or Verdict(None))
        if step.verdict is None:
            return _Undecided(layer)
        overwritten = self._overwriting.find(case)
        if overwritten is not None:
            raise Fault(overwritten)
        # a constructor warns of what costs speed (no nested tensors), or of what a rule says better
        texts = step.verdict.warnings
        for problem in [*diagnosis.notice(case, texts), *diagnosis.warned(case, texts)]:
            self.tell(node, problem)
        if step.verdict.outputs is None:
            return _Undecided(layer)
        return self._within(node, copy, self._placed(case, step.verdict))

    def _placed(self, case: Case, verdict: Verdict) -> dict[str, Any]:
        """A layer's outputs with their places: in the memory of an argument, or in their own."""
        writes = writes_in_place(case)
        placed: dict[str, Any] = {}
        for name, sheet in (verdict.outputs or {}).items():
            view = ("input", 0, 0) if writes else verdict.views.get(name)
            source = case.sheet(view[0], view[1]) if view is not None else None
            place = None
            if view is None or source is None:
                place = Place(next(self._storages))
            elif source.place is not None and (not writes or source.strides == sheet.strides):
                place = Place(source.place.storage, source.place.offset + view[2])
            placed[name] = replace(sheet, place=place)
        return placed

    def _step(self, case: Case, thorough: bool) -> _Step:
        """What torch says of one layer on its inputs. Raises Fault, Blocked."""
        node, copy, owner, layer = case.node, case.copy, case.owner, case.layer
        plan = None
        many = limits.many_outputs(case)
        if many is not None:
            problem, shown = many
            if not shown:
                self._refuse(node, copy, problem)
            self._limit(node, copy, problem)
        inferred_before, nested_before = owner.inferred, dict(owner.nested)
        if layer.form == "module":
            try:
                plan = self._blueprint(case)
            except Fault:
                if owner is copy:
                    raise
                raise Blocked((owner.path,)) from None  # the fault is where the module stands
        if any(_unknown(value) for value in case.arguments.values()):
            return _Step(plan, {}, None, False)
        if plan is None:
            verdict = judge(layer.type, layer, None, None, case.arguments, self.training, thorough)
        else:
            verdict = tall.judge(layer, owner.params, owner.nested, case.arguments, self.training, thorough)
        if verdict.fault is not None:
            over = limits.overflowed(case, copy.run_params if layer.form == "function" else owner.params)
            if over is not None:
                self._refuse(node, copy, over)
            problem = diagnosis.explain(case, verdict.fault)
            raise Fault(problem, beside=(*diagnosis.beside(case, problem), *further.behind_width(case, problem)))
        overlooked = diagnosis.overlooked(case)
        if overlooked is not None:
            raise Fault(overlooked)
        decided = not any(nested.undecided for nested in nested_before.values())
        inferred = {name: owner.params[name] for name in inferred_before if name in owner.params}
        return _Step(plan, inferred, verdict, decided)

    def _note(self, copy: Copy, verdict: Verdict) -> None:
        """A layer's own run counts as its; one that a call of its block makes counts as the call's."""
        if self._caller is None:
            self.verdicts[copy.path] = verdict
            return
        self.verdicts.setdefault(copy.path, verdict)  # for the nodes of a block that is only called
        self.called[self._caller.path].append(verdict)

    def _roots(self, node: Node) -> tuple[str, ...]:
        """The nodes in error that keep a node from running: itself, or those that it waits for."""
        outcome = self.outcomes.get(node.path)
        return outcome.blocked_by if outcome is not None and outcome.blocked_by else (node.path,)

    def _has_failed(self, node: Node) -> bool:
        return node.runs and node.path in self.outcomes

    def _blueprint(self, case: Case) -> Blueprint:
        """The owner's blueprint, with what the input decides filled in. Raises Fault."""
        node, owner, layer = case.node, case.owner, case.layer
        known = self.blueprints.get(owner.path)
        if known is not None:
            if known.fault is not None:
                raise Fault(diagnosis.explain_construction(case, known.fault), inherent=True)
            return known
        over = limits.many_layers(case)
        if over is not None:
            self._limit(node, owner, over)
        if not owner.constructible:
            raise Blocked((owner.path,))
        shapes = {}
        for name, value in case.arguments.items():
            first = value[0] if isinstance(value, tuple) and value else value
            if isinstance(first, Sheet):
                shapes[name] = first.shape
        try:
            inferred = infer_all(node, layer, owner.inferred, shapes)
        except Fault as fault:
            raise Fault(diagnosis.misshapen(case) or fault.problem) from None
        told = dict(inferred)  # with those of nested layers: encoder_layer.d_model
        for name, nested in owner.nested.items():
            owner.nested[name], inner = infer_nested(node, nested, shapes)
            told |= {f"{name}.{key}": value for key, value in inner.items()}
        plan = tall.blueprint(layer, {**owner.params, **inferred}, owner.nested)
        self._take(owner, plan, inferred, told)
        if plan.fault is not None:
            over = limits.unbuildable(case, owner.params)
            if over is not None:
                self._refuse(node, owner, over)
            raise Fault(diagnosis.explain_construction(case, plan.fault), inherent=True)
        return plan

    def _take(self, owner: Copy, plan: Blueprint, inferred: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        """The owner gets its blueprint and what the input decided; `told` names what is shown as inferred."""
        owner.params = {**owner.params, **inferred}
        owner.inferred = ()
        if told:
            self.inferred[owner.path] = dict(told)
        self.blueprints[owner.path] = plan

    def finish(self, graph: Graph) -> None:
        """Blueprints of the modules that no run reached: what a constructor's arguments tell is told in every state."""
        for node in graph.nodes.values():
            for copy in node.copies:
                if copy.graph is not None:
                    self.finish(copy.graph)
                elif copy.undecided and (node.runs or any(other.target == node.key for other in graph.nodes.values())):
                    continue  # it or its callers were blocked: what they wait for is told upstream
                elif node.kind == "module" and copy.constructible:
                    assert node.layer is not None
                    try:
                        self._blueprint(self._unrun(graph, node, copy, node.layer))
                    except Fault as fault:
                        if node.path not in self.outcomes or self.outcomes[node.path].state == "ok":
                            self.outcomes[node.path] = self._failed(node, fault)
                    except Blocked:
                        continue

    def mark_unsound(self) -> None:
        """The nodes whose weights cannot be made as the document says, and that no run reached, are told too."""
        for path, (node, cause) in self.unsound.items():
            if isinstance(cause, Problem):
                self.outcomes[path] = replace(self._failed(node, Fault(cause, True)), outputs=self._shown(path))
            elif path not in self.outcomes:
                self.outcomes[path] = Outcome("blocked", blocked_by=cause.roots)

    def _shown(self, path: str) -> dict[str, Any]:
        return self.outcomes[path].outputs if path in self.outcomes else {}

    def described(self) -> Mapping[str, Blueprint]:
        """What is known of every module: by its own inputs, or presumed."""
        return ChainMap(self.blueprints, self.presumed) if self.presumed else self.blueprints

    def let_go(self) -> None:
        """The pass is over: what it found may outlive the request, the request's tensors must not."""
        del self._watch

    def _unrun(self, graph: Graph, node: Node, copy: Copy, layer: LayerType) -> Case:
        """A module looked at without its inputs."""
        return Case(graph, node, copy, copy, layer, {}, self.training, self.outcomes)


def _unknown(value: Any) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, tuple) and any(_unknown(item) for item in value))


class _Undecided(dict[str, Any]):
    """Outputs of a layer whose shapes only a run can tell: every declared port, unknown."""

    def __init__(self, layer: LayerType) -> None:
        super().__init__({port.name: UNKNOWN for port in layer.outputs} or {"output": UNKNOWN})
        self._numbered = layer.list_output

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (self._numbered and isinstance(name, str) and name.isdigit())

    def __missing__(self, name: str) -> Any:
        return UNKNOWN
