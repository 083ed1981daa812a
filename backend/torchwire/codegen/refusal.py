"""What cannot be exported: the reason, and where it is."""

from __future__ import annotations


class Refused(Exception):
    """The network cannot be said in code faithfully. `reason` is a sentence, `node` the path of who is in the way."""

    def __init__(self, reason: str, node: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.node = node
