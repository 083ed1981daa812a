"""A bounded memory of answers: the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


MEMORIES: dict[str, Memory[Any]] = {}
"""The memories of this process that have a name."""


class Memory(Generic[Value]):
    """Remembers values up to a total weight: `size` of them, or of whatever `weigh` counts.

    `hits` and `misses` count how often a value was there when it was asked for.
    """

    def __init__(self, size: int, weigh: Callable[[Value], int] = lambda value: 1, name: str = "") -> None:
        """`name`: under which a server tells its hits and misses."""
        self.size = size
        self._weigh = weigh
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self.weight = 0
        self.hits = 0
        self.misses = 0
        if name:
            MEMORIES[name] = self

    def find(self, key: Hashable) -> Value | None:
        """The value of the key, or None where none is remembered."""
        found = self._values.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Value) -> bool:
        """Remembers a value, unless it is heavier than a quarter of the memory. Whether it does."""
        weight = self._weigh(value)
        if weight > max(1, self.size // 4):
            return False
        self.drop(key)
        self._values[key] = (value, weight)
        self.weight += weight
        while self.weight > self.size:
            _, (_, lost) = self._values.popitem(last=False)
            self.weight -= lost
        return True

    def drop(self, key: Hashable) -> None:
        """Forgets the value of a key, if there is one."""
        _, weight = self._values.pop(key, (None, 0))
        self.weight -= weight

    def clear(self) -> None:
        """Forgets everything."""
        self._values.clear()
        self.weight = 0

    def get(self, key: Hashable, make: Callable[[], Value], worth: Callable[[Value], bool] | None = None) -> Value:
        """The value of the key, made where it is not remembered; kept only if it is worth keeping."""
        value = self.find(key)
        if value is None:
            value = make()
            if worth is None or worth(value):
                self.put(key, value)
        return value
