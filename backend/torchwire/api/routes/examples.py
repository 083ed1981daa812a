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

router = APIRouter(tags=["examples"])

HEAD = ("id", "title", "family", "about")


@cache
def _gallery() -> dict[str, dict[str, Any]]:
    folder = files("torchwire") / "gallery"
    if not folder.is_dir():
        return {}
    found = [json.loads(item.read_text("utf-8")) for item in folder.iterdir() if item.name.endswith(".json")]
    return {item["id"]: item for item in sorted(found, key=lambda item: item["id"])}


@cache
def _list() -> Kept:
    return Kept.of({"examples": [{name: item[name] for name in HEAD} for item in _gallery().values()]})


@router.get("/examples", summary="The gallery")
async def examples(request: Request) -> Response:
    return _list().response(request)


@router.get("/examples/{id}", summary="One network document of the gallery")
async def example(request: Request, id: str) -> Response:
    item = _gallery().get(id)
    if item is None:
        raise ApiError(404, "not-found", "The gallery has no example of this id.")
    return Kept.of(item["network"]).response(request)
