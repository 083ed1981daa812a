"""Paced students: each edits a network of its own about every three seconds. Written to docs/load.md:  make load"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.measure import machine, percentile, table
from tests.conftest import LiveServer
from tests.documents import LENET, RUNAWAY

LOAD = Path(__file__).parents[2] / "docs" / "load.md"
PAUSE = 3.0  # seconds between two edits of a student
RETRIED = 1.0  # seconds until a 503 is tried again
RUNAWAYS = 10
TEXT = """\
# Load

Students who each change a network of their own (LeNet, each another width, every time another seed) about every
{pause:g} seconds, for {seconds:g} seconds. Generator and server share the machine's processors. Beside each row the
same generator asks `GET /health/live`, which does nothing. Written by `make load`, which wants a machine that does
nothing else.

Goals: with 300 students p50 at most 60 ms, p99 at most 600 ms, no errors; with 30, p99 at most 50 ms; with 600 every
answer is 200, 409 or 503 with `Retry-After`, and the server is back within 5 s; 10 runaways at most double the others'
p95.

{machine}

{table}
After the last row the server answered within {recovery:.2f} s.
"""


@dataclass
class Found:
    """What the students saw."""

    times: list[float]  # milliseconds of those answered 200
    statuses: Counter[int]

    def row(self) -> list[str]:
        times = self.times or [float("nan")]
        return [f"{percentile(times, part):.1f}" for part in (0.5, 0.95, 0.99)]


async def ask(url: str, request: bytes) -> tuple[int, bool]:
    """Status, and whether `Retry-After` came with it; 0 where there was no answer."""
    parts = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return int(answer[9:12]), b"\r\nretry-after:" in answer[:2_000].lower()
    except (OSError, ValueError):
        return 0, False


def edit(student: int, number: int, runaway: bool) -> bytes:
    """A forward that nobody has asked for before."""
    if runaway:
        document = {**RUNAWAY, "seed": student * 1_000 + number}
    else:
        nodes = {**LENET["nodes"], "fc1": {**LENET["nodes"]["fc1"], "params": {"out_features": 100 + student}}}
        document = {**LENET, "seed": student * 1_000 + number, "nodes": nodes}
    body = json.dumps({"network": document}).encode()
    return (
        b"POST /api/v1/forward HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        b"Torchwire-Session: student-%d\r\nContent-Length: %d\r\n\r\n%b" % (student, len(body), body)
    )


NOTHING = b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def students(url: str, number: int, seconds: float, runaways: int = 0, nothing: bool = False) -> Found:
    """So many at work; the first of them are the runaways, which are not in what is found."""
    found = Found([], Counter())
    end = time.perf_counter() + seconds

    async def work(student: int) -> None:
        seeded = random.Random(student)
        await asyncio.sleep(seeded.uniform(0, PAUSE))
        edits = 0
        while time.perf_counter() < end:
            request = NOTHING if nothing else edit(student, edits, student < runaways)
            edits += 1
            began = time.perf_counter()
            status, again = await ask(url, request)
            if student >= runaways:
                found.statuses[status if status != 503 or again else -503] += 1
                if status == 200:
                    found.times.append((time.perf_counter() - began) * 1e3)
            await asyncio.sleep(RETRIED if status == 503 else seeded.uniform(0.5, 1.5) * PAUSE)

    await asyncio.gather(*(work(student) for student in range(number)))
    return found


async def recovery(url: str) -> float:
    """Seconds until a forward is answered 200."""
    began = time.perf_counter()
    while (await ask(url, edit(999_999, int(time.time()), False)))[0] != 200:
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


ROWS = ((30, 0), (300, 0), (300, RUNAWAYS), (600, 0))  # students, and how many of them send runaways


def measure(seconds: float = 60, rows: Sequence[tuple[int, int]] = ROWS) -> str:
    """Students and runaways among them, in rows, each on the same server."""
    lines = []
    server = LiveServer()
    try:
        for number, runaways in rows:
            idle = asyncio.run(students(server.url, number, min(seconds, 15), nothing=True))
            found = asyncio.run(students(server.url, number, seconds, runaways))
            told = ", ".join(f"{count:,} x {status}" for status, count in sorted(found.statuses.items()))
            who = f"{number}" + (f", {runaways} of them with runaways" if runaways else "")
            lines.append([who, *found.row(), told, idle.row()[0], idle.row()[2]])
        back = asyncio.run(recovery(server.url))
    finally:
        server.close()
    heads = ["students", "p50 ms", "p95 ms", "p99 ms", "answers", "nothing, p50 ms", "nothing, p99 ms"]
    return TEXT.format(pause=PAUSE, seconds=seconds, machine=machine(), table=table(heads, lines), recovery=back)


if __name__ == "__main__":
    text = measure()
    print(text)
    LOAD.write_text(text, encoding="utf-8")
