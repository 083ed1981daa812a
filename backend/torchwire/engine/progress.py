"""What a verb tells whoever watches it, so that a death can be blamed on the node that ran."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Watches one call of a verb."""

    def at(self, path: str) -> None:
        """Called before torch computes the node at this path."""

    def done(self, path: str, fragment: bytes) -> None:
        """A finished node, as the JSON of its answer."""

    def heavy(self) -> None:
        """Called once when the network is large; returns when its turn has come."""


class Unwatched:
    """For calls in the same process: nobody watches."""

    def at(self, path: str) -> None:
        return

    def done(self, path: str, fragment: bytes) -> None:
        return

    def heavy(self) -> None:
        return
