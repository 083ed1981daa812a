"""A fresh database for every test: SQLite, and PostgreSQL where the machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from torchwire.settings import settings
from torchwire.storage.database import open_database
from torchwire.storage.networks import Networks


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run, without the database's name."""
    initdb, server = shutil.which("initdb"), shutil.which("postgres")
    if initdb is None or server is None:
        pytest.skip("this machine has no PostgreSQL")
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="torchwire-postgres-"))
    if user:
        shutil.chown(folder, user)
    cluster = str(folder / "cluster")
    subprocess.run(
        [initdb, "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, user=user, cwd="/",
    )  # fmt: skip
    running = subprocess.Popen(
        [server, "-D", cluster, "-k", str(folder), "-c", "listen_addresses="],
        stderr=subprocess.PIPE, text=True, user=user, cwd="/",
    )  # fmt: skip
    assert running.stderr is not None
    while "ready to accept connections" not in (line := running.stderr.readline()):
        assert line, "PostgreSQL does not start"
    yield f"postgresql://postgres@/%s?host={folder}"
    running.terminate()
    running.wait(20)
    running.stderr.close()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Settings that name an empty database; gives its kind."""
    monkeypatch.setenv("TORCHWIRE_DATA", str(tmp_path / "data"))
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres")
        name = f"t{uuid.uuid4().hex}"
        admin = create_engine((url % "postgres").replace(":", "+psycopg:", 1), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        monkeypatch.setenv("TORCHWIRE_DATABASE", url % name)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database()
    yield made
    made.dispose()


@pytest.fixture
def networks(engine: Engine) -> Networks:
    return Networks(engine)
