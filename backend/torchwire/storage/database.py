"""The database: SQLite in the data folder, or what TORCHWIRE_DATABASE names."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from torchwire.settings import settings

SOUND = (3, 51, 3)  # SQLite before can lose a part of its write-ahead log when two connections meet at a checkpoint
PATIENCE_MS = 5_000  # that a transaction waits for one of another process
MIGRATING = 7_406_172  # PostgreSQL's advisory lock, held while tables are made: two servers may start at once
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class NoDatabase(Exception):
    """The database cannot be used; the message says which and why, without its password."""


def open_database() -> Engine:
    """The engine, its tables up to date. Raises NoDatabase."""
    url = _url()
    shown = url.render_as_string(hide_password=True)
    try:
        if url.drivername == "sqlite":
            engine = _sqlite(url)
        else:
            engine = create_engine(url, pool_pre_ping=True, pool_timeout=PATIENCE_MS / 1e3)
        with engine.begin() as connection:
            upgrade(connection)
    except ModuleNotFoundError as error:
        raise NoDatabase(f"{shown} needs the package {error.name}: pip install 'torchwire[postgres]'.") from None
    except (SQLAlchemyError, OSError) as error:
        raise NoDatabase(f"The database {shown} cannot be used: {getattr(error, 'orig', None) or error}") from error
    return engine


def upgrade(connection: Connection) -> None:
    """Brings the tables to this version's state, inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _url() -> URL:
    given = settings().database
    if not given:
        return URL.create("sqlite", database=str(Path(settings().data) / "torchwire.sqlite"))
    try:
        url = make_url(given)
    except ArgumentError:
        raise NoDatabase("TORCHWIRE_DATABASE is no URL: postgresql://user:password@host/name.") from None
    if url.drivername not in DRIVERS:
        raise NoDatabase(f"TORCHWIRE_DATABASE must begin with sqlite or postgresql, not {url.drivername}.")
    return url.set(drivername=DRIVERS[url.drivername])


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise NoDatabase("TORCHWIRE_DATABASE names no file: what is in memory alone is not kept.")
    Path(str(url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    library = sqlite_library()
    # A rollback journal is sound in every version; slower, because readers and the writer wait for each other.
    journal = "WAL" if library.sqlite_version_info >= SOUND else "DELETE"
    engine = create_engine(url, module=library)

    @event.listens_for(engine, "connect")
    def settle(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not where the driver thinks
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        cursor.execute(f"PRAGMA journal_mode = {journal}")
        cursor.execute("PRAGMA synchronous = FULL")  # a commit returns when it is on the disk
        cursor.execute("PRAGMA fullfsync = ON")  # on macOS also out of the disk's own cache
        cursor.execute("PRAGMA foreign_keys = ON")
        size = cursor.execute("PRAGMA page_size").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {settings().data_mb * 2**20 // size}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock first: a transaction that reads and then writes can then not meet another's
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def sqlite_library() -> Any:
    """The driver: pysqlite3 brings its own SQLite, fixed; where it has no package, Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ModuleNotFoundError:
        return sqlite3
    return dbapi2
