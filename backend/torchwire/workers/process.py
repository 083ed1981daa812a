"""The web process's hold on one worker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torchwire.settings import deadline, settings
from torchwire.workers.frames import HEAVY, LATER, LONG, NOTES, READY, RESCUING, TURN, Reader, pack, pack_request
from torchwire.workers.launcher import Launcher
from torchwire.workers.place import Place

GRACE = 0.25  # seconds after the deadline in which the worker's own watch must say that it answers
NICE = 10  # a tenth of the processor time of one that is not nice, where both want it
RESCUE = 1.0  # seconds for that answer: what has run is summarised and written


@dataclass(frozen=True)
class Died:
    """A worker's end in the middle of a request.

    `place`: what it computed, "" for nothing yet; `code`: exit code, negative for a signal, None for unknown;
    `late`: we killed it, after the deadline.
    """

    place: str
    code: int | None
    late: bool


Outcome = tuple[bytes, bytes] | Died


class WorkerProcess(asyncio.Protocol):
    """One worker, which runs one request at a time.

    Does: sends, receives, kills when the deadline has passed. Does not: choose requests or judge a death.
    """

    def __init__(
        self,
        heavy: Callable[[WorkerProcess], None],
        ended: Callable[[WorkerProcess], None],
        noted: Callable[[WorkerProcess, dict[str, Any]], None],
    ) -> None:
        self.pid = 0
        self.job: Any = None  # the pool's
        self._on_heavy = heavy
        self._on_ended = ended
        self._on_notes = noted
        self._done: Callable[[WorkerProcess, Outcome], None] | None = None
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = self._loop.create_future()
        self._reader = Reader()
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._killed = ""
        self._rescued = False
        self._dead = False
        self._unread = True
        self._code: int | None = None
        self._transport: asyncio.Transport
        self._place: Place

    @property
    def alive(self) -> bool:
        """False as soon as anything says that the process is gone."""
        return not self._dead and self._unread

    async def start(self, launcher: Launcher) -> None:
        """Forks it and waits until it is ready. Raises ConnectionError."""
        ours, theirs = socket.socketpair()
        with theirs, Place.file() as file:
            self._place = Place(file.fileno())
            try:
                self.pid = await launcher.fork(theirs, file.fileno(), self)
            except OSError:
                ours.close()
                self._place.close()
                raise ConnectionError("The fork server is gone.") from None
            except asyncio.CancelledError:  # the pool closes
                ours.close()
                self._place.close()
                raise
        ours.setblocking(False)
        self._transport, _ = await self._loop.create_connection(lambda: self, sock=ours)
        try:
            await self.ready
        except asyncio.CancelledError:  # the pool closes
            self._transport.close()
            raise

    def request(self, verb: str, turn: bool, stopped: bytes, body: bytes, done: Callable[..., None]) -> None:
        """Sends a request; `done(self, outcome)` is called once."""
        self._done = done
        self._began = time.monotonic()
        self._arm(deadline(verb, turn))
        self._transport.write(pack_request(verb, turn, stopped, body))

    def grant(self) -> None:
        """The large network may run, under the long deadline; the wait does not count."""
        self._extend()
        self._transport.write(pack(TURN))

    def _extend(self) -> None:
        self._arm(settings().heavy_deadline_ms / 1000 - (time.monotonic() - self._began))

    def step_back(self) -> None:
        """Lets the others have the processor first: it will be long."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, NICE)

    def postpone(self) -> None:
        """The large network comes later."""
        self._transport.write(pack(LATER))

    @property
    def cause(self) -> str:
        """Why it ended: what we killed it for, else `deadline`, `memory`, `crash`, `outside` or `fork-server`."""
        if self._killed or self._rescued:
            return self._killed or "deadline"
        if self._code is None:
            return "fork-server"
        if self._code == 0:
            return "memory"  # a worker ends by itself after a rescue, or when its memory is full
        return "outside" if self._code == -signal.SIGKILL else "crash"

    def kill(self, cause: str) -> None:
        """Ends the process at once."""
        self._killed = self._killed or cause
        if self.pid and not self._dead:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Lets it end by itself: it reads the end of its socket."""
        self._transport.close()

    # -- what it says ------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        for kind, payload in self._reader.feed(data):
            if kind == READY:
                if not self.ready.done():  # cancelled, when the pool closes
                    self.ready.set_result(None)
            elif kind == HEAVY:
                self._disarm()
                self._on_heavy(self)
            elif kind == LONG:
                self._extend()
            elif kind == RESCUING:
                self._arm(RESCUE)
                self._rescued = True
            elif kind == NOTES:
                self._on_notes(self, json.loads(payload))
            else:
                self._finish((kind, payload))

    def ended(self, code: int | None) -> None:
        """Called by the launcher when the process is gone, or (None) when nobody will say so."""
        if code is None:
            self.kill("fork-server")
        self._code = code
        self._dead = True
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"A worker ended at its start (code {code})."))
        self._bury()

    def connection_lost(self, error: Exception | None) -> None:
        self._unread = False
        self._bury()

    def _bury(self) -> None:
        """Once it is gone and what it wrote before is read."""
        if not self._dead or self._unread:
            return
        self._finish(Died(self._place.read(), self._code, self._killed == "deadline"))
        self._place.close()
        self._on_ended(self)

    def _finish(self, outcome: Outcome) -> None:
        self._disarm()
        done, self._done = self._done, None
        if done is not None:
            done(self, outcome)

    # -- the deadline ------------------------------------------------------------------------------------------------

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self._loop.call_later(seconds + GRACE, self._overdue)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _overdue(self) -> None:
        self.kill("deadline")
