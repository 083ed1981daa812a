"""Where modules and tensors stand on `self`: plain attributes, and containers for `attribute`s with dots.

`features.0` and `features.1` stand in an nn.Sequential or nn.ModuleList, `features.0` and `features.3` in an
nn.ModuleDict, `encoder.norm` on a bare nn.Module. The names in state_dict() are the document's in every case.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from torchwire.codegen.uses import Class, Seat

_STORED = ("module", "block", "parameter", "constant")
_DICT_ATTRIBUTES = frozenset("keys items values pop clear update".split())


@dataclass
class Holder:
    """A container. `form`: list, dict, module, or other, where only add_module and get_submodule reach everything.

    `closed`: everything in it is constructed in a row and under one condition, so that one expression makes it.
    `chained`: forward() calls it as a whole.
    """

    path: str
    children: dict[str, Seat | Holder] = field(default_factory=dict)
    form: str = "module"
    closed: bool = False
    chained: bool = False

    @property
    def first(self) -> Seat:
        """The first node in it, in document order."""
        child = next(iter(self.children.values()))
        return child.first if isinstance(child, Holder) else child

    def seats(self) -> list[Seat]:
        found: list[Seat] = []
        for child in self.children.values():
            found += child.seats() if isinstance(child, Holder) else [child]
        return found


class Places:
    """The attributes of one class."""

    def __init__(self, cls: Class, places: Mapping[str, Places]) -> None:
        self._cls = cls
        self._blocks = places  # of the blocks, by name
        self.root = Holder("")
        self.holders: dict[str, Holder] = {}
        self.stored = [seat for seat in cls.seats.values() if seat.kind in _STORED and seat.switched != "off"]
        for seat in self.stored:
            *above, last = self.attribute(seat).split(".")
            holder = self.root
            for part in above:
                path = f"{holder.path}.{part}" if holder.path else part
                inner = holder.children.setdefault(part, Holder(path))
                assert isinstance(inner, Holder)  # the document's reader has refused other attributes
                self.holders[path] = holder = inner
            holder.children[last] = seat
        for holder in reversed(self.holders.values()):
            self._form(holder)
        if not all(name.isidentifier() for name in self.root.children):
            self._form(self.root)
            if self.root.form != "list":
                self.root.form, self.root.closed = "other", False

    @staticmethod
    def attribute(seat: Seat) -> str:
        return seat.spec.attribute or seat.key

    def _form(self, holder: Holder) -> None:
        names = list(holder.children)
        seats = holder.seats()
        modules = all(
            isinstance(child, Holder) or child.kind in ("module", "block") for child in holder.children.values()
        )
        first = self.stored.index(seats[0])
        holder.closed = (
            self.stored[first : first + len(seats)] == seats
            and all(seat.kind in ("module", "block") and not seat.spec.init for seat in seats)
            and len({repr(seat.spec.when) if seat.switched else "" for seat in seats}) == 1
            and all(child.closed for child in holder.children.values() if isinstance(child, Holder))
        )
        steady = holder.closed or not any(seat.switched for seat in seats)
        if modules and steady and names == [str(number) for number in range(len(names))]:
            holder.form = "list"
        elif all(name.isidentifier() for name in names):
            holder.form, holder.closed = "module", False
        elif modules and not _DICT_ATTRIBUTES & set(names):
            holder.form = "dict"
        else:
            holder.form, holder.closed = "other", False

    # -- reaching ----------------------------------------------------------------------------------------------------

    def of(self, seat: Seat) -> ast.expr:
        """`self.conv1`, `self.features[0]`."""
        return self.reach(ast.Name("self"), self.attribute(seat))

    def reach(self, base: ast.expr, path: str) -> ast.expr:
        """What stands at a path below `base`, an instance of this class."""
        holder: Holder | Seat = self.root
        parts = path.split(".")
        while parts:
            part, *parts = parts
            assert isinstance(holder, Holder)
            base = _step(base, part, holder.form)
            below = holder.children.get(part)
            if below is None:
                return plain(base, parts)
            if isinstance(below, Seat):
                return self._within(base, below, parts)
            holder = below
        return base

    def _within(self, base: ast.expr, seat: Seat, parts: list[str]) -> ast.expr:
        if seat.repeated and parts:
            base, parts = _step(base, parts[0], "list"), parts[1:]
        if parts and seat.kind == "block":
            return self._blocks[seat.spec.type or ""].reach(base, ".".join(parts))
        return plain(base, parts)


def plain(base: ast.expr, parts: list[str]) -> ast.expr:
    """Below a module of torch's own: names are attributes, numbers positions in its lists."""
    for part in parts:
        base = _step(base, part, "list" if part.isdigit() else "module")
    return base


def _step(base: ast.expr, name: str, form: str) -> ast.expr:
    if form == "list":
        return ast.Subscript(base, ast.Constant(int(name)))
    if form == "dict":
        return ast.Subscript(base, ast.Constant(name))
    if name.isidentifier():
        return ast.Attribute(base, name)
    return ast.Call(ast.Name("getattr"), [base, ast.Constant(name)], [])
