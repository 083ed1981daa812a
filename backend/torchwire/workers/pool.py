"""The pool: requests in, answers out; which worker runs what, and what follows a death."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from dataclasses import asdict
from typing import Any

from torchwire.journal import trace
from torchwire.settings import settings
from torchwire.workers.crew import Crew
from torchwire.workers.frames import ANSWER, BROKEN, MEMORY, POSTPONED, REFUSED, RESCUED
from torchwire.workers.jobs import Ask, Broken, Busy, Job, Lost, NotARequest, Result, Superseded
from torchwire.workers.lane import Lane
from torchwire.workers.observer import Nobody, Observer
from torchwire.workers.process import Died, Outcome, WorkerProcess
from torchwire.workers.queue import FairQueue
from torchwire.workers.sessions import Sessions

log = logging.getLogger("torchwire.workers")

PATIENCE = 0.1  # seconds that a superseded forward may still run: most end by themselves, a new worker costs 50 ms
LONG = 0.25  # seconds after which a computation holds up others,
LONG_AGAIN = 0.08  # and of a session whose last one did
LOOK_AGAIN = 0.05  # seconds until one that is long looks again whether somebody waits


class Pool:
    """A fixed number of workers.

    Does: queueing, superseding, one computation for equal requests, the large and the long ones, retries after deaths.
    Does not: HTTP, reading requests (the worker does), replacing workers (the crew does).
    """

    def __init__(self, size: int = 0, observer: Observer | None = None) -> None:
        self._observer = observer or Nobody()
        self._loop = asyncio.get_running_loop()
        self.crew = Crew(size, self._dispatch, self._heavy, self._noted, self._observer.restarted)
        self._jobs: dict[tuple[str, bytes], Job] = {}
        self._queue: FairQueue[Job] = FairQueue()
        self._sessions: Sessions[Ask] = Sessions()
        self._large: Job | None = None
        self._large_waiting: deque[Job] = deque()
        # one on two processors: with the nice one a worker for each is left to the others
        self._lane: Lane[Job] = Lane(max(1, self.crew.size // 2))

    @property
    def torch(self) -> str:
        """The version of torch."""
        return self.crew.launcher.torch

    @property
    def waiting(self) -> int:
        """Computations that wait for a worker or their turn."""
        return len(self._queue) + len(self._large_waiting) + len(self._lane)

    def state(self) -> dict[str, int]:
        """For `GET /health`."""
        crew = self.crew
        return {
            "size": crew.size,
            "ready": len(crew.members),
            "busy": len(crew.members) - crew.idle,
            "waiting": self.waiting,
            "restarts": crew.restarts,
        }

    async def start(self) -> None:
        """Returns when every worker is ready. Raises RuntimeError when torch cannot be loaded."""
        await self.crew.start()

    async def close(self) -> None:
        """Ends every process."""
        await self.crew.close()

    # -- a request ---------------------------------------------------------------------------------------------------

    async def run(self, verb: str, body: bytes, session: str = "") -> Result:
        """The answer of a verb. Raises Busy, Lost, Superseded, NotARequest, Broken."""
        newest = verb == "forward" and session != ""
        job = self._jobs.get((verb, body))
        if job is None and self.waiting >= settings().queue and not (newest and self._sessions.knows(session)):
            raise Busy
        ask = Ask(session, trace.get().id, self._loop.create_future())
        if job is not None:  # before the older ones go: they may be those that wait for it
            self._observer.joined()
            ask.job = job
            job.asks.add(ask)
        if newest:
            for older in self._sessions.enter(session, ask):
                self._supersede(older)
        if job is not None:
            self._release(job)
        if ask.job is None and (not newest or self._sessions.may_start(session, ask)):
            self._begin(verb, body, ask)
        elif ask.job is None:
            ask.wanted = (verb, body)
        try:
            result = await ask.answer
            self._observer.waited(result.waited)
            return result
        finally:
            if not ask.superseded:
                self._forget(ask)

    def _begin(self, verb: str, body: bytes, ask: Ask) -> None:
        job = self._jobs.get((verb, body))
        if job is None:
            job = self._jobs[verb, body] = Job(verb, body, ask.session)
            self._enqueue(job)
        ask.job = job
        job.asks.add(ask)

    def _supersede(self, ask: Ask) -> None:
        ask.superseded = True
        self._observer.superseded()
        if not ask.answer.done():
            ask.answer.set_exception(Superseded())
        self._forget(ask)

    def _forget(self, ask: Ask) -> None:
        """Nobody waits for its answer any more; a computation that nobody at all waits for is stopped."""
        job = ask.job
        if job is not None:
            job.asks.discard(ask)
            if not job.over and not job.asks:
                if job.worker is not None:
                    job.orphans.append(ask)  # its session may start another when this one has ended
                    self._loop.call_later(PATIENCE, self._stop_forgotten, job, job.worker)
                    return
                self._take_out(job)
        self._leave(ask)

    def _leave(self, ask: Ask) -> None:
        following = self._sessions.leave(ask.session, ask)
        if following is not None and following.wanted is not None:
            self._begin(*following.wanted, following)

    def _stop_forgotten(self, job: Job, worker: WorkerProcess) -> None:
        if worker.job is job and not job.asks:
            worker.kill("superseded")

    def _take_out(self, job: Job) -> None:
        """Out of whatever it waits in."""
        if not self._queue.remove(job) and not self._lane.remove(job) and job in self._large_waiting:
            self._large_waiting.remove(job)
        self._close(job)

    # -- jobs --------------------------------------------------------------------------------------------------------

    def _enqueue(self, job: Job, first: bool = False) -> None:
        self._queue.add(job, first)
        self._dispatch()

    def _dispatch(self) -> None:
        while len(self._queue) and self.crew.idle:
            job = self._queue.next()
            assert job is not None
            worker = self.crew.take(job.session)
            if worker is None:
                self._queue.add(job, first=True)
                return
            job.worker, worker.job = worker, job
            job.began = time.perf_counter()
            if job.turn or job.long:
                self.crew.let_go(worker)
            if job.long:
                worker.step_back()
            elif not job.turn:
                patience = LONG_AGAIN if self._lane.is_suspect(job.session) else LONG
                self._loop.call_later(patience, self._look, job, worker)
            stop = job.coroner.stop
            stopped = json.dumps(asdict(stop)).encode() if stop else b""
            worker.request(job.verb, job.turn, stopped, job.body, self._finished)

    def _finished(self, worker: WorkerProcess, outcome: Outcome) -> None:
        job: Job = worker.job
        job.worker = worker.job = None
        kind = MEMORY if isinstance(outcome, Died) else outcome[0]
        if kind in (MEMORY, RESCUED):  # nobody else says how long it was
            self._observer.noted(job.verb, time.perf_counter() - job.began, {})
        if kind in (ANSWER, REFUSED, POSTPONED, BROKEN):  # else it has ended, or does
            self.crew.give_back(worker)
        if not job.asks:
            self._close(job)
        elif kind == POSTPONED:
            self._wait_for_turn(job)
        elif isinstance(outcome, Died) and job.put_back:
            job.put_back = False
            self._lane.wait(job)
            self._next_long()
        elif isinstance(outcome, Died) or kind == MEMORY:
            self._judge(job, outcome if isinstance(outcome, Died) else None)
        else:
            self._answer(job, *outcome)
        self._dispatch()

    def _judge(self, job: Job, death: Died | None) -> None:
        again = job.coroner.judge(death)
        told = {"requests": [ask.request for ask in job.asks], "verb": job.verb, "again": again}
        if death is not None:
            told |= {"code": death.code, "late": death.late, "phase": death.place.partition(" ")[0]}
        log.warning("a worker died" if death else "memory ran out", extra={"data": told})
        if again:
            self._enqueue(job, first=True)
        elif job.coroner.stop is None:
            self._close(job, Lost())
        else:  # not even the request was read
            self._close(job, NotARequest(json.dumps({"code": job.coroner.stop.code, "fields": {}}).encode()))

    def _answer(self, job: Job, kind: bytes, payload: bytes) -> None:
        if not job.long and time.perf_counter() - job.began < LONG:
            self._lane.clear(job.session)
        if kind == REFUSED:
            self._close(job, NotARequest(payload))
        elif kind == BROKEN:
            told = {"requests": [ask.request for ask in job.asks], "verb": job.verb, "error": payload.decode()}
            log.error("a fault of the engine", extra={"data": told})
            self._close(job, Broken())
        else:
            job.end(payload, kind == RESCUED)
            self._close(job)

    def _close(self, job: Job, error: Exception | None = None) -> None:
        """It is over: the places that it held are free, and sessions that waited for its end go on."""
        if error is not None:
            job.fail(error)
        job.over = True
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if job is self._large:
            self._large = None
            if self._large_waiting:
                self._wait_for_turn(self._large_waiting.popleft())
        if job.long:
            self._lane.leave(job)
            self._next_long()
        self._release(job)

    def _release(self, job: Job) -> None:
        """Sessions that do not wait for it any more go on."""
        orphans, job.orphans = job.orphans, []
        for ask in orphans:
            self._leave(ask)

    def _noted(self, worker: WorkerProcess, notes: dict[str, Any]) -> None:
        self._observer.noted(worker.job.verb, notes["seconds"], notes["memories"])

    # -- one large network at a time ---------------------------------------------------------------------------------

    def _heavy(self, worker: WorkerProcess) -> None:
        if self._large is not None:
            worker.postpone()
            return
        self._large = worker.job
        worker.job.turn = True
        worker.grant()
        self.crew.let_go(worker)

    def _wait_for_turn(self, job: Job) -> None:
        if self._large is not None:
            self._large_waiting.append(job)
            return
        self._large = job
        job.turn = True
        self._enqueue(job, first=True)

    # -- long computations step aside --------------------------------------------------------------------------------

    def _look(self, job: Job, worker: WorkerProcess) -> None:
        """It has run for long. Where somebody waits, it goes on beside the others, or starts again in its turn."""
        if worker.job is not job or job.turn or job.long:
            return
        if not len(self._queue):
            self._loop.call_later(LOOK_AGAIN, self._look, job, worker)
            return
        self._lane.suspect(job.session)
        if self._lane.enter(job):
            job.long = True
            worker.step_back()
            self.crew.let_go(worker)
        else:
            job.put_back = True
            self._observer.postponed()
            worker.kill("long")

    def _next_long(self) -> None:
        job = self._lane.next()
        if job is not None:
            job.long = True
            self._enqueue(job, first=True)
