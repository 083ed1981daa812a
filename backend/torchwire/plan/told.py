"""What is told already, and where: a fault of a block's definition is one problem, however often the block is used."""

from __future__ import annotations

from collections.abc import Hashable


class Told:
    """Keeps the first node at which each fault was told.

    Two uses of a block have the same fault where the place in the document and the words are the same. Other words
    (another argument, another shape) are a fault of their own, but a node says only once what is wrong at one place.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[Hashable, str], str | None] = {}
        self._said: set[tuple[Hashable, str | None]] = set()

    def note(self, place: Hashable, message: str, node: str | None) -> tuple[str | None, bool]:
        """The node at which this is told, and whether it has to be told now."""
        if (place, node) in self._said:
            return node, False
        if (place, message) in self._first:
            return self._first[place, message], False
        self._first[place, message] = node
        self._said.add((place, node))
        return node, True

    def copy(self) -> Told:
        other = Told()
        other._first, other._said = dict(self._first), set(self._said)
        return other
