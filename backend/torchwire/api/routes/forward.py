"""POST /forward, /analyze and /tensors: the body goes to a worker as it is, the worker's answer comes back as it is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from torchwire.api import published
from torchwire.api.body import read_body
from torchwire.api.errors import ApiError
from torchwire.journal import trace
from torchwire.workers.jobs import Result
from torchwire.workers.pool import Pool

router = APIRouter(tags=["networks"])


async def run(verb: str, request: Request) -> Result:
    """The worker's answer to the body of a request."""
    body = await read_body(request)
    pool: Pool = request.app.state.pool
    result = await pool.run(verb, body, request.headers.get("torchwire-session", "")[:100])
    trace.get().waited, trace.get().worked = result.waited, result.worked
    return result


class TensorFile(Response):
    media_type = "application/octet-stream"


def respond(result: Result, kind: type[Response] = JSONResponse) -> Response:
    """The worker's bytes as they are, whatever `kind` would make of a value."""
    timing = f"wait;dur={result.waited * 1e3:.2f}, work;dur={result.worked * 1e3:.2f}"
    return Response(result.body, headers={"Server-Timing": timing}, media_type=kind.media_type)


@router.post("/forward", summary="Run a network", **published.FORWARD)
async def forward(request: Request) -> Response:
    """The forward pass of a network document: shapes, values, parameters, counts and problems, node by node.

    `state` of a node is `ok`, `error` (the fault is here), `blocked` (something before it failed) or `skipped` (over a
    limit: shapes are known, values are not computed). A document with faults is answered, with `problems`.

    With the header `Torchwire-Session` a newer forward of the same session takes the place of an older one, which is
    answered 409.
    """
    return respond(await run("forward", request))


@router.post("/analyze", summary="Shapes, counts and problems, without values", **published.ANALYZE)
async def analyze(request: Request) -> Response:
    """Everything that `forward` says except values; needs no memory in proportion to the network."""
    return respond(await run("analyze", request))


@router.post("/tensors", summary="Tensors in full, as safetensors", response_class=TensorFile, **published.TENSORS)
async def tensors(request: Request) -> Response:
    """Outputs, parameters and buffers of a forward pass, or parts of them, as one safetensors file.

    The tensors stand in it under the names as asked. 422 `no-tensor` says which names have none, and why.
    """
    result = await run("tensors", request)
    if result.cut:
        message = "The network was not done at the deadline; POST /forward says which node takes so long."
        raise ApiError(422, result.body.decode(), message)
    return respond(result, TensorFile)
