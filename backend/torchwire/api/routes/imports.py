"""POST /import: the text goes to a worker as it is; it is read there and never run."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api import published
from torchwire.api.routes.forward import respond, run

router = APIRouter(tags=["networks"])


@router.post("/import", summary="PyTorch source as network documents", **published.IMPORT)
async def import_source(request: Request) -> Response:
    """Reads PyTorch source, a notebook or JSON. Pasted code is never executed.

    What cannot be represented is told with its line; everything else arrives. What the text does not say (an argument
    of the constructor, the shape of an input) is asked for in `questions`, with a guess.
    """
    return respond(await run("import", request))
