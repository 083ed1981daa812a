"""What an entry of the functions' tables is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from torchwire.catalogue.layer import Param, Port


@dataclass(frozen=True)
class Function:
    """A function or tensor method: a name and a line in plain words; the rest only where torch does not say it.

    What it takes is read from torch: from the signature, else from the operator's schema. `params` set right, by name,
    what torch says badly or not at all, and add what it leaves out; `ports` replace its ports; `takes` is everything,
    and torch is not asked. `drops` are names that are not offered.

    `code` is how people write it, where that is not a call of F.name or torch.name by keywords (see LayerType.code).
    `reads` is the name of torch's function or operator that says what it takes, where it is not its own.
    """

    name: str
    summary: str
    also: str = ""  # other words for it, separated by commas
    family: str = ""
    code: str = ""
    reads: str = ""
    params: tuple[Param, ...] = ()
    ports: tuple[Port, ...] = ()
    takes: tuple[Param | Port, ...] = ()
    drops: str = ""
    outputs: tuple[Port, ...] = (Port("output"),)
    numbered: bool = False  # gives a list: its outputs are numbered by the run

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.also.split(",") if word.strip())


def family(name: str, entries: Iterable[Function]) -> tuple[Function, ...]:
    """The entries with their family."""
    return tuple(replace(entry, family=name) for entry in entries)


INPUT = Port("input")
VALUES_AND_INDICES = (Port("values"), Port("indices"))
BY_DIM = (Port("output", when={"dim": None}), *VALUES_AND_INDICES)
"""One tensor over everything; values and indices along a dimension."""


def operator(name: str, sign: str, summary: str, also: str = "", second: str = "other") -> Function:
    """A binary operator of Python's: a number may stand on either side."""
    sides = ("input", second)
    takes: tuple[Param | Port, ...] = tuple(map(Port, sides)) + tuple(Param(side, "number") for side in sides)
    return Function(name, summary, f"{also}, {sign}", code=f"input {sign} {second}", takes=takes)


def method(name: str, summary: str, also: str = "", *params: Param) -> Function:
    """A tensor method whose arguments are all required: written `input.name(argument)`."""
    given = ", ".join(param.name for param in params)
    return Function(name, summary, also, code=f"input.{name}({given})", takes=(INPUT, *params))
