"""The crew: as many ready workers as there should be, whatever ends."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from torchwire.settings import settings
from torchwire.workers.launcher import Launcher
from torchwire.workers.process import WorkerProcess

log = logging.getLogger("torchwire.workers")

SESSIONS = 1_000  # of so many it is known who served them
RESTART_PAUSE = 1.0  # seconds before another try when a worker or the fork server ends at its start


class Crew:
    """Does: start workers, replace those that end or are let go, start the fork server again.

    Does not: know requests.
    """

    def __init__(
        self,
        size: int,
        idle: Callable[[], None],
        heavy: Callable[[WorkerProcess], None],
        noted: Callable[[WorkerProcess, dict[str, Any]], None],
        restarted: Callable[[str], None],
    ) -> None:
        """`idle()`: there may be a worker to take; `restarted(cause)`: one has ended and is replaced."""
        self.size = size or settings().workers or os.cpu_count() or 1
        self.restarts = 0
        self.members: set[WorkerProcess] = set()
        self.launcher = Launcher(self._launcher_lost)
        self._idle: list[WorkerProcess] = []
        self._served: OrderedDict[str, WorkerProcess] = OrderedDict()  # who served a session last
        self._on_idle = idle
        self._on_heavy = heavy
        self._on_notes = noted
        self._on_restart = restarted
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> int:
        """Workers that wait for a request."""
        return len(self._idle)

    async def start(self) -> None:
        """Returns when every worker is ready. Raises RuntimeError when torch cannot be loaded."""
        await self.launcher.start()
        await asyncio.gather(*(self._add_worker() for _ in range(self.size)))

    async def close(self) -> None:
        """Ends every process."""
        self._closing = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # so that nothing of them is left to be logged
        await self.launcher.close()

    def take(self, session: str) -> WorkerProcess | None:
        """A worker that waits, the one that served the session before if it does: it remembers what an edit did not
        change. None when there is none."""
        served = self._served.pop(session, None)
        if served in self._idle:
            self._idle.remove(served)
            self._idle.append(served)
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:  # else it is gone, and `_worker_ended` follows
                self._serves(session, worker)
                return worker
        return None

    def _serves(self, session: str, worker: WorkerProcess) -> None:
        if session:
            self._served[session] = worker
            if len(self._served) > SESSIONS:
                self._served.popitem(last=False)

    def give_back(self, worker: WorkerProcess) -> None:
        """It has answered and waits again; or ends, when its place is taken."""
        if worker in self.members:
            self._idle.append(worker)
        else:
            worker.close()

    def let_go(self, worker: WorkerProcess) -> None:
        """Starts another in the place of one that will be long, so that nobody waits for it."""
        self.members.discard(worker)
        self._spawn()

    # -- processes ---------------------------------------------------------------------------------------------------

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _spawn(self, pause: float = 0.0) -> None:
        self._later(self._add_worker(pause))

    async def _add_worker(self, pause: float = 0.0) -> None:
        """Starts a worker unless there are enough."""
        await asyncio.sleep(pause)
        if self._closing or len(self.members) >= self.size:
            return
        worker = WorkerProcess(self._on_heavy, self._worker_ended, self._on_notes)
        self.members.add(worker)
        try:
            await worker.start(self.launcher)
        except ConnectionError as error:
            log.error("%s", error)
            self.members.discard(worker)
            if self.launcher.alive:
                self._spawn(RESTART_PAUSE)
            return
        self._idle.append(worker)
        self._on_idle()

    def _worker_ended(self, worker: WorkerProcess) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        ready = worker.ready  # cancelled, when the pool closes
        if worker in self.members and ready.done() and not ready.cancelled() and not ready.exception():
            self.members.discard(worker)
            self.restarts += 1
            self._on_restart(worker.cause)
            if self.launcher.alive:
                self._spawn()

    def _launcher_lost(self) -> None:
        if not self._closing:
            log.error("the fork server ended; starting another")
            self._later(self._restart())

    async def _restart(self) -> None:
        while True:
            try:
                await self.launcher.start()
            except RuntimeError as error:
                log.error("%s", error)
                await asyncio.sleep(RESTART_PAUSE)
                continue
            break
        for _ in range(self.size - len(self.members)):
            self._spawn()
