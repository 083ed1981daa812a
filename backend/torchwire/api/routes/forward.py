"""POST /forward and /analyze: the body goes to a worker as it is, the worker's answer comes back as it is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api.body import read_body
from torchwire.workers.pool import Pool, Result

router = APIRouter(tags=["networks"])


def _timed(result: Result, media_type: str = "application/json") -> Response:
    timing = f"wait;dur={result.waited * 1e3:.2f}, work;dur={result.worked * 1e3:.2f}"
    return Response(result.body, headers={"Server-Timing": timing}, media_type=media_type)


@router.post("/forward", summary="Run a network")
async def forward(request: Request) -> Response:
    body = await read_body(request)
    pool: Pool = request.app.state.pool
    return _timed(await pool.run("forward", body, request.headers.get("torchwire-session", "")[:100]))


@router.post("/analyze", summary="Shapes, parameters and problems without values")
async def analyze(request: Request) -> Response:
    body = await read_body(request)
    pool: Pool = request.app.state.pool
    return _timed(await pool.run("analyze", body, request.headers.get("torchwire-session", "")[:100]))
