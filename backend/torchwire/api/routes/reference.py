"""GET /problems and /limits: what else an editor must know."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api.answers import Kept
from torchwire.graph.problems import CODES
from torchwire.settings import settings

router = APIRouter(tags=["reference"])

PUBLIC = "deadline_ms heavy_deadline_ms memory_mb max_parameters max_elements max_rank max_written_nodes \
max_expanded_nodes max_depth max_body max_answer".split()


@cache
def _problems() -> Kept:
    return Kept.of({"problems": [{"code": code, "meaning": meaning} for code, meaning in CODES.items()]})


@cache
def _limits() -> Kept:
    return Kept.of({"limits": {name: asdict(settings())[name] for name in PUBLIC}})


@router.get("/problems", summary="Every problem code and what to do about it")
async def problems(request: Request) -> Response:
    return _problems().response(request)


@router.get("/limits", summary="The limits of this server")
async def limits(request: Request) -> Response:
    return _limits().response(request)
