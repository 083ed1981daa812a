"""Classes as source: each block and the network."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torchwire.codegen import printer
from torchwire.codegen.construction import Construction
from torchwire.codegen.facts import Facts
from torchwire.codegen.layout import INDENT
from torchwire.codegen.literals import assign, call, literal
from torchwire.codegen.places import Places
from torchwire.codegen.refusal import Refused
from torchwire.codegen.running import Running
from torchwire.codegen.scope import Names, Scope, has_expression
from torchwire.codegen.uses import Class, classes
from torchwire.codegen.wires import Wires
from torchwire.plan.tree import Plan

_TYPES = {bool: "bool", int: "int", float: "float", str: "str"}
_SPELT_OUT = 4  # tensors whose types are listed; more are a tuple of any length


@dataclass(frozen=True)
class Source:
    """A class as text, and the names of modules that it needs."""

    name: str
    text: str
    needs: frozenset[str]


@dataclass(frozen=True)
class Module:
    """All classes of a network, the network's own last; `inputs` and `results` are those of its forward()."""

    classes: tuple[Source, ...]
    network: Class
    inputs: tuple[str, ...]  # keys of the Inputs
    results: int

    @property
    def needs(self) -> frozenset[str]:
        return frozenset().union(*(source.needs for source in self.classes))


def write_module(plan: Plan, facts: Facts) -> Module:
    """The classes of a plan without faults. Raises Refused."""
    made: list[Source] = []
    by_block: dict[str, Class] = {}
    places: dict[str, Places] = {}
    every = classes(plan, plan.name)
    names = {cls.name for cls in every}
    for cls in every:
        writer = _Writer(cls, by_block, places, facts, plan.training, names)
        made.append(writer.source())
        if cls.spec.name is not None:
            by_block[cls.spec.name] = cls
            places[cls.spec.name] = writer.places
    network = every[-1]
    inputs = tuple(seat.key for seat in network.seats.values() if seat.kind == "input" and seat.switched != "off")
    return Module(tuple(made), network, inputs, len(network.returned))


class _Writer:
    """Writes one class."""

    def __init__(
        self,
        cls: Class,
        by_block: Mapping[str, Class],
        places: Mapping[str, Places],
        facts: Facts,
        training: bool,
        class_names: set[str],
    ) -> None:
        self._cls = cls
        self._names = Names(class_names)
        cls.arguments = {param: self._names.fresh(param) for param in cls.spec.params}
        wires = Wires(cls, by_block, facts)
        cls.returned = wires.returned
        self.places = Places(cls, places)
        self._forward_scope = Scope(cls, cls.arguments, training)
        self._init_scope = Scope(cls, cls.arguments, training)
        self._running = Running(wires, self.places, self._forward_scope, facts)
        self._construction = Construction(
            wires, self.places, self._init_scope, facts, self._running, by_block, self._names
        )
        self._ports()

    def _ports(self) -> None:
        needed = False
        for seat in reversed(self._running.arguments()):
            self._cls.ports[seat.key] = self._running.locals.of(seat)
            if seat.switched != "some":
                needed = True
            elif needed:
                self._cls.without_default.add(seat.key)

    def source(self) -> Source:
        chained = self.places.root.chained
        forward = [] if chained else self._running.body()
        elements = self._construction.elements() if chained else []
        construction = self._construction.body()
        start = ast.Expr(call(ast.Attribute(call("super"), "__init__"), elements))
        body: list[ast.stmt] = [*self._defaults(), start] if chained else [start, *self._defaults()]
        for param in self._cls.spec.params:
            if param in self._forward_scope.used:
                body.append(assign(ast.Attribute(ast.Name("self"), param), ast.Name(self._cls.arguments[param])))
        body += construction
        name = self._cls.name
        text = f"class {name}(nn.{'Sequential' if chained else 'Module'}):\n"
        parameters = self._init_parameters()
        if chained or len(body) > 1 or len(parameters) > 1:
            text += printer.signature("__init__", parameters, "None", INDENT) + "\n"
            text += printer.statements(body, 2 * INDENT) + "\n"
        if not chained:
            text += printer.signature("forward", self._forward_parameters(), self._returns(), INDENT) + "\n"
            text += printer.statements(forward, 2 * INDENT)
        text = text.rstrip("\n")
        found = {
            node.id for statement in [*body, *forward] for node in ast.walk(statement) if isinstance(node, ast.Name)
        }
        tensors = not chained and (self._cls.ports or self._cls.returned)
        return Source(name, text, frozenset(found & {"torch", "F"} | ({"Tensor"} if tensors else set())))

    # -- signatures --------------------------------------------------------------------------------------------------

    def _init_parameters(self) -> list[str]:
        found = ["self"]
        for extra, by_use in self._cls.extras.items():
            found.append(f"{extra}{_annotation(list(by_use.values()))}")
        for param, raw in self._cls.spec.params.items():
            default = ast.Constant(None) if has_expression(raw) else _default(raw)
            kind = _annotation([use.names.get(param) for use in self._cls.uses])
            if has_expression(raw) and kind:
                kind += " | None"
            equals = " = " if kind else "="
            found.append(f"{self._cls.arguments[param]}{kind}{equals}{printer.text(default)}")
        return found

    def _defaults(self) -> list[ast.stmt]:
        """Parameters whose default is computed from those before them."""
        found: list[ast.stmt] = []
        for param, raw in self._cls.spec.params.items():
            if not has_expression(raw):
                continue
            if any(use.names.get(param) is None for use in self._cls.uses):
                raise Refused(f"The parameter {param} is null, which stands for its default in code.", None)
            name = self._cls.arguments[param]
            test = ast.Compare(ast.Name(name), [ast.Is()], [ast.Constant(None)])
            found.append(ast.If(test, [assign(name, self._init_scope.value(raw))], []))
        return found

    def _forward_parameters(self) -> list[str]:
        found = ["self"]
        for seat in self._running.arguments():
            optional = seat.switched == "some"
            default = " = None" if optional and seat.key not in self._cls.without_default else ""
            found.append(f"{self._cls.ports[seat.key]}: Tensor{' | None' if optional else ''}{default}")
        return found

    def _returns(self) -> str:
        count = len(self._cls.returned)
        if count == 1:
            return "Tensor"
        return (
            f"tuple[{', '.join(['Tensor'] * count)}]"
            if 0 < count <= _SPELT_OUT
            else ("tuple[Tensor, ...]" if count else "tuple[()]")
        )


def _annotation(values: list[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {int, float}:
        return ": float"
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind is tuple and all(isinstance(item, int) for value in values for item in value):
            return ": tuple[int, ...]"
        return f": {_TYPES[kind]}" if kind in _TYPES else ""
    return ""


def _default(raw: Any) -> ast.expr:
    if isinstance(raw, dict):
        raise Refused("A parameter whose default is an object has no code.")
    return literal(_tuples(raw))


def _tuples(raw: Any) -> Any:
    return tuple(map(_tuples, raw)) if isinstance(raw, list) else raw
