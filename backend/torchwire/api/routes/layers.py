"""GET /layers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

router = APIRouter(tags=["reference"])


@router.get("/layers", summary="Every layer and function, with parameters and ports")
async def layers(request: Request) -> Response:
    """The catalogue, read from the installed torch when the server starts; it has an ETag."""
    answer: Response = request.app.state.layers.response(request)
    return answer
