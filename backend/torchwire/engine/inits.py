"""`init`, tried on the meta device before anything is built: what it cannot fill, and rules that are for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import nn

from torchwire.engine.memory import Memory
from torchwire.engine.outcomes import Fault, Unsound
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.engine.source import apply_init, nearest_init
from torchwire.graph.findings import removal
from torchwire.graph.findings import replace as replaced
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.tree import Copy, Graph, Node

_SMALL = 4_096  # elements: so many are filled for real too, since some bounds are not looked at on the meta device
_LARGE = 10_000_000  # for `sparse_`, which goes through the columns one by one

_fills: Memory[bool] = Memory(20_000, name="inits")
"""By the tensor's description and the function with its arguments: those that were tried and found nothing wrong."""


def find_broken_inits(graph: Graph, shapes: ShapePass, found: dict[str, Unsound]) -> list[Problem]:
    """Adds the nodes that an `init` cannot fill to `found`; the rules of the document that are for nothing."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                problems = find_broken_inits(copy.graph, shapes, found)
                problems += _rules(copy.graph, node.spec.init, f"{node.spec.path}/init", node.key, shapes, found)
                for problem in problems:
                    found.setdefault(node.path, (node, problem))
            elif node.present and not node.faults:
                cause = _own(node, copy, shapes)
                if cause is not None:
                    found.setdefault(node.path, (node, cause))
    where = f"block {graph.spec.name}" if graph.spec.name is not None else "the document"
    return _rules(graph, graph.spec.init, f"{graph.spec.path}/init", where, shapes, found)


# -- of a node --------------------------------------------------------------------------------------------------------


def _own(node: Node, copy: Copy, shapes: ShapePass) -> Problem | None:
    init = node.spec.init or {}
    if node.kind in ("parameter", "constant"):
        outcome = shapes.outcomes.get(node.path)
        sheet = next(iter(outcome.outputs.values()), None) if outcome is not None else None
        if not isinstance(sheet, Sheet):
            return None
        fill = copy.params.get("fill")
        problem = _tried(sheet, fill, node) if isinstance(fill, dict) and not node.wires else None
        if problem is not None:
            path = node.spec.path + pointer("params", "fill")
            zeros = Fix("Fill it with zeros", replaced(path, node.spec.params["fill"], "zeros"))
            return replace(problem, param="fill", fixes=(*_renamed(path, node.spec.params["fill"]), zeros))
        return next((told for key in init if (told := _at(node, key, _tried(sheet, init[key], node)))), None)
    plan = shapes.blueprints.get(copy.path)
    if node.kind != "module" or plan is None or plan.fault is not None:
        return None
    for name, value in init.items():
        weight = plan.parameters.get(name)
        if weight is None:
            near = nearest(name, plan.parameters)
            text = f"{node.key} has no parameter {name[:64]}. It has {', '.join(plan.parameters) or 'none'}."
            path = f"{node.spec.path}/init"
            fixes = [Fix(f"Remove the init of {name}"[:99], removal(path + pointer(name), value))]
            if near and near[0] not in init:
                move = [*fixes[0].patch, {"op": "add", "path": path + pointer(near[0]), "value": value}]
                fixes.insert(0, Fix(f"Rename it to {near[0]}", move))
            return Problem("bad-init", text, param="init", fixes=tuple(fixes))
        problem = _at(node, name, _tried(weight.sheet, value, node))
        if problem is not None:
            return problem
    return None


def _at(node: Node, name: str, problem: Problem | None) -> Problem | None:
    if problem is None:
        return None
    path, value = f"{node.spec.path}/init" + pointer(name), (node.spec.init or {})[name]
    remove = Fix(f"Remove the init of {name}"[:99], removal(path, value))
    return replace(problem, fixes=(*_renamed(path, value), remove))


def _renamed(path: str, init: Any) -> list[Fix]:
    """Another function of torch.nn.init where the name looks like one."""
    name = next(iter(init)) if isinstance(init, dict) and len(init) == 1 else None
    near = nearest_init(name)
    return [Fix(f"Use {near[0]}", replaced(path, init, {near[0]: init[name]}))] if near else []


def _tried(sheet: Sheet, init: Any, node: Node) -> Problem | None:
    """What is wrong with an init of a tensor like this; None where it can be filled, or only a run can tell."""
    key = (sheet, repr(init)) if isinstance(init, dict) else None  # a list of values is as quickly tried as looked up
    if key is not None and _fills.find(key):
        return None
    problem = _try(sheet, init, node)
    if problem is None and key is not None:
        _fills.put(key, True)
    return problem


def _try(sheet: Sheet, init: Any, node: Node) -> Problem | None:
    if isinstance(init, dict) and "sparse_" in init and sheet.elements > _LARGE:
        return None
    tensors = [sheet.on_meta()]
    if sheet.elements <= _SMALL:
        tensors = [sheet.zeros()]  # torch's own word; what it draws is drawn before the network's seed is set
    for tensor in tensors:
        try:
            apply_init(tensor, init, node)
        except Fault as fault:
            if tensor.is_meta and isinstance(fault.__context__, NotImplementedError):
                return None
            return fault.problem
    return None


# -- of a graph -------------------------------------------------------------------------------------------------------


@dataclass
class _Rule:
    """One entry of the `init` of a graph, and what it met."""

    target: str
    init: Any
    classes: int = 0  # modules of the class
    filled: bool = False
    names: set[str] = field(default_factory=set)  # parameters of the class


def _rules(
    graph: Graph, init: Mapping[str, Any] | None, path: str, where: str, shapes: ShapePass, found: dict[str, Unsound]
) -> list[Problem]:
    if not init:
        return []
    rules = [_Rule(target, value) for target, value in init.items() if "." in target]
    seen: set[str] = set()
    complete = True
    for node, module in _modules(graph, shapes):
        if module is None:
            complete = False
            continue
        for inner in module.modules():
            kind = type(inner).__name__
            seen.add(kind)
            for rule in rules:
                type_name, _, name = rule.target.rpartition(".")
                if type_name != kind:
                    continue
                rule.classes += 1
                rule.names |= inner._parameters.keys()
                rule.filled = rule.filled or hasattr(inner, name)
                tensor = getattr(inner, name, None)
                problem = _tried(Sheet.of(tensor), rule.init, node) if isinstance(tensor, torch.Tensor) else None
                if problem is not None:
                    text = f"{rule.target[:64]} in `init` of {where}: {problem.message}"
                    where_it_is = path + pointer(rule.target)
                    fix = Fix(f"Remove the rule {rule.target}"[:99], removal(where_it_is, rule.init))
                    fixes = (*_renamed(where_it_is, rule.init), fix)
                    found.setdefault(node.path, (node, replace(problem, message=text, fixes=fixes)))
    return [problem for rule in rules if (problem := _idle(rule, seen, complete, path, where)) is not None]


def _idle(rule: _Rule, seen: set[str], complete: bool, path: str, where: str) -> Problem | None:
    """A misspelt class or parameter. A rule for a class of torch.nn that is not there is none."""
    type_name, _, name = rule.target.rpartition(".")
    if rule.filled or (not rule.classes and (not complete or _is_layer(type_name))):
        return None
    if rule.classes:
        near = [f"{type_name}.{found}" for found in nearest(name, rule.names)]
        text = f"{type_name[:64]} has no parameter {name[:64]}; it has {', '.join(sorted(rule.names)) or 'none'}."
    else:
        near = [f"{found}.{name}" for found in [*nearest(type_name, seen), *nearest(type_name, _LAYERS)][:1]]
        text = f"no module here is a {type_name[:64]}, nor is it a class of torch.nn."
    remove = removal(path + pointer(rule.target), rule.init)
    fixes = [
        Fix(f"Rename it to {new}"[:99], [*remove, {"op": "add", "path": path + pointer(new), "value": rule.init}])
        for new in near[:1]
    ]
    fixes.append(Fix(f"Remove the rule {rule.target}"[:99], remove))
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"{rule.target[:64]} in `init` of {where} fills nothing: {text}{hint}"
    return Problem("bad-init", message, param="init", fixes=tuple(fixes))


_LAYERS = tuple(name for name, value in vars(nn).items() if isinstance(value, type) and issubclass(value, nn.Module))


def _is_layer(name: str) -> bool:
    return name in _LAYERS


def _modules(graph: Graph, shapes: ShapePass) -> Iterator[tuple[Node, nn.Module | None]]:
    """Every node of a graph and inside it that is a module, and that module on the meta device, where it is known."""
    for node in graph.nodes.values():
        for copy in node.copies:
            if copy.graph is not None:
                yield from _modules(copy.graph, shapes)
            elif node.kind in ("module", "faulty"):
                plan = shapes.blueprints.get(copy.path)
                yield node, plan.module if plan is not None else None
