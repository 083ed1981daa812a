"""__init__: every module and tensor in document order, then what is tied, then `init`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from torchwire.codegen.arguments import Arguments, Loop
from torchwire.codegen.calls import function_call
from torchwire.codegen.facts import Facts
from torchwire.codegen.given import Values
from torchwire.codegen.initialisation import by_function, by_values, rules
from torchwire.codegen.literals import assign, call
from torchwire.codegen.places import Holder, Places
from torchwire.codegen.refusal import Refused
from torchwire.codegen.running import Running
from torchwire.codegen.scope import Names, Scope
from torchwire.codegen.tensors import source
from torchwire.codegen.uses import Class, Seat
from torchwire.codegen.wires import Wires
from torchwire.graph.references import Reference
from torchwire.plan.ties import tie_order
from torchwire.plan.tree import Graph

_CONTAINERS = {"list": "nn.ModuleList", "dict": "nn.ModuleDict", "module": "nn.Module", "other": "nn.Module"}


class Construction(Values):
    """Writes the body of __init__."""

    in_forward = False

    def __init__(
        self,
        wires: Wires,
        places: Places,
        scope: Scope,
        facts: Facts,
        running: Running,
        classes: Mapping[str, Class],
        names: Names,
    ) -> None:
        super().__init__(wires.cls, scope)
        self._wires = wires
        self._places = places
        self._facts = facts
        self._running = running
        self._names = names
        self._counter = names.fresh("i")
        self._arguments = Arguments(wires.cls, classes, scope, names)
        self._computed: dict[str, str] = {}  # function nodes that run here -> their local variables
        self._made: set[str] = set()
        self._items: list[tuple[Any, ast.stmt, ast.stmt | None]] = []  # condition, statement, what stands in its place

    def body(self) -> list[ast.stmt]:
        for seat in self._cls.seats.values():
            if seat.switched == "off":
                continue
            if seat.kind == "function" and seat.nodes[0].in_init:
                self._compute(seat)
            elif seat.kind in ("module", "block"):
                self._modules(seat)
            elif seat.kind in ("parameter", "constant"):
                self._tensor(seat)
            self._made.add(seat.key)
        self._ties()
        found = self._grouped()
        if self._cls.spec.init:
            found += rules(ast.Name("self"), self._cls.spec.init, self._inside(self._cls.uses))
        return found

    def _add(self, seat: Seat | None, statement: ast.stmt, otherwise: ast.stmt | None = None) -> None:
        condition = seat.spec.when if seat is not None and seat.switched == "some" else None
        self._items.append((condition, statement, otherwise))

    def _grouped(self) -> list[ast.stmt]:
        """The statements, neighbours under one condition together."""
        found: list[ast.stmt] = []
        last: Any = None
        for condition, statement, otherwise in self._items:
            if condition is None:
                found.append(statement)
            elif repr(condition) == repr(last):
                group = found[-1]
                assert isinstance(group, ast.If)
                group.body.append(statement)
                group.orelse += [otherwise] if otherwise is not None else []
            else:
                found.append(ast.If(self._scope.value(condition), [statement], [otherwise] if otherwise else []))
            last = condition
        return found

    # -- modules -----------------------------------------------------------------------------------------------------

    def _modules(self, seat: Seat) -> None:
        holder = self._outermost_closed(seat)
        if holder is self._places.root:  # its modules are arguments of super().__init__()
            self._finish(seat)
        elif holder is not None:
            if holder.first is seat:
                self._holders_of(holder.path, seat)
                self._register(holder.path, self._closed(holder), seat)
                for each in holder.seats():
                    self._finish(each)
        else:
            self._single(seat)

    def _single(self, seat: Seat) -> None:
        self._holders_of(self._places.attribute(seat), seat)
        if seat.repeated and seat.spec.init:
            self._one_by_one(seat)
        else:
            self._register(self._places.attribute(seat), self._made_expression(seat), seat)
            if seat.spec.init:
                self._init(seat, self._places.of(seat), seat)
        self._finish(seat)

    def _finish(self, seat: Seat) -> None:
        if not seat.spec.trainable:
            self._add(
                seat, ast.Expr(call(ast.Attribute(self._places.of(seat), "requires_grad_"), [ast.Constant(False)]))
            )

    def _outermost_closed(self, seat: Seat) -> Holder | None:
        parts = self._places.attribute(seat).split(".")
        above = [self._places.root, *(self._places.holders[".".join(parts[:n])] for n in range(1, len(parts)))]
        return next((holder for holder in above if holder.closed), None)

    def elements(self) -> list[ast.expr]:
        """The modules of a class that is an nn.Sequential."""
        return [self._made_expression(seat) for seat in self._places.root.seats()]

    def _holders_of(self, path: str, seat: Seat) -> None:
        """The containers on the way, where this is the first thing in them."""
        parts = path.split(".")
        for length in range(1, len(parts)):
            holder = self._places.holders[".".join(parts[:length])]
            if holder.first is seat:
                self._register(holder.path, call(_CONTAINERS[holder.form]), None)

    def _register(self, path: str, value: ast.expr, seat: Seat | None) -> None:
        above, _, name = path.rpartition(".")
        form = (self._places.holders[above] if above else self._places.root).form
        base = self._places.reach(ast.Name("self"), above) if above else ast.Name("self")
        if form == "list":
            self._add(seat, ast.Expr(call(ast.Attribute(base, "append"), [value])))
        elif form == "other":
            self._add(seat, ast.Expr(call(ast.Attribute(base, "add_module"), [ast.Constant(name), value])))
        else:
            self._add(seat, assign(self._places.reach(ast.Name("self"), path), value))

    def _closed(self, holder: Holder) -> ast.expr:
        made = {
            name: self._closed(child) if isinstance(child, Holder) else self._made_expression(child)
            for name, child in holder.children.items()
        }
        if holder.chained:
            return call("nn.Sequential", made.values())
        if holder.form == "list":
            return call("nn.ModuleList", [ast.List(list(made.values()))])
        return call("nn.ModuleDict", [ast.Dict([ast.Constant(name) for name in made], list(made.values()))])

    def _made_expression(self, seat: Seat) -> ast.expr:
        self._scope.counter = self._counter
        loop = Loop([], [])
        made = self._arguments.construct(seat, loop)
        if not seat.repeated:
            if loop.names:
                raise Refused(f"What the input decides of {seat.key} differs from use to use.", self._cls.where(seat))
            return made
        target, items = self._loop(seat, loop)
        row: ast.expr = ast.ListComp(made, [ast.comprehension(target, items, [], 0)])
        if self._running.sequential(seat):
            return call("nn.Sequential", [ast.Starred(row)])
        return call("nn.ModuleList", [row])

    def _loop(self, seat: Seat, loop: Loop) -> tuple[ast.expr, ast.expr]:
        """What runs along with the copies: `for i in range(3)`, `for n in (64, 96)`."""
        counter = ast.Name(self._counter)
        if not loop.names:
            return (counter if loop.counted else ast.Name("_")), call("range", [self._scope.value(seat.spec.repeat)])
        names: list[ast.expr] = [ast.Name(name) for name in loop.names]
        if len(names) == 1:
            target, items = names[0], loop.values[0]
        else:
            target, items = ast.Tuple(names), call("zip", loop.values, [("strict", ast.Constant(True))])
        if loop.counted:
            return ast.Tuple([counter, target]), call("enumerate", [items])
        return target, items

    def _one_by_one(self, seat: Seat) -> None:
        """A repeat whose copies are initialised each after its construction."""
        self._scope.counter = self._counter
        loop = Loop([], [])
        made = self._arguments.construct(seat, loop)
        kind = "nn.Sequential" if self._running.sequential(seat) else "nn.ModuleList"
        self._register(self._places.attribute(seat), call(kind), seat)
        name = self._names.fresh("layer")
        body: list[ast.stmt] = [assign(name, made)]
        body += self._init_statements(seat, ast.Name(name))
        body.append(ast.Expr(call(ast.Attribute(self._places.of(seat), "append"), [ast.Name(name)])))
        target, items = self._loop(seat, loop)
        self._add(seat, ast.For(target, items, body, []))

    # -- tensors -----------------------------------------------------------------------------------------------------

    def _tensor(self, seat: Seat) -> None:
        path = self._places.attribute(seat)
        self._holders_of(path, seat)
        fill = next(seat.copies()).params.get("fill", "randn")
        made = self._wired(seat) if seat.first.wires else source(seat, self._scope)
        if seat.kind == "parameter":
            self._parameter(seat, path, call("nn.Parameter", [made]))
        else:
            self._buffer(seat, path, made)
        stored = self._places.of(seat)
        if isinstance(fill, dict) and not seat.first.wires:
            self._add(seat, by_function(stored, fill))
        for init in (seat.spec.init or {}).values():
            for statement in self._one_init(stored, init, seat):
                self._add(seat, statement)
        if not seat.spec.trainable and seat.kind == "parameter":
            self._finish(seat)

    def _parameter(self, seat: Seat, path: str, made: ast.expr) -> None:
        above, _, name = path.rpartition(".")
        if (self._places.holders[above] if above else self._places.root).form == "other":
            holder = self._places.reach(ast.Name("self"), above) if above else ast.Name("self")
            self._add(seat, ast.Expr(call(ast.Attribute(holder, "register_parameter"), [ast.Constant(name), made])))
        else:
            place = self._places.of(seat)
            self._add(seat, assign(place, made), assign(place, ast.Constant(None)) if seat.switched else None)

    def _buffer(self, seat: Seat, path: str, made: ast.expr) -> None:
        above, _, name = path.rpartition(".")
        holder = self._places.reach(ast.Name("self"), above) if above else ast.Name("self")
        keywords = []
        if any(copy.params.get("persistent") is False for copy in seat.copies()):
            keywords.append(("persistent", ast.Constant(False)))
        otherwise = assign(self._places.of(seat), ast.Constant(None)) if seat.switched else None
        register = ast.Attribute(holder, "register_buffer")
        self._add(seat, ast.Expr(call(register, [ast.Constant(name), made], keywords)), otherwise)

    # -- what is computed here ---------------------------------------------------------------------------------------

    def _wired(self, seat: Seat) -> ast.expr:
        """The value that comes over a wire, a tensor of its own."""
        if seat.switched:
            raise Refused(f"{seat.key} is computed from other nodes and has a condition.", self._cls.where(seat))
        reference = seat.first.wires["value"][0]
        value = self.value(reference)
        found = self._wires.source(reference)
        assert found is not None
        origin, _ = found
        if self._depends_on_weights(origin, set()):
            value = call(ast.Attribute(value, "detach"))
        readers = [
            other
            for other in self._cls.seats.values()
            if other.kind in ("parameter", "constant") and other.switched != "off"
            for read in other.nodes[0].wires.get("value", [])
            if self._wires.source(read) == found
        ]
        dense = all(fact.dense for _, node in origin.present for fact in self._facts.of(node.path).values())
        if len(readers) > 1 or origin.kind != "function" or not dense:
            value = call(ast.Attribute(value, "clone"))
        return value

    def _depends_on_weights(self, seat: Seat, seen: set[str]) -> bool:
        if seat.kind in ("parameter", "module", "block"):
            return True
        seen.add(seat.key)
        return any(
            self._depends_on_weights(self._cls.seats[reference.node], seen)
            for reference in self._wires.read_by(seat)
            if reference.node not in seen
        )

    def value(self, reference: Reference) -> ast.expr:
        found = self._wires.source(reference)
        if found is None:
            return ast.Constant(None)
        seat, port = found
        if seat.kind == "function":
            self._compute(seat)
            held = ast.Name(self._computed[seat.key])
            names = self._wires.names(seat)
            if len(names) < 2 and not self._wires.is_list(seat):
                return held
            return ast.Subscript(held, ast.Constant(names.index(self._wires.port(seat, port))))
        if seat.key not in self._made:
            raise Refused(
                f"{seat.key} is read when the network is built, and is built only later.", self._cls.where(seat)
            )
        if seat.kind in ("parameter", "constant"):
            return self._places.of(seat)
        if seat.kind in ("module", "block") and not self._wires.is_result(seat, port):
            return self._places.reach(ast.Name("self"), f"{self._places.attribute(seat)}.{port}")
        raise Refused(f"{seat.key} would have to run when the network is built.", self._cls.where(seat))

    def _compute(self, seat: Seat) -> None:
        if seat.key in self._computed:
            return
        layer = seat.first.layer
        if seat.repeated or seat.switched or layer is None:
            text = f"{seat.key} runs when the network is built, and has a `repeat` or a `when`."
            raise Refused(text, self._cls.where(seat))
        self._computed[seat.key] = self._names.fresh(seat.key)
        made = function_call(layer, self.given(seat, layer))
        self._add(None, assign(self._computed[seat.key], made))

    # -- ties and init -----------------------------------------------------------------------------------------------

    def _ties(self) -> None:
        made: set[tuple[str, str]] = set()
        for use in self._cls.uses:  # a seat with a condition is not there in every use
            for node, name, reference in tie_order(use):
                seat = self._cls.seats[node.key]
                if (seat.key, name) in made:
                    continue
                made.add((seat.key, name))
                if seat.repeated:
                    raise Refused(f"A parameter of {seat.key}, which is repeated, is tied.", self._cls.where(seat))
                self._add(seat, self._tie(seat, name, reference))

    def _tie(self, seat: Seat, name: str, reference: Reference) -> ast.stmt:
        origin = self._cls.seats[reference.node]
        if origin.switched:
            raise Refused(f"{seat.key} is tied to {origin.key}, which has a condition.", self._cls.where(seat))
        path = self._places.attribute(origin)
        stored = origin.kind in ("parameter", "constant")
        value = self._places.reach(ast.Name("self"), path if stored else f"{path}.{reference.port}")
        if origin.kind == "constant":
            value = call("nn.Parameter", [value])
        return assign(self._places.reach(ast.Name("self"), f"{self._places.attribute(seat)}.{name}"), value)

    def _init(self, seat: Seat, made: ast.expr, under: Seat) -> None:
        for statement in self._init_statements(seat, made):
            self._add(under, statement)

    def _init_statements(self, seat: Seat, made: ast.expr) -> list[ast.stmt]:
        if seat.kind == "block":
            graphs = [copy.graph for copy in seat.copies() if copy.graph is not None]
            return rules(made, seat.spec.init or {}, self._inside(graphs))
        found: list[ast.stmt] = []
        for name, init in (seat.spec.init or {}).items():
            parts = name.split(".")
            tensor = made
            for part in parts:
                tensor = (
                    ast.Subscript(tensor, ast.Constant(int(part))) if part.isdigit() else ast.Attribute(tensor, part)
                )
            found += self._one_init(tensor, init, seat)
        return found

    @staticmethod
    def _one_init(tensor: ast.expr, init: Any, seat: Seat) -> list[ast.stmt]:
        if isinstance(init, list):
            return [by_values(tensor, init)]
        return [by_function(tensor, init)]

    def _inside(self, graphs: list[Graph]) -> list[Any]:
        """Every module inside these uses of a block."""
        found = {}
        todo = list(graphs)
        while todo:
            for node in todo.pop().nodes.values():
                for copy in node.copies:
                    if copy.graph is not None:
                        todo.append(copy.graph)
                    elif node.kind == "module" and node.present:
                        found.update(dict.fromkeys(self._facts.inside(copy.path)))
        return list(found)
