"""Networks kept on the server: PUT, GET, DELETE /networks/{id} and GET /networks, on a live server."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.conftest import LiveServer
from tests.documents import LENET
from tests.hostile.bodies import bodies

from torchwire.api.models import Deleted, Kept, KeptList
from torchwire.graph.document import NotADocument, parse_json, recognise

JSON = {"Content-Type": "application/json"}
BODIES = bodies()
CREATE = {"If-None-Match": "*"}
TEXT = b'{"nodes" : {"b": {"type": "Input"}, "a": {}},\n "format":"torchwire/1", "name":"Net"}'


@pytest.fixture
def mine(api: httpx.Client) -> dict[str, str]:
    """Headers of an owner of this test's own."""
    return {**JSON, "Torchwire-Owner": secrets.token_urlsafe(24)}


@pytest.fixture
def path() -> str:
    return f"/networks/{secrets.token_hex(16)}"


def _error(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert set(error) == {"code", "message", "fields"}
    assert error["code"] == code
    assert len(answer.content) <= 4_096
    return error


def test_a_life(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    created = api.put(path, content=TEXT, headers=mine | CREATE)
    assert (created.status_code, created.headers["etag"]) == (201, '"1"')
    first = Kept.model_validate(created.json())
    assert (first.id, first.name, first.revision, first.nodes, first.size) == (path[10:], "Net", 1, 2, len(TEXT))
    assert first.saved_at.endswith("Z")

    found = api.get(path, headers=mine)
    assert (found.status_code, found.content, found.headers["etag"]) == (200, TEXT, '"1"')
    assert (found.headers["content-type"], found.headers["torchwire-access"]) == ("application/json", "save")
    assert found.headers["cache-control"] == "private, no-cache"

    changed = TEXT.replace(b"Net", "Größe 😀".encode())
    saved = api.put(path, content=changed, headers=mine | {"If-Match": '"1"'})
    assert (saved.status_code, saved.headers["etag"], saved.json()["name"]) == (200, '"2"', "Größe 😀")
    listed = KeptList.model_validate(api.get("/networks", headers=mine).json()).networks
    assert [entry.model_dump() for entry in listed] == [saved.json()]
    assert api.get(f"{path}?revision=1").content == TEXT
    assert api.get(path).content == changed

    gone = api.delete(path, headers=mine | {"If-Match": '"2"'})
    assert gone.status_code == 200
    assert Deleted.model_validate(gone.json()).revision == 3
    _error(api.get(path, headers=mine), 404, "not-found")
    assert api.get("/networks", headers=mine).json() == {"networks": []}


def test_a_document_runs_as_it_did_before_it_was_kept(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    api.put(path, json=LENET, headers=mine | CREATE)
    before = api.post("/forward", json={"network": LENET}).content
    kept = api.get(path).content
    assert api.post("/forward", content=b'{"network":%s}' % kept, headers=JSON).content == before


def test_the_same_save_twice_is_answered_the_same(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    for headers, text in ((CREATE, TEXT), ({"If-Match": '"1"'}, TEXT + b" "), ({"If-Match": '"2"'}, TEXT)):
        answers = [api.put(path, content=text, headers=mine | headers) for _ in range(3)]
        assert len({(answer.status_code, answer.content, answer.headers["etag"]) for answer in answers}) == 1
    assert api.get(path).headers["etag"] == '"3"'


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": '"1"'}, {"If-None-Match": ""}])
@pytest.mark.parametrize("body", [TEXT, b"nonsense"])
def test_a_save_that_has_seen_nothing_is_428(
    api: httpx.Client, mine: dict[str, str], path: str, headers: dict[str, str], body: bytes
) -> None:
    _error(api.put(path, content=body, headers=mine | headers), 428, "precondition-required")
    _error(api.get(path), 404, "not-found")


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Match": '"1"'}, {"If-Match": '"3"'}, {"If-Match": "2"}, {"If-Match": '"x"'}, {"If-Match": ""}, CREATE,
        {"If-Match": '"' + "9" * 400 + '"'}, {"If-Match": '"²"'.encode("latin-1")},
    ],
)  # fmt: skip
def test_a_stale_save_is_409_with_the_current_revision(
    api: httpx.Client, mine: dict[str, str], path: str, headers: Any
) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    api.put(path, content=TEXT + b" ", headers=mine | {"If-Match": '"1"'})
    answer = api.put(path, content=TEXT + b"  ", headers=mine | headers)
    assert _error(answer, 409, "stale")["fields"] == {"revision": "2"}
    assert answer.headers["etag"] == '"2"'
    assert api.get(path).content == TEXT + b" "
    if headers is not CREATE:
        _error(api.delete(path, headers=mine | headers), 409, "stale") if headers.get("If-Match") else None


@pytest.mark.parametrize("tag", ['"2"', 'W/"2"', '"7", "2"', "*"])
def test_ways_to_say_what_a_save_has_seen(api: httpx.Client, mine: dict[str, str], path: str, tag: str) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    api.put(path, content=TEXT + b" ", headers=mine | {"If-Match": '"1"'})
    saved = api.put(path, content=TEXT + b"  ", headers=mine | {"If-Match": tag})
    assert (saved.status_code, saved.headers["etag"]) == (200, '"3"')


def test_what_the_client_has_is_not_sent_again(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    for tag, status in (('"1"', 304), ('W/"1"', 304), ('"2"', 200), ("*", 200), ("nonsense", 200)):
        assert api.get(path, headers={"If-None-Match": tag}).status_code == status, tag


def test_others_read_and_do_not_write(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    yours = {**JSON, "Torchwire-Owner": secrets.token_urlsafe(24)}
    for other in (yours, JSON):
        found = api.get(path, headers=other)
        assert (found.content, found.headers["torchwire-access"]) == (TEXT, "read")
        _error(api.put(path, content=TEXT, headers=other | {"If-Match": '"1"'}), 403, "not-yours")
        _error(api.put(path, content=TEXT, headers=other | CREATE), 403, "not-yours")
        _error(api.delete(path, headers=other), 403, "not-yours")
    assert api.get("/networks", headers=yours).json() == {"networks": []}
    assert len(api.get("/networks", headers=mine).json()["networks"]) == 1


def test_without_an_owner(api: httpx.Client, path: str) -> None:
    assert api.put(path, content=TEXT, headers=JSON | CREATE).status_code == 201
    assert api.get(path).headers["torchwire-access"] == "save"
    assert api.put(path, content=TEXT + b" ", headers=JSON | {"If-Match": '"1"'}).status_code == 200
    assert api.delete(path).status_code == 200
    assert "header.Torchwire-Owner" in _error(api.get("/networks"), 422, "bad-request")["fields"]


@pytest.mark.parametrize(
    "id", ["1", "my-net", "x" * 21, "x" * 65, "x" * 22 + "%00", "x" * 22 + "é", "%2e%2e", "x" * 5_000]
)
def test_an_id_that_can_be_guessed_or_is_none(api: httpx.Client, mine: dict[str, str], id: str) -> None:
    _error(api.put(f"/networks/{id}", content=TEXT, headers=mine | CREATE), 422, "bad-request")
    _error(api.get(f"/networks/{id}"), 404, "not-found")
    _error(api.delete(f"/networks/{id}", headers=mine), 404, "not-found")


@pytest.mark.parametrize(
    "owner", ["", "me", "x" * 65, "x" * 5_000, b"\xff" * 30, "x" * 22 + " y", "Bearer " + "x" * 30]
)
def test_an_owner_that_can_be_guessed_is_refused(api: httpx.Client, path: str, owner: Any) -> None:
    headers = {**JSON, "Torchwire-Owner": owner}
    _error(api.put(path, content=TEXT, headers=headers | CREATE), 422, "bad-request")
    _error(api.get(path, headers=headers), 422, "bad-request")
    _error(api.delete(path, headers=headers), 422, "bad-request")
    _error(api.get("/networks", headers=headers), 422, "bad-request")


@pytest.mark.parametrize("revision", ["0", "-1", "x", "1.5", str(2**31), "9" * 4_000, "", "%00", "1&revision=x"])
def test_a_revision_that_is_none(api: httpx.Client, mine: dict[str, str], path: str, revision: str) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    _error(api.get(f"{path}?revision={revision}"), 422, "bad-request")
    for missing in (2, 2**31 - 1):
        _error(api.get(f"{path}?revision={missing}"), 404, "not-found")


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_answered(api: httpx.Client, mine: dict[str, str], path: str, name: str) -> None:
    body, _ = BODIES[name]
    # whole, it is a request around a document and so no document; what it wraps is one, however strange
    _error(api.put(path, content=body, headers=mine | CREATE), *_refusal(body))
    inner = _inner(body)
    if inner is None:
        return
    answer = api.put(path, content=inner, headers=mine | CREATE)
    if len(inner) > 1_000_000:
        _error(answer, 413, "body-too-large")
    elif _is_document(inner):
        assert answer.status_code == 201, answer.text
        assert api.get(path).content == inner
        assert len(api.get("/networks", headers=mine).json()["networks"]) == 1
    else:
        _error(answer, 422, "not-a-document")


def _is_document(text: bytes) -> bool:
    try:
        recognise(parse_json(text))
    except NotADocument:
        return False
    return True


def _refusal(body: bytes) -> tuple[int, str]:
    return (413, "body-too-large") if len(body) > 1_000_000 else (422, "not-a-document")


def _inner(body: bytes) -> bytes | None:
    head, tail = b'{"network": ', b"}"
    return body[len(head) : -len(tail)] if body.startswith(head) and body.endswith(tail) else None


@pytest.mark.parametrize("size", [1_000_000, 1_000_001])
def test_a_document_has_at_most_a_megabyte(api: httpx.Client, mine: dict[str, str], path: str, size: int) -> None:
    text = b'{"format":"torchwire/1","nodes":{},"note":"%s"}'
    text %= b"x" * (size - len(text) + 2)
    assert len(text) == size
    answer = api.put(path, content=text, headers=mine | CREATE)
    if size == 1_000_000:
        assert answer.status_code == 201
        assert api.get(path).content == text
    else:
        _error(answer, 413, "body-too-large")


def test_a_client_that_sends_ten_megabytes_first_reads_its_413(base_url: str, mine: dict[str, str], path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)
    connection.request("PUT", f"/api/v1{path}", b"[" + b"0," * 5_000_000 + b"0]", mine | CREATE)
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["error"]["code"] == "body-too-large"
    connection.close()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_other_content_is_415(api: httpx.Client, mine: dict[str, str], path: str, kind: str) -> None:
    answer = api.put(path, content=TEXT, headers=mine | CREATE | {"Content-Type": kind})
    _error(answer, 415, "unsupported-media-type")


def test_of_many_saves_at_once_each_revision_has_one(api: httpx.Client, mine: dict[str, str], path: str) -> None:
    api.put(path, content=TEXT, headers=mine | CREATE)
    answers: list[httpx.Response] = []

    def save(number: int) -> None:
        text = TEXT.replace(b"Net", b"Net %d" % number)
        answers.append(api.put(path, content=text, headers=mine | {"If-Match": '"1"'}))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 11
    won = next(answer for answer in answers if answer.status_code == 200)
    assert json.loads(api.get(path).content)["name"] == won.json()["name"]


@pytest.fixture(scope="module")
def small() -> Iterator[LiveServer]:
    server = LiveServer(workers=1, max_networks=2, max_document=1_000, data_mb=1)
    yield server
    server.close()


def test_limits_are_named(small: LiveServer, mine: dict[str, str]) -> None:
    with small.client() as api:
        ids = [secrets.token_hex(16) for _ in range(3)]
        answers = [api.put(f"/networks/{id}", content=TEXT, headers=mine | CREATE) for id in ids]
        assert [answer.status_code for answer in answers[:2]] == [201, 201]
        _error(answers[2], 403, "limit-networks")
        long = TEXT + b" " * 1_000
        _error(api.put(f"/networks/{ids[0]}", content=long, headers=mine | {"If-Match": "*"}), 413, "body-too-large")
        limits = api.get("/limits").json()["limits"]
        assert (limits["max_document"], limits["max_networks"]) == (1_000, 2)


def test_a_full_database_is_507_and_goes_on_reading(small: LiveServer, mine: dict[str, str], path: str) -> None:
    with small.client() as api:
        api.put(path, content=TEXT, headers=mine | CREATE)
        for _ in range(3_000):
            noise = TEXT.replace(b"Net", secrets.token_hex(450).encode())
            last = api.put(path, content=noise, headers=mine | {"If-Match": "*"})
            if last.status_code != 200:
                break
        _error(last, 507, "storage-full")
        assert api.get(f"{path}?revision=1").content == TEXT
        assert api.get("/health").json()["status"] == "ok"
