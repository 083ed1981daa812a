"""What every answer carries, and which host names are answered at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torchwire.api.errors import ApiError
from torchwire.settings import settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",  # style attributes set by scripts go through the CSSOM, which this allows
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


# Browsers heed it on trustworthy origins only, and complain about it in the console of every other page.
OPENER = (b"cross-origin-opener-policy", b"same-origin")


class SecurityHeaders:
    """Adds the headers above to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._raw = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        host = Headers(scope=scope).get("host", "")
        opener = [OPENER] if scope["scheme"] == "https" or local(host) else []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._raw, *opener]
                if scope["path"].startswith("/api/"):
                    MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class KnownHosts:
    """Refuses names that are not the server's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._hosts = [host.strip().lower() for host in settings().hosts.split(",") if host.strip()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not trusted(Headers(scope=scope).get("host", ""), self._hosts):
            refusal = ApiError(421, "unknown-host", "The server is not known under this name; see TORCHWIRE_HOSTS.")
            await refusal.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def name_of(host: str) -> str:
    """The name or address of a Host header, without its port."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name.strip("[]").lower().rstrip(".")


def local(host: str) -> bool:
    """Whether a Host header names the machine itself, which browsers trust without https."""
    name = name_of(host)
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def trusted(host: str, names: Iterable[str]) -> bool:
    """Whether a Host header names this server: a name of the setting, or an address by number.

    A page of another site whose name was pointed at this server (DNS rebinding) comes with that site's name.
    """
    name = name_of(host)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        return True
    return any(name == known or known == "*" or (known[:2] == "*." and name.endswith(known[1:])) for known in names)
