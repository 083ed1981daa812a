"""Who is next: sessions in turn, each in its own order, and a bound on all of them."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Generic, Protocol, TypeVar


class Member(Protocol):
    @property
    def session(self) -> str: ...


Job = TypeVar("Job", bound=Member)


class FairQueue(Generic[Job]):
    """A queue of queues: a session that asks much waits for itself, not others for it."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, deque[Job]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, job: Job, first: bool = False) -> None:
        """At the end of its session's queue; `first` puts it before everything, for one that runs again."""
        line = self._sessions.setdefault(job.session, deque())
        self._size += 1
        if first:
            line.appendleft(job)
            self._sessions.move_to_end(job.session, last=False)
        else:
            line.append(job)

    def next(self) -> Job | None:
        """Takes the next one out."""
        if not self._size:
            return None
        session, line = self._sessions.popitem(last=False)
        job = line.popleft()
        self._size -= 1
        if line:
            self._sessions[session] = line  # at the end: the others first
        return job

    def remove(self, job: Job) -> bool:
        """Takes this one out; False when it is not in it."""
        line = self._sessions.get(job.session)
        if line is None or job not in line:
            return False
        line.remove(job)
        self._size -= 1
        if not line:
            del self._sessions[job.session]
        return True
