"""Row 51: channel dropout on something else than maps."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.problems import Problem

_TYPES = ("Dropout2d", "Dropout3d", "dropout2d", "dropout3d")


def rank(case: Case) -> Problem | None:
    """torch guesses what is meant, and warns."""
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or len(shape) == case.spatial + 2:
        return None
    if case.spatial == 3 and len(shape) == 4:
        return None  # (C, D, H, W), one sample: documented
    stem = "Dropout" if case.layer.form == "module" else "dropout"
    new = f"{stem}{len(shape) - 2}d" if len(shape) in (3, 4, 5) else stem
    return Problem(
        "dropout-rank",
        f"{case.title} drops whole maps, but {case.source('input')} gives {len(shape)} dimensions "
        f"({' x '.join(map(str, shape))}); {new} is the one for it.",
        severity="warning",
        port="input",
        param="type",
        detail=case.detail,
        fixes=tuple(repairs.set_type(case, new)),
    )


SILENT = ((_TYPES, rank),)
