"""Rows 27 and 30: attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Nested


def heads(case: Case) -> Problem | None:
    """Row 27: each head computes with an equal share of the width."""
    return _heads(case, case.owner.params, case.owner.nested, case.layer.type, ())


def _heads(
    case: Case, params: Mapping[str, Any], nested: Mapping[str, Nested], type_name: str, path: tuple[str, ...]
) -> Problem | None:
    for wide, many in (("embed_dim", "num_heads"), ("d_model", "nhead")):
        width, count = params.get(wide), params.get(many)
        if type_name == "Transformer":
            width, count = params.get(wide, 512), params.get(many, 8)
        if not isinstance(width, int) or not isinstance(count, int) or count < 1 or width % count == 0:
            continue
        fixes = []
        for number in repairs.nearest_divisors(width, count):
            fixes += repairs.set_nested(case, (*path, many), number) if path else repairs.set_value(case, many, number)
        where = f" of {path[0]}" if path else ""
        return Problem(
            "attention-heads",
            f"{case.title} cannot share {wide} {width}{where} out to {count} heads: {width} / {count} is "
            f"{width / count:.2f}. Possible are {', '.join(map(str, repairs.divisors(width)[:12]))}.",
            param=path[0] if path else many,
            detail=case.detail,
            fixes=tuple(fixes),
        )
    for name, inner in nested.items():
        found = _heads(case, inner.params, inner.nested, inner.layer.type, (*path, name))
        if found is not None:
            return found
    return None


_MASKS = {
    "attn_mask": (("query", 0), ("key", 0)),
    "mask": (("src", 0), ("src", 0)),
    "src_mask": (("src", 0), ("src", 0)),
    "tgt_mask": (("tgt", 0), ("tgt", 0)),
    "memory_mask": (("tgt", 0), ("memory", 0)),
}


def mask(case: Case) -> Problem | None:
    """Row 30: a mask says for each target position which source positions it may see."""
    if case.layer.form != "module":
        return None
    first = case.param("batch_first")
    for nested in case.owner.nested.values():
        first = nested.params.get("batch_first", False)
    for port, ends in _MASKS.items():
        found = case.shape(port)
        shapes = [case.shape(name) for name, _ in ends]
        if found is None or any(shape is None or len(shape) not in (2, 3) for shape in shapes):
            continue
        steps = tuple(shape[-2] if first or len(shape) == 2 else shape[0] for shape in shapes if shape is not None)
        if len(found) not in (2, 3) or found[-2:] == steps:
            continue
        return Problem(
            "attention-mask-shape",
            f"{port} of {case.title} is {' x '.join(map(str, found))} ({case.source(port)}), but must be "
            f"{steps[0]} x {steps[1]}: one row per target step, one column per source step.",
            port=port,
            detail=case.detail,
            fixes=(*repairs.causal_mask(case, port, steps), *repairs.unwire(case, port)),
        )
    return None


RULES = (mask,)
CONSTRUCTION = (heads,)
