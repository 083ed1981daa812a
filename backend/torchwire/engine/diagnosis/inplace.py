"""Layers that write into their input: computed out of place here, so nobody may read the overwritten tensor later."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.problems import Problem


def overwritten(case: Case) -> Problem | None:
    """Another node reads the same output after this one has run, and would get what this one left there."""
    if case.param("inplace") is not True or case.later_copy:
        return None
    mine = case.reference("input")
    if mine is None:
        return None
    order = [*case.graph.order, *case.graph.idle]
    place = {key: number for number, key in enumerate(order)}
    for other in case.graph.nodes.values():
        if other is case.node or not other.present or mine not in set(other.reads()):
            continue
        later = place.get(other.key, -1) > place.get(case.node.key, len(order))
        if not later and other.kind != "output":  # what is returned is read at the end
            continue
        return Problem(
            "inplace-overwritten",
            f"{case.title} is inplace: it overwrites {case.source('input')}, which {other.key} reads afterwards.",
            port="input",
            param="inplace",
            fixes=tuple(repairs.set_value(case, "inplace", False)),
        )
    return None
