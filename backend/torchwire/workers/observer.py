"""What the pool tells whoever counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Observer(Protocol):
    def waited(self, seconds: float) -> None:
        """A request has waited for a worker."""

    def superseded(self) -> None:
        """A newer forward of its session took a request's place."""

    def joined(self) -> None:
        """A request is answered by a computation that was asked for before."""

    def postponed(self) -> None:
        """A long computation was put back: as many run as may."""

    def noted(self, verb: str, seconds: float, memories: Mapping[str, tuple[int, int]]) -> None:
        """A worker has computed so long; hits and misses of its memories."""

    def restarted(self, cause: str) -> None:
        """A worker is replaced: `deadline superseded long memory crash outside fork-server`."""


class Nobody:
    """Counts nothing."""

    def waited(self, seconds: float) -> None:
        return

    def superseded(self) -> None:
        return

    def joined(self) -> None:
        return

    def postponed(self) -> None:
        return

    def noted(self, verb: str, seconds: float, memories: Mapping[str, tuple[int, int]]) -> None:
        return

    def restarted(self, cause: str) -> None:
        return
