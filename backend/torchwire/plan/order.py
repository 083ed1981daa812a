"""The run order: always the first node in document order whose wires are ready."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping


def run_order(nodes: Iterable[str], reads: Mapping[str, set[str]]) -> tuple[list[str], list[str]]:
    """The keys in run order, and those that never become ready because a cycle holds them.

    `nodes` are in document order; `reads[key]` are the keys whose results `key` waits for (others are ignored).
    """
    keys = list(nodes)
    place = {key: number for number, key in enumerate(keys)}
    waiting = {key: {read for read in reads[key] if read in place} for key in keys}
    readers: dict[str, list[str]] = {key: [] for key in keys}
    for key, sources in waiting.items():
        for source in sources:
            readers[source].append(key)
    left = {key: len(sources) for key, sources in waiting.items()}
    ready = [place[key] for key in keys if not left[key]]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        key = keys[heapq.heappop(ready)]
        order.append(key)
        for reader in readers[key]:
            left[reader] -= 1
            if not left[reader]:
                heapq.heappush(ready, place[reader])
    return order, [key for key in keys if left[key]]


def in_cycles(keys: Iterable[str], reads: Mapping[str, set[str]]) -> set[str]:
    """Those of the keys that lie on a cycle, not merely behind one."""
    inside = set(keys)
    number: dict[str, int] = {}  # when a key was met
    low: dict[str, int] = {}  # the earliest key that it reaches
    path: list[str] = []  # met, and their component not complete
    waiting: set[str] = set()
    found: set[str] = set()
    for start in inside:
        if start in number:
            continue
        stack: list[tuple[str, Iterator[str]]] = []
        _meet(start, stack, number, low, path, waiting, reads)
        while stack:
            key, sources = stack[-1]
            source = next(sources, None)
            if source is None:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[key])
                if low[key] == number[key]:  # a component is complete: a cycle where it is more than a key alone
                    place = path.index(key) if key != path[-1] else len(path) - 1
                    component = path[place:]
                    del path[place:]
                    waiting.difference_update(component)
                    if len(component) > 1 or key in reads[key]:
                        found.update(component)
            elif source not in inside:
                continue
            elif source not in number:
                _meet(source, stack, number, low, path, waiting, reads)
            elif source in waiting:
                low[key] = min(low[key], number[source])
    return found


def _meet(
    key: str,
    stack: list[tuple[str, Iterator[str]]],
    number: dict[str, int],
    low: dict[str, int],
    path: list[str],
    waiting: set[str],
    reads: Mapping[str, set[str]],
) -> None:
    number[key] = low[key] = len(number)
    path.append(key)
    waiting.add(key)
    stack.append((key, iter(reads[key])))


def ancestors(keys: Iterable[str], reads: Mapping[str, Iterable[str]]) -> set[str]:
    """The keys and everything that they read, directly or not."""
    found: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo.extend(reads.get(key, ()))
    return found


def readers(reads: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Who reads each key."""
    found: dict[str, list[str]] = {}
    for key, sources in reads.items():
        for source in sources:
            found.setdefault(source, []).append(key)
    return found
