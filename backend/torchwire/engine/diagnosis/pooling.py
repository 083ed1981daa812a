"""Rows 10 and 11: pooling."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.diagnosis.convolution import shrunk_by
from torchwire.graph.problems import Fix, Problem

_POOLS = ("MaxPool", "AvgPool", "max_pool", "avg_pool", "min_pool")


def padding(case: Case) -> Problem | None:
    """Row 11: a window of which more than half would be padding."""
    if not case.layer.type.startswith(_POOLS):
        return None
    sizes, pads = case.sizes("kernel_size"), case.sizes("padding")
    if sizes is None or pads is None or all(2 * pad <= size for pad, size in zip(pads, sizes, strict=True)):
        return None
    half = [min(pad, size // 2) for pad, size in zip(pads, sizes, strict=True)]
    return Problem(
        "pool-padding",
        f"{case.title} has padding {repairs.shown(case.param('padding'))}, but at most half of kernel_size "
        f"{repairs.shown(case.param('kernel_size'))} may be padding.",
        param="padding",
        detail=case.detail,
        fixes=tuple(repairs.set_value(case, "padding", half[0] if len(set(half)) == 1 else half)),
    )


def pooled_away(case: Case) -> Problem | None:
    """Row 10: the window is larger than what is left of the map."""
    shape, sizes, pads = case.shape("input"), case.sizes("kernel_size"), case.sizes("padding")
    if not case.layer.type.startswith(_POOLS) or shape is None or len(shape) < case.spatial + 1:
        return None
    if sizes is None or pads is None:
        return None
    steps = case.sizes("dilation") or (1,) * case.spatial
    maps = shape[-case.spatial :]
    room = [size + 2 * pad for size, pad in zip(maps, pads, strict=True)]
    reach = [step * (size - 1) + 1 for size, step in zip(sizes, steps, strict=True)]
    if all(r <= size for r, size in zip(reach, room, strict=True)):
        return None
    fixes: list[Fix] = repairs.switch_off(case)
    least = [min(size, left) for size, left in zip(sizes, room, strict=True)]
    if all(size >= 1 for size in least) and all(2 * pad <= size for pad, size in zip(pads, least, strict=True)):
        fixes += repairs.set_value(case, "kernel_size", least[0] if len(set(least)) == 1 else least)
    return Problem(
        "pool-size",
        f"{case.title} has windows of {' x '.join(map(str, reach))}, but only {' x '.join(map(str, maps))} is left of "
        f"the map from {case.source('input')}." + shrunk_by(case),
        port="input",
        param="kernel_size",
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (padding, pooled_away)
