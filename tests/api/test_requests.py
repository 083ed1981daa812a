"""Every request has an id, a line in the log and its place in the metrics; nothing of its document is in them."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import logging
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Receive, Scope, Send
from tests.conftest import LiveServer
from tests.documents import LENET, LINEAR

from torchwire.api.body import Bodies
from torchwire.api.headers import SecurityHeaders
from torchwire.api.metrics import Metrics
from torchwire.api.requests import Requests
from torchwire.journal import JsonLines, TextLines, Trace, configure, trace
from torchwire.settings import settings

SECRET = "a-secret-of-the-scraper"


@pytest.fixture(scope="module")
def log() -> Iterator[IO[str]]:
    with tempfile.TemporaryFile("w+") as file:
        yield file


@pytest.fixture(scope="module")
def observed(log: IO[str]) -> Iterator[LiveServer]:
    server = LiveServer(workers=1, stderr=log, log_level="info", metrics=SECRET)
    yield server
    server.close()


def lines(log: IO[str]) -> list[dict[str, Any]]:
    log.seek(0)
    return [json.loads(line) for line in log.read().splitlines()]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc-1.2_3", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ('"', False), ("", False)],
)
def test_an_id_that_is_well_formed_is_kept(api: httpx.Client, sent: str, kept: bool) -> None:
    found = api.get("/health", headers={"X-Request-ID": sent}).headers["x-request-id"]
    assert (found == sent) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", found)


def test_errors_and_strangers_have_an_id_too(base_url: str) -> None:
    asked = [("/api/v1/nix", {}), ("/", {"Host": "elsewhere.example"}), ("/api/v1/forward", {})]
    found = [httpx.get(base_url + path, headers=headers).headers["x-request-id"] for path, headers in asked]
    assert len(set(found)) == 3


def test_a_request_is_one_line_and_holds_nothing_of_the_document(observed: LiveServer, log: IO[str]) -> None:
    network = {**LINEAR, "name": "Somebody's own words", "nodes": {**LINEAR["nodes"]}}
    with observed.client() as client:
        headers = {"X-Request-ID": "one-line", "Torchwire-Session": "my-tab"}
        client.post("/forward", json={"network": network}, headers=headers)
        client.post("/forward", content=b"{Somebody's", headers={"Content-Type": "application/json"})
        client.get("/networks/Somebody-s-own-network-0123?revision=1")
    while len(found := [item for item in lines(log) if item["message"] == "request"]) < 3:
        time.sleep(0.01)  # a line is written when its answer is sent
    (line,) = (item for item in found if item.get("request") == "one-line")
    assert {name: line[name] for name in ("level", "method", "route", "status", "outcome", "session")} == {
        "level": "info", "method": "POST", "route": "/api/v1/forward", "status": 200, "outcome": "ok",
        "session": hashlib.sha256(b"my-tab").hexdigest()[:12],
    }  # fmt: skip
    assert 0 < line["worker_ms"] <= line["ms"]
    assert 0 <= line["queue_ms"] <= line["ms"]
    told = {(item["route"], item["status"], item["outcome"]) for item in found}
    assert ("/api/v1/forward", 422, "not-a-document") in told
    assert ("/api/v1/networks/{id}", 404, "not-found") in told
    log.seek(0)
    text = log.read()
    assert "Somebody" not in text and "my-tab" not in text


def samples(observed: LiveServer) -> dict[tuple[str, str], float]:
    answer = httpx.get(f"{observed.url}/metrics", headers={"Authorization": f"Bearer {SECRET}"})
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_count(observed: LiveServer) -> None:
    before = samples(observed)
    with observed.client() as client:
        for seed in (5, 6):
            assert client.post("/forward", json={"network": {**LENET, "seed": seed}}).status_code == 200
    after = samples(observed)

    def more(name: str, labels: str = "") -> float:
        return after[name, labels] - before.get((name, labels), 0)

    assert more("torchwire_requests_total", "POST/api/v1/forward200") == 2
    assert more("torchwire_request_seconds_count", "/api/v1/forward") == 2
    assert more("torchwire_queue_wait_seconds_count") == 2
    assert more("torchwire_torch_seconds_total", "forward") > 0
    assert more("torchwire_memory_lookups_total", "documentsmiss") == 1
    assert more("torchwire_memory_lookups_total", "documentshit") == 1  # no shape depends on the seed
    assert after["torchwire_queue_length", ""] == 0
    assert after["torchwire_workers", "ready"] == 1


def test_metrics_are_for_those_who_know_the_secret(observed: LiveServer, base_url: str) -> None:
    address = f"{observed.url}/metrics"
    for sent in ({}, {"Authorization": "Bearer nix"}, {"Authorization": SECRET}):
        answer = httpx.get(address, headers=sent)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["error"]["code"] == "unauthorized"
    assert httpx.get(f"{base_url}/metrics").status_code == 404  # by default there are none


def test_live_and_ready_are_told_apart(api: httpx.Client) -> None:
    assert api.get("/health/live").json() == {"status": "ok"}
    assert api.get("/health").json()["workers"]["ready"] == 2


def test_a_fault_is_answered_and_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    words = "Somebody's own words"

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError(words)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(SecurityHeaders(Requests(broken, Metrics(), Bodies())))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/", headers={"X-Request-ID": "broken"})

    with (
        caplog.at_level(logging.INFO, "torchwire"),
        ThreadPoolExecutor(1) as thread,
    ):  # Playwright's loop is in this one
        answer = thread.submit(asyncio.run, ask()).result()
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert answer.headers["x-request-id"] == "broken"
    assert "x-frame-options" in answer.headers
    fault, request = (record for record in caplog.records if record.name.startswith("torchwire"))
    token = trace.set(Trace("broken"))
    for formatter in (JsonLines(), TextLines()):
        text = formatter.format(fault)
        assert "ValueError" in text and "broken" in text and "in broken" in text
        assert "Somebody" not in text
        assert "status" in formatter.format(request)
    trace.reset(token)
    assert request.data["outcome"] == "internal"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("watched", "given", "level", "formatter"),
    [
        (True, {}, logging.WARNING, TextLines),
        (False, {}, logging.INFO, JsonLines),
        (True, {"LEVEL": "info", "FORMAT": "json"}, logging.INFO, JsonLines),
        (False, {"LEVEL": "error", "FORMAT": "text"}, logging.ERROR, TextLines),
    ],
)
def test_a_terminal_has_less_and_plainer_lines_unless_asked(
    watched: bool, given: dict[str, str], level: int, formatter: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    kept = root.level, root.handlers[:]
    root.handlers = []
    try:
        for name, value in given.items():
            monkeypatch.setenv(f"TORCHWIRE_LOG_{name}", value)
        settings.cache_clear()
        monkeypatch.setattr("sys.stderr", io.StringIO())
        monkeypatch.setattr("sys.stderr.isatty", lambda: watched)
        configure()
        assert root.level == level
        assert isinstance(root.handlers[0].formatter, formatter)
    finally:
        root.level, root.handlers = kept
        settings.cache_clear()
