"""POST /forward, /analyze, /tensors: answers, headers, sessions, limits, on a live server."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import safetensors.torch
import torch
from tests.conftest import LiveServer
from tests.documents import LENET, LINEAR, RUNAWAY, input_, layer, network

JSON = {"Content-Type": "application/json"}


def test_forward_answers_and_says_how_long_it_took_in_a_header_only(api: httpx.Client) -> None:
    request = {"network": LENET, "values": ["fc3"], "parameters": "all"}
    first, second = (api.post("/forward", json=request) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    assert first.json()["totals"]["parameters"] == 61_706
    assert torch.tensor(first.json()["nodes"]["fc3"]["outputs"]["output"]["values"]).shape == (1, 10)
    timing = first.headers["server-timing"]
    assert timing.startswith("wait;dur=") and ", work;dur=" in timing
    assert first.headers["cache-control"] == "no-store"


def test_analyze_has_no_values(api: httpx.Client) -> None:
    answer = api.post("/analyze", json={"network": LENET}).json()
    assert answer["ok"]
    assert answer["nodes"]["fc3"]["outputs"]["output"] == {
        "shape": [1, 10], "dtype": "float32", "values": None, "summary": None,
    }  # fmt: skip


def _file(answer: httpx.Response) -> dict[str, torch.Tensor]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    return safetensors.torch.load(answer.content)


def test_tensors_are_the_values_of_forward(api: httpx.Client) -> None:
    asked = ["conv1.output", "conv1", "fc1.weight", "fc3.bias", "conv1.output[0, 2:4]", "fc1.weight[-1]"]
    found = _file(api.post("/tensors", json={"network": LENET, "tensors": asked}))
    assert set(found) == set(asked)
    answer = api.post("/forward", json={"network": LENET, "values": ["conv1"], "parameters": ["fc1", "fc3"]}).json()
    conv1 = torch.tensor(answer["nodes"]["conv1"]["outputs"]["output"]["values"])
    weight = torch.tensor(answer["nodes"]["fc1"]["parameters"]["weight"]["values"])
    assert torch.equal(found["conv1.output"], conv1)
    assert torch.equal(found["conv1"], conv1)
    assert torch.equal(found["conv1.output[0, 2:4]"], conv1[0, 2:4])
    assert torch.equal(found["fc1.weight"], weight)
    assert torch.equal(found["fc1.weight[-1]"], weight[-1])
    assert torch.equal(found["fc3.bias"], torch.tensor(answer["nodes"]["fc3"]["parameters"]["bias"]["values"]))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "int64", "int8", "bool", "complex64"])
def test_tensors_keep_their_dtype(api: httpx.Client, dtype: str) -> None:
    document = network(x=input_(2, 0, dtype=dtype, fill="ones"), y=input_(3, dtype=dtype, fill="ones"))
    found = _file(api.post("/tensors", json={"network": document, "tensors": ["x", "y"]}))
    assert found["x"].shape == (2, 0)
    assert found["y"].dtype == getattr(torch, dtype)
    assert torch.equal(found["y"], torch.ones(3, dtype=getattr(torch, dtype)))


def test_weights_inside_blocks_and_repeats_have_their_module_paths(api: httpx.Client) -> None:
    block = {"nodes": {"data": {"type": "Input"}, "fc": layer("Linear", "data", out_features=3)}}
    document = network(
        x=input_(1, 3),
        stage={"type": "Stage", "repeat": 2, "inputs": {"input": "x"}},
        rows={"type": "Linear", "params": {"out_features": 3}, "repeat": 2, "inputs": {"input": "stage"}},
        scale={"type": "Parameter", "params": {"shape": [3], "fill": "ones"}},
    )
    document["blocks"] = {"Stage": block}
    document["nodes"]["stage"]["inputs"] = {"data": "x"}
    asked = ["stage.1.fc.weight", "stage.1.fc.output", "rows.0.bias", "scale", "stage"]
    found = _file(api.post("/tensors", json={"network": document, "tensors": asked}))
    assert {name: tuple(tensor.shape) for name, tensor in found.items()} == {
        "stage.1.fc.weight": (3, 3), "stage.1.fc.output": (1, 3), "rows.0.bias": (3,), "scale": (3,), "stage": (1, 3),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nix", "No output"),
        ("fc.nix", "No output"),
        ("fc.weight[5]", "there is no such place"),
        ("fc.weight[0, 0, 0]", "there is no such place"),
        ("fc.weight[::-1]", "only integers and slices that go forwards"),
        ("fc.weight[", "no closing bracket"),
        ("fc.weight[x.shape[0]]", "does not fit"),
        ("wrong", "state is error"),
        ("wrong.output", "state is error"),
        ("after", "state is blocked"),
    ],
)
def test_a_tensor_that_is_not_there_is_told_by_its_place(api: httpx.Client, name: str, reason: str) -> None:
    document = network(
        x=input_(2, 3),
        fc=layer("Linear", "x", out_features=2),
        wrong=layer("Linear", "x", in_features=9, out_features=2),
        after=layer("relu", "wrong"),
    )
    answer = api.post("/tensors", json={"network": document, "tensors": ["fc", name]})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "no-tensor"
    assert list(error["fields"]) == ["tensors.1"]
    assert reason in error["fields"]["tensors.1"]


@pytest.mark.parametrize("verb", ["forward", "analyze", "tensors"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_other_content_is_415(api: httpx.Client, verb: str, kind: str | None) -> None:
    answer = api.post(f"/{verb}", content=b'{"network": {}}', headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "unsupported-media-type"


@pytest.mark.parametrize("declared", [True, False])
def test_a_client_that_sends_ten_megabytes_first_reads_its_413(base_url: str, declared: bool) -> None:
    body = b"[" + b"0," * 5_000_000 + b"0]"
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)
    content = body if declared else (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    connection.request("POST", "/api/v1/forward", content, JSON, encode_chunked=not declared)
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["error"]["code"] == "body-too-large"
    connection.close()


def _later(call: Any) -> tuple[threading.Thread, list[httpx.Response]]:
    found: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    return thread, found


def test_a_newer_forward_of_a_session_supersedes(api: httpx.Client) -> None:
    session = {"Torchwire-Session": "tab-1"}
    thread, older = _later(lambda: api.post("/forward", json={"network": RUNAWAY}, headers=session))
    time.sleep(0.5)
    newer = api.post("/forward", json={"network": LINEAR}, headers=session)
    thread.join()
    assert newer.json()["ok"]
    assert older[0].status_code == 409
    assert older[0].json()["error"]["code"] == "superseded"


def test_a_full_queue_is_503_with_retry_after() -> None:
    server = LiveServer(workers=1, queue=1)
    try:
        with server.client() as client:
            # one of them runs beside the others, one is in their way, and is put back for the third
            networks = [{**RUNAWAY, "seed": seed} for seed in range(3)]
            started = []
            for network in networks:
                started.append(_later(lambda network=network: client.post("/forward", json={"network": network})))
                time.sleep(0.1)
                while (client.get("/health").json()["workers"]["waiting"] == 0) is (len(started) == 3):
                    time.sleep(0.01)
            refused = client.post("/forward", json={"network": LENET})
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "1"
            assert refused.json()["error"]["code"] == "busy"
            for thread, _ in started:
                thread.join()
            assert [found[0].status_code for _, found in started] == [200, 200, 200]
            assert client.post("/forward", json={"network": LINEAR}).json()["ok"]
    finally:
        server.close()
