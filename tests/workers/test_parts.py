"""The pool's pure parts: frames, the fair queue, sessions, what a death means."""

from __future__ import annotations

import signal
from dataclasses import dataclass

import pytest

from torchwire.workers.deaths import Coroner, Stop
from torchwire.workers.frames import ANSWER, READY, Reader, pack, pack_request, unpack_request
from torchwire.workers.lane import SUSPECTS, Lane
from torchwire.workers.place import Place
from torchwire.workers.process import Died
from torchwire.workers.queue import FairQueue
from torchwire.workers.sessions import Sessions


@pytest.mark.parametrize("size", [1, 7, 9, 10, 1_000])
def test_frames_survive_any_cut(size: int) -> None:
    sent = [(READY, b""), (ANSWER, b"x" * 2_000), (ANSWER, b'{"ok": true}')]
    stream = b"".join(pack(kind, payload) for kind, payload in sent)
    reader = Reader()
    found = [frame for start in range(0, len(stream), size) for frame in reader.feed(stream[start : start + size])]
    assert found == sent


def test_a_request_keeps_its_body_as_it_is() -> None:
    body = b'{"network":\n\n{}}\n\x00\xff'
    frame = pack_request("forward", True, b'{"node": "run a"}', body)
    ((_, payload),) = Reader().feed(frame)
    assert unpack_request(payload) == ("forward", True, b'{"node": "run a"}', body)


def test_a_place_is_read_by_whoever_has_the_file() -> None:
    with Place.file() as file:
        writer, reader = Place(file.fileno()), Place(file.fileno())
        for path in ("run stage1.0.conv1", "run é", "", "x" * 10_000):
            writer.write(path)
            assert reader.read() == path[:4_094]


@dataclass(frozen=True)
class Asked:
    session: str
    number: int = 0


def drained(queue: FairQueue[Asked]) -> list[Asked]:
    return [job for job in iter(queue.next, None) if job is not None]


def test_the_queue_takes_sessions_in_turn() -> None:
    queue: FairQueue[Asked] = FairQueue()
    greedy = [Asked("greedy", number) for number in range(3)]
    for job in [*greedy, Asked("a"), Asked("b")]:
        queue.add(job)
    assert len(queue) == 5
    assert drained(queue) == [greedy[0], Asked("a"), Asked("b"), greedy[1], greedy[2]]
    assert len(queue) == 0


def test_a_job_that_runs_again_is_first() -> None:
    queue: FairQueue[Asked] = FairQueue()
    for job in (Asked("a"), Asked("b")):
        queue.add(job)
    queue.add(Asked("b", 9), first=True)
    assert drained(queue) == [Asked("b", 9), Asked("a"), Asked("b")]


def test_a_job_can_be_taken_out() -> None:
    queue: FairQueue[Asked] = FairQueue()
    queue.add(Asked("a"))
    assert not queue.remove(Asked("a", 1))
    assert queue.remove(Asked("a"))
    assert not queue.remove(Asked("a"))
    assert drained(queue) == []


def test_of_a_session_one_runs_and_the_newest_waits() -> None:
    sessions: Sessions[str] = Sessions()
    assert sessions.enter("tab", "first") == []
    assert sessions.may_start("tab", "first")
    assert sessions.enter("tab", "second") == ["first"]
    assert not sessions.may_start("tab", "second")
    assert sessions.enter("tab", "third") == ["second"]
    assert sessions.leave("tab", "second") is None
    assert sessions.leave("tab", "first") == "third"
    assert sessions.leave("tab", "third") is None
    assert len(sessions) == 0


def test_the_lane_lets_some_in_and_takes_the_others_in_turn() -> None:
    lane: Lane[Asked] = Lane(1)
    a, b, c = Asked("a"), Asked("b"), Asked("c")
    assert lane.enter(a)
    assert not lane.enter(b)
    for job in (b, c):
        lane.wait(job)
    assert (len(lane), lane.next()) == (2, None)
    lane.leave(a)
    assert (lane.next(), lane.next()) == (b, None)
    lane.leave(b)
    assert (lane.next(), len(lane)) == (c, 0)


def test_a_session_keeps_its_place_in_the_lane() -> None:
    lane: Lane[Asked] = Lane(1)
    assert lane.enter(Asked("running"))
    for job in (Asked("a"), Asked("b"), Asked("gone"), Asked(""), Asked("", 1)):
        lane.wait(job)
    assert lane.remove(Asked("a"))
    assert not lane.remove(Asked("a"))
    assert lane.remove(Asked("gone"))
    assert len(lane) == 3
    lane.wait(Asked("a", 2))
    order = [Asked("a", 2), Asked("b"), Asked(""), Asked("", 1)]
    lane.leave(Asked("running"))
    for expected in order:
        assert lane.next() == expected
        lane.leave(expected)
    assert lane.next() is None


def test_suspects_are_bounded_and_cleared() -> None:
    lane: Lane[Asked] = Lane(1)
    for number in range(SUSPECTS + 1):
        lane.suspect(f"s{number}")
    lane.suspect("")
    assert [lane.is_suspect(session) for session in ("", "s0", "s1")] == [False, False, True]
    lane.clear("s1")
    assert not lane.is_suspect("s1")


KILLED, SEGV, ABORT = -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT


@pytest.mark.parametrize(
    ("deaths", "stop"),
    [
        ([Died("run a", KILLED, True)], Stop("run a", "limit-time", False)),
        ([Died("", KILLED, True)], Stop("", "limit-time", False)),
        ([None], Stop("", "limit-memory", True)),
        ([None, None], Stop("", "limit-memory", False)),
        ([Died("run a", SEGV, False)], Stop("run a", "crashed", True)),
        ([Died("run a", ABORT, False), Died("run b", SEGV, False)], Stop("run a", "crashed", False)),
        ([Died("run a", 1, False)], Stop("run a", "crashed", True)),
        ([Died("run a", KILLED, False)], None),
        ([Died("", SEGV, False)], None),
        ([Died("run a", None, False)], None),
        ([Died("run a", KILLED, False)] * 2, Stop("run a", "limit-memory", False)),
        ([Died("run a", KILLED, True), Died("shapes a", KILLED, True)], Stop("run a", "limit-time", False, False)),
        ([None, None, None], Stop("", "limit-memory", False, False)),
    ],
)
def test_what_follows_a_death(deaths: list[Died | None], stop: Stop | None) -> None:
    coroner = Coroner()
    assert [coroner.judge(death) for death in deaths] == [True] * len(deaths)
    assert coroner.stop == stop


@pytest.mark.parametrize(
    "deaths",
    [
        [Died("", KILLED, False)] * 2,
        [Died("run a", KILLED, False), Died("run b", KILLED, False)],
        [Died("run a", None, False)] * 2,
        [Died("run a", KILLED, True)] * 3,
        [None, None, None, None],
        [Died("run a", SEGV, False)] * 4,
    ],
)
def test_after_the_last_death_nothing_is_tried(deaths: list[Died | None]) -> None:
    coroner = Coroner()
    assert [coroner.judge(death) for death in deaths] == [True] * (len(deaths) - 1) + [False]
