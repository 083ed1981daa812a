"""A worker's second thread: ends the request at its deadline, and the worker when the web process is gone."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

from torchwire.settings import deadline, settings
from torchwire.workers.frames import HEAVY, LATER, LONG, NOTES, RESCUED, RESCUING, pack, receive
from torchwire.workers.place import Place

_PR_SET_PDEATHSIG = 1


class Postponed(BaseException):
    """Another large network runs. Not an Exception: nothing between here and the worker's loop may catch it."""


class Watch:
    """Watches one request at a time; the engine's Progress.

    Does: the deadline, the place, the large network's turn. Does not: kill a worker that holds the interpreter's lock
    (the web process does), decide what a death means.
    """

    def __init__(self, stream: socket.socket, place: Place) -> None:
        self._stream = stream
        self.at = place.write
        self._deadline: float | None = None
        self._answer: Callable[[str], bytes] | None = None
        self._turn = False
        self._extended = False
        self._speaking = threading.Lock()
        die_with_parent()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    # -- the verb's side ---------------------------------------------------------------------------------------------

    def begin(self, turn: bool, verb: str) -> None:
        """A request starts; `turn`: it may be large."""
        self._turn = turn
        self._extended = False
        self._answer = None
        self.at("")
        self._deadline = time.monotonic() + deadline(verb)

    def rescue(self, answer: Callable[[str], bytes]) -> None:
        self._answer = answer

    def heavy(self) -> None:
        left, self._deadline = self._deadline, None
        if left is None:
            return  # the watch is about to end the request
        asked = time.monotonic()
        if not self._turn:
            self._stream.sendall(pack(HEAVY))
            kind, _ = receive(self._stream)
            if kind == LATER:
                raise Postponed
            self._turn = True
        self._deadline = left + self._longer() + (time.monotonic() - asked)

    def long(self) -> None:
        left, self._deadline = self._deadline, None
        if left is None:
            return  # as above
        longer = self._longer()
        if longer and not self._turn:
            self._stream.sendall(pack(LONG))
        self._deadline = left + longer

    def _longer(self) -> float:
        """By how many seconds the deadline moves: once in a request."""
        if self._extended:
            return 0.0
        self._extended = True
        limits = settings()
        return (limits.heavy_deadline_ms - limits.deadline_ms) / 1000

    def end(self, kind: bytes, payload: bytes, notes: bytes) -> None:
        """The request's answer and notes; nothing when the watch has answered in its place, and ends the process."""
        with self._speaking:
            self._deadline = None
            self._answer = None
            self.at("")
            self._stream.sendall(pack(NOTES, notes) + pack(kind, payload))

    # -- the watching thread -----------------------------------------------------------------------------------------

    def _watch(self) -> None:
        # An idle watch sleeps as long as a request may run: a request that starts meanwhile ends after the sleep does,
        # so nothing has to wake the thread when one starts.
        idle = settings().deadline_ms / 1000
        gone = select.poll()
        gone.register(self._stream, 0)  # hang-up alone
        while True:
            deadline = self._deadline
            pause = idle if deadline is None else deadline - time.monotonic()
            if pause <= 0:
                self._rescue()
                pause = idle
            if gone.poll(pause * 1000):
                os._exit(0)  # the web process is gone

    def _rescue(self) -> None:
        """Answers with what is there and ends the process. Whatever fails here, the web process kills the worker."""
        answer = self._answer
        deadline = self._deadline
        self._deadline = None
        if answer is None or deadline is None:
            return
        with self._speaking:
            if self._answer is not answer:
                return  # the verb has answered just now
            self._stream.sendall(pack(RESCUING))
        payload = answer("limit-time")
        with self._speaking:
            if self._answer is answer:
                self._stream.sendall(pack(RESCUED, payload))
                os._exit(0)


def die_with_parent() -> None:
    """Asks the kernel to kill this process when the fork server is gone, also in the middle of a computation.

    Linux only; elsewhere the watch ends a worker as soon as the interpreter's lock is free.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
