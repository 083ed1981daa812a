"""POST /export: a network as code, a notebook, a table, an ONNX model, or a file of weights."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api import published
from torchwire.api.routes.forward import respond, run
from torchwire.codegen.files import read_file

router = APIRouter(tags=["networks"])


@router.post("/export", summary="A network as code, or as another file", **published.EXPORT)
async def export(request: Request) -> Response:
    """PyTorch code that does what the canvas shows, and other forms of the network.

    A document with errors is answered, with `problems` and `content` null; so is a network that code cannot say
    faithfully (`not-exportable`). The formats `state` and `onnx` answer the file.
    """
    result = await run("export", request)
    file = read_file(result.body)
    if file is None:
        return respond(result)
    response = respond(replace(result, body=file.content))
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    return response
