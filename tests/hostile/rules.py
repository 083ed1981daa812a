"""What holds of every answer, whatever was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import httpx
from tests.documents import LINEAR, input_, layer, network

MAX_BYTES = 4_096
WORDS, NUMBER = "canary_of_a_neighbour", 48271.625
NEIGHBOUR = {
    "network": {
        **network(
            **{WORDS: input_(64, 64, fill="values", values=[[NUMBER] * 64] * 64), "sum": layer("relu", WORDS)},
        ),
        "name": WORDS,
    },
    "values": "all",
}
JSON = {"Content-Type": "application/json"}
ANSWER = {"ok", "nodes", "problems", "more_problems", "totals", "repr"}
CODES = {
    400: {"bad-http"},
    404: {"not-found"},
    405: {"method-not-allowed"},
    413: {"body-too-large"},
    415: {"unsupported-media-type"},
    421: {"unknown-host"},
    422: {"not-a-document", "bad-request", "no-tensor", "limit-time", "limit-memory", "crashed"},
    428: {"precondition-required"},
}


def check(status: int, body: bytes) -> None:
    """Status, size and shape of an answer, and that nothing of a neighbour's is in it."""
    assert status < 400 or status in CODES, (status, body[:300])
    assert WORDS.encode() not in body
    assert str(NUMBER).encode() not in body
    if status >= 400:
        assert len(body) <= MAX_BYTES
        error = json.loads(body)["error"]
        assert set(error) == {"code", "message", "fields"}
        assert error["code"] in CODES[status]
        assert "Traceback" not in body.decode()


@dataclass
class Neighbour:
    """Somebody who works on the same server, and does not notice."""

    client: httpx.Client
    _expected: bytes = field(init=False)

    def __post_init__(self) -> None:
        answer = self.client.post("/forward", json=NEIGHBOUR)
        assert answer.json()["ok"]
        self._expected = answer.content
        assert self.client.post("/forward", json={"network": LINEAR}).json()["ok"]

    def looks(self) -> None:
        answer = self.client.post("/forward", json=NEIGHBOUR)
        assert answer.status_code == 200
        assert answer.content == self._expected
