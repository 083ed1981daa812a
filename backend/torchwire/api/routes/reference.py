"""GET /schema, /problems and /limits: what else an editor must know."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api.answers import Kept
from torchwire.api.models import Limits, Problems
from torchwire.graph.problems import CODES
from torchwire.graph.schema import document_schema
from torchwire.settings import settings

router = APIRouter(tags=["reference"])

PRIVATE = frozenset(
    {"workers", "queue", "bodies_mb", "hosts", "data", "data_mb", "database", "log_level", "log_format", "metrics"}
)


@cache
def _schema() -> Kept:
    return Kept.of(document_schema())


@cache
def _problems() -> Kept:
    return Kept.of({"problems": [{"code": code, "meaning": meaning} for code, meaning in CODES.items()]})


@cache
def _limits() -> Kept:
    return Kept.of({"limits": {name: value for name, value in asdict(settings()).items() if name not in PRIVATE}})


@router.get("/schema", summary="The JSON Schema of the network document", response_model=dict[str, Any])
async def schema(request: Request) -> Response:
    """What `network` may hold in every request, for editors and generators; what it cannot say, problems tell."""
    return _schema().response(request)


@router.get("/problems", summary="Every problem code and what to do about it", response_model=Problems)
async def problems(request: Request) -> Response:
    """The `code` of each entry of `problems` in an answer, with its meaning; the same list as docs/problems.md."""
    return _problems().response(request)


@router.get("/limits", summary="The limits of this server", response_model=Limits)
async def limits(request: Request) -> Response:
    """Adjusted by TORCHWIRE_ and the name in capitals in the server's environment."""
    return _limits().response(request)
