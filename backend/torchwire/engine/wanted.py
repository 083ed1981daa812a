"""Which tensors an answer gives in full, and how much it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ALWAYS = 64  # tensors of at most so many elements come with their values


class Room:
    """How many more elements the answer holds, and who found no place in it."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.without: dict[str, int] = {}

    def take(self, path: str, extent: int) -> bool:
        if extent > self._left:
            self.without[path] = self.without.get(path, 0) + extent
            return False
        self._left -= extent
        return True


class Wanted:
    """Names of nodes whose tensors come back in full, or "all" of them."""

    def __init__(self, names: Any, room: Room) -> None:
        self._all = names == "all"
        self._names = frozenset(names) if isinstance(names, list) else frozenset()
        self._room = room

    def has(self, path: str, shape: Sequence[int]) -> bool:
        extent = 1
        for size in shape:
            extent *= size or 1  # an empty list takes its place too
        return (extent <= ALWAYS or self._all or path in self._names) and self._room.take(path, extent)
