"""References: `node` (its first output) or `node.port`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A node, and the output or parameter of it that is meant; None is its first output."""

    node: str
    port: str | None = None

    @classmethod
    def parse(cls, text: object) -> Reference:
        """Raises ValueError with a reason."""
        if not isinstance(text, str):
            raise ValueError('a wire is written "node" or "node.port"')
        if len(text) > 400:
            raise ValueError("a reference has at most 400 characters")
        node, dot, port = text.partition(".")
        if not node or (dot and not port):
            raise ValueError(f'{text[:64]!r} is no reference; a wire is written "node" or "node.port"')
        return cls(node, port if dot else None)

    def __str__(self) -> str:
        return self.node if self.port is None else f"{self.node}.{self.port}"
