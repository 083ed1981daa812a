"""The application around the routes: errors, headers, hosts, OpenAPI, the page; on a live server."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import safetensors.torch
from tests.documents import LENET, RUNAWAY

from torchwire.api.headers import POLICY, trusted
from torchwire.api.models import Answer, Exported, Imported, Limits, Problems
from torchwire.graph.problems import CODES


def test_the_web_process_never_imports_torch() -> None:
    code = "import sys, torchwire.api.server, torchwire.cli; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_health(api: httpx.Client) -> None:
    answer = api.get("/health").json()
    assert answer["status"] == "ok"
    assert set(answer) == {"status", "torch", "version", "workers"}
    assert answer["workers"]["size"] == answer["workers"]["ready"] == 2


def test_layers_come_once(api: httpx.Client) -> None:
    first = api.get("/layers")
    assert "Conv2d" in {layer["type"] for layer in first.json()["layers"]}
    again = api.get("/layers", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_reference(api: httpx.Client) -> None:
    problems = Problems.model_validate(api.get("/problems").json())
    assert {item.code for item in problems.problems} == set(CODES)
    limits = Limits.model_validate(api.get("/limits").json())
    assert limits.limits["max_body"] == 4_000_000
    assert "network" in api.get("/schema").json()["title"]


def test_the_gallery(api: httpx.Client) -> None:
    listed = api.get("/examples").json()["examples"]
    assert all(set(item) == {"id", "title", "family", "about"} for item in listed)
    for item in listed:
        assert api.get(f"/examples/{item['id']}").json()["format"] == "torchwire/1"
    assert api.get("/examples/nix").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nix", 404, "not-found"),
        ("GET", "/api/", 404, "not-found"),
        ("GET", "/api", 404, "not-found"),
        ("GET", "/nix.html", 404, "not-found"),
        ("GET", "/assets/..%2f..%2fcli.py", 404, "not-found"),
        ("GET", "/..%2fcli.py", 404, "not-found"),
        ("GET", "/%00", 404, "not-found"),
        ("GET", "/api/v1/forward", 405, "method-not-allowed"),
        ("PUT", "/api/v1/forward", 405, "method-not-allowed"),
        ("POST", "/api/v1/layers", 405, "method-not-allowed"),
        ("DELETE", "/api/v1/health", 405, "method-not-allowed"),
        ("POST", "/api/v1/nix", 404, "not-found"),
    ],
)
def test_what_is_not_there_has_the_one_error_shape(
    base_url: str, method: str, path: str, status: int, code: str
) -> None:
    answer = httpx.request(method, base_url + path)
    assert answer.status_code == status
    assert answer.json() == {"error": {"code": code, "message": answer.json()["error"]["message"], "fields": {}}}
    if status == 405:
        assert answer.headers["allow"]


def test_allow_names_every_method_of_an_address(api: httpx.Client) -> None:
    assert api.request("OPTIONS", "/networks/x").headers["allow"] == "DELETE, GET, PUT"
    assert api.get("/forward").headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/health", "/api/v1/nix", "/openapi.json", "/icon.svg"])
def test_every_answer_carries_the_security_headers(base_url: str, path: str) -> None:
    headers = httpx.get(base_url + path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize(
    ("host", "sent"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]:8000", True), ("192.168.1.20:8000", False)],
)
def test_the_opener_policy_goes_to_trustworthy_origins_only(base_url: str, host: str, sent: bool) -> None:
    assert ("cross-origin-opener-policy" in httpx.get(base_url, headers={"Host": host}).headers) == sent


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\x01 HTTP/1.1\r\n\r\n", b"\x16\x03\x01"]
)
def test_what_is_no_http_has_the_one_error_shape(base_url: str, sent: bytes) -> None:
    with socket.create_connection((urlsplit(base_url).hostname, urlsplit(base_url).port), timeout=20) as client:
        client.sendall(sent)
        answer = b"".join(iter(lambda: client.recv(4_096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["code"] == "bad-http"


def test_no_cors(base_url: str) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{base_url}/api/v1/forward", headers=asked)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_a_name_that_is_not_the_servers_is_refused(base_url: str) -> None:
    answer = httpx.get(f"{base_url}/api/v1/health", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (421, "unknown-host")


@pytest.mark.parametrize(
    ("host", "names", "expected"),
    [
        ("localhost:8000", ["localhost"], True),
        ("LOCALHOST", ["localhost"], True),
        ("192.168.1.7:8000", [], True),
        ("[::1]:8000", [], True),
        ("[fe80::1]", [], True),
        ("elsewhere.example", ["localhost"], False),
        ("", ["localhost"], False),
        ("room1.school.example", ["*.school.example"], True),
        ("school.example", ["*.school.example"], False),
        ("evilschool.example", ["*.school.example"], False),
        ("anything", ["*"], True),
        ("127.0.0.1.elsewhere.example", ["localhost"], False),
    ],
)
def test_trusted(host: str, names: list[str], expected: bool) -> None:
    assert trusted(host, names) is expected


def test_built_files_are_kept_for_ever_and_the_page_is_asked_for(base_url: str) -> None:
    page = httpx.get(base_url)
    assert page.headers["cache-control"] == "no-cache"
    asset = page.text[page.text.index("/assets/") :].split('"')[0]
    assert "immutable" in httpx.get(base_url + asset).headers["cache-control"]


def _examples(api: httpx.Client) -> list[Any]:
    paths = api.get(str(api.base_url.copy_with(path="/openapi.json"))).json()["paths"]
    found = []
    for path, methods in paths.items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            answers = operation["responses"]["200"]["content"].get("application/json", {}).get("examples", {})
            given = [item for item in operation.get("parameters", []) if "examples" in item]
            place = {item["name"]: next(iter(item["examples"].values()))["value"] for item in given}
            for name, example in content.get("examples", {}).items():
                sent = example["value"], place
                found.append((method, path, name, sent, answers.get(name, {}).get("value")))
    return found


def _run(api: httpx.Client, method: str, path: str, sent: tuple[Any, dict[str, str]]) -> httpx.Response:
    body, place = sent
    headers = {name: value for name, value in place.items() if "{" + name + "}" not in path}
    return api.request(method, str(api.base_url.copy_with(path=path.format(**place))), json=body, headers=headers)


def test_the_examples_of_openapi_run_as_they_stand(api: httpx.Client) -> None:
    examples = _examples(api)
    assert {(method, path.removeprefix("/api/v1")) for method, path, _, _, _ in examples} == {
        ("post", "/forward"), ("post", "/analyze"), ("post", "/tensors"), ("post", "/import"),
        ("post", "/export"),
        ("put", "/networks/{id}"),
    }  # fmt: skip
    for method, path, name, sent, documented in examples:
        for _ in range(2):  # whoever reads the docs may run them again
            answer = _run(api, method, path, sent)
            assert answer.status_code == (201 if method == "put" else 200), (path, name)
        if path.endswith("tensors"):
            assert set(safetensors.torch.load(answer.content)) == set(sent[0]["tensors"])
        elif documented is not None:
            assert near(answer.json(), documented), (path, name)


def near(found: Any, documented: Any) -> bool:
    """Equal but for the last bits of floats, which differ between processors."""
    if isinstance(documented, dict):
        return list(found) == list(documented) and all(near(found[key], value) for key, value in documented.items())
    if isinstance(documented, list):
        return len(found) == len(documented) and all(map(near, found, documented))
    if isinstance(documented, float):
        return bool(found == pytest.approx(documented, rel=1e-5))
    return bool(found == documented)


def test_answers_are_as_documented(api: httpx.Client) -> None:
    documented = [(path, answer) for _, path, _, _, answer in _examples(api) if answer is not None]
    assert len(documented) == 5
    for path, answer in documented:
        {"export": Exported, "import": Imported}.get(path.rpartition("/")[2], Answer).model_validate(answer)
    for document in (LENET, RUNAWAY):
        Answer.model_validate(api.post("/forward", json={"network": document, "profile": True}).json())


def test_every_route_says_what_it_answers(api: httpx.Client) -> None:
    document = api.get(str(api.base_url.copy_with(path="/openapi.json"))).json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert operation["responses"]["200"]["content"], path
