"""What a verb tells whoever watches it, so that a deadline or a death becomes an answer about the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Rescue = Callable[[str], bytes]
"""(problem code) -> the answer with what is there by now."""


class Progress(Protocol):
    """Watches one call of a verb."""

    def at(self, place: str) -> None:
        """Called before torch computes: "shapes conv1", "build conv1" or "run stage1.0.conv1"."""

    def rescue(self, answer: Rescue) -> None:
        """Called once at the start: `answer(code)` makes the answer of what is there, from another thread, while the
        verb still runs; the node that runs is blamed with the problem `code`. The process ends after it."""

    def heavy(self) -> None:
        """Called when the network is large: the deadline is the long one; returns when its turn has come."""

    def long(self) -> None:
        """Called when the computation is long: the deadline is the long one."""


class Watch(Protocol):
    """What the passes tell the computation that they belong to."""

    def enter(self, phase: str, path: str, known: bool = False) -> None:
        """Called before torch computes, phase being shapes, build or run. Raises Fault where it must not.

        `known`: what torch says is remembered, so that it need not compute.
        """

    def heavy(self) -> None:
        """See Progress."""

    def long(self) -> None:
        """See Progress."""


class Unwatched:
    """For calls in the same process: nobody watches."""

    def at(self, place: str) -> None:
        return

    def rescue(self, answer: Rescue) -> None:
        return

    def heavy(self) -> None:
        return

    def long(self) -> None:
        return
