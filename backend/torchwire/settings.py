"""Every setting in one table: environment variable, default, meaning."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import cache


def _setting(default: int | float, help: str) -> int:
    made: int = field(default=default, metadata={"help": help})  # type: ignore[assignment]
    return made


@dataclass(frozen=True)
class Settings:
    """The settings; each is TORCHWIRE_ and its name in capitals in the environment."""

    workers: int = _setting(0, "Worker processes that run torch; 0 is one per processor core.")
    deadline_ms: int = _setting(2_000, "Milliseconds that one request may compute.")
    heavy_deadline_ms: int = _setting(20_000, "The same above 50 million parameters; one such request runs at a time.")
    memory_mb: int = _setting(2_048, "Memory in MiB that one request may take.")
    max_parameters: int = _setting(250_000_000, "Parameters of a network that is run; larger ones are analysed only.")
    max_elements: int = _setting(2**26, "Elements of one tensor.")
    max_rank: int = _setting(16, "Dimensions of one tensor.")
    max_expanded_nodes: int = _setting(20_000, "Nodes after blocks and repeats are laid out.")
    max_depth: int = _setting(32, "Depth of blocks inside blocks.")
    max_body: int = _setting(4_000_000, "Bytes of a request's body.")
    max_answer: int = _setting(10_000_000, "Elements of all values in one answer.")
    queue: int = _setting(64, "Requests that may wait for a worker; more are answered 503.")


@cache
def settings() -> Settings:
    """The settings of this process. Raises ValueError where the environment holds no number."""
    given = {}
    for item in fields(Settings):
        text = os.environ.get(f"TORCHWIRE_{item.name.upper()}")
        if text is not None:
            try:
                given[item.name] = int(text)
            except ValueError:
                raise ValueError(f"TORCHWIRE_{item.name.upper()} must be an integer, not {text!r}.") from None
    return Settings(**given)
