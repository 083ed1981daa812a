"""How the database is opened: durable, up to date, or refused with a reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from tests.storage.saves import ANY, CREATE, ME, new_id, saving

from torchwire.settings import settings
from torchwire.storage import database
from torchwire.storage.database import SOUND, NoDatabase, open_database, sqlite_library
from torchwire.storage.documents import read_saving
from torchwire.storage.networks import Networks
from torchwire.storage.tables import metadata


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCHWIRE_DATA", str(tmp_path / "a" / "data"))
    settings.cache_clear()
    return tmp_path / "a" / "data"


@pytest.fixture(autouse=True)
def fresh() -> Any:
    yield
    settings.cache_clear()


def _pragma(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def test_the_library_has_no_known_fault() -> None:
    assert sqlite_library().sqlite_version_info >= SOUND


def test_a_commit_is_on_the_disk(folder: Path) -> None:
    engine = open_database()
    assert (folder / "torchwire.sqlite").is_file()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert _pragma(engine, "journal_mode") == "wal"
    assert _pragma(engine, "synchronous") == 2
    assert _pragma(engine, "fullfsync") == 1
    assert _pragma(engine, "foreign_keys") == 1
    engine.dispose()


def test_an_unsound_library_gets_a_rollback_journal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SOUND", (999,))
    monkeypatch.setattr(database, "sqlite_library", lambda: sqlite3)
    engine = open_database()
    assert _pragma(engine, "journal_mode") == "delete"
    assert _pragma(engine, "synchronous") == 2
    id = new_id()
    Networks(engine).save(id, ME, CREATE, saving())
    assert Networks(engine).read(id, ME).revision == 1
    engine.dispose()


def test_a_write_takes_its_lock_first_and_a_read_takes_none(folder: Path) -> None:
    engine = open_database()
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *rest: said.append(statement))
    Networks(engine).save(new_id(), ME, CREATE, saving())
    assert said[0] == "BEGIN IMMEDIATE"
    said.clear()
    Networks(engine).of(ME)
    assert said[0] == "BEGIN"
    engine.dispose()


def test_migrations_make_the_tables_as_they_are_described(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        assert set(inspect(connection).get_table_names()) == {"networks", "revisions", "alembic_version"}


def test_opening_again_keeps_everything(engine: Engine) -> None:
    id = new_id()
    Networks(engine).save(id, ME, CREATE, saving(5))
    again = open_database()
    assert Networks(again).read(id, ME).text == saving(5).text
    again.dispose()


def test_a_migration_that_fails_leaves_the_old_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: Any) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        raise OperationalError("CREATE", None, Exception("broke off"))

    with monkeypatch.context() as broken:
        broken.setattr(database, "upgrade", half)
        with pytest.raises(NoDatabase, match="broke off"):
            open_database()
    engine = open_database()
    assert "half" not in inspect(engine).get_table_names()
    engine.dispose()


def test_it_grows_to_its_limit_and_what_was_kept_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHWIRE_DATA_MB", "1")
    settings.cache_clear()
    engine = open_database()
    kept = Networks(engine)
    id = new_id()
    kept.save(id, ME, CREATE, saving())
    random = "".join(chr(0x4E00 + (number * 7_919) % 20_000) for number in range(90_000))
    with pytest.raises(OperationalError, match="full"):
        for number in range(20):
            big = b'{"format":"torchwire/1","nodes":{},"note":"%d%s"}' % (number, random.encode())
            kept.save(id, ME, ANY, read_saving(big))
    assert kept.read(id, ME, 1).text == saving().text
    assert kept.of(ME)[0].revision == number + 1
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:secret@h/x", "must begin with sqlite or postgresql, not mysql"),
        ("nonsense", "is no URL"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/nix/x.sqlite", "cannot be used"),
        ("postgresql://u:secret@127.0.0.1:1/x", "cannot be used"),
        ("postgres://u:secret@127.0.0.1:1/x", "cannot be used"),
    ],
)
def test_what_cannot_be_used_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("TORCHWIRE_DATABASE", url)
    settings.cache_clear()
    with pytest.raises(NoDatabase, match=message) as raised:
        open_database()
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_database_is_refused(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "torchwire.sqlite").write_bytes(b"my thesis" * 1_000)
    with pytest.raises(NoDatabase, match="not a database"):
        open_database()
    assert (folder / "torchwire.sqlite").read_bytes() == b"my thesis" * 1_000
