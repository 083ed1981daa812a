"""Revisions, conditions, owners; on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import threading
import zlib

import pytest
from sqlalchemy import Engine, event, select
from tests.storage.saves import ANY, CREATE, ME, YOU, at, new_id, saving, text

from torchwire.settings import settings
from torchwire.storage.database import open_database
from torchwire.storage.networks import Missing, Networks, NotYours, Stale, TooMany
from torchwire.storage.tables import networks as table
from torchwire.storage.tables import revisions


def test_the_text_is_kept_byte_for_byte(networks: Networks) -> None:
    id = new_id()
    entry = networks.save(id, ME, CREATE, saving(3))
    assert (entry.id, entry.name, entry.revision, entry.nodes, entry.size) == (id, "Net", 1, 2, len(text(3)))
    found = networks.read(id, ME)
    assert (found.text, found.revision, found.own) == (text(3), 1, True)


def test_every_save_is_a_revision_and_none_is_changed(networks: Networks, engine: Engine) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(0))
    for number in range(1, 6):
        assert networks.save(id, ME, at(number), saving(number)).revision == number + 1
    assert [networks.read(id, ME, number).text for number in range(1, 7)] == [text(number) for number in range(6)]
    assert networks.read(id, ME).text == text(5)
    with engine.connect() as connection:
        assert connection.execute(select(revisions.c.base).order_by(revisions.c.number)).scalars().all() == [
            None, 1, 2, 3, 4, 5,
        ]  # fmt: skip
    for number in (0, 7, 2**31 - 1):
        with pytest.raises(Missing):
            networks.read(id, ME, number)


def test_the_same_save_twice_is_one(networks: Networks) -> None:
    id = new_id()
    created = networks.save(id, ME, CREATE, saving(1))
    assert networks.save(id, ME, CREATE, saving(1)) == created
    saved = networks.save(id, ME, at(1), saving(2))
    assert networks.save(id, ME, at(1), saving(2)) == saved
    assert networks.save(id, ME, at(2), saving(2)) == saved
    assert networks.save(id, ME, ANY, saving(2)) == saved
    assert saved.revision == 2


def test_a_save_that_has_not_seen_the_newest_changes_nothing(networks: Networks) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(1))
    networks.save(id, ME, at(1), saving(2))
    for condition in (at(1), at(), at(3), at(0), CREATE):
        with pytest.raises(Stale) as raised:
            networks.save(id, ME, condition, saving(9))
        assert raised.value.revision == 2
    with pytest.raises(Stale):  # equal to the newest, but made from something else
        networks.save(id, ME, CREATE, saving(2))
    assert networks.read(id, ME).text == text(2)
    assert networks.save(id, ME, at(7, 2), saving(3)).revision == 3
    assert networks.save(id, ME, ANY, saving(4)).revision == 4


def test_going_back_is_a_save_too(networks: Networks) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(1))
    networks.save(id, ME, at(1), saving(2))
    assert networks.save(id, ME, at(2), saving(1)).revision == 3
    with pytest.raises(Stale):
        networks.save(id, ME, at(1), saving(2))


def test_nobody_else_saves_or_deletes_and_everybody_who_knows_the_id_reads(networks: Networks) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(1))
    for other in (YOU, None):
        for condition in (ANY, at(1), CREATE):
            with pytest.raises(NotYours):
                networks.save(id, other, condition, saving(1))
        with pytest.raises(NotYours):
            networks.delete(id, other, ANY)
        found = networks.read(id, other)
        assert (found.text, found.own) == (text(1), False)


def test_without_an_owner_whoever_knows_the_id_saves(networks: Networks) -> None:
    id = new_id()
    networks.save(id, None, CREATE, saving(1))
    assert networks.save(id, ME, at(1), saving(2)).revision == 2
    assert networks.read(id, YOU).own
    assert networks.of(ME) == []
    networks.delete(id, YOU, at(2))


def test_a_deleted_network_is_gone_and_its_numbers_are_not_used_again(networks: Networks) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(1))
    with pytest.raises(Stale):
        networks.delete(id, ME, at(2))
    assert networks.delete(id, ME, at(1)) == 2
    assert networks.of(ME) == []
    for call in (
        lambda: networks.read(id, ME),
        lambda: networks.read(id, ME, 1),
        lambda: networks.delete(id, ME, ANY),
        lambda: networks.save(id, ME, at(1), saving(2)),
        lambda: networks.save(id, ME, ANY, saving(2)),
    ):
        with pytest.raises(Missing):
            call()
    with pytest.raises(NotYours):
        networks.save(id, YOU, CREATE, saving(2))
    again = networks.save(id, ME, CREATE, saving(2))
    assert again.revision == 3
    assert networks.save(id, ME, CREATE, saving(2)) == again
    assert [entry.id for entry in networks.of(ME)] == [id]
    assert networks.read(id, ME).text == text(2)


def test_the_list_is_ones_own_newest_first(networks: Networks, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [new_id() for _ in range(4)]
    clock = iter(range(1, 99))
    monkeypatch.setattr("torchwire.storage.networks.time.time_ns", lambda: next(clock) * 10**9)
    for number, id in enumerate(ids):
        networks.save(id, ME, CREATE, saving(number, f"Net {number}"))
    networks.save(new_id(), YOU, CREATE, saving())
    networks.save(ids[0], ME, at(1), saving(9, "Newest"))
    networks.delete(ids[2], ME, ANY)
    found = networks.of(ME)
    assert [(entry.name, entry.revision) for entry in found] == [("Newest", 2), ("Net 3", 1), ("Net 1", 1)]
    assert found[0].saved_at == 6_000


@pytest.mark.parametrize(
    ("name", "shown"), [("x" * 300, "x" * 100), ("a\0b", "ab"), ("😀" * 200, "😀" * 100), ("\U0010ffff\x7f", None)]
)
def test_any_name_can_be_listed(networks: Networks, name: str, shown: str | None) -> None:
    networks.save(new_id(), ME, CREATE, saving(name=name))
    assert [entry.name for entry in networks.of(ME)] == [name if shown is None else shown]


def test_an_owner_keeps_a_bounded_number(networks: Networks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHWIRE_MAX_NETWORKS", "2")
    settings.cache_clear()
    first, second = new_id(), new_id()
    networks.save(first, ME, CREATE, saving())
    networks.save(second, ME, CREATE, saving())
    with pytest.raises(TooMany):
        networks.save(new_id(), ME, CREATE, saving())
    networks.save(second, ME, at(1), saving(2))
    networks.save(new_id(), YOU, CREATE, saving())
    networks.delete(first, ME, ANY)
    networks.save(new_id(), ME, CREATE, saving())


def test_the_database_holds_no_token(networks: Networks, engine: Engine) -> None:
    networks.save(new_id(), ME, CREATE, saving())
    with engine.connect() as connection:
        assert connection.execute(select(table.c.owner)).scalar_one() == hashlib.sha256(ME.encode()).hexdigest()
        assert zlib.decompress(connection.execute(select(revisions.c.text)).scalar_one()) == text()


def test_two_servers_on_one_database_lose_nothing(networks: Networks) -> None:
    """Each of four writers reads, and saves from what it read: what is acknowledged is a chain without a gap."""
    id = new_id()
    networks.save(id, ME, CREATE, saving(0))
    won: list[int] = []

    def write(writer: int) -> None:
        engine = open_database()
        mine = Networks(engine)
        for number in range(15):
            while True:
                seen = mine.read(id, ME).revision
                try:
                    won.append(mine.save(id, ME, at(seen), saving(writer * 1_000 + number + 1)).revision)
                    break
                except Stale:
                    continue
        engine.dispose()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(2, 62))


def test_of_two_that_create_at_once_one_wins(networks: Networks) -> None:
    ids = [new_id() for _ in range(20)]
    said: list[tuple[str, int]] = []
    ready = threading.Barrier(2)

    def create(seed: int) -> None:
        engine = open_database()
        mine = Networks(engine)
        for id in ids:
            ready.wait()
            try:
                mine.save(id, ME, CREATE, saving(seed))
                said.append((id, seed))
            except Stale as stale:
                assert stale.revision == 1
        engine.dispose()

    threads = [threading.Thread(target=create, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(id for id, _ in said) == sorted(ids)
    for id, seed in said:
        assert networks.read(id, ME).text == text(seed)


def test_a_save_that_fails_on_the_way_leaves_nothing(networks: Networks, engine: Engine) -> None:
    id = new_id()
    networks.save(id, ME, CREATE, saving(1))

    def fail(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO revisions"):
            raise RuntimeError("the power is gone")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        networks.save(id, ME, at(1), saving(2))
    event.remove(engine, "before_cursor_execute", fail)
    assert networks.of(ME)[0].revision == 1
    assert networks.save(id, ME, at(1), saving(3)).revision == 2
