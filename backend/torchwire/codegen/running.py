"""forward(): a statement for each node that matters, in run order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from torchwire.codegen.calls import Given, function_call, module_call
from torchwire.codegen.facts import Facts, Tensor
from torchwire.codegen.given import Values
from torchwire.codegen.literals import assign, call
from torchwire.codegen.places import Holder, Places
from torchwire.codegen.refusal import Refused
from torchwire.codegen.scope import Scope
from torchwire.codegen.uses import Class, Seat
from torchwire.codegen.wires import Locals, Nest, Wires
from torchwire.graph.references import Reference

_MANY = 8  # pieces that are unpacked into names; more are taken by their number


class Running(Values):
    """Writes the body of forward()."""

    in_forward = True

    def __init__(self, wires: Wires, places: Places, scope: Scope, facts: Facts) -> None:
        super().__init__(wires.cls, scope)
        self._wires = wires
        self._places = places
        self._facts = facts
        self.locals = Locals(wires)
        self._counter = self.locals.names.fresh("i")
        self._chains = {seats[0].key: (holder, seats) for holder, seats in self._find_chains()}
        self._settle_root()
        self._in_chains = {seat.key for _, seats in self._chains.values() for seat in seats}

    # -- the whole ---------------------------------------------------------------------------------------------------

    def arguments(self) -> list[Seat]:
        """The Inputs, in order."""
        return [seat for seat in self._cls.seats.values() if seat.kind == "input" and seat.switched != "off"]

    def body(self) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for condition, seats in self._groups():
            found += self._group(condition, seats) if condition is not None else self._plain(seats)
        found.append(ast.Return(self._result()))
        return found

    def _result(self) -> ast.expr:
        values = [self.value(reference) for reference in self._wires.results()]
        if any(isinstance(value, ast.Constant) for value in values):
            raise Refused("An Output gives an input that is switched off.", self._cls.uses[0].path or None)
        return values[0] if len(values) == 1 else ast.Tuple(list(values))

    def _groups(self) -> Iterator[tuple[Any, list[Seat]]]:
        """Nodes in run order, neighbours under one condition together."""
        group: list[Seat] = []
        condition: Any = None
        for key in self._wires.live:
            seat = self._cls.seats[key]
            own = seat.spec.when if seat.switched == "some" else None
            if group and repr(own) != repr(condition):
                yield condition, group
                group = []
            condition = own
            group.append(seat)
        if group:
            yield condition, group

    def _plain(self, seats: list[Seat]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for seat in seats:
            if seat.key in self._chains:
                found += self._chain(*self._chains[seat.key])
            elif seat.key not in self._in_chains:
                found += self._node(seat)
        return found

    def _group(self, raw: Any, seats: list[Seat]) -> list[ast.stmt]:
        """Nodes under a condition: where it is false, their names stand for what their first ports receive."""
        test = self._scope.value(raw, self)
        body = self._plain(seats)
        inside = {seat.key for seat in seats}
        otherwise: list[ast.stmt] = []
        for seat in seats:
            for name in self._read_outside(seat, inside):
                otherwise.append(assign(name, self._stands_for(seat, inside)))
        if (
            len(body) == 1 == len(otherwise)
            and isinstance(body[0], ast.Assign)
            and isinstance(otherwise[0], ast.Assign)
        ):
            target = body[0].targets[0]
            if isinstance(target, ast.Name):
                return [assign(target, ast.IfExp(test, body[0].value, otherwise[0].value))]
        return [ast.If(test, body, otherwise)]

    def _read_outside(self, seat: Seat, inside: set[str]) -> list[str]:
        names = {
            self.locals.of(seat, self._wires.port(seat, port)): None
            for reader, port in self._wires.readers.get(seat.key, ())
            if reader not in inside
        }
        return list(names)

    def _stands_for(self, seat: Seat, inside: set[str]) -> ast.expr:
        references = seat.nodes[0].wires.get(seat.nodes[0].first_port or "")
        if not references:
            return ast.Constant(None)
        found = self._wires.source(references[0])
        if found is not None and found[0].key in inside:
            return self._stands_for(found[0], inside)
        return self.value(references[0])

    # -- values ------------------------------------------------------------------------------------------------------

    def value(self, reference: Reference) -> ast.expr:
        """What stands for a reference."""
        found = self._wires.source(reference)
        if found is None:
            return ast.Constant(None)
        seat, port = found
        if seat.kind == "input":
            return ast.Name(self.locals.of(seat))
        if seat.kind in ("parameter", "constant"):
            return self._places.of(seat)
        if not self._wires.is_result(seat, port):
            return self._places.reach(ast.Name("self"), f"{self._places.attribute(seat)}.{port}")
        name = self._wires.port(seat, port)
        if self._by_number(seat):
            return ast.Subscript(ast.Name(self.locals.of(seat)), ast.Constant(int(name)))
        return ast.Name(self.locals.of(seat, name))

    def _by_number(self, seat: Seat) -> bool:
        """Whether a list is kept whole: of more pieces than have names, or of as many as the batch."""
        if not self._wires.is_list(seat) or len(self._wires.ports.get(seat.key, ())) < 2:
            return False
        pieces = {len(self._facts.of(node.path)) for _, node in seat.present}
        copy = next(seat.copies())
        return (
            len(pieces) > 1
            or max(pieces) > _MANY
            or not self._wires.names(seat)
            or copy.run_params.get("dim", 0) == 0
            or seat.spec.type in ("meshgrid", "broadcast_tensors")
        )

    # -- statements --------------------------------------------------------------------------------------------------

    def _node(self, seat: Seat) -> list[ast.stmt]:
        if seat.repeated and not self.sequential(seat):
            return self._loop(seat)
        return [self._assigned(seat, self._call(seat, self._module(seat)))]

    def _module(self, seat: Seat) -> ast.expr | None:
        if seat.kind == "call":
            return self._places.of(self._cls.seats[seat.first.target or ""])
        return None if seat.kind == "function" else self._places.of(seat)

    def _call(self, seat: Seat, module: ast.expr | None, first: ast.expr | None = None) -> ast.expr:
        block, layer = self._wires.block(seat), self._wires.layer(seat)
        given = self.given(seat, layer, first)
        if block is not None:
            assert module is not None
            return self._block_call(seat, module, block, given)
        assert layer is not None
        if module is None:
            return function_call(layer, given)
        return module_call(module, layer, given)

    def _block_call(self, seat: Seat, module: ast.expr, block: Class, given: Given) -> ast.expr:
        owner = self._cls.seats[seat.first.target or ""] if seat.kind == "call" else seat
        for copy in owner.copies():
            off = [key for key, node in copy.graph.nodes.items() if not node.present] if copy.graph is not None else []
            wired = next((key for key in off if key in given and block.seats[key].kind == "input"), None)
            if wired is not None and block.seats[wired].switched == "some":
                raise Refused(
                    f"{wired} of {seat.key} is wired where its `when` switches it off.", self._cls.where(seat)
                )
        args: list[ast.expr] = []
        keywords: list[tuple[str, ast.expr]] = []
        by_name = False  # once one is left out
        for port in block.seats.values():
            if port.kind != "input" or port.switched == "off":
                continue
            if port.key in given and not by_name:
                args.append(given[port.key])
            elif port.key in given:
                keywords.append((block.ports[port.key], given[port.key]))
            elif port.key in block.without_default and not by_name:
                args.append(ast.Constant(None))
            elif port.key in block.without_default:
                keywords.append((block.ports[port.key], ast.Constant(None)))
            else:
                by_name = True
        return call(module, args, keywords)

    def _assigned(self, seat: Seat, value: ast.expr) -> ast.stmt:
        used = self._wires.ports.get(seat.key, {})
        if not used:
            return ast.Expr(value)
        names = self._wires.names(seat)
        if self._wires.is_list(seat) and (len(used) == 1 or self._by_number(seat)):
            if len(used) == 1:
                value = ast.Subscript(value, ast.Constant(int(next(iter(used)))))
            return self._commented(assign(self.locals.of(seat), value), seat)
        target = self._target(seat, self._wires.nest(seat), used)
        if len(names) > 1 and isinstance(value, ast.Subscript):
            raise Refused(f"{seat.key} gives several results in a way that has no code.", self._cls.where(seat))
        statement = assign(target, value)
        return self._commented(statement, seat) if names[0] in used else statement

    def _target(self, seat: Seat, nest: Nest, used: dict[str, None]) -> ast.expr:
        if isinstance(nest, str):
            return ast.Name(self.locals.of(seat, nest) if nest in used else "_")
        if not any(name in used for name in _flat(nest)):
            return ast.Name("_")
        return ast.Tuple([self._target(seat, item, used) for item in nest])

    def _loop(self, seat: Seat) -> list[ast.stmt]:
        """A repeat that is no plain row: the first output feeds the first port, the other ports get the same."""
        node = seat.first
        wired = node.wires.get(node.first_port or "")
        several = any(len(copies.copies) > 1 for copies in seat.nodes)
        if node.first_port is not None and not wired and several:
            raise Refused(f"{seat.key} is repeated, and its first port {node.first_port} is not wired.", node.path)
        nest = self._wires.nest(seat)
        names = self._wires.names(seat)
        if self._wires.is_list(seat):
            raise Refused(f"{seat.key} is repeated and gives a list.", node.path)
        used = dict(self._wires.ports.get(seat.key, {}))
        if any(not copies.copies for copies in seat.nodes) and len(used) > 1:
            raise Refused(f"{seat.key} gives several results and is repeated 0 times in some uses.", node.path)
        if wired:
            used.setdefault(names[0])
        variable = self.locals.of(seat, names[0])
        counter = self._counter
        module: ast.expr | None = None
        stepped = self._module(seat)
        if seat.kind in ("module", "block"):
            word = "block" if seat.kind == "block" else "layer"
            module = ast.Name(self.locals.names.fresh(word))
        elif seat.kind == "call":
            module = stepped
        self._scope.counter = counter
        first = ast.Name(variable) if wired else None
        value = self._call(seat, module, first)
        body = assign(self._target(seat, nest, used), value) if used else ast.Expr(value)
        counted = any(isinstance(part, ast.Name) and part.id == counter for part in ast.walk(value))
        found: list[ast.stmt] = []
        if wired:
            found.append(assign(variable, self.value(wired[0])))
        if module is not None and stepped is not None and seat.kind != "call":
            items = call("enumerate", [stepped]) if counted else stepped
            target: ast.expr = ast.Tuple([ast.Name(counter), module]) if counted else module
        else:
            items = call("range", [self._count(seat)])
            target = ast.Name(counter if counted else "_")
        found.append(ast.For(target, items, [body], []))
        return found

    def _count(self, seat: Seat) -> ast.expr:
        return self._scope.value(seat.spec.repeat, self)

    # -- rows of modules ---------------------------------------------------------------------------------------------

    def sequential(self, seat: Seat) -> bool:
        """Whether a repeat is an nn.Sequential: one wire in, one tensor out."""
        node = seat.first
        block = self._wires.block(seat)
        return (
            seat.kind in ("module", "block")
            and list(node.wires) == [node.first_port]
            and node.first_port not in node.listed
            and not any(copy.run_params for copy in seat.copies())
            and isinstance(self._wires.nest(seat), str)
            and (block is None or not block.without_default)
        )

    def _find_chains(self) -> Iterator[tuple[Holder, list[Seat]]]:
        """Containers whose modules feed one another in a row."""
        place = {key: number for number, key in enumerate(self._wires.live)}
        for holder in (self._places.root, *self._places.holders.values()):
            seats = [child for child in holder.children.values() if isinstance(child, Seat)]
            if holder.form != "list" or not holder.closed or len(seats) != len(holder.children) or len(seats) < 2:
                continue
            if any(seat.key not in place or not self.sequential(seat) for seat in seats):
                continue
            if all(self._feeds(a, b, place) for a, b in pairwise(seats)):
                holder.chained = True
                yield holder, seats

    def _settle_root(self) -> None:
        """A class whose modules are numbered is an nn.Sequential itself, where that says all that it does."""
        root = self._places.root
        if root.form != "list":
            return
        modules = list(root.children.values())
        inputs = self.arguments()
        results = self._wires.results()
        whole = (
            root.chained
            and [seat.key for seat in modules if isinstance(seat, Seat)] == self._wires.live
            and len(inputs) == len(results) == 1
            and not inputs[0].switched
            and self._result_of(results[0]) is modules[-1]
            and self._reads_only(modules[0], inputs[0])
        )
        if not whole:
            root.form, root.closed, root.chained = "other", False, False
            self._chains = {key: chain for key, chain in self._chains.items() if chain[0] is not root}

    def _result_of(self, reference: Reference) -> Seat | None:
        found = self._wires.source(reference)
        return found[0] if found is not None else None

    def _reads_only(self, seat: Seat | Holder, source: Seat) -> bool:
        if isinstance(seat, Holder):
            return False
        reference = seat.first.wires[seat.first.first_port or ""][0]
        found = self._wires.source(reference)
        return found is not None and found[0] is source

    def _feeds(self, one: Seat, other: Seat, place: dict[str, int]) -> bool:
        reference = other.first.wires[other.first.first_port or ""][0]
        return (
            place[other.key] == place[one.key] + 1
            and self._wires.counts[one.key] == 1
            and self._wires.source(reference) == (one, reference.port)
            and self._wires.is_result(one, reference.port)
        )

    def _chain(self, holder: Holder, seats: list[Seat]) -> list[ast.stmt]:
        first = seats[0].first
        value = self.value(first.wires[first.first_port or ""][0])
        module = self._places.reach(ast.Name("self"), holder.path)
        return [self._assigned(seats[-1], call(module, [value]))]

    # -- comments ----------------------------------------------------------------------------------------------------

    def _commented(self, statement: ast.stmt, seat: Seat) -> ast.stmt:
        """The shape of what a line gives, where it is another than that of what it takes."""
        shapes = {self._shape(node.path) for _, node in seat.present}
        taken = {self._shape(node.path, seat) for _, node in seat.present}
        if len(shapes) == 1 and None not in shapes and shapes != taken:
            statement.comment = shapes.pop()  # type: ignore[attr-defined]
        return statement

    def _shape(self, path: str, before: Seat | None = None) -> str | None:
        """The shape of a node's first result; with `before`, of what its first port reads."""
        if before is not None:
            reference = next((each[0] for each in before.first.wires.values() if each), None)
            found = self._wires.source(reference) if reference is not None else None
            if found is None or not self._wires.is_result(*found):
                return None
            sibling = path.rpartition(".")[0]
            name = found[0].spec.attribute or found[0].key
            path = f"{sibling}.{name}" if sibling else found[0].key
        first: Tensor | None = next(iter(self._facts.of(path).values()), None)
        if first is None or first.shape is None:
            return None
        sizes = ", ".join(map(str, first.shape))
        return f"({sizes},)" if len(first.shape) == 1 else f"({sizes})"


def _flat(nest: Nest) -> list[str]:
    if isinstance(nest, str):
        return [nest]
    return [name for item in nest for name in _flat(item)]
