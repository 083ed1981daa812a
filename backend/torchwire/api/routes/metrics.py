"""GET /metrics."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.responses import Response

from torchwire.api.errors import ApiError
from torchwire.settings import settings

router = APIRouter(include_in_schema=False)

OPEN = "open"


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures in Prometheus' text format, for whom `TORCHWIRE_METRICS` allows."""
    allowed = settings().metrics
    if not allowed:
        raise HTTPException(404)
    sent = request.headers.get("authorization", "").encode()
    if allowed != OPEN and not hmac.compare_digest(sent, f"Bearer {allowed}".encode()):
        message = "Send the secret of TORCHWIRE_METRICS as Authorization: Bearer."
        raise ApiError(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
    return Response(request.app.state.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
