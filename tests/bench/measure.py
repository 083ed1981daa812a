"""What the benchmarks share: a connection that is kept, percentiles, tables, the machine in words."""

from __future__ import annotations

import datetime
import http.client
import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch

NETWORKS = Path(__file__).parents[1] / "conformance" / "networks"


class Connection:
    """One kept connection to the API of a server; the standard library's client, whose own time is about 0.1 ms."""

    def __init__(self, url: str) -> None:
        self._client = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[float, bytes]:
        """Milliseconds from sending to the last byte of the answer, and the answer."""
        start = time.perf_counter()
        self._client.request(method, f"/api/v1{path}", body, {"Content-Type": "application/json"} if body else {})
        response = self._client.getresponse()
        answer = response.read()
        milliseconds = (time.perf_counter() - start) * 1000
        assert response.status == 200, answer
        return milliseconds, answer

    def close(self) -> None:
        self._client.close()


def network(name: str) -> dict[str, Any]:
    """A conformance network's document."""
    found: dict[str, Any] = json.loads((NETWORKS / f"{name}.json").read_text("utf-8"))["network"]
    return found


def percentile(values: Sequence[float], part: float) -> float:
    """The value that this part of all, 0 to 1, are at most."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine() -> str:
    """Day, processor and versions, as a sentence."""
    try:
        models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        processor = models[0].partition(":")[2].strip()
    except (OSError, IndexError):
        processor = platform.processor() or platform.machine()
    today = datetime.datetime.now(datetime.UTC).date()
    versions = f"Python {platform.python_version()}, torch {torch.__version__.partition('+')[0]}"
    return f"{today}, {processor}, {os.cpu_count()} cores, {platform.system()}, {versions}."
