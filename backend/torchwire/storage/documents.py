"""What may be saved: network documents, right or wrong, as `forward` would answer them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from torchwire.graph.document import parse_json, recognise


@dataclass(frozen=True)
class Saving:
    """A document's text, and what the list shows of it."""

    text: bytes
    packed: bytes
    name: str
    nodes: int


def read_saving(text: bytes) -> Saving:
    """The text is kept byte for byte: the order of its keys is part of the network. Raises NotADocument."""
    document = parse_json(text)
    recognise(document)
    name = document.get("name")
    shown = name[:100].replace("\0", "") if isinstance(name, str) else ""  # PostgreSQL's text has no NUL
    return Saving(text, zlib.compress(text), shown, len(document["nodes"]))
