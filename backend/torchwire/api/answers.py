"""Answers that are made once and kept: bytes, an ETag, 304 when the client has them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request
from starlette.responses import Response


class Kept:
    """A JSON answer that does not change while the server runs."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
            "Cache-Control": "no-cache",  # kept by the browser, asked for again
        }

    @classmethod
    def of(cls, value: Any) -> Kept:
        return cls(json.dumps(value, ensure_ascii=False).encode())

    def response(self, request: Request) -> Response:
        known = request.headers.get("if-none-match", "")
        if self._headers["ETag"] in known:
            return Response(status_code=304, headers=self._headers)
        return Response(self._body, headers=self._headers, media_type="application/json")
