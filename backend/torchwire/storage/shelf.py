"""Kept networks for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from torchwire.storage.database import open_database
from torchwire.storage.documents import read_saving
from torchwire.storage.networks import Condition, Entry, Found, Networks

T = TypeVar("T")

READERS = 4
WAITING = 256  # calls that may wait for a thread; at 5 ms a commit the last of them waits for about a second


class Overfull(Exception):
    """Too many calls wait already."""


class Unavailable(Exception):
    """The database does not take the call: its disk is full, its server is away."""


class Full(Unavailable):
    """There is no room left."""


class Shelf:
    """Does: keep the event loop free, and one save from waiting in another's transaction. Opened once."""

    def __init__(self) -> None:
        self._engine = open_database()
        self._networks = Networks(self._engine)
        # SQLite has one writer at a time: a second thread would only wait inside the database, with a deadline
        self._writer = ThreadPoolExecutor(1, "torchwire-write")
        self._readers = ThreadPoolExecutor(READERS, "torchwire-read")
        self._waiting = 0

    async def save(self, id: str, owner: str | None, condition: Condition, text: bytes) -> Entry:
        """Returns when the save is on the disk. Raises NotADocument, Overfull, Unavailable, and as Networks.save."""
        saving = await self._in(self._readers, read_saving, text)
        return await self._in(self._writer, self._networks.save, id, owner, condition, saving)

    async def delete(self, id: str, owner: str | None, condition: Condition) -> int:
        return await self._in(self._writer, self._networks.delete, id, owner, condition)

    async def read(self, id: str, owner: str | None, number: int | None = None) -> Found:
        return await self._in(self._readers, self._networks.read, id, owner, number)

    async def of(self, owner: str) -> Sequence[Entry]:
        return await self._in(self._readers, self._networks.of, owner)

    def close(self) -> None:
        """Waits for what is under way."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
        if self._waiting >= WAITING:
            raise Overfull
        future = asyncio.get_running_loop().run_in_executor(threads, work, *arguments)
        self._waiting += 1
        future.add_done_callback(self._done)
        try:
            return await asyncio.shield(future)  # a client that goes away does not take its save back half way
        except SQLAlchemyError as error:
            if "full" in str(getattr(error, "orig", error)).lower():
                raise Full from error
            raise Unavailable from error

    def _done(self, future: asyncio.Future[Any]) -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()  # looked at, also where nobody waits any more
