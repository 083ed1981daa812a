"""The built page, the API docs page, and 404 for everything else."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

router = APIRouter(include_in_schema=False)

STATIC = Path(__file__).parents[2] / "static"
NOT_BUILT = """<!doctype html><html lang="en"><title>Torchwire</title>
<h1>The page is not built</h1><p>Run <code>make run</code> in the project's folder (it needs Node 20+), or
<code>npm run build</code> in <code>frontend/</code>. The API works without it.</p></html>"""


def _page(name: str) -> Response:
    file = STATIC / name
    if not file.is_file():
        return HTMLResponse(NOT_BUILT, 503)
    return FileResponse(file, headers={"Cache-Control": "no-cache"})


@router.get("/")
async def index() -> Response:
    return _page("index.html")


@router.get("/docs")
async def docs() -> Response:
    return _page("docs.html")


@router.get("/{path:path}")
async def asset(request: Request, path: str) -> Response:
    """Files of the build. Those under assets/ carry a hash in their name and never change."""
    if path.startswith("api/") or "\0" in path:
        raise HTTPException(404)
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        raise HTTPException(404)
    kept = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
    return FileResponse(file, headers={"Cache-Control": kept})
