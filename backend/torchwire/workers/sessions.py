"""Newest wins: of one session at most one forward runs and one waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")


@dataclass
class _Session(Generic[Job]):
    current: Job
    next: Job | None = None


class Sessions(Generic[Job]):
    """Bookkeeping alone: the pool stops what is superseded and queues what may start."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session[Job]] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def enter(self, session: str, job: Job) -> list[Job]:
        """The older ones that `job` supersedes, the one that may be running first."""
        known = self._sessions.get(session)
        if known is None:
            self._sessions[session] = _Session(job)
            return []
        older = [known.current] if known.next is None else [known.next]
        known.next = job
        return older

    def knows(self, session: str) -> bool:
        """Whether it has one that a newer one would take the place of."""
        return session in self._sessions

    def may_start(self, session: str, job: Job) -> bool:
        """Whether nothing older of its session is still in its way."""
        return self._sessions[session].current is job

    def leave(self, session: str, job: Job) -> Job | None:
        """`job` is over; the one that may start now."""
        known = self._sessions.get(session)
        if known is None:
            return None
        if known.next is job:
            known.next = None
        elif known.current is job:
            if known.next is None:
                del self._sessions[session]
            else:
                known.current, known.next = known.next, None
                return known.current
        return None
