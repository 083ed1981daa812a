"""Rows 34 to 37: tensors that meet, by concatenation or by arithmetic."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem

_ARITHMETIC = ("add", "sub", "mul", "div", "maximum", "minimum")
Shape = tuple[int, ...]


def _shapes(case: Case) -> list[Shape]:
    value = case.arguments.get("tensors")
    if not isinstance(value, tuple):
        return []
    return [shape for number in range(len(value)) if (shape := case.shape("tensors", number)) is not None]


def cat_rank(case: Case) -> Problem | None:
    """Row 35: maps and a row of features cannot stand side by side."""
    shapes = _shapes(case)
    ranks = {len(shape) for shape in shapes if shape != (0,)}
    if not case.kind("cat", "concat", "stack") or len(ranks) < 2:
        return None
    fixes: list[Fix] = []
    if min(ranks) == 2:
        found = [
            repairs.insertion(case, "tensors", [("Flatten", {})], None, n) for n, s in enumerate(shapes) if len(s) > 2
        ]
        if len(found) == 1:
            fixes = found[0]
    told = "; ".join(f"{case.source('tensors', n)} {' x '.join(map(str, shape))}" for n, shape in enumerate(shapes[:6]))
    return Problem(
        "cat-rank",
        f"{case.title} joins tensors of different numbers of dimensions: {told}.",
        port="tensors",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def cat_size(case: Case) -> Problem | None:
    """Row 34: sizes differ beside the joined dimension."""
    shapes = _shapes(case)
    if not case.kind("cat", "concat") or len(shapes) < 2 or len({len(shape) for shape in shapes}) != 1:
        return None
    rank, dim = len(shapes[0]), case.param("dim") or 0
    if not isinstance(dim, int) or not -rank <= dim < rank:
        return None
    differ = [axis for axis in range(rank) if axis != dim % rank and len({shape[axis] for shape in shapes}) > 1]
    if not differ:
        return None
    others = [axis for axis in range(rank) if len({shape[axis] for shape in shapes}) > 1]
    fixes: list[Fix] = []
    if len(others) == 1:
        fixes += repairs.set_value(case, "dim", others[0])
    if rank == 4 and all(axis >= 2 for axis in differ):
        largest = max(shapes, key=lambda shape: shape[2] * shape[3])
        for number, shape in enumerate(shapes):
            if shape[2:] != largest[2:] and sum(s[2:] != largest[2:] for s in shapes) == 1:
                layer: repairs.Layer = ("interpolate", {"size": list(largest[2:])})
                title = f"Resize {case.source('tensors', number)} to {largest[2]} x {largest[3]}"
                fixes += repairs.insertion(case, "tensors", [layer], title, number)
    told = "; ".join(f"{case.source('tensors', n)} ({named(shape, 'Conv')})" for n, shape in enumerate(shapes[:6]))
    return Problem(
        "cat-size",
        f"{case.title} joins along dimension {dim}, so all others must agree; dimension "
        f"{', '.join(map(str, differ))} does not: {told}.",
        port="tensors",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def arithmetic(case: Case) -> Problem | None:
    """Row 36: two tensors that do not fit together; torch names the last bad dimension only."""
    a, b = case.shape("input"), case.shape("other")
    if not case.kind(*_ARITHMETIC) or a is None or b is None:
        return None
    pairs = list(zip(reversed(a), reversed(b), strict=False))
    if all(x == y or 1 in (x, y) for x, y in pairs):
        return None
    return Problem(
        "shape-mismatch",
        f"{case.title} meets {' x '.join(map(str, a))} from {case.source('input')} and {' x '.join(map(str, b))} from "
        f"{case.source('other')}.\nSizes must be equal or 1, counted from the last dimension.",
        port="other",
        detail=case.detail,
        fixes=tuple(_projections(case, a, b)),
    )


def _projections(case: Case, a: Shape, b: Shape) -> list[Fix]:
    """A layer on the shorter way round (the skip) that gives it the other's shape."""
    if len(a) != len(b) or a[0] != b[0]:
        return []
    if len(a) in (2, 3) and a[:-1] == b[:-1]:
        return [
            *repairs.insertion(case, "other", [("Linear", {"out_features": a[-1]})]),
            *repairs.insertion(case, "input", [("Linear", {"out_features": b[-1]})]),
        ]
    if len(a) != 4:
        return []
    fixes: list[Fix] = []
    for port, have, want in (("other", b, a), ("input", a, b)):
        steps = [-(-h // w) if w else 0 for h, w in zip(have[2:], want[2:], strict=True)]
        fits = all(s >= 1 and (h - 1) // s + 1 == w for s, h, w in zip(steps, have[2:], want[2:], strict=True))
        if not fits or (have[2:] == want[2:] and have[1] == want[1]):
            continue
        stride = steps[0] if steps[0] == steps[1] else steps
        params = {"out_channels": want[1], "kernel_size": 1, "stride": stride}
        fixes += repairs.insertion(
            case, port, [("Conv2d", params)], f"Insert a 1 x 1 Conv2d after {case.source(port)} (stride {stride})"
        )
    return fixes


def accidental_broadcast(case: Case) -> Problem | None:
    """Row 37: (8, 1) and (8) give (8, 8). Only this pattern: other broadcasts are meant."""
    a, b = case.shape("input"), case.shape("other")
    if not case.kind(*_ARITHMETIC) or not a or not b or a[0] < 2:
        return None
    for port, wide, flat in (("input", a, b), ("other", b, a)):
        if len(flat) == 1 and wide == (flat[0], 1) and flat[0] > 1:
            return Problem(
                "accidental-broadcast",
                f"{case.title} makes {flat[0]} x {flat[0]} of {wide[0]} x 1 and {flat[0]}: every row meets every value."
                f"\nIf they belong together one by one, squeeze {case.source(port)}.",
                severity="warning",
                port=port,
                fixes=tuple(repairs.insertion(case, port, [("squeeze", {"dim": 1})])),
            )
    return None


RULES = (cat_rank, cat_size, arithmetic)
SILENT = ((_ARITHMETIC, accidental_broadcast),)
