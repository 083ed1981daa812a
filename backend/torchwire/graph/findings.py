"""What reading a document finds: problems in the order in which they are met, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torchwire.graph.models import FORMAT
from torchwire.graph.problems import Fix, Problem

# An answer shows a hundred problems and counts the others, so the others need no hints and no fixes: finding the
# nearest name for each of 100,000 wrong keys would take minutes.
SHOWN = 100

_MOST_VALUES = 2_000
_MOST_CHARACTERS = 100_000
_DEEPEST = 40


def crowded(problems: list[Problem]) -> bool:
    """Whether further problems are only counted."""
    return len(problems) >= SHOWN


def portable(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """The fixes that an answer can carry: a patch that repeats huge or very deep values is no one-click repair."""
    return tuple(fix for fix in fixes if fits([operation.get("value") for operation in fix.patch]))


def fits(value: Any, most_values: int = _MOST_VALUES, most_characters: int = _MOST_CHARACTERS) -> bool:
    """Whether a patch may repeat this value."""
    todo = [(value, 0)]
    values = characters = 0
    while todo:
        item, depth = todo.pop()
        values += 1
        if isinstance(item, str):
            characters += len(item)
        elif isinstance(item, dict):
            characters += sum(map(len, item))
            todo += [(inner, depth + 1) for inner in item.values()]
        elif isinstance(item, list):
            todo += [(inner, depth + 1) for inner in item]
        elif isinstance(item, int) and abs(item) > 2**53:
            return False
        if depth > _DEEPEST or values + len(todo) > most_values or characters > most_characters:
            return False
    return True


def removal(path: str, value: Any) -> list[dict[str, Any]]:
    """Patch that takes a value away, and only if it is still this one."""
    return [_still(path, value), {"op": "remove", "path": path}]


def replace(path: str, old: Any, new: Any) -> list[dict[str, Any]]:
    """Patch that changes a value, and only if it is still the old one."""
    return [_still(path, old), {"op": "replace", "path": path, "value": new}]


def _still(path: str, value: Any) -> dict[str, Any]:
    """That the value is the one that was meant; of a number that no patch can carry, that it is in a document."""
    if isinstance(value, (int, float)) and not abs(value) <= 2**53:
        return {"op": "test", "path": "/format", "value": FORMAT}
    return {"op": "test", "path": path, "value": value}
