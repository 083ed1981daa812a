"""What one answer may repeat of the document: its problems are never much larger than what was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from torchwire.graph.findings import SHOWN
from torchwire.graph.problems import Fix, Problem

_ALWAYS = 100_000  # characters of patches that every answer holds
_TIMES = 4  # and so many times the document
_NAME = 2_200  # characters: the longest path that allowed names make, 32 blocks deep
_MESSAGE = 1_000


def shown(problems: Iterable[Problem], document: Any) -> list[dict[str, Any]]:
    """The problems that an answer shows, as JSON.

    The first fixes have their patches; once these are together larger than four times the document, a problem says in
    words what its fix would do.
    """
    first = list(problems)[:SHOWN]
    lengths = [[_length(fix.patch) for fix in problem.fixes] for problem in first]
    needed = sum(length or 0 for row in lengths for length in row)
    room = _ALWAYS if needed <= _ALWAYS else _ALWAYS + _TIMES * (_length(document) or 0)
    answered = []
    for problem, row in zip(first, lengths, strict=True):
        kept: list[Fix] = []
        for fix, length in zip(problem.fixes, row, strict=True):
            if length is not None and length <= room:
                kept.append(fix)
                room -= length
        if len(kept) < len(problem.fixes):
            problem = _by_hand(problem, kept)
        answered.append(_cut(problem).as_json())
    return answered


def cut(text: str, most: int = _NAME) -> str:
    """A name as an answer repeats it: only one that is not allowed anyway is so long that its end is left out."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _cut(problem: Problem) -> Problem:
    names: dict[str, Any] = {
        key: cut(name) for key in ("node", "port", "param", "detail") if (name := getattr(problem, key))
    }
    return replace(problem, message=cut(problem.message, _MESSAGE), **names)


def _by_hand(problem: Problem, kept: list[Fix]) -> Problem:
    left = next(fix for fix in problem.fixes if fix not in kept)
    text = "" if kept else f" The patch would repeat too much of the document. By hand: {left.title}."
    return replace(problem, message=problem.message + text, fixes=tuple(kept))


def _length(value: Any) -> int | None:
    """Bytes as JSON; None for what no answer can hold: nested too deeply, or with huge integers."""
    try:
        return len(orjson.dumps(value))
    except TypeError:
        return None
