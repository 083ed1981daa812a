"""A request from its first header to its last byte: its id, its line in the log, its place in the metrics."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torchwire.api.body import Bodies
from torchwire.api.errors import internal
from torchwire.api.metrics import Metrics
from torchwire.journal import Trace, trace

API = "/api/v1"

log = logging.getLogger("torchwire.requests")

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Requests:
    """Also the last to see an exception that nobody answers: it is logged, and answered 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics, bodies: Bodies) -> None:
        self._app = app
        self._bodies = bodies
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        mine = Trace(given if _ID.fullmatch(given) else secrets.token_hex(8))
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = mine.id
            await send(message)

        token = trace.set(mine)
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            log.error("a fault of the server", exc_info=error)
            if status == 0:
                await internal().response()(scope, receive, send_with_id)
        finally:
            self._bodies.let_go(mine.held)
            route = template(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = time.perf_counter() - began
            self._metrics.answered(method, route, status, seconds)
            _write(mine, method, route, status, seconds, headers.get("torchwire-session", ""))
            trace.reset(token)


def template(scope: Scope) -> str:
    """The route's address with the names of what it takes in place of what was sent; "none" where there is no route."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return "none"
    return f"{API}{route}" if scope["path"].startswith(f"{API}/") else str(route)  # a route knows not its prefix


def _write(mine: Trace, method: str, route: str, status: int, seconds: float, session: str) -> None:
    data = {
        "method": method,
        "route": route,
        "status": status,
        "ms": _ms(seconds),
        "queue_ms": _ms(mine.waited),
        "worker_ms": _ms(mine.worked),
        "session": hashlib.sha256(session.encode()).hexdigest()[:12] if session else None,
        "outcome": mine.outcome,
    }
    log.info("request", extra={"data": data})


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1e3, 2)
