"""How much of all bodies together the server holds."""

from __future__ import annotations

import json

import httpx
from tests.conftest import LiveServer
from tests.documents import LINEAR


def test_bodies_beyond_what_the_server_holds_are_answered_503_and_let_go() -> None:
    server = LiveServer(workers=1, bodies_mb=1)
    small = json.dumps({"network": {**LINEAR, "canvas": {"notes": "x" * 700_000}}})
    large = json.dumps({"network": {**LINEAR, "canvas": {"notes": "x" * 1_500_000}}})
    headers = {"Content-Type": "application/json"}
    try:
        for _ in range(3):  # what one holds is let go when it is answered, a refused one's too
            with server.client() as client:
                refused = client.post("/forward", content=large, headers=headers)
                assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
                assert refused.headers["retry-after"] == "1"
            answered = httpx.post(f"{server.url}/api/v1/forward", content=small, headers=headers, timeout=60)
            assert answered.status_code == 200
            assert answered.json()["ok"]
    finally:
        server.close()
