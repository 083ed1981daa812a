"""The built page and the API docs page."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
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


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Files of the build that carry a hash of their content in their name and never change."""
    return _file(STATIC / "assets", name, "public, max-age=31536000, immutable")


@router.get("/{name}")
async def file(name: str) -> Response:
    """The build's other files: the icon."""
    return _file(STATIC, name, "no-cache")


def _file(folder: Path, name: str, kept: str) -> Response:
    # no name of another folder: a route's name holds no slash, and "..", NUL and the like are no files of the build
    if name not in _names(folder):
        raise HTTPException(404)
    return FileResponse(folder / name, headers={"Cache-Control": kept})


def _names(folder: Path) -> set[str]:
    return {item.name for item in folder.iterdir() if item.is_file()} if folder.is_dir() else set()
