"""Who reads what inside one class: absent nodes looked through, nodes that matter, names of results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.codegen.facts import Facts
from torchwire.codegen.scope import Names, reads
from torchwire.codegen.uses import Class, Seat
from torchwire.graph.references import Reference
from torchwire.plan.absent import lacks

Nest = str | list[Any]  # the names of what a call returns: "output", or ["output", ["h_n", "c_n"]]

_RUNNING = ("module", "function", "block", "call")
# what may draw random numbers or keep statistics: it runs although nobody reads its result
_EFFECTS = ("drop", "rrelu", "norm", "rand", "lstm", "gru", "rnn", "attention", "transformer", "fractional", "gumbel")
_DRAWS = frozenset({"bernoulli", "multinomial"})


class Wires:
    """The wires of a class. `returned` are the keys whose values it gives back."""

    def __init__(self, cls: Class, classes: Mapping[str, Class], facts: Facts) -> None:
        self.cls = cls
        self._classes = classes
        self._facts = facts
        self.returned = [key for key in cls.uses[0].returned if self.source(self._of_result(key)) is not None]
        self.counts: Counter[str] = Counter()  # how often a node's results are read
        self.ports: dict[str, dict[str, None]] = {}  # which of them
        self.readers: dict[
            str, list[tuple[str, str | None]]
        ] = {}  # who reads a node, "" for what is returned; the port
        self._nests: dict[str, Nest] = {}
        self._names: dict[str, list[str]] = {}
        self.live = self._live()

    # -- references --------------------------------------------------------------------------------------------------

    def source(self, reference: Reference) -> tuple[Seat, str | None] | None:
        """The node and port that a reference means, absent nodes looked through; None where nothing comes in."""
        seat, port = self.cls.seats[reference.node], reference.port
        while seat.switched == "off" or seat.kind == "output":
            if lacks(seat.nodes[0], Reference(seat.key, port)):
                return None
            through = seat.nodes[0].wires.get(seat.nodes[0].first_port or "")
            if seat.kind == "input" or not through:
                return None
            seat, port = self.cls.seats[through[0].node], through[0].port
        return seat, port

    def _of_result(self, key: str) -> Reference:
        return Reference(key, None)

    def results(self) -> list[Reference]:
        """What the class returns, in order."""
        return [Reference(key, None) for key in self.returned]

    def read_by(self, seat: Seat) -> list[Reference]:
        """Every reference of a node, sizes included."""
        found = [reference for references in seat.nodes[0].wires.values() for reference in references]
        for name, raw in seat.spec.params.items():
            if seat.nodes[0].sizes:
                found += reads(raw, index=name == "index")
        return found

    def is_result(self, seat: Seat, port: str | None) -> bool:
        """Whether a port is something that the node computes, and not one of its parameters."""
        if port is None or seat.kind not in ("module", "block"):
            return True
        names = self.names(seat)
        return port in names or (port == "output" and len(names) == 1) or port.isdigit()

    # -- what runs ---------------------------------------------------------------------------------------------------

    def _live(self) -> list[str]:
        needed: set[str] = set()
        todo: list[str] = []

        def mark(reference: Reference, reader: str) -> None:
            found = self.source(reference)
            if found is None:
                return
            seat, port = found
            if not self.is_result(seat, port):
                return
            self.counts[seat.key] += 1
            self.readers.setdefault(seat.key, []).append((reader, port))
            self.ports.setdefault(seat.key, {})[self.port(seat, port)] = None
            if seat.key not in needed:
                needed.add(seat.key)
                todo.append(seat.key)

        for reference in self.results():
            mark(reference, "")
        for key in self.cls.order:
            seat = self.cls.seats[key]
            runs = seat.switched != "off" and seat.kind in _RUNNING and seat.nodes[0].runs
            if runs and key not in needed and self._has_effects(seat):
                needed.add(key)
                todo.append(key)
        while todo:
            seat = self.cls.seats[todo.pop()]
            if seat.kind in _RUNNING:
                for reference in self.read_by(seat):
                    mark(reference, seat.key)
        return [key for key in self.cls.order if key in needed and self.cls.seats[key].kind in _RUNNING]

    def _has_effects(self, seat: Seat) -> bool:
        kind = (seat.spec.type or "").lower()
        return seat.kind in ("block", "call") or kind in _DRAWS or any(word in kind for word in _EFFECTS)

    # -- results -----------------------------------------------------------------------------------------------------

    def layer(self, seat: Seat) -> LayerType | None:
        """The layer of a node; of the node that it calls."""
        if seat.kind == "call":
            return self.cls.seats[seat.first.target or ""].first.layer
        return seat.first.layer

    def block(self, seat: Seat) -> Class | None:
        spec = self.cls.seats[seat.first.target or ""].spec if seat.kind == "call" else seat.spec
        return self._classes.get(spec.type or "") if seat.kind in ("block", "call") else None

    def names(self, seat: Seat) -> list[str]:
        """The names of what a node gives, in order."""
        if seat.key in self._names:
            return self._names[seat.key]
        found = self._names[seat.key] = []
        todo: list[Nest] = [self.nest(seat)]
        while todo:
            item = todo.pop(0)
            if isinstance(item, str):
                found.append(item)
            else:
                todo = [*item, *todo]
        return found

    def port(self, seat: Seat, port: str | None) -> str:
        """The name of the result that a port means."""
        names = self.names(seat)
        known = self._facts.of(seat.first.path)
        if port is None or (port == "output" and port not in names and len(names) == 1):
            first = next(iter(known), names[0] if names else "output")
            return "0" if first == "output" and self.is_list(seat) else first
        return port

    def is_list(self, seat: Seat) -> bool:
        layer = self.layer(seat)
        return layer is not None and layer.list_output

    def nest(self, seat: Seat) -> Nest:
        """The names of what the node's call returns, as it returns them."""
        if seat.key not in self._nests:
            self._nests[seat.key] = self._nest(seat)
        return self._nests[seat.key]

    def _nest(self, seat: Seat) -> Nest:
        block = self.block(seat)
        if block is not None:
            returned = block.uses[0].returned if not block.returned else block.returned
            return list(returned) if len(returned) > 1 else (returned[0] if returned else [])
        layer = self.layer(seat)
        if layer is None:
            return "output"
        if layer.list_output:
            return [name for name in self._facts.of(seat.first.path) if name.isdigit()]
        copy = next(seat.copies(), None)
        params = {**copy.params, **copy.run_params} if copy is not None else {}
        if seat.kind == "call":
            target = next(self.cls.seats[seat.first.target or ""].copies(), None)
            params = {**(target.params if target is not None else {}), **params}
        # attention gives None in place of what is switched off, the others give fewer
        whole = layer.type == "MultiheadAttention"
        ports = [port for port in layer.outputs if whole or _there(port.when, params)]
        if len(ports) < 2 or ports[0].when:
            return ports[0].name if ports else "output"
        names = [port.name for port in ports]
        return [names[0], names[1:]] if layer.type == "LSTM" else names


def _there(when: Mapping[str, Any] | None, params: Mapping[str, Any]) -> bool:
    return all(params.get(key) == value for key, value in (when or {}).items())


class Locals:
    """The local variables of forward()."""

    def __init__(self, wires: Wires) -> None:
        seats = wires.cls.seats
        self.names = Names(set())
        self._of: dict[str, str] = {key: self.names.fresh(key) for key in seats}
        self._several: dict[tuple[str, str], str] = {}
        told = Counter(port for key in wires.live for port in wires.ports.get(key, ()) if len(wires.ports[key]) > 1)
        for key in wires.live:
            ports = wires.ports.get(key, {})
            if len(ports) < 2:
                continue
            for port in wires.names(seats[key]):
                if port in ports:
                    plain = told[port] == 1 and port.isidentifier() and port not in seats
                    wanted = port if plain else f"{key}_{port}"
                    self._several[key, port] = self.names.fresh(wanted)

    def of(self, seat: Seat, port: str | None = None) -> str:
        """The variable that holds a result."""
        return self._several.get((seat.key, port or ""), self._of[seat.key])
