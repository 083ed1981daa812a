"""A request's body, within its limit."""

from __future__ import annotations

import asyncio

from fastapi import Request

from torchwire.api.errors import RETRY_AFTER, ApiError
from torchwire.journal import trace
from torchwire.settings import settings

PATIENCE = 30.0  # seconds for a body to arrive
DISCARD = 16  # times the limit that is read and thrown away, so that a client that sends first reads its 413 too


class Bodies:
    """How many bytes of bodies the server holds: each from its first chunk to the last byte of its answer."""

    def __init__(self) -> None:
        self.held = 0

    def hold(self, size: int) -> bool:
        """So many bytes more, for the request that is being answered. False where there is no room for them."""
        if self.held + size > settings().bodies_mb * 2**20:
            return False
        self.held += size
        trace.get().held += size
        return True

    def let_go(self, size: int) -> None:
        self.held -= size


async def read_body(request: Request, limit: int | None = None) -> bytes:
    """The body, of at most `limit` bytes (max_body without one). Raises ApiError 415, 413, 408, 503."""
    # asked for, not assumed: a page of another site cannot send this type without being asked first
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(415, "unsupported-media-type", "The body must be application/json.")
    limit = settings().max_body if limit is None else limit
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:15]) > limit * DISCARD:
        raise _too_large(limit)
    bodies: Bodies = request.app.state.bodies
    chunks: list[bytes] = []
    size, full = 0, False
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit and not full and bodies.hold(len(chunk)):
                    chunks.append(chunk)
                elif size <= limit:
                    full = True
                elif size > limit * DISCARD:
                    break
    except TimeoutError:
        raise ApiError(408, "timeout", "The body did not arrive in time.", headers={"Connection": "close"}) from None
    if size > limit:
        raise _too_large(limit)
    if full:
        message = "The server holds as much of other requests as it may; try again in a second."
        raise ApiError(503, "busy", message, headers={**RETRY_AFTER, "Connection": "close"})
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> ApiError:
    message = f"The body is larger than {limit:,} bytes."
    return ApiError(413, "body-too-large", message, headers={"Connection": "close"})
