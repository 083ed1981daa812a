"""Row 41: softmax and its kin."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.problems import Problem

_TYPES = ("Softmax", "LogSoftmax", "Softmin", "softmax", "log_softmax", "softmin")


def implicit_dim(case: Case) -> Problem | None:
    """Without a dim torch guesses: 0 for 0, 1 and 3 dimensions, else 1."""
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or case.param("dim") is not None:
        return None
    dim = 0 if len(shape) in (0, 1, 3) else 1
    fixes = repairs.set_value(case, "dim", dim)
    if len(shape) == 3:
        fixes = repairs.set_value(case, "dim", 2) + fixes
    return Problem(
        "implicit-dim",
        f"{case.title} has no dim; torch takes {dim} of {' x '.join(map(str, shape)) or 'a single number'} and warns. "
        "Say which dimension sums to 1.",
        severity="warning",
        param="dim",
        detail=case.detail,
        fixes=tuple(fixes),
    )


SILENT = ((_TYPES, implicit_dim),)
