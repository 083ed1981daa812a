"""Pasted code is never executed, and no text takes more than its bounds."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from tests.reading.hostile import GIANT, REACHING
from tests.reading.mistakes import net
from tests.reading.texts import LENET, imported

X = {"x": {"shape": [1, 2]}}


@pytest.mark.parametrize("name", REACHING)
def test_nothing_of_a_text_is_executed(name: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    found = imported(REACHING[name].replace("{mark}", str(mark)), inputs=X)
    assert not mark.exists()
    if name not in ("metaclass", "top level"):  # of these nothing is needed, and nothing is read
        assert found["problems"], name
        assert all(problem["line"] for problem in found["problems"])


def peak() -> int:
    """The most memory that this process had, in KiB."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.mark.parametrize("name", GIANT)
def test_a_giant_is_told_within_its_bounds(name: str) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew: earlier tests may have taken much more
    began, before = time.monotonic(), peak()
    found = imported(GIANT[name], seconds=1, inputs=X)
    assert time.monotonic() - began < 6
    assert peak() - before < 400_000
    assert [problem for problem in found["problems"] if problem["severity"] == "error"]


def test_a_worker_lives_on(api: httpx.Client) -> None:
    before = api.get("/health").json()["workers"]["restarts"]
    for text in (GIANT["recursion"], GIANT["string"], GIANT["lists of lists"], REACHING["os"], GIANT["brackets"]):
        answer = api.post("/import", json={"format": "python", "content": text, "inputs": X})
        assert answer.status_code == 200, answer.text
        assert any(problem["severity"] == "error" for problem in answer.json()["problems"])
    assert api.post("/import", json={"format": "python", "content": LENET}).json()["networks"]
    assert api.get("/health").json()["workers"]["restarts"] == before


def test_a_text_is_read_the_same_way_twice() -> None:
    text = net("return F.relu(self.a(x)) + x", "self.a = nn.Linear(2, 2)")
    assert imported(text, inputs=X) == imported(text, inputs=X)
