"""A bounded memory of answers: the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Remembers up to `size` values."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value], worth: Callable[[Value], bool] | None = None) -> Value:
        """The value of the key, made where it is not remembered; kept only if it is worth keeping."""
        values = self._values
        if key in values:
            values.move_to_end(key)
            return values[key]
        value = make()
        if worth is not None and not worth(value):
            return value
        values[key] = value
        if len(values) > self._size:
            values.popitem(last=False)
        return value
