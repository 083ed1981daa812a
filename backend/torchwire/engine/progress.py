"""What a verb tells whoever watches it, so that a death can be blamed on the node that ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Watches one call of a verb."""

    def at(self, path: str) -> None:
        """Called before torch computes the node at this path."""

    def rescue(self, answer: Callable[[str], bytes]) -> None:
        """Called once at the start: `answer(code)` makes the answer of what is there, from another thread, while the
        verb still runs; the node that runs is blamed with the problem `code`. The process ends after it."""

    def heavy(self) -> None:
        """Called once when the network is large; returns when its turn has come."""


class Unwatched:
    """For calls in the same process: nobody watches."""

    def at(self, path: str) -> None:
        return

    def rescue(self, answer: Callable[[str], bytes]) -> None:
        return

    def heavy(self) -> None:
        return
