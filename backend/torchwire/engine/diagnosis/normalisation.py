"""Rows 16, 17 and 19: normalisation."""

from __future__ import annotations

import math

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem


def rank(case: Case) -> Problem | None:
    """Row 16: BatchNorm2d on a (N, C) tensor and its kin; another member of the family fits."""
    stem = next((s for s in ("BatchNorm", "InstanceNorm") if case.layer.type.startswith(s)), None)
    shape = case.shape("input")
    if stem is None or shape is None or len(shape) not in (2, 3, 4, 5):
        return None
    fits = {2: 1, 3: 1, 4: 2, 5: 3}[len(shape)]
    unbatched = stem == "InstanceNorm" and len(shape) == case.spatial + 1
    if fits == case.spatial or unbatched or (stem == "InstanceNorm" and len(shape) == 2):
        return None
    new = f"{stem}{fits}d"
    return Problem(
        "norm-rank",
        f"{case.title} gets a tensor of {len(shape)} dimensions ({named(shape, new)}) from {case.source('input')}; "
        f"{new} is the one for it.",
        port="input",
        param="type",
        detail=case.detail,
        fixes=tuple(repairs.set_type(case, new)),
    )


def one_value(case: Case) -> Problem | None:
    """Row 17: the mean of a single value is that value, so there is nothing to normalise."""
    shape = case.shape("input")
    if not case.layer.type.startswith("BatchNorm") or not case.training or shape is None or len(shape) < 2:
        return None
    if shape[0] * math.prod(shape[2:]) != 1:
        return None
    fixes: list[Fix] = []
    for node in case.upstream("input"):
        own = node.spec.params.get("shape")
        if node.kind == "input" and isinstance(own, list) and own[:1] == [1] and not case.graph.path:
            if node.copies[0].params.get("fill", "randn") not in ("values", "sample"):
                fixes += repairs.set_on(node, "shape", [2, *own[1:]])
            break
    test = {"op": "test", "path": "/training", "value": True}
    fixes.append(
        Fix("Switch to eval mode", [test, {"op": "replace", "path": "/training", "value": False}]),
    )
    return Problem(
        "norm-one-value",
        f"{case.title} has one value per channel ({named(shape, case.layer.type)}) and cannot normalise it in train "
        "mode. Give it a batch of at least 2.",
        port="input",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def groups(case: Case) -> Problem | None:
    """Row 19: GroupNorm's groups divide its channels."""
    channels, count = case.param("num_channels"), case.param("num_groups")
    if not case.kind("GroupNorm") or not isinstance(channels, int) or not isinstance(count, int) or count < 1:
        return None
    if channels % count == 0:
        return None
    fixes = [
        fix for n in repairs.nearest_divisors(channels, count, 3) for fix in repairs.set_value(case, "num_groups", n)
    ]
    return Problem(
        "group-norm-groups",
        f"{case.title} cannot divide {channels} channels into {count} groups. "
        f"Possible are {', '.join(map(str, repairs.divisors(channels)[:12]))}.",
        param="num_groups",
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (rank, one_value)
CONSTRUCTION = (groups,)
