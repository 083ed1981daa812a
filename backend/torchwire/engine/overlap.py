"""Whether two tensors have an element in common, by what is known of where they lie."""

from __future__ import annotations

import torch

from torchwire.engine.sheet import Sheet

_MOST = 1_000_000  # elements that are compared one by one; of larger ones with gaps nothing is said


def overlap(one: Sheet, other: Sheet) -> bool:
    """False where it is not known."""
    if one.place is None or other.place is None or one.place.storage != other.place.storage:
        return False
    if not one.elements or not other.elements:
        return False
    (start, end), (from_, to) = _span(one), _span(other)
    if end < from_ or to < start:
        return False
    if _is_dense(one) and (start <= from_ <= end or start <= to <= end):
        return True
    if _is_dense(other) and (from_ <= start <= to or from_ <= end <= to):
        return True
    if max(one.elements, other.elements) > _MOST:
        return False
    return bool(torch.isin(_elements(one), _elements(other)).any())


def _span(sheet: Sheet) -> tuple[int, int]:
    """The first and the last element."""
    assert sheet.place is not None
    return sheet.place.offset, sheet.place.offset + _last(sheet)


def _last(sheet: Sheet) -> int:
    return sum((size - 1) * step for size, step in zip(sheet.shape, sheet.strides, strict=True))


def _is_dense(sheet: Sheet) -> bool:
    """Whether it fills its span: in the order of their steps, each dimension begins where the one before ends."""
    filled = 1
    for step, size in sorted((step, size) for size, step in zip(sheet.shape, sheet.strides, strict=True) if size > 1):
        if step > filled:
            return False
        filled += (size - 1) * step
    return True


def _elements(sheet: Sheet) -> torch.Tensor:
    assert sheet.place is not None
    found = torch.tensor([sheet.place.offset])
    for size, step in zip(sheet.shape, sheet.strides, strict=True):
        found = (found[:, None] + torch.arange(size if step else 1) * step).flatten()
    return found
