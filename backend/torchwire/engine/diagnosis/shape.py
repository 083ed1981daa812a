"""Rows 38 to 40: layers that only change the shape."""

from __future__ import annotations

import math

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.problems import Fix, Problem


def reshape(case: Case) -> Problem | None:
    """Row 38: the sizes do not multiply up to what is there."""
    shape, wanted = case.shape("input"), case.param("shape")
    if not case.kind("view", "reshape") or shape is None or not isinstance(wanted, tuple):
        return None
    if not all(isinstance(size, int) and size >= -1 for size in wanted):
        return None
    total, known = math.prod(shape), math.prod(size for size in wanted if size != -1)
    if known == total or (wanted.count(-1) == 1 and known and total % known == 0):
        return None
    fixes: list[Fix] = []
    for place, size in enumerate(wanted):
        rest = math.prod(other for n, other in enumerate(wanted) if n != place and other != -1)
        others_open = any(other == -1 for n, other in enumerate(wanted) if n != place)
        if size != -1 and rest > 0 and total % rest == 0 and not others_open:
            fixes += repairs.set_value(case, "shape", [*wanted[:place], -1, *wanted[place + 1 :]])
    hint = "" if fixes else f"\n{_factors(total)}"
    if not fixes and total:
        fixes = repairs.set_value(case, "shape", _factored(total, wanted))
    return Problem(
        "reshape-size",
        f"{case.title} cannot lay {total} values ({' x '.join(map(str, shape))} from {case.source('input')}) out as "
        f"{' x '.join(map(str, wanted))} = {known}." + hint,
        param="shape",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def _factored(total: int, wanted: tuple[int, ...]) -> list[int]:
    """As many sizes that multiply up to the total: each the divisor nearest to what was wanted."""
    sizes, left = [], total
    for size in wanted[:-1]:
        sizes.append(repairs.nearest_divisors(left, size if size > 0 else 1, 1)[0])
        left //= sizes[-1]
    return [*sizes, left]


def _factors(total: int) -> str:
    pairs = [f"{n} x {total // n}" for n in repairs.divisors(total) if n * n <= total]
    return f"{total} is {', '.join(pairs[:8])}." if pairs else ""


def unflatten(case: Case) -> Problem | None:
    """Row 38: the same for one dimension."""
    shape, dim = case.shape("input"), case.param("dim")
    name = "unflattened_size" if case.layer.form == "module" else "sizes"
    wanted = case.param(name)
    if not case.kind("Unflatten", "unflatten") or shape is None or not isinstance(wanted, tuple):
        return None
    if not isinstance(dim, int) or not -len(shape) <= dim < len(shape) or not all(isinstance(n, int) for n in wanted):
        return None
    size, known = shape[dim], math.prod(n for n in wanted if n != -1)
    if known == size or (wanted.count(-1) == 1 and known and size % known == 0):
        return None
    fixes: list[Fix] = []
    for place in range(len(wanted)):
        rest = math.prod(n for other, n in enumerate(wanted) if other != place)
        if rest > 0 and size % rest == 0:
            fixes += repairs.set_value(case, name, [*wanted[:place], size // rest, *wanted[place + 1 :]])
    if not fixes and size:
        fixes = repairs.set_value(case, name, _factored(size, wanted))
    return Problem(
        "reshape-size",
        f"{case.title} cannot divide dimension {dim} of size {size} (from {case.source('input')}) into "
        f"{' x '.join(map(str, wanted))} = {known}. {_factors(size)}",
        param=name,
        detail=case.detail,
        fixes=tuple(fixes),
    )


def view(case: Case) -> Problem | None:
    """Row 39: a view needs its values side by side in memory, which permute and transpose undo."""
    sheet = case.sheet("input")
    if not case.kind("view") or sheet is None or reshape(case) is not None:
        return None
    if sheet.strides == type(sheet).contiguous(sheet.shape, sheet.dtype).strides:
        return None
    return Problem(
        "view-strides",
        f"{case.title} cannot look at the values of {case.source('input')} in another shape: they are not side by side "
        "in memory after permute, transpose or expand. reshape copies them.",
        port="input",
        param="type",
        detail=case.detail,
        fixes=tuple(repairs.set_type(case, "reshape")),
    )


def squeezed_batch(case: Case) -> Problem | None:
    """Row 40: squeeze without dim takes a batch of one away too."""
    shape = case.shape("input")
    if not case.kind("squeeze") or shape is None or case.param("dim") is not None:
        return None
    ones = [axis for axis, size in enumerate(shape) if size == 1]
    from_input = any(node.kind == "input" for node in case.upstream("input"))
    if len(shape) < 2 or ones[:1] != [0] or len(ones) < 2 or not from_input or case.graph.path:
        return None
    rest: list[int] | int = ones[1:] if len(ones) > 2 else ones[1]
    return Problem(
        "squeezed-batch",
        f"{case.title} takes every dimension of size 1 away from {' x '.join(map(str, shape))}, the batch too.",
        severity="warning",
        param="dim",
        fixes=tuple(repairs.set_value(case, "dim", rest)),
    )


RULES = (reshape, unflatten, view)
SILENT = ((("squeeze",), squeezed_batch),)
