"""Row 2: feature maps straight into a Linear."""

from __future__ import annotations

import math

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Problem

_MAPS = ("Conv", "MaxPool", "AvgPool", "Adaptive", "BatchNorm2d", "BatchNorm3d", "max_pool", "avg_pool", "adaptive")


def unflattened(case: Case) -> Problem | None:
    """torch multiplies the last dimension, the width of the maps, and its numbers look unrelated."""
    shape = case.shape("input")
    given = case.owner.params.get("in_features")
    if not case.kind("Linear") or shape is None or len(shape) < 3 or given in (None, shape[-1]):
        return None
    maps = any(case.type_of(node).startswith(_MAPS) for node in case.upstream("input"))
    whole = math.prod(shape[1:])
    if given not in (whole, shape[1]) and not (maps and len(shape) >= 4):
        return None
    if len(shape) == 3 and given != whole:
        return None
    flatten = repairs.insertion(case, "input", [("Flatten", {})])
    fixes = flatten
    if given != whole:
        fixes = repairs.then(
            flatten,
            repairs.set_value(case, "in_features", whole),
            title=f"Insert Flatten before {case.node.key} and set in_features to {whole}",
        )
    if len(shape) in (4, 5):
        pool = f"AdaptiveAvgPool{len(shape) - 2}d"
        pooled = repairs.insertion(case, "input", [(pool, {"output_size": 1}), ("Flatten", {})])
        if given != shape[1]:
            pooled = repairs.then(
                pooled,
                repairs.set_value(case, "in_features", shape[1]),
                title=f"Insert {pool} and Flatten and set in_features to {shape[1]}",
            )
        fixes = [*pooled, *fixes] if given == shape[1] else [*fixes, *pooled]
    return Problem(
        "linear-unflattened",
        f"{case.title} gets feature maps from {case.source('input')} ({named(shape, 'Conv')}); it reads the last "
        f"dimension, {shape[-1]}, but in_features is {given}.\n"
        f"Flattened, a sample has {' x '.join(map(str, shape[1:]))} = {whole} features.",
        port="input",
        param="in_features",
        detail=case.detail,
        fixes=tuple(fixes or repairs.set_width(case, "in_features", shape[-1])),
    )


RULES = (unflattened,)
