"""POST /export on a live server: every format, problems, files."""

from __future__ import annotations

import json
from typing import Any, get_args

import httpx
import pytest
import safetensors.torch
import torch
from tests.codegen.exported import compare, run
from tests.documents import LENET, LINEAR, input_, layer, network

from torchwire.codegen.files import FORMATS
from torchwire.workers.requests import Export

FIELDS = ["filename", "media_type", "content", "problems", "more_problems"]


def test_a_request_may_name_every_format() -> None:
    assert list(get_args(Export.model_fields["format"].annotation)) == list(FORMATS)


def _export(api: httpx.Client, document: dict[str, Any], format: str) -> dict[str, Any]:
    answer = api.post("/export", json={"network": document, "format": format})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server-timing"].startswith("wait;dur=")
    found: dict[str, Any] = answer.json()
    assert list(found) == FIELDS
    return found


def test_lenet_end_to_end(api: httpx.Client) -> None:
    found = _export(api, LENET, "script")
    assert (found["filename"], found["media_type"], found["problems"]) == ("test.py", "text/x-python", [])
    left = run({"lenet": found["content"]})["lenet"]
    compare(LENET, left)
    shown = api.post("/forward", json={"network": LENET, "values": ["fc3"]}).json()
    values = shown["nodes"]["fc3"]["outputs"]["output"]["values"]
    assert torch.equal(left["outputs"][0], torch.tensor(values))


def test_python_is_the_default_and_runs_nothing(api: httpx.Client) -> None:
    answer = api.post("/export", json={"network": LINEAR}).json()
    assert answer == _export(api, LINEAR, "python")
    names: dict[str, Any] = {}
    exec(compile(answer["content"], "exported", "exec"), names)
    assert list(names["Test"]().state_dict()) == ["fc.weight", "fc.bias"]
    assert "model" not in names


def test_the_document_comes_back(api: httpx.Client) -> None:
    found = _export(api, LENET, "json")
    assert found["filename"] == "test.json"
    assert json.loads(found["content"]) == LENET


def test_initial_weights_are_a_file(api: httpx.Client) -> None:
    answer = api.post("/export", json={"network": LENET, "format": "state"})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="test.safetensors"'
    state = safetensors.torch.load(answer.content)
    names = ["fc1.weight", "conv2.bias"]
    asked = api.post("/tensors", json={"network": LENET, "tensors": names})
    for name, wanted in safetensors.torch.load(asked.content).items():
        assert torch.equal(state[name], wanted)
    assert len(state) == 10


def test_initial_weights_are_those_before_the_run(api: httpx.Client) -> None:
    trained = {**network(x=input_(4, 3), norm=layer("BatchNorm1d", "x")), "training": True}
    state = safetensors.torch.load(api.post("/export", json={"network": trained, "format": "state"}).content)
    assert torch.equal(state["norm.running_mean"], torch.zeros(3))
    assert state["norm.num_batches_tracked"].item() == 0


def test_a_wrong_document_is_answered(api: httpx.Client) -> None:
    wrong = network(x=input_(2, 3), fc=layer("Linear", "x", in_features=9, out_features=2))
    for format in ("python", "state"):
        found = _export(api, wrong, format)
        assert found["content"] is None
        assert found["problems"][0]["fixes"][0]["title"] == "Set in_features to 3"


@pytest.mark.parametrize("body", [{"network": LINEAR, "format": "word"}, {"network": LINEAR, "formats": "python"}])
def test_other_requests_are_refused(api: httpx.Client, body: dict[str, Any]) -> None:
    answer = api.post("/export", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "bad-request"


def test_the_same_request_has_the_same_answer(api: httpx.Client) -> None:
    first, second = (api.post("/export", json={"network": LENET, "format": "notebook"}) for _ in range(2))
    assert first.content == second.content
