"""What the storage tests save."""

from __future__ import annotations

import json
import secrets

from torchwire.storage.documents import Saving, read_saving
from torchwire.storage.networks import Condition

CREATE = Condition(create=True)
ANY = Condition(any=True)
ME, YOU = "m" * 22, "y" * 22


def at(*revisions: int) -> Condition:
    return Condition(revisions=frozenset(revisions))


def new_id() -> str:
    return secrets.token_hex(16)


def text(seed: int = 0, name: str = "Net") -> bytes:
    """A document that no formatter would write so: what is kept is the text, not what it means."""
    return b'{"nodes" :{"z":{"type":"Input"},\n"a":{}},"format":"torchwire/1", "seed":%d,"name":%s}\t' % (
        seed,
        json.dumps(name).encode(),
    )


def saving(seed: int = 0, name: str = "Net") -> Saving:
    return read_saving(text(seed, name))
