"""kill -9 of the server while it saves: what was acknowledged is there, whole, once and in order."""

from __future__ import annotations

import os
import random
import secrets
import signal
import threading
import time
from datetime import date
from pathlib import Path

import httpx
import pytest
from tests.conftest import LiveServer
from tests.oracle.sections import write_section
from tests.storage.saves import text

from torchwire.storage.database import sqlite_library

WRITERS = 4
PATIENCE = 60  # seconds for a killed server to answer again


class Writer(threading.Thread):
    """Saves one network again and again. What gets no answer is sent again as it was, as a page does."""

    def __init__(self, url: str, pad: int) -> None:
        super().__init__()
        self.id = secrets.token_hex(16)
        self.acknowledged: list[bytes] = []  # the text of revision 1, 2, ...
        self.again = 0
        self.done = threading.Event()
        self.fault: BaseException | None = None
        self._url = url
        self._pad = pad

    def run(self) -> None:
        try:
            with httpx.Client(base_url=f"{self._url}/api/v1", timeout=PATIENCE) as client:
                while not self.done.is_set():
                    self._save(client)
        except BaseException as fault:
            self.fault = fault

    def _save(self, client: httpx.Client) -> None:
        seen = len(self.acknowledged)
        sent = text(seed=seen, name=secrets.token_hex(self._pad))
        condition = {"If-Match": f'"{seen}"'} if seen else {"If-None-Match": "*"}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = client.put(
                    f"/networks/{self.id}", content=sent, headers={"Content-Type": "application/json", **condition}
                )
                break
            except httpx.TransportError:
                assert time.monotonic() < end, "the server does not come back"
                self.again += 1
                time.sleep(0.02)
        assert answer.status_code == (200 if seen else 201), answer.text
        assert answer.json()["revision"] == seen + 1
        self.acknowledged.append(sent)


def _web_process(server: LiveServer) -> int:
    pid = server.process.pid
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)


def _killed(kills: int) -> tuple[int, int]:
    """Saves acknowledged, saves sent again. Fails where one is lost, doubled or torn."""
    seeded = random.Random(7)
    server = LiveServer(workers=1)
    writers = [Writer(server.url, pad=20 * 40**number // 10) for number in range(WRITERS - 1)]  # 4 bytes to 6 KB
    writers.append(Writer(server.url, pad=100_000))
    try:
        for writer in writers:
            writer.start()
        for _ in range(kills):
            before = sum(len(writer.acknowledged) for writer in writers)
            end = time.monotonic() + PATIENCE
            while sum(len(writer.acknowledged) for writer in writers) < before + WRITERS:
                assert time.monotonic() < end, "no save is acknowledged any more"
                assert [writer.fault for writer in writers] == [None] * WRITERS
                time.sleep(0.001)
            time.sleep(seeded.uniform(0, 0.05))
            os.kill(_web_process(server), signal.SIGKILL)
        for writer in writers:
            writer.done.set()
        for writer in writers:
            writer.join()
            assert writer.fault is None
        with server.client() as client:
            for writer in writers:
                for number, sent in enumerate(writer.acknowledged, 1):
                    assert client.get(f"/networks/{writer.id}?revision={number}").content == sent
                newest = client.get(f"/networks/{writer.id}")
                assert newest.headers["etag"] == f'"{len(writer.acknowledged)}"'
    finally:
        for writer in writers:
            writer.done.set()
        server.close()
    again = sum(writer.again > 0 for writer in writers)
    assert again, "no save was under way at any kill"
    return sum(len(writer.acknowledged) for writer in writers), sum(writer.again for writer in writers)


def test_two_kills_lose_nothing() -> None:
    _killed(2)


@pytest.mark.proof
def test_a_hundred_kills_lose_nothing() -> None:
    acknowledged, _ = _killed(100)
    library = sqlite_library()
    write_section(
        "storage.md",
        "kills",
        f"{date.today()}, SQLite {library.sqlite_version}: 100 `kill -9` of the web process while {WRITERS} clients "
        f"saved without a pause;\n{acknowledged:,} saves were acknowledged, 0 of them lost, 0 doubled, 0 torn.\n",
    )
