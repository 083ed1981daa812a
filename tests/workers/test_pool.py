"""The pool with real worker processes: answers, deadlines, deaths, superseding, the queue."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.documents import HOG, LARGE, LENET, LINEAR, LONG, RUNAWAY

from torchwire.settings import settings
from torchwire.workers.forkserver import EVENT, LOADED
from torchwire.workers.frames import READY, pack
from torchwire.workers.jobs import Busy, Lost, NotARequest, Superseded
from torchwire.workers.launcher import Launcher
from torchwire.workers.pool import Pool
from torchwire.workers.process import WorkerProcess

Scenario = Callable[[Pool], Awaitable[Any]]
Run = Callable[..., Any]


def body(network: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"network": network, **more}).encode()


class Loop:
    """An event loop in a thread of its own: in the main thread Playwright's runs as long as its browser is open."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self._thread.submit(self._runner.run, coroutine).result()

    def close(self) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


@pytest.fixture(scope="module")
def pools() -> Iterator[tuple[Loop, dict[str, Pool]]]:
    """Pools by their settings: loading torch takes longer than any test here."""
    loop = Loop()
    made: dict[str, Pool] = {}
    yield loop, made
    for pool in made.values():
        loop.run(pool.close())
    loop.close()


@pytest.fixture
def run(pools: tuple[Loop, dict[str, Pool]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a scenario on two workers, or on the workers and settings that it names."""
    loop, made = pools

    def run(scenario: Scenario, workers: int = 2, deadline_ms: int = 1_200, **more: int) -> Any:
        values = {"workers": workers, "deadline_ms": deadline_ms, **more}
        for name, value in values.items():
            monkeypatch.setenv(f"TORCHWIRE_{name.upper()}", str(value))
        settings.cache_clear()

        async def on_pool() -> Any:
            if str(values) not in made:
                pool = Pool()
                await pool.start()
                made[str(values)] = pool
            async with asyncio.timeout(90):
                return await scenario(made[str(values)])

        return loop.run(on_pool())

    yield run
    monkeypatch.undo()
    settings.cache_clear()


async def forward(pool: Pool, network: dict[str, Any], session: str = "", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((await pool.run("forward", body(network, **more), session)).body)
    return answer


async def busy_worker(pool: Pool, place: str | None) -> WorkerProcess:
    """The worker that runs a request, once it is at this place, or at any."""
    while True:
        for worker in pool.crew.members:
            if worker.job is not None and place in (None, worker._place.read()):
                return worker
        await asyncio.sleep(0.005)


def codes(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["node"]) for problem in answer["problems"] if problem["severity"] == "error"]


def test_two_runs_and_two_workers_give_the_same_bytes(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        request = body(LENET, values="all", parameters=["conv1"])
        results = await asyncio.gather(*(pool.run("forward", request) for _ in range(8)))
        assert len({result.body for result in results}) == 1
        assert json.loads(results[0].body)["ok"]

    run(scenario)


def test_a_runaway_is_cut_at_the_deadline_and_shapes_stand(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        began = time.monotonic()
        answer = await forward(pool, RUNAWAY)
        assert time.monotonic() - began < 5
        assert codes(answer) == [("limit-time", "slow")]
        states = {name: node["state"] for name, node in answer["nodes"].items()}
        assert states == {"x": "ok", "before": "ok", "slow": "error", "after": "skipped"}
        assert answer["nodes"]["after"]["outputs"]["output"]["shape"] == [4_096]
        assert (await forward(pool, LINEAR))["ok"]

    run(scenario)


def test_a_worker_that_hangs_is_killed_and_shapes_stand(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = asyncio.create_task(forward(pool, RUNAWAY))
        worker = await busy_worker(pool, "run slow")
        os.kill(worker.pid, signal.SIGSTOP)  # as if native code held the interpreter: its watch cannot answer
        answer = await asked
        assert codes(answer) == [("limit-time", "slow")]
        assert answer["nodes"]["after"]["outputs"]["output"]["shape"] == [4_096]
        assert pool.crew.restarts >= 1

    run(scenario)


def test_a_crash_is_blamed_on_the_node_and_the_rest_runs(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = asyncio.create_task(forward(pool, RUNAWAY))
        worker = await busy_worker(pool, "run slow")
        os.kill(worker.pid, signal.SIGSEGV)
        answer = await asked
        assert codes(answer) == [("crashed", "slow")]
        assert answer["nodes"]["before"]["outputs"]["output"]["summary"] is not None
        assert answer["nodes"]["after"]["state"] in ("blocked", "skipped")

    run(scenario)


def test_kill_9_during_a_request_is_retried_and_nobody_else_notices(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        expected = (await pool.run("forward", body(LENET))).body
        asked = asyncio.create_task(pool.run("forward", body(RUNAWAY)))
        worker = await busy_worker(pool, "run slow")
        others = [asyncio.create_task(pool.run("forward", body(LENET))) for _ in range(10)]
        os.kill(worker.pid, signal.SIGKILL)
        assert {(await other).body for other in others} == {expected}
        assert codes(json.loads((await asked).body)) == [("limit-time", "slow")]  # it ran again, to its deadline

    run(scenario)


def test_killed_twice_at_the_same_node_is_memory(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = asyncio.create_task(forward(pool, RUNAWAY))
        for _ in range(2):
            worker = await busy_worker(pool, "run slow")
            os.kill(worker.pid, signal.SIGKILL)
            while worker.job is not None:
                await asyncio.sleep(0.005)
        assert codes(await asked) == [("limit-memory", "slow")]

    run(scenario)


def test_ended_twice_from_outside_is_an_error_of_its_own(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = asyncio.create_task(forward(pool, RUNAWAY))
        await busy_worker(pool, "run slow")
        for _ in range(2):
            while not (running := [worker for worker in pool.crew.members if worker.job is not None]):
                await asyncio.sleep(0.001)
            # before it is at a node, or with the fork server: nothing says that the network did it
            running[0]._place.write("")
            os.kill(running[0].pid, signal.SIGKILL)
            while running[0].job is not None:
                await asyncio.sleep(0.001)
        with pytest.raises(Lost):
            await asked
        assert (await forward(pool, LINEAR))["ok"]

    run(scenario)


@pytest.mark.parametrize("hangs", [2, 3])
@pytest.mark.parametrize("verb", ["forward", "analyze", "tensors", "export"])
def test_the_network_is_answered_about_though_its_shapes_hang_too(
    run: Run, verb: str, hangs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(pool: Pool) -> None:
        request = WorkerProcess.request
        sent: list[bytes] = []

        def hanging(worker: WorkerProcess, *given: Any) -> None:
            hangs_now = len(sent) < hangs
            if hangs_now:  # before it reads the request: nothing of it may be known
                os.kill(worker.pid, signal.SIGSTOP)
            request(worker, *given)
            sent.append(given[2])
            if hangs_now:
                worker.kill("deadline")

        monkeypatch.setattr(WorkerProcess, "request", hanging)
        more = {"tensors": {"tensors": ["fc"]}, "export": {"format": "python"}}.get(verb, {})
        asked = pool.run(verb, body(LINEAR, **more))
        if hangs == 3:  # nothing says that the network did it: not even the request was read
            with pytest.raises(NotARequest) as refusal:
                await asked
            assert (refusal.value.code, refusal.value.fields) == ("limit-time", {})
        elif verb == "tensors":
            with pytest.raises(NotARequest) as refusal:
                await asked
            assert (refusal.value.code, list(refusal.value.fields)) == ("no-tensor", ["tensors"])
        else:
            answer = json.loads((await asked).body)
            assert codes(answer) == [("limit-time", None)]
            assert not answer.get("nodes")
        assert len(sent) == 3

    run(scenario)


def test_equal_requests_are_computed_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(pool: Pool) -> None:
        sent: list[str] = []
        request = WorkerProcess.request
        monkeypatch.setattr(WorkerProcess, "request", lambda *given: sent.append(given[1]) or request(*given))
        asked = [pool.run("forward", body(LENET), session) for session in ("one", "two", "", "")]
        results = await asyncio.gather(*asked, pool.run("analyze", body(LENET)))
        assert sorted(sent) == ["analyze", "forward"]
        assert len({result.body for result in results[:4]}) == 1
        assert not pool._jobs and not len(pool._sessions)
        await pool.run("forward", body(LENET))  # nothing is remembered
        assert len(sent) == 3

    run(scenario)


def test_who_asks_again_waits_for_the_same_computation(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        first = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        worker = await busy_worker(pool, "run slow")
        again = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        with pytest.raises(Superseded):
            await first
        await asyncio.sleep(0.2)
        assert worker.job is not None  # it goes on
        assert codes(await again) == [("limit-time", "slow")]
        assert not len(pool._sessions)

    run(scenario)


def test_a_computation_that_others_wait_for_is_not_stopped(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        leaving = asyncio.create_task(forward(pool, RUNAWAY, "leaves"))
        await busy_worker(pool, "run slow")
        staying = asyncio.create_task(forward(pool, RUNAWAY, "stays"))
        await asyncio.sleep(0)
        assert (await forward(pool, LINEAR, "leaves"))["ok"]
        with pytest.raises(Superseded):
            await leaving
        assert codes(await staying) == [("limit-time", "slow")]

    run(scenario)


def test_who_goes_back_within_the_patience_finds_the_computation_going_on(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        first = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        worker = await busy_worker(pool, "run slow")
        edit = asyncio.create_task(forward(pool, LINEAR, "tab"))
        await asyncio.sleep(0.02)
        undo = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        for superseded in (first, edit):
            with pytest.raises(Superseded):
                await superseded
        await asyncio.sleep(0.2)
        assert worker.job is not None
        assert codes(await undo) == [("limit-time", "slow")]
        assert not len(pool._sessions) and not pool._jobs

    run(scenario)


def test_runaways_step_aside(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = [asyncio.create_task(forward(pool, {**RUNAWAY, "seed": seed}, f"tab{seed}")) for seed in range(4)]
        await busy_worker(pool, "run slow")
        began = time.monotonic()
        for seed in range(5):
            assert (await forward(pool, {**LINEAR, "seed": seed}, "other"))["ok"]
        waited = time.monotonic() - began
        assert not any(task.done() for task in asked)
        assert pool.state()["waiting"] >= 2  # for their turn among the long ones
        answers = await asyncio.gather(*asked)
        assert [codes(answer) for answer in answers] == [[("limit-time", "slow")]] * 4
        assert waited < 3  # four runaways of three seconds on two workers
        while pool.state() | {"restarts": 0} != {"size": 2, "ready": 2, "busy": 0, "waiting": 0, "restarts": 0}:
            await asyncio.sleep(0.02)

    run(scenario, deadline_ms=3_000)


def test_nobody_steps_aside_where_nobody_waits(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        worker = await busy_worker(pool, "run slow")
        await asyncio.sleep(0.5)
        assert worker in pool.crew.members
        assert (await forward(pool, LINEAR))["ok"]  # the other worker's
        assert worker in pool.crew.members
        await asked

    run(scenario)


def test_memory_is_an_answer_and_the_worker_lives(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        answer = await forward(pool, HOG)
        (fault,) = codes(answer)
        assert fault[0] == "limit-memory"
        assert answer["nodes"]["small"]["outputs"]["output"]["values"] == 8_192**2
        assert (await forward(pool, LINEAR))["ok"]

    run(scenario, workers=1, memory_mb=900, deadline_ms=20_000)


def test_newest_wins(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        older = asyncio.create_task(forward(pool, RUNAWAY, "tab"))
        await busy_worker(pool, "run slow")
        waiting = asyncio.create_task(forward(pool, LINEAR, "tab"))
        await asyncio.sleep(0)
        newest = asyncio.create_task(forward(pool, LENET, "tab"))
        for superseded in (older, waiting):
            with pytest.raises(Superseded):
                await superseded
        assert (await newest)["ok"]
        assert not len(pool._sessions)

    run(scenario)


def test_other_sessions_and_other_verbs_are_not_superseded(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = [forward(pool, LENET, "one"), forward(pool, LENET, "two"), forward(pool, LENET), forward(pool, LENET)]
        analyses = [pool.run("analyze", body(LENET), "one") for _ in range(3)]
        answers = await asyncio.gather(*asked, *analyses)
        assert len(answers) == 7

    run(scenario)


def test_a_full_queue_is_refused_at_once(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        asked = [asyncio.create_task(forward(pool, {**LINEAR, "seed": n} if n else RUNAWAY)) for n in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await forward(pool, {**LINEAR, "seed": 9})
        answers = await asyncio.gather(*asked)
        assert [answer["ok"] for answer in answers] == [False, True, True, True, True]

    run(scenario, workers=1, queue=4)


def test_large_networks_run_one_at_a_time_and_hold_nobody_up(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        large = [asyncio.create_task(forward(pool, {**LARGE, "seed": seed})) for seed in range(2)]
        while pool.state()["waiting"] == 0:  # the other one waits
            await asyncio.sleep(0.005)
        assert not any(task.done() for task in large)
        assert (await forward(pool, LINEAR))["ok"]
        assert [answer["ok"] for answer in await asyncio.gather(*large)] == [True, True]
        while pool.state() | {"restarts": 0} != {"size": 2, "ready": 2, "busy": 0, "waiting": 0, "restarts": 0}:
            await asyncio.sleep(0.02)

    run(scenario)


def test_many_multiply_adds_have_the_long_deadline(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        answer = await forward(pool, LONG)
        assert answer["ok"], answer["problems"]

    run(scenario)


def test_the_fork_server_comes_back(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        assert (await forward(pool, LINEAR))["ok"]
        old = pool.crew.launcher.pid
        os.kill(old, signal.SIGKILL)
        while pool.crew.launcher.alive:
            await asyncio.sleep(0)
        assert (await forward(pool, LINEAR))["ok"]
        assert pool.crew.launcher.pid != old

    run(scenario)


def test_kills_leave_no_descriptor_and_no_process_behind(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        async def kill_one() -> None:
            restarts = pool.crew.restarts
            os.kill(next(iter(pool.crew.members)).pid, signal.SIGKILL)
            while pool.crew.restarts == restarts or pool.state()["ready"] < 2 or pool.crew.idle < 2:
                await asyncio.sleep(0.005)

        async def settled(wanted: Callable[[], bool]) -> None:
            async with asyncio.timeout(20):  # a socket is closed in a later turn of the loop than its worker's end
                while not wanted():
                    await asyncio.sleep(0.005)

        async def descriptors() -> int:
            await settled(lambda: children(pool.crew.launcher.pid) == {worker.pid for worker in pool.crew.members})
            return len(os.listdir("/proc/self/fd"))

        await kill_one()
        before = await descriptors()
        for _ in range(10):
            await kill_one()
        await settled(lambda: len(os.listdir("/proc/self/fd")) <= before)
        assert await descriptors() <= before

    run(scenario)


def test_what_is_ready_after_the_pool_has_closed_raises_nothing() -> None:
    async def scenario() -> None:
        worker = WorkerProcess(lambda _: None, lambda _: None, lambda *_: None)
        worker.ready.cancel()
        worker.data_received(pack(READY))
        launcher = Launcher(lambda: None)
        launcher._loaded = asyncio.get_running_loop().create_future()
        launcher._loaded.cancel()
        launcher.data_received(EVENT.pack(LOADED, 3, 0) + b"2.0")
        assert launcher.torch == "2.0"

    asyncio.run(scenario())


def children(pid: int) -> set[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return {int(word) for word in file.read().split()}


def test_the_fork_server_has_one_thread(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        assert len(os.listdir(f"/proc/{pool.crew.launcher.pid}/task")) == 1

    run(scenario)


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        (b"", "not-a-document", "body"),
        (b"[]", "bad-request", "body"),
        (b"{}", "bad-request", "network"),
        (b'{"network": {}, "network": {}}', "not-a-document", "body"),
        (b'{"network": {"format": "torchwire/1", "nodes": {}}, "stopped": {}}', "bad-request", "*"),
    ],
)
def test_what_is_no_request_is_refused(run: Run, sent: bytes, code: str, field: str) -> None:
    async def scenario(pool: Pool) -> None:
        with pytest.raises(NotARequest) as refusal:
            await pool.run("forward", sent)
        assert (refusal.value.code, list(refusal.value.fields)) == (code, [field])

    run(scenario)


def test_a_session_comes_back_to_the_worker_that_remembers_it(run: Run) -> None:
    async def scenario(pool: Pool) -> None:
        crew = pool.crew
        while len(crew._idle) < 2:  # a test before this one may have killed one
            await asyncio.sleep(0.005)
        for _ in range(3):
            mine, other = crew.take("mine"), crew.take("other")
            assert mine is not None
            assert other is not None
            for first, second in ((mine, other), (other, mine)):
                crew.give_back(first)
                crew.give_back(second)
                assert crew.take("mine") is mine
                assert crew.take("other") is other
            crew.give_back(mine)
            crew.give_back(other)

    run(scenario)
