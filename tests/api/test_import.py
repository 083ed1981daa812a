"""POST /import on a live server: networks from source, bounds, workers that live on."""

from __future__ import annotations

import httpx
import pytest
from tests.reading.texts import LENET

from torchwire.api.models import Imported


def test_lenet_is_pasted_and_runs(api: httpx.Client) -> None:
    answer = api.post("/import", json={"format": "python", "content": LENET})
    assert answer.status_code == 200
    found = Imported.model_validate(answer.json())
    assert [problem.code for problem in found.problems] == ["import-shape"]
    (network,) = found.networks
    totals = api.post("/forward", json={"network": network}).json()
    assert totals["ok"]
    assert totals["totals"]["parameters"] == 81_290
    assert found.names["conv1.weight"] == "conv1.weight"
    assert found.questions[0].guess == {"shape": [1, 1, 32, 32], "dtype": "float32"}


def test_inputs_of_the_request_are_taken(api: httpx.Client) -> None:
    given = {"format": "python", "content": LENET, "entry": "LeNet", "inputs": {"x": {"shape": [3, 1, 32, 32]}}}
    found = api.post("/import", json=given).json()
    assert found["problems"] == []
    assert found["questions"] == []
    assert found["networks"][0]["nodes"]["x"]["params"] == {"shape": [3, 1, 32, 32]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"format": "python"},
        {"format": "python", "content": "x", "files": {"a.py": "x"}},
        {"format": "fortran", "content": "x"},
        {"format": "python", "content": 7},
        {"format": "python", "content": "x", "inputs": {"x": {"shape": [-1]}}},
        {"format": "python", "content": "x", "more": 1},
        {"format": "python", "files": {}},
    ],
)
def test_what_is_no_request_is_refused(api: httpx.Client, body: dict[str, object]) -> None:
    answer = api.post("/import", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "bad-request"
