"""The web application: HTTP and JSON; torch is in the workers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from torchwire.api import errors, published
from torchwire.api.answers import Kept
from torchwire.api.body import Bodies
from torchwire.api.headers import KnownHosts, SecurityHeaders
from torchwire.api.metrics import Metrics
from torchwire.api.requests import API, Requests
from torchwire.api.routes import examples, export, forward, health, imports, layers, metrics, networks, page, reference
from torchwire.storage.shelf import Shelf
from torchwire.version import VERSION
from torchwire.workers.pool import Pool

DESCRIPTION = """\
Networks drawn as documents, run by real PyTorch.

Post a network document (`GET /api/v1/schema`) to `/api/v1/forward` and get the forward pass: shapes, parameters,
values, problems. A wrong document is the normal state of an editor: it is answered with problems, not refused.
"""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = Pool(observer=app.state.metrics)
    await pool.start()
    app.state.metrics.watch(pool)
    app.state.pool = pool
    app.state.layers = Kept((await pool.run("layers", b"")).body)
    yield
    await pool.close()
    app.state.shelf.close()


def make_app(shelf: Shelf) -> FastAPI:
    """The application. Its workers start with its lifespan, and the shelf closes with it."""
    app = FastAPI(
        title="Torchwire",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.shelf = shelf
    app.state.metrics = Metrics()
    app.state.bodies = Bodies()
    errors.register(app)
    for noun in (health, layers, reference, forward, export, imports, networks, examples):
        app.include_router(noun.router, prefix=API)
    app.include_router(metrics.router)
    app.include_router(page.router)
    app.openapi = lambda: published.openapi(app)  # type: ignore[method-assign]
    app.add_middleware(KnownHosts)
    app.add_middleware(Requests, metrics=app.state.metrics, bodies=app.state.bodies)
    app.add_middleware(SecurityHeaders)  # the outermost, so that errors of the others carry them too
    return app
