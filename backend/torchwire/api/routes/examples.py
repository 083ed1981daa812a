"""GET /examples and /examples/{id}: the gallery."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from torchwire.api.answers import Kept
from torchwire.api.errors import ApiError
from torchwire.api.models import Document, Examples
from torchwire.api.published import error

router = APIRouter(tags=["examples"])

HEAD = ("id", "title", "family", "about")


@cache
def _gallery() -> dict[str, dict[str, Any]]:
    folder = files("torchwire") / "gallery"
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".json")), key=lambda item: item.name)
    return {item["id"]: item for item in (json.loads(file.read_text("utf-8")) for file in found)}


@cache
def _list() -> Kept:
    return Kept.of({"examples": [{name: item[name] for name in HEAD} for item in _gallery().values()]})


@router.get("/examples", summary="The gallery", response_model=Examples)
async def examples(request: Request) -> Response:
    """Id, title, family and two sentences on what to look at, in the order of the page."""
    return _list().response(request)


@router.get(
    "/examples/{id}",
    summary="One network document of the gallery",
    response_model=Document,
    responses={404: error("The gallery has no example of this id.")},
)
async def example(request: Request, id: str) -> Response:
    """The document as the page opens it, to be sent on to /analyze, /forward or /export."""
    item = _gallery().get(id)
    if item is None:
        raise ApiError(404, "not-found", "The gallery has no example of this id.")
    return Kept.of(item["network"]).response(request)
