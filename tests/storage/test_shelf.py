"""Storage and the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.storage.saves import CREATE, ME, at, new_id, text

from torchwire.graph.document import NotADocument
from torchwire.settings import settings
from torchwire.storage import shelf as module
from torchwire.storage.shelf import Overfull, Shelf, Unavailable


class Gate:
    """Holds a statement in its thread until it is opened."""

    def __init__(self, shelf: Shelf, begins: str) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self._begins = begins
        event.listen(shelf._engine, "before_cursor_execute", self._wait)

    def _wait(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(self._begins):
            self.reached.set()
            assert self.open.wait(20)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setenv("TORCHWIRE_DATA", str(tmp_path))
    settings.cache_clear()
    made = Shelf()
    yield made
    made.close()
    settings.cache_clear()


async def _reached(gate: Gate) -> None:
    while not gate.reached.is_set():
        await asyncio.sleep(0.001)


def test_the_loop_and_the_readers_go_on_while_a_save_waits_for_the_disk(shelf: Shelf) -> None:
    async def main() -> None:
        id = new_id()
        await shelf.save(id, ME, CREATE, text(1))
        gate = Gate(shelf, "INSERT INTO revisions")
        under_way = asyncio.create_task(shelf.save(id, ME, at(1), text(2)))
        await _reached(gate)
        assert (await shelf.read(id, ME)).text == text(1)  # and never half of the other
        assert not under_way.done()
        gate.open.set()
        assert (await under_way).revision == 2

    asyncio.run(main())


def test_a_client_that_goes_away_does_not_take_its_save_back(shelf: Shelf) -> None:
    async def main() -> None:
        id = new_id()
        gate = Gate(shelf, "INSERT INTO revisions")
        under_way = asyncio.create_task(shelf.save(id, ME, CREATE, text(1)))
        await _reached(gate)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
        gate.open.set()
        assert (await shelf.save(id, ME, at(1), text(2))).revision == 2

    asyncio.run(main())


def test_no_more_wait_than_can_be_served(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 3)

    async def main() -> None:
        gate = Gate(shelf, "BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(shelf.save(new_id(), ME, CREATE, text())) for _ in range(3)]
        try:
            await _reached(gate)
            while shelf._writer._work_queue.qsize() < 2:  # the others have been read, and wait behind the first
                await asyncio.sleep(0.001)
            with pytest.raises(Overfull):
                await shelf.read(new_id(), ME)
        finally:
            gate.open.set()
        assert [entry.revision for entry in await asyncio.gather(*waiting)] == [1, 1, 1]
        assert len(await shelf.of(ME)) == 3

    asyncio.run(main())


def test_a_database_that_goes_away_is_told_as_such_and_comes_back(shelf: Shelf, tmp_path: Path) -> None:
    async def main() -> None:
        id = new_id()
        await shelf.save(id, ME, CREATE, text(1))
        shelf._engine.dispose()
        (tmp_path / "torchwire.sqlite").rename(tmp_path / "away")
        (tmp_path / "torchwire.sqlite").mkdir()
        with pytest.raises(Unavailable):
            await shelf.save(id, ME, at(1), text(2))
        (tmp_path / "torchwire.sqlite").rmdir()
        (tmp_path / "away").rename(tmp_path / "torchwire.sqlite")
        assert (await shelf.save(id, ME, at(1), text(2))).revision == 2

    asyncio.run(main())


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b'{"format":"torchwire/1"}', b'{"format":"torchwire/9","nodes":{}}', b"\xff",
     b'{"format":"torchwire/1","nodes":{},"nodes":{}}', b'{"format":"torchwire/1","nodes":{"a":1}}',
     b'{"format":"torchwire/1","nodes":{},"name":"\\ud800"}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_document_is_not_kept(shelf: Shelf, body: bytes) -> None:
    async def main() -> None:
        with pytest.raises(NotADocument):
            await shelf.save(new_id(), ME, CREATE, body)
        assert await shelf.of(ME) == []

    asyncio.run(main())
