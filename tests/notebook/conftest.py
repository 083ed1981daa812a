"""A server whose deadline no busy machine meets: these tests are about figures, not about time. And its catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.conftest import LiveServer


@pytest.fixture(scope="session")
def api() -> Iterator[httpx.Client]:
    server = LiveServer(workers=1, deadline_ms=30_000)
    with server.client() as client:
        yield client
    server.close()


@pytest.fixture(scope="session")
def catalogue(api: httpx.Client) -> dict[str, Any]:
    """The catalogue by type."""
    return {layer["type"]: layer for layer in api.get("/layers").raise_for_status().json()["layers"]}
