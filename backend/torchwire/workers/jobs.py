"""A computation, those who wait for it, and how it can end."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field

from torchwire.workers.deaths import Coroner
from torchwire.workers.process import WorkerProcess


class Busy(Exception):
    """The queue is full; 503."""


class Lost(Exception):
    """Workers that computed the request died from outside, twice; 503."""


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
    """The engine raised what it must not raise; the log says where."""


@dataclass(frozen=True)
class Result:
    """An answer's bytes, and the seconds it waited for a worker and was worked on.

    `cut`: it was made at the deadline.
    """

    body: bytes
    cut: bool
    waited: float
    worked: float


@dataclass(eq=False)
class Ask:
    """One request that waits for a computation."""

    session: str
    request: str  # its id, for the log
    answer: asyncio.Future[Result]
    came: float = field(default_factory=time.perf_counter)
    job: Job | None = None
    wanted: tuple[str, bytes] | None = None  # verb and body, where an older one of its session must end first
    superseded: bool = False


@dataclass(eq=False)
class Job:
    """One computation. Requests of the same bytes at the same time share it.

    `session`: whose turn in the queue it takes, the first one's who asked.
    """

    verb: str
    body: bytes
    session: str
    asks: set[Ask] = field(default_factory=set)
    orphans: list[Ask] = field(default_factory=list)  # superseded ones that wait for its end
    began: float = 0.0
    turn: bool = False  # it may be large
    long: bool = False  # it has a place among the long ones
    put_back: bool = False  # it is stopped to wait for one
    over: bool = False
    worker: WorkerProcess | None = None
    coroner: Coroner = field(default_factory=Coroner)

    @property
    def key(self) -> tuple[str, bytes]:
        return self.verb, self.body

    def end(self, result: bytes, cut: bool) -> None:
        """Answers everybody who waits."""
        self.over = True
        now = time.perf_counter()
        for ask in self.asks:
            if not ask.answer.done():
                began = max(self.began, ask.came)
                ask.answer.set_result(Result(result, cut, began - ask.came, now - began))

    def fail(self, error: Exception) -> None:
        """Raises where everybody waits."""
        self.over = True
        for ask in self.asks:
            if not ask.answer.done():
                ask.answer.set_exception(error)
