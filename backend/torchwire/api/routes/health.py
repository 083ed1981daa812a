"""GET /health."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from torchwire.version import VERSION

router = APIRouter(tags=["server"])


class Workers(BaseModel):
    size: int = Field(description="Workers that there should be.")
    ready: int = Field(description="Workers that there are.")
    busy: int
    waiting: int = Field(description="Requests that wait for a worker.")
    restarts: int = Field(description="Workers replaced since the server started.")


class Health(BaseModel):
    """`status` is "ok" while there is a worker, else "starting" with 503."""

    status: str
    torch: str = Field(description="The version of torch.")
    version: str = Field(description="The version of Torchwire.")
    workers: Workers


@router.get("/health", response_model=Health, summary="Is the server well?")
async def health(request: Request) -> Response:
    pool = request.app.state.pool
    workers = pool.state()
    status = "ok" if workers["ready"] else "starting"
    body = {"status": status, "torch": pool.torch, "version": VERSION, "workers": workers}
    return JSONResponse(body, 200 if status == "ok" else 503)
