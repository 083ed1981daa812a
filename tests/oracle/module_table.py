"""The table of docs/oracle.md: how much of torch's module_db was compared, and what a document cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
import torch
from tests.oracle.module_samples import EQUAL, FAILED, NOT_EXPRESSIBLE, NotExpressible, Sample, document

OUTCOMES = (EQUAL, FAILED, NOT_EXPRESSIBLE)
INTRODUCTION = """\
## Oracle 1: torch's own module samples

torch tests its layers with a table of its own, `torch.testing._internal.common_modules.module_db`. Each sample that a
document can express is written as one (constructor arguments as `params`, tensors as `values` Inputs, forward keywords
as `params`), run, and compared with the same module constructed and run directly in torch after the same seed: shapes,
dtypes and values to the bit, in train and in eval mode. A case that torch says must fail is an error on its node.

A document says `dtype` where the class takes one: samples in another dtype than float32 are constructed in it.
"""


class Table:
    """Collects samples as they are checked."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, torch.dtype], Counter[str]] = {}
        self._reasons: Counter[tuple[str, str, str, bool]] = Counter()

    def add(self, sample: Sample, outcome: str) -> None:
        """A sample and what became of it: EQUAL, FAILED or NOT_EXPRESSIBLE."""
        self._tallies.setdefault((sample.type, sample.dtype), Counter())[outcome] += 1
        if outcome == NOT_EXPRESSIBLE:
            with pytest.raises(NotExpressible) as reason:
                document(sample)
            self._reasons[sample.type, _name(sample.dtype), str(reason.value), sample.fails] += 1

    def render(self) -> str:
        """Markdown."""
        dtypes = list(dict.fromkeys(dtype for _, dtype in self._tallies))
        lines = [INTRODUCTION, f"torch {torch.__version__.partition('+')[0]}, one thread, CPU.\n"]
        lines += _table(
            ("dtype", "classes", *OUTCOMES),
            (
                (
                    _name(dtype),
                    len(of),
                    *(sum(tally[outcome] for tally in of) for outcome in OUTCOMES),
                )
                for dtype in dtypes
                if (of := [tally for (_, other), tally in self._tallies.items() if other == dtype])
            ),
        )
        lines.append("\n### Not expressible\n")
        lines += _table(
            ("class", "dtype", "samples", "why"),
            (
                (type_name, dtype, f"{count}{' (must fail)' if fails else ''}", reason)
                for (type_name, dtype, reason, fails), count in sorted(self._reasons.items())
            ),
        )
        lines.append("\n### By class, float32\n")
        lines += _table(
            ("class", *OUTCOMES),
            (
                (type_name, *(tally[outcome] for outcome in OUTCOMES))
                for (type_name, dtype), tally in sorted(self._tallies.items(), key=lambda item: item[0][0])
                if dtype == torch.float32
            ),
        )
        return "\n".join(lines) + "\n"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
    ]
