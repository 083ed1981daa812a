"""Hostile requests as bytes on the wire: lines, paths, headers, bodies that are not as announced."""

from __future__ import annotations

import json
import re
import socket
from urllib.parse import urlsplit

from tests.documents import LINEAR

BODY = json.dumps({"network": LINEAR}).encode()
POST = b"POST /api/v1/forward HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(BODY)
JSON = b"Content-Type: application/json\r\n"


def _get(path: bytes, headers: bytes = b"") -> bytes:
    return b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n" % (path, headers)


def _post(headers: bytes, body: bytes = BODY) -> bytes:
    return POST + b"Connection: close\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def requests() -> dict[str, bytes]:
    """Name -> what is sent, after which the client sends nothing more."""
    paths = [
        b"/..", b"/../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/assets/../cli.py", b"/assets/%2e%2e%2fcli.py",
        b"/assets/..%5c..%5ccli.py", b"/assets/%00", b"/%ff%fe", b"/%", b"/%zz", b"//", b"//localhost/",
        b"/api/v1//forward",
        b"/api/v1/forward/", b"/api/v1/FORWARD", b"/api/v1/networks/..%2f..", b"/api/v1/networks/%00",
        b"/api/v1/networks/" + b"a" * 5_000, b"/api/v1/networks/%F0%9F%92%A9", b"/api/v1/examples/..%2f..%2fcli",
        b"/api/v1/examples/__class__", b"/" + b"a" * 60_000, b"/?" + b"a=b&" * 10_000,
        b"/api/v1/networks/x?revision=" + b"9" * 4_000,
        b"/api/v1/networks/" + b"x" * 32 + b"?revision=-1", b"/api/v1/networks/" + b"x" * 32 + b"?revision=nan",
        b"/api/v1/networks/" + b"x" * 32 + b"?revision=1&revision=2", b"/docs/../../", b"/metrics", b"/openapi.json%00",
        b"http://elsewhere.example/", b"*",
    ]  # fmt: skip
    lines = {
        "no version": b"GET /\r\n\r\n",
        "version 9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "binary": bytes(range(256)),
        "method of a kilobyte": b"X" * 1_000 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "unknown method": b"BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "TRACE": b"TRACE /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "CONNECT": b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 without a host": b"GET /api/v1/health HTTP/1.0\r\n\r\n",
        "two hosts": _get(b"/", b"Host: elsewhere.example\r\n"),
        "NUL in a header": _get(b"/", b"X: a\0b\r\n"),
        "bare newlines": b"GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n",
        "header without a colon": _get(b"/", b"nonsense\r\n"),
        "folded header": _get(b"/", b"X: a\r\n b\r\n"),
        "upgrade to a websocket": _get(b"/api/v1/forward", b"Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n"),
    }
    headers = {
        "session of 60 KB": b"Torchwire-Session: " + b"x" * 60_000 + b"\r\n",
        "session in latin-1": b"Torchwire-Session: \xe9\xff\r\n",
        "request id with a quote": b'X-Request-ID: "\x7f\r\n',
        "request id of 60 KB": b"X-Request-ID: " + b"x" * 60_000 + b"\r\n",
        "2,000 headers": b"".join(b"X-%d: y\r\n" % number for number in range(2_000)),
        "a cookie": b"Cookie: " + b"a=b; " * 2_000 + b"\r\n",
        "range": b"Range: bytes=0-18446744073709551616\r\n",
        "accept nonsense": b"Accept: \xff\r\nAccept-Encoding: x\r\n",
        "tag of 60 KB": b'If-None-Match: "' + b"x" * 60_000 + b'"\r\n',
        "forwarded": b"X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: elsewhere.example\r\n",
    }
    bodies = {
        "no length": POST + b"Connection: close\r\n\r\n",
        "negative length": POST + b"Content-Length: -1\r\n\r\n" + BODY,
        "length of words": POST + b"Content-Length: many\r\n\r\n" + BODY,
        "length beyond 2**64": POST + b"Content-Length: 99999999999999999999\r\n\r\n" + BODY,
        "length of a terabyte": POST + b"Connection: close\r\nContent-Length: 1000000000000\r\n\r\n" + BODY,
        "two lengths": POST + b"Connection: close\r\nContent-Length: 5\r\n" + LENGTH + BODY,
        "length and chunks": POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n" + LENGTH + BODY,
        "unknown encoding": POST + b"Connection: close\r\nTransfer-Encoding: gzip, x\r\n\r\n" + BODY,
        "chunk of words": POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY,
        "chunk beyond 2**64": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n" + BODY,
        "gzip that is none": _post(b"Content-Encoding: gzip\r\n"),
        "another charset": _post(b"").replace(JSON, b"Content-Type: application/json; charset=utf-7\r\n"),
        "no type": _post(b"").replace(JSON, b""),
        "a form": _post(b"").replace(JSON, b"Content-Type: application/x-www-form-urlencoded\r\n"),
        "type of 60 KB": _post(b"").replace(JSON, b"Content-Type: " + b"x" * 60_000 + b"\r\n"),
        "a body for GET": _get(b"/api/v1/health", b"Content-Length: 5\r\n") + b"hello",
    }  # fmt: skip
    return {
        **{f"path {path[:40].decode()}": _get(path) for path in paths},
        **{f"line: {name}": sent for name, sent in lines.items()},
        **{f"header: {name}": _post(header) for name, header in headers.items()},
        **{f"body: {name}": sent for name, sent in bodies.items()},
    }


def answer(url: str, sent: bytes, patience: float = 3) -> tuple[int, bytes]:
    """Status and body; status 0 where the connection was closed without an answer, or more is waited for."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=patience) as client:
        received = b""
        try:
            client.sendall(sent)
            while not _whole(received) and (chunk := client.recv(65_536)):
                received += chunk
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            pass
    if not received:
        return 0, b""
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(None, 2)[1]), body


def _whole(received: bytes) -> bool:
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head, flags=re.IGNORECASE)
    return length is not None and len(body) >= int(length[1])
