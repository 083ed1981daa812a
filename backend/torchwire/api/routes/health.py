"""GET /health and /health/live."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from torchwire.version import VERSION

router = APIRouter(tags=["server"])


class Workers(BaseModel):
    size: int = Field(description="Workers that there should be.")
    ready: int = Field(description="Workers that there are.")
    busy: int
    waiting: int = Field(description="Computations that wait for a worker.")
    restarts: int = Field(description="Workers replaced since the server started.")


class Health(BaseModel):
    """`status` is "ok" while there is a worker, else "starting" with 503."""

    status: Literal["ok", "starting"]
    torch: str = Field(description="The version of torch.")
    version: str = Field(description="The version of Torchwire.")
    workers: Workers


class Live(BaseModel):
    status: Literal["ok"]


@router.get(
    "/health",
    response_model=Health,
    summary="Is the server ready?",
    responses={503: {"model": Health, "description": "There is no worker; there will be one in some seconds."}},
)
async def health(request: Request) -> Response:
    """Whether requests are computed. A server that is not ready mends itself: send it nothing, do not restart it."""
    pool = request.app.state.pool
    workers = pool.state()
    status = "ok" if workers["ready"] else "starting"
    body = {"status": status, "torch": pool.torch, "version": VERSION, "workers": workers}
    return JSONResponse(body, 200 if status == "ok" else 503)


@router.get("/health/live", response_model=Live, summary="Is the server alive?")
async def live() -> Response:
    """Whether the web process answers, whatever its workers do. Where this gets no answer, restart the server."""
    return JSONResponse({"status": "ok"})
