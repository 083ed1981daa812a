"""Blocks that contain themselves, directly or through others."""

from __future__ import annotations

from collections.abc import Mapping


def circles(uses: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """The uses (block, used block) that close a circle; without them no block contains itself."""
    found = []
    state: dict[str, str] = {}
    for start in uses:
        if start in state:
            continue
        state[start] = "open"
        stack = [(start, iter(uses[start]))]
        while stack:
            name, inner = stack[-1]
            used = next(inner, None)
            if used is None:
                state[name] = "done"
                stack.pop()
            elif state.get(used) == "open":
                found.append((name, used))
            elif used not in state:
                state[used] = "open"
                stack.append((used, iter(uses[used])))
    return found
