"""GET /layers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api.models import Layers

router = APIRouter(tags=["reference"])


@router.get(
    "/layers",
    summary="Every layer and function, with parameters and ports",
    responses={200: {"model": Layers, "description": "The catalogue."}},
)
async def layers(request: Request) -> Response:
    """The catalogue, read from the installed torch when the server starts; it has an ETag."""
    answer: Response = request.app.state.layers.response(request)
    return answer
