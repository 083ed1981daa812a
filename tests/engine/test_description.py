"""What an answer says whatever runs: kept with a network, the same bytes as made anew."""

from __future__ import annotations

import copy
from typing import Any

from tests.oracle.networks import random_network

from torchwire.engine import counts
from torchwire.engine.memory import MEMORIES
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS


def analyze(network: dict[str, Any]) -> bytes:
    return VERBS["analyze"]({"network": copy.deepcopy(network)}, Unwatched())


def test_another_seed_counts_nothing_again(monkeypatch: Any) -> None:
    network = random_network(4)
    MEMORIES["documents"].clear()
    first = analyze(network)
    monkeypatch.setattr(counts.Counts, "node", lambda *_: 1 / 0)
    assert analyze({**network, "seed": network["seed"] ^ 1}) == first
