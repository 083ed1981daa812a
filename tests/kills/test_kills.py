"""kill -9 of web process, fork server and workers under load: the server comes back, nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import httpx
import pytest
from tests.bench.measure import percentile
from tests.conftest import LiveServer
from tests.documents import LENET, LINEAR, RUNAWAY
from tests.kills.processes import Kind, descriptors, memory, processes, wait_until_gone
from tests.oracle.sections import write_section

KINDS: list[Kind] = ["web", "fork", "worker"]
PATIENCE = 60.0  # seconds for a server to be back on a busy machine; the figures say how long it took
ASKERS = 3


@pytest.fixture
def server() -> Iterator[LiveServer]:
    server = LiveServer(workers=2, log_level="error")
    yield server
    server.close()


class Asker(threading.Thread):
    """Asks for LeNet, every time another, until told to end. What is answered is right, or said to be tried again."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.found: Counter[int] = Counter()
        self.fault: BaseException | None = None
        self._url = f"{url}/api/v1/forward"
        self._seeds = count(number * 1_000_000)

    def run(self) -> None:
        try:
            with httpx.Client(timeout=PATIENCE) as client:
                while not self.done.is_set():
                    self._ask(client)
        except BaseException as fault:
            self.fault = fault

    def _ask(self, client: httpx.Client) -> None:
        try:
            answer = client.post(self._url, json={"network": {**LENET, "seed": next(self._seeds)}})
        except httpx.TransportError:  # the web process was killed
            self.found[0] += 1
            time.sleep(0.01)
            return
        self.found[answer.status_code] += 1
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
            time.sleep(0.05)
            return
        assert answer.status_code == 200, answer.text
        assert answer.json()["ok"], answer.json()["problems"]


def back_after(server: LiveServer) -> float:
    """Seconds until a forward is answered and every worker is there."""
    began = time.monotonic()
    with server.client() as client:
        while time.monotonic() - began < PATIENCE:
            try:
                answer = client.post("/forward", json={"network": {**LINEAR, "seed": random.randrange(2**40)}})
                if answer.status_code == 200 and client.get("/health").json()["workers"]["ready"] == 2:
                    return time.monotonic() - began
            except (httpx.TransportError, KeyError):
                pass
            time.sleep(0.005)
    raise AssertionError("the server does not come back")


def _victims(server: LiveServer, kind: Kind) -> tuple[int, list[int]]:
    """One process of a kind, and those that may not outlive it."""
    while True:
        found = processes(server.process.pid)
        if all(found.values()):
            break
        time.sleep(0.01)
    if kind == "web":
        return found["web"][0], found["fork"] + found["worker"]
    if kind == "fork":
        return found["fork"][0], found["worker"]
    return random.choice(found["worker"]), []


def killed(server: LiveServer, kills: int) -> dict[Kind, list[float]]:
    """Seconds until the server was back, by what was killed. Fails where an answer is wrong or a process stays."""
    seeded = random.Random(11)
    times: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    askers = [Asker(server.url, number) for number in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        for number in range(kills):
            time.sleep(seeded.uniform(0, 0.3))
            kind = KINDS[number % 3]
            victim, dependants = _victims(server, kind)
            os.kill(victim, signal.SIGKILL)
            assert not wait_until_gone([victim, *dependants], 1 if kills > 10 else 10), kind
            times[kind].append(back_after(server))
            assert [asker.fault for asker in askers] == [None] * ASKERS
    finally:
        for asker in askers:
            asker.done.set()
        for asker in askers:
            asker.join()
    total = sum((asker.found for asker in askers), Counter())
    assert total[200] > kills, total
    return times


def test_three_kills_are_survived(server: LiveServer) -> None:
    assert all(killed(server, 3).values())


def test_a_runaway_does_not_outlive_the_server() -> None:
    server = LiveServer(workers=2, deadline_ms=60_000)
    asking = threading.Thread(target=lambda: _ignoring(server.url))
    asking.start()
    try:
        _wait_for_work(server)
        found = processes(server.process.pid)
        server.process.kill()
        everything = [server.process.pid, *(pid for pids in found.values() for pid in pids)]
        server.process.wait(10)
        assert not wait_until_gone(everything, 10)
    finally:
        asking.join()
        server.close()


def _ignoring(url: str) -> None:
    with contextlib.suppress(httpx.TransportError):
        httpx.post(f"{url}/api/v1/forward", json={"network": RUNAWAY}, timeout=PATIENCE)


def _wait_for_work(server: LiveServer) -> None:
    """Until a worker is in the midst of the runaway: what comes before that takes less than this of a processor."""
    while max(map(_processor_seconds, processes(server.process.pid)["worker"]), default=0.0) < 2:
        time.sleep(0.01)


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_what_ran_before_a_crash_keeps_its_results() -> None:
    server = LiveServer(workers=2, deadline_ms=60_000)
    answers: list[httpx.Response] = []
    request = {"network": RUNAWAY, "values": ["before"]}
    asking = threading.Thread(
        target=lambda: answers.append(httpx.post(f"{server.url}/api/v1/forward", json=request, timeout=PATIENCE))
    )
    asking.start()
    try:
        _wait_for_work(server)
        for pid in processes(server.process.pid)["worker"]:
            os.kill(pid, signal.SIGSEGV)
        asking.join()
    finally:
        server.close()
    answer = answers[0].json()
    assert [problem["code"] for problem in answer["problems"]] == ["crashed"]
    assert answer["nodes"]["before"]["outputs"]["output"]["summary"] is not None


@pytest.mark.proof
def test_a_hundred_kills_and_a_thousand_workers(server: LiveServer) -> None:
    times = killed(server, 102)
    leaks = _thousand(server)
    rows = "".join(
        f"| {name} | {len(times[kind])} | {percentile(times[kind], 0.5):.2f} | {max(times[kind]):.2f} |\n"
        for kind, name in (("web", "web process"), ("fork", "fork server"), ("worker", "a worker"))
    )
    text = (
        f"{date.today()}, {ASKERS} clients asking without a pause; every answer was right, or a 503 with "
        "`Retry-After`; no process\nstayed for more than 1 s.\n\n"
        f"| killed | times | back after, p50 s | most s |\n|---|---|---|---|\n{rows}\n{leaks}"
    )
    write_section("safety.md", "kills", text)


def _thousand(server: LiveServer) -> str:
    """A thousand workers killed, one after the other: replaced in how long, and what is left of them."""
    web, fork = (processes(server.process.pid)[kind][0] for kind in ("web", "fork"))
    replaced: list[float] = []
    with server.client() as client:
        for number in range(1_050):
            if number == 50:  # what is made once is there
                before = {pid: (descriptors(pid), memory(pid)) for pid in (web, fork)}
            restarts = _workers(client)["restarts"]
            os.kill(processes(server.process.pid)["worker"][number % 2], signal.SIGKILL)
            began = time.monotonic()
            while (state := _workers(client))["restarts"] == restarts or state["busy"] or state["ready"] < 2:
                time.sleep(0.001)
            replaced.append(time.monotonic() - began)
    assert processes(server.process.pid)["web"] == [web]
    for pid, (held, private) in before.items():
        assert descriptors(pid) <= held + 2, "descriptors leak"
        assert memory(pid) <= private + 8_192, "memory leaks"
    half, most = (percentile(replaced, part) * 1e3 for part in (0.5, 0.95))
    return (
        f"1,000 workers killed one after the other: each replaced after {half:.0f} ms (p50), {most:.0f} ms (p95), the "
        "asking included.\nWeb process and fork server hold no more descriptors and no more memory than before.\n"
    )


def _workers(client: httpx.Client) -> dict[str, int]:
    found: dict[str, int] = client.get("/health").json()["workers"]
    return found
