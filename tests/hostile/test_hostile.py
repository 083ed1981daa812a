"""Hostile requests on a live server: a clear answer, never a 500, nothing long, nobody else harmed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import fields
from random import Random
from typing import Any

import httpx
import pytest
from tests.conftest import LiveServer
from tests.hostile import wire
from tests.hostile.bodies import bodies
from tests.hostile.mutations import VERBS, mutation
from tests.hostile.rules import ANSWER, JSON, Neighbour, check
from tests.hostile.safety import GIANTS, REFUSED
from tests.hostile.sources import sources
from tests.oracle.sections import write_section

from torchwire.settings import Settings

BODIES, SOURCES, REQUESTS = bodies(), sources(), wire.requests()
SAMPLE = 40  # mutations in the normal run
WHOLE = 1_500  # under proof
SAVE = "/networks/hostile-bodies-are-sent-here"
CREATE = {**JSON, "If-None-Match": "*"}
LONG = {"text: a megabyte of names", "text: one long line", "text: 10,000 classes"}  # seconds each: under proof
HANGS = 25.0  # seconds: no deadline is so long


@pytest.fixture(scope="module")
def neighbour(api: httpx.Client) -> Neighbour:
    return Neighbour(api)


def ask(api: httpx.Client, verb: str, body: bytes) -> httpx.Response:
    began = time.monotonic()
    answer = api.post(f"/{verb}", content=body, headers=JSON)
    assert time.monotonic() - began < HANGS
    check(answer.status_code, answer.content)
    return answer


def test_there_are_enough() -> None:
    assert len(BODIES) + len(SOURCES) + len(REQUESTS) + len(GIANTS) >= 200


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_answered(api: httpx.Client, neighbour: Neighbour, name: str) -> None:
    body, status = BODIES[name]
    answer = ask(api, "forward", body)
    assert answer.status_code in ((200, 422) if status is None else (status,)), answer.text[:300]
    assert answer.headers["content-type"] == "application/json"
    if answer.status_code == 200:
        assert set(answer.json()) == ANSWER
    neighbour.looks()


def _exported(api: httpx.Client, names: Iterable[str]) -> None:
    for name in names:
        body, _ = BODIES[name]
        for format in ("script", "state", "table"):
            asked = body.replace(b'{"network":', b'{"format": "%s", "network":' % format.encode(), 1)
            answer = ask(api, "export", asked)
            assert answer.status_code in (200, 422), name
            if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
                assert set(answer.json()) == {"filename", "media_type", "content", "problems", "more_problems"}


def test_hostile_bodies_are_exported_or_told_why_not(api: httpx.Client) -> None:
    _exported(api, Random(5).sample(sorted(BODIES), 12))


@pytest.mark.proof
def test_every_hostile_body_is_exported_or_told_why_not(api: httpx.Client) -> None:
    _exported(api, BODIES)


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_is_told_its_limit(api: httpx.Client, name: str) -> None:
    giant = GIANTS[name]
    began = time.monotonic()
    answer = ask(api, "forward", giant.body).json()
    assert not answer["ok"] or giant.code == "limit-answer"
    found = [problem for problem in answer["problems"] if problem["code"] == giant.code]
    assert found, [problem["code"] for problem in answer["problems"]]
    assert time.monotonic() - began < HANGS
    if giant.setting:
        limit = f"{next(item.default for item in fields(Settings) if item.name == giant.setting):,}"
        message = found[0]["message"]
        assert limit in message
        assert len(re.findall(r"\d[\d,]*", message)) >= 2, "what it is, and what it may be"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_document_is_refused_with_its_place(api: httpx.Client, name: str) -> None:
    answer = ask(api, "forward", BODIES[name][0])
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [REFUSED[name]]


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in LONG])
def test_a_hostile_text_is_answered(api: httpx.Client, name: str) -> None:
    answer = ask(api, "import", SOURCES[name])
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert set(answer.json()) >= {"networks", "problems", "names"}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_hostile_request_is_answered_or_its_connection_closed(base_url: str, name: str) -> None:
    status, body = wire.answer(base_url, REQUESTS[name])
    if status:
        check(status, body)
    assert httpx.get(f"{base_url}/api/v1/health/live").status_code == 200


@pytest.mark.parametrize("megabytes", [10, 63])
def test_a_client_that_sends_all_of_it_first_reads_its_413(base_url: str, megabytes: int) -> None:
    size = megabytes * 10**6
    status, body = wire.answer(base_url, wire.POST + b"Content-Length: %d\r\n\r\n" % size + b" " * size, 60)
    check(status, body)
    assert status == 413


def test_mutations_are_answered(api: httpx.Client, neighbour: Neighbour) -> None:
    _mutations(api, neighbour, range(SAMPLE))


def _mutations(api: httpx.Client, neighbour: Neighbour, seeds: range) -> dict[int, int]:
    found: dict[int, int] = {}
    for seed in seeds:
        verb, body = mutation(seed)
        answer = ask(api, verb, body)
        assert answer.status_code in (200, 422), seed
        found[answer.status_code] = found.get(answer.status_code, 0) + 1
        if seed % 10 == 0:
            neighbour.looks()
    assert set(found) == {200, 422}
    return found


# -- the whole list ------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[LiveServer]:
    server = LiveServer(workers=2)
    yield server
    server.close()


def _for(verb: str, body: bytes) -> bytes:
    """The body as a request of another verb, where it is one at all."""
    try:
        request: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(request, dict) or "network" not in request:
        return body
    return json.dumps({"network": request["network"], **VERBS[verb]}).encode()


@pytest.mark.proof
def test_every_hostile_request_on_every_route(server: LiveServer) -> None:
    with server.client() as client:
        neighbour = Neighbour(client)
        count, slowest = 0, (0.0, "")
        for name, (body, _) in BODIES.items():
            for verb in VERBS:
                began = time.monotonic()
                ask(client, verb, _for(verb, body))
                slowest = max(slowest, (time.monotonic() - began, f"{name} ({verb})"))
                count += 1
            ask(client, "import", body)
            document = _for("forward", body)
            answer = client.put(SAVE, content=document, headers=CREATE)
            check(answer.status_code, answer.content)
            count += 2
            neighbour.looks()
        for body in SOURCES.values():
            for verb in VERBS:
                ask(client, verb, body)
            ask(client, "import", body)
            count += len(VERBS) + 1
        neighbour.looks()
        for sent in REQUESTS.values():
            status, body = wire.answer(server.url, sent)
            if status:
                check(status, body)
            count += 1
        found = _mutations(client, neighbour, range(WHOLE))
        neighbour.looks()
    every = count + WHOLE
    text = (
        f"{every:,} hostile requests over every route that takes a body, paths and headers too, {WHOLE:,} of them "
        f"seeded\nmutations ({found[200]:,} answered 200, {found[422]:,} 422). None was answered 5xx, no refusal was "
        "longer than 4 KB, none\nheld anything of a neighbour's network, and the neighbour's answers stayed equal to "
        f"the byte. The slowest\nnamed one took {slowest[0]:.2f} s: {slowest[1]}.\n"
    )
    write_section("safety.md", "hostile", text)
