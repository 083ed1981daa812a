"""The run order: always the first node in document order whose wires are ready."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping


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
    left = set(keys)
    while True:  # peel off what nobody in the set reads: it is only behind a cycle
        read = {source for key in left for source in reads[key] if source in left}
        if read == left:
            return left
        left &= read


def ancestors(keys: Iterable[str], reads: Mapping[str, set[str]]) -> set[str]:
    """The keys and everything that they read, directly or not."""
    found: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo.extend(reads.get(key, ()))
    return found
