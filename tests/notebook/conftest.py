"""The catalogue by type."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture(scope="session")
def catalogue(api: httpx.Client) -> dict[str, Any]:
    return {layer["type"]: layer for layer in api.get("/layers").raise_for_status().json()["layers"]}
