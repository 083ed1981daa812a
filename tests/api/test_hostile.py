"""Hostile bodies, on a live server: a clear answer, never a 500, nothing long, nobody else harmed."""

from __future__ import annotations

import json

import httpx
import pytest
from tests.api.hostile import bodies
from tests.documents import LINEAR

BODIES = bodies()
JSON = {"Content-Type": "application/json"}


def test_there_are_enough() -> None:
    assert len(BODIES) >= 60


@pytest.mark.parametrize("verb", ["forward", "analyze"])
@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_answered(api: httpx.Client, verb: str, name: str) -> None:
    body, status = BODIES[name]
    answer = api.post(f"/{verb}", content=body, headers=JSON)
    expected = (200, 422) if status is None or verb == "analyze" else (status,)
    assert answer.status_code in expected, answer.text[:300]
    assert answer.headers["content-type"] == "application/json"
    if answer.status_code == 200:
        assert set(answer.json()) == {"ok", "nodes", "problems", "more_problems", "totals", "repr"}
        return
    assert len(answer.content) <= 4_096
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "fields"}
    assert error["code"] in ("not-a-document", "bad-request")


def test_the_neighbours_do_not_notice(api: httpx.Client) -> None:
    request = {"network": LINEAR, "values": "all"}
    expected = api.post("/forward", json=request)
    assert expected.json()["ok"]
    for name in ("LSTM of 1,000,000 steps", "deep lists", "cat doubling 40 times"):
        api.post("/forward", content=BODIES[name][0], headers=JSON)
        assert api.post("/forward", json=request).content == expected.content
    assert json.loads(api.get("/health").content)["status"] == "ok"
