"""Long computations: some at a time, on workers of their own and with what the others leave of the processors."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, Protocol, TypeVar


class Member(Protocol):
    @property
    def session(self) -> str: ...


Job = TypeVar("Job", bound=Member)

SUSPECTS = 1_000  # sessions that are remembered


class Lane(Generic[Job]):
    """Bookkeeping alone: who runs, who waits, and whose last one was long.

    A session has one place in the line. It keeps it when its request is superseded by one that is long again: who
    edits a long network every few seconds gets an answer all the same.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._running: set[Job] = set()
        self._line: OrderedDict[object, Job | None] = OrderedDict()
        self._suspects: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """How many wait."""
        return sum(job is not None for job in self._line.values())

    def enter(self, job: Job) -> bool:
        """Whether there was room; `leave` gives it back."""
        if len(self._running) >= self.size:
            return False
        self._running.add(job)
        return True

    def leave(self, job: Job) -> None:
        self._running.discard(job)

    def wait(self, job: Job) -> None:
        """At the end of the line, or where its session's last one stood."""
        key = job.session or job
        if self._line.get(key) is not None:
            key = job  # of another verb
        self._line[key] = job

    def remove(self, job: Job) -> bool:
        """Takes this one out, its place stays; False when it does not wait."""
        for key, waiting in self._line.items():
            if waiting == job:
                self._line[key] = None
                return True
        return False

    def next(self) -> Job | None:
        """The one that has waited longest, if there is room for it; it has entered."""
        while self._line and len(self._running) < self.size:
            _, job = self._line.popitem(last=False)
            if job is not None:
                self._running.add(job)
                return job
        return None

    # -- sessions whose last computation was long ----------------------------------------------------------------

    def suspect(self, session: str) -> None:
        if session:
            self._suspects[session] = None
            self._suspects.move_to_end(session)
            if len(self._suspects) > SUSPECTS:
                self._suspects.popitem(last=False)

    def clear(self, session: str) -> None:
        self._suspects.pop(session, None)

    def is_suspect(self, session: str) -> bool:
        return session in self._suspects
