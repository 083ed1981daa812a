"""No layer reads or writes beyond its tensors, whatever numbers stand in them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import Any

import pytest
import torch
from tests.engine import reach

from torchwire.engine import guards

_EVERYTHING = 10**6
_TOGETHER = 60  # subjects in one process
# what crashed or leaked once, or takes numbers that say where to read
_ALWAYS = [name for name in reach.SUBJECTS if name.startswith(("CTCLoss", "EmbeddingBag", "scaled_dot"))]


def findings(names: list[str], most: int) -> list[str]:
    """What a process of its own finds; a crash is a finding too."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.reach", str(most)], input=json.dumps(names), capture_output=True, text=True
    )
    found = [line for line in done.stdout.splitlines() if line.partition(":")[0] in reach.SUBJECTS]
    return found if done.returncode == 0 else [*found, f"ended with {done.returncode}: {done.stderr[-2000:]}"]


def test_a_sample_stays_within_its_tensors() -> None:
    sample = random.Random(4).sample(list(reach.SUBJECTS), 40)
    assert findings(list(dict.fromkeys([*_ALWAYS, *sample])), 10) == []


@pytest.mark.proof
@pytest.mark.parametrize("start", range(0, len(reach.SUBJECTS), _TOGETHER))
def test_every_layer_stays_within_its_tensors(start: int) -> None:
    assert findings(list(reach.SUBJECTS)[start : start + _TOGETHER], _EVERYTHING) == []


@pytest.mark.parametrize("changed", [{"targets": torch.full((2, 3), 5)}, {"targets": torch.full((2, 3), 16)}], ids=str)
def test_the_probe_sees_what_is_read_beyond(changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard, CTC takes labels outside the classes and reads beside the scores."""
    monkeypatch.setattr(guards, "check", lambda *_: None)
    (layer, module, given, training), *_ = reach.calls_of(reach.SUBJECTS["CTCLoss"]())
    results = {reach.result(byte, (layer, module, {**given, **changed}, training))[0] for byte in reach.BYTES}
    assert len(results) == 2


def test_the_probe_sees_what_is_written_beyond() -> None:
    ground = reach.Field(0x22)
    tensor = ground.plant(torch.zeros(3))
    assert ground.is_whole()
    tensor.as_strided((4,), (1,))[3] = 1
    assert not ground.is_whole()
