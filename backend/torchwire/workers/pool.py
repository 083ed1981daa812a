"""The pool: requests in, answers out; which worker runs what, and what follows a death."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections import deque
from dataclasses import asdict, dataclass, field

from torchwire.settings import settings
from torchwire.workers.deaths import Coroner
from torchwire.workers.frames import ANSWER, BROKEN, MEMORY, POSTPONED, REFUSED, RESCUED
from torchwire.workers.launcher import Launcher
from torchwire.workers.process import Died, Outcome, WorkerProcess
from torchwire.workers.queue import FairQueue
from torchwire.workers.sessions import Sessions

log = logging.getLogger("torchwire.workers")

PATIENCE = 0.1  # seconds that a superseded forward may still run: most end by themselves, a new worker costs 50 ms
RESTART_PAUSE = 1.0  # seconds before another try when a worker or the fork server ends at its start


class Busy(Exception):
    """The queue is full, or workers died from outside twice; 503."""


class Superseded(Exception):
    """A newer forward of the same session has come; 409."""


class NotARequest(Exception):
    """The worker found no request in the body; 422. `code` and `fields` of the error's body."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("not a request")
        refusal = json.loads(payload)
        self.code: str = refusal["code"]
        self.fields: dict[str, str] = refusal["fields"]


class Broken(Exception):
    """The engine raised what it must not raise; the traceback is in the log."""


@dataclass(eq=False)
class Job:
    """One request until its answer."""

    verb: str
    body: bytes
    session: str
    outcome: asyncio.Future[Outcome]
    came: float = field(default_factory=time.perf_counter)
    began: float = 0.0
    turn: bool = False  # it may be large
    newest: bool = False  # it supersedes older ones of its session
    superseded: bool = False
    over: bool = False
    worker: WorkerProcess | None = None
    coroner: Coroner = field(default_factory=Coroner)

    def supersede(self) -> None:
        self.superseded = True
        if not self.outcome.done():
            self.outcome.set_exception(Superseded())


@dataclass(frozen=True)
class Result:
    """An answer's bytes, and the seconds it waited for a worker and was worked on.

    `cut`: it was made at the deadline.
    """

    body: bytes
    cut: bool
    waited: float
    worked: float


class Pool:
    """A fixed number of workers.

    Does: queueing, superseding, the one large network, retries after deaths, replacing workers.
    Does not: HTTP, reading requests (the worker does), starting processes (the launcher does).
    """

    def __init__(self, size: int = 0) -> None:
        self.size = size or settings().workers or os.cpu_count() or 1
        self.restarts = 0
        self._loop = asyncio.get_running_loop()
        self._launcher = Launcher(self._launcher_lost)
        self._idle: list[WorkerProcess] = []
        self._members: set[WorkerProcess] = set()
        self._queue: FairQueue[Job] = FairQueue()
        self._sessions: Sessions[Job] = Sessions()
        self._large: Job | None = None
        self._large_waiting: deque[Job] = deque()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def torch(self) -> str:
        """The version of torch."""
        return self._launcher.torch

    def state(self) -> dict[str, int]:
        """For `GET /health`."""
        return {
            "size": self.size,
            "ready": len(self._members),
            "busy": len(self._members) - len(self._idle),
            "waiting": len(self._queue) + len(self._large_waiting),
            "restarts": self.restarts,
        }

    async def start(self) -> None:
        """Returns when every worker is ready. Raises RuntimeError when torch cannot be loaded."""
        await self._launcher.start()
        await asyncio.gather(*(self._add_worker() for _ in range(self.size)))

    async def close(self) -> None:
        """Ends every process."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await self._launcher.close()

    # -- a request ---------------------------------------------------------------------------------------------------

    async def run(self, verb: str, body: bytes, session: str = "") -> Result:
        """The answer of a verb. Raises Busy, Superseded, NotARequest, Broken."""
        if len(self._queue) + len(self._large_waiting) >= settings().queue:
            raise Busy
        job = Job(verb, body, session, self._loop.create_future(), newest=verb == "forward" and session != "")
        if job.newest:
            for older in self._sessions.enter(session, job):
                self._supersede(older)
        if not job.newest or self._sessions.may_start(session, job):
            self._enqueue(job)
        try:
            while True:
                outcome = await job.outcome
                if job.superseded:
                    raise Superseded
                if not isinstance(outcome, Died) and outcome[0] != MEMORY:
                    return self._result(job, *outcome)
                death = outcome if isinstance(outcome, Died) else None
                log.warning("%s: worker died, %s", verb, death or "memory ran out between nodes")
                if not job.coroner.judge(death):
                    raise Busy
                job.outcome = self._loop.create_future()
                self._enqueue(job, first=True)
        finally:
            job.over = True
            if job.worker is None:
                self._leave(job)

    @staticmethod
    def _result(job: Job, kind: bytes, payload: bytes) -> Result:
        if kind == REFUSED:
            raise NotARequest(payload)
        if kind == BROKEN:
            log.error("fault in %s:\n%s", job.verb, payload.decode(errors="replace"))
            raise Broken
        return Result(payload, kind == RESCUED, job.began - job.came, time.perf_counter() - job.began)

    def _supersede(self, job: Job) -> None:
        job.supersede()
        if job.worker is not None:
            self._loop.call_later(PATIENCE, self._stop_superseded, job, job.worker)
        elif not self._queue.remove(job) and job in self._large_waiting:
            self._large_waiting.remove(job)

    @staticmethod
    def _stop_superseded(job: Job, worker: WorkerProcess) -> None:
        if worker.job is job:
            worker.kill()

    def _leave(self, job: Job) -> None:
        if job is self._large:
            self._large = None
            if self._large_waiting:
                self._wait_for_turn(self._large_waiting.popleft())
        if job.newest and (following := self._sessions.leave(job.session, job)) is not None:
            self._enqueue(following)

    # -- workers and jobs --------------------------------------------------------------------------------------------

    def _enqueue(self, job: Job, first: bool = False) -> None:
        self._queue.add(job, first)
        self._dispatch()

    def _dispatch(self) -> None:
        while self._idle and len(self._queue):
            worker = self._idle.pop()
            job = self._queue.next() if worker.alive else None
            if job is None:
                continue  # it is gone, and `_worker_ended` follows
            job.worker, worker.job = worker, job
            job.began = time.perf_counter()
            if job.turn:
                self._let_go(worker)
            stop = job.coroner.stop
            stopped = json.dumps(asdict(stop)).encode() if stop else b""
            worker.request(job.verb, job.turn, stopped, job.body, self._finished)

    def _finished(self, worker: WorkerProcess, outcome: Outcome) -> None:
        job: Job = worker.job
        job.worker = worker.job = None
        kind = b"" if isinstance(outcome, Died) else outcome[0]
        if kind in (ANSWER, REFUSED, POSTPONED, BROKEN):
            if worker in self._members:
                self._idle.append(worker)
            else:
                worker.close()  # it ran a large network, and its place in the pool is taken
        if job.over:
            self._leave(job)
        elif kind == POSTPONED and not job.superseded:
            self._wait_for_turn(job)
        elif not job.outcome.done():
            job.outcome.set_result(outcome)
        self._dispatch()

    # -- one large network at a time ---------------------------------------------------------------------------------

    def _heavy(self, worker: WorkerProcess) -> None:
        if self._large is not None:
            worker.postpone()
            return
        self._large = worker.job
        worker.job.turn = True
        worker.grant()
        self._let_go(worker)

    def _wait_for_turn(self, job: Job) -> None:
        if self._large is not None:
            self._large_waiting.append(job)
            return
        self._large = job
        job.turn = True
        self._enqueue(job, first=True)

    def _let_go(self, worker: WorkerProcess) -> None:
        """Takes a worker that will be long out of the pool and starts another in its place: nobody waits for it."""
        self._members.discard(worker)
        self._spawn()

    # -- processes ---------------------------------------------------------------------------------------------------

    def _spawn(self, pause: float = 0.0) -> None:
        task = self._loop.create_task(self._add_worker(pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _add_worker(self, pause: float = 0.0) -> None:
        """Starts workers until the pool is full."""
        await asyncio.sleep(pause)
        if self._closing or len(self._members) >= self.size:
            return
        worker = WorkerProcess(self._heavy, self._worker_ended)
        self._members.add(worker)
        try:
            await worker.start(self._launcher)
        except ConnectionError as error:
            log.error("%s", error)
            self._members.discard(worker)
            if self._launcher.alive:
                self._spawn(RESTART_PAUSE)
            return
        self._idle.append(worker)
        self._dispatch()

    def _worker_ended(self, worker: WorkerProcess) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        if worker in self._members and worker.ready.done() and not worker.ready.exception():
            self._members.discard(worker)
            self.restarts += 1
            if self._launcher.alive:
                self._spawn()

    def _launcher_lost(self) -> None:
        if not self._closing:
            log.error("the fork server ended; starting another")
            task = self._loop.create_task(self._restart())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _restart(self) -> None:
        while True:
            try:
                await self._launcher.start()
            except RuntimeError as error:
                log.error("%s", error)
                await asyncio.sleep(RESTART_PAUSE)
                continue
            break
        for _ in range(self.size - len(self._members)):
            self._spawn()
