"""Networks and their revisions, one transaction a call. Blocking: shelf.py runs it in threads."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from torchwire.settings import settings
from torchwire.storage.documents import Saving
from torchwire.storage.tables import networks, revisions

T = TypeVar("T")

ATTEMPTS = 3  # of a transaction that met another server's


class Missing(Exception):
    """There is no network of this id, or no such revision."""


class NotYours(Exception):
    """The network has another owner."""


class TooMany(Exception):
    """The owner keeps as many networks as the settings allow."""


class Stale(Exception):
    """The network is not at the revision that the caller has seen."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


@dataclass(frozen=True)
class Entry:
    """A network as the list shows it."""

    id: str
    name: str
    revision: int
    nodes: int
    size: int
    saved_at: int


@dataclass(frozen=True)
class Found:
    """A revision's text, byte for byte, and whether who asked may save."""

    text: bytes
    revision: int
    own: bool


@dataclass(frozen=True)
class Condition:
    """What a save has seen: these revisions, any, or (create) that there is no network of this id."""

    create: bool = False
    any: bool = False
    revisions: frozenset[int] = frozenset()

    def holds(self, revision: int) -> bool:
        return self.any or revision in self.revisions


class Networks:
    """Does: keep texts, number revisions, tell owners apart. Does not: know what a network means."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reads=True)

    def save(self, id: str, owner: str | None, condition: Condition, saving: Saving) -> Entry:
        """The saved network. The same save again changes nothing and gives the same revision.

        Raises Missing, NotYours, Stale, TooMany.
        """
        return self._write(lambda connection: _save(connection, id, _hash(owner), condition, saving))

    def delete(self, id: str, owner: str | None, condition: Condition) -> int:
        """The revision that says so. Raises Missing, NotYours, Stale."""
        return self._write(lambda connection: _delete(connection, id, _hash(owner), condition))

    def read(self, id: str, owner: str | None, number: int | None = None) -> Found:
        """The newest revision, or an older one. Raises Missing."""
        with self._reader.begin() as connection:
            row = _row(connection, id)
            if row is None or row.deleted:
                raise Missing
            asked = row.revision if number is None else number
            text = _text(connection, id, asked)
            if text is None:
                raise Missing
            return Found(text, asked, row.owner in (None, _hash(owner)))

    def of(self, owner: str) -> Sequence[Entry]:
        """The owner's networks, newest first."""
        mine = (networks.c.owner == _hash(owner)) & ~networks.c.deleted
        with self._reader.begin() as connection:
            rows = connection.execute(select(networks).where(mine).order_by(networks.c.saved_at.desc(), networks.c.id))
            return [_entry(row) for row in rows]

    def _write(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except IntegrityError:  # another server has created the same network in this moment
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("not reached")


def _save(connection: Connection, id: str, owner: str | None, condition: Condition, saving: Saving) -> Entry:
    row = _row(connection, id, lock=True)
    if row is not None and row.owner not in (None, owner):
        raise NotYours
    if row is None or row.deleted:
        if not condition.create:
            raise Missing
        _room(connection, owner)
    else:
        same = _text(connection, id, row.revision) == saving.text
        if not condition.holds(row.revision) and not (same and _made_with(connection, row, condition)):
            raise Stale(row.revision)
        if same:
            return _entry(row)
    number = 1 if row is None else row.revision + 1
    now = time.time_ns() // 1_000_000
    values = {
        "revision": number,
        "deleted": False,
        "name": saving.name,
        "nodes": saving.nodes,
        "size": len(saving.text),
        "saved_at": now,
    }
    if row is None:
        connection.execute(insert(networks).values(id=id, owner=owner, **values))
    else:
        holder = row.owner or (owner if row.deleted else None)
        connection.execute(update(networks).where(networks.c.id == id).values(owner=holder, **values))
    base = None if row is None or row.deleted else row.revision
    connection.execute(insert(revisions).values(network=id, number=number, base=base, saved_at=now, text=saving.packed))
    return Entry(id, saving.name, number, saving.nodes, len(saving.text), now)


def _made_with(connection: Connection, row: Row[Any], condition: Condition) -> bool:
    """Whether the newest revision came from this condition: the answer to the first of two equal saves got lost."""
    query = select(revisions.c.base).where(revisions.c.network == row.id, revisions.c.number == row.revision)
    base: int | None = connection.execute(query).scalar_one()
    return condition.create if base is None else condition.holds(base)


def _delete(connection: Connection, id: str, owner: str | None, condition: Condition) -> int:
    row = _row(connection, id, lock=True)
    if row is None or row.deleted:
        raise Missing
    if row.owner not in (None, owner):
        raise NotYours
    if not condition.holds(row.revision):
        raise Stale(row.revision)
    number: int = row.revision + 1
    now = time.time_ns() // 1_000_000
    connection.execute(update(networks).where(networks.c.id == id).values(revision=number, deleted=True, saved_at=now))
    connection.execute(insert(revisions).values(network=id, number=number, base=row.revision, saved_at=now, text=None))
    return number


def _room(connection: Connection, owner: str | None) -> None:
    if owner is None:
        return
    mine = (networks.c.owner == owner) & ~networks.c.deleted
    kept = connection.execute(select(func.count()).select_from(networks).where(mine)).scalar_one()
    if kept >= settings().max_networks:
        raise TooMany


def _row(connection: Connection, id: str, lock: bool = False) -> Row[Any] | None:
    query = select(networks).where(networks.c.id == id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _text(connection: Connection, id: str, number: int) -> bytes | None:
    query = select(revisions.c.text).where(revisions.c.network == id, revisions.c.number == number)
    packed = connection.execute(query).scalar_one_or_none()
    return None if packed is None else zlib.decompress(packed)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.name, row.revision, row.nodes, row.size, row.saved_at)


def _hash(owner: str | None) -> str | None:
    # who reads the database, or a copy of it, does not get the tokens
    return None if owner is None else hashlib.sha256(owner.encode()).hexdigest()
