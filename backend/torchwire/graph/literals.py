"""Values of `params` and `init`: not too deep, integers within 2**53, expressions that can be read."""

from __future__ import annotations

from typing import Any

from torchwire.graph.expressions import ExpressionError, parse_expression
from torchwire.settings import settings

MAX_INTEGER = 2**53

Fault = tuple[str, str]  # code, and text that follows the name of the parameter


def literal_fault(value: Any, index: bool = False) -> Fault | None:
    """What is wrong with a value, whoever takes it; `index`: expressions are what stands between brackets."""
    most = settings().max_depth
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        if depth > most:
            deep = _depth(value)
            return "limit-depth", f"is nested {deep:,} levels deep, {deep - most:,} over the limit of {most:,}"
        if isinstance(item, dict):
            if "$" in item:
                fault = _expression_fault(item, index)
                if fault is not None:
                    return "bad-expression", fault
            else:
                todo += [(inner, depth + 1) for inner in item.values()]
        elif isinstance(item, list):
            kinds = set(map(type, item))
            if kinds <= {int, float}:  # a tensor's values: no look at each in Python
                if item and not -MAX_INTEGER <= min(item) <= max(item) <= MAX_INTEGER and not _finite(item):
                    return "bad-param", "holds an integer beyond 2**53"
            else:
                todo += [(inner, depth + 1) for inner in item]
        elif isinstance(item, int) and abs(item) > MAX_INTEGER:
            return "bad-param", "holds an integer beyond 2**53"
        elif isinstance(item, float) and item in (float("inf"), float("-inf")):
            return "bad-param", 'holds a number that is too large; write "inf" or "-inf" if it is meant'
    return None


def _depth(value: Any) -> int:
    """How many lists and objects stand inside each other, its own not counted."""
    depth, level = 0, [value]
    while level := [
        inner
        for item in level
        if isinstance(item, (dict, list))
        for inner in (item.values() if isinstance(item, dict) else item)
    ]:
        depth += 1
    return depth


def _finite(numbers: list[int | float]) -> bool:
    """Whether only floats are beyond 2**53, and none of them is infinite."""
    return all(
        isinstance(number, float) and abs(number) != float("inf")
        for number in numbers
        if not -MAX_INTEGER <= number <= MAX_INTEGER
    )


def _expression_fault(item: dict[str, Any], index: bool) -> str | None:
    text = item["$"]
    if set(item) != {"$"} or not isinstance(text, str):
        return 'holds no expression; one is written {"$": "text"}'
    try:
        parse_expression(text, index=index)
    except ExpressionError as error:
        return f"cannot be read: {error}"
    return None
