"""The first process of `serve`: holds the listening socket and starts the web process again when it ends."""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

log = logging.getLogger("torchwire.supervisor")

RESTART_PAUSE = 0.2  # seconds before the web process is started again
HOPELESS = 5  # starts in a row that end within HOPELESS seconds: then the fault is no accident


class Supervisor:
    """Neither HTTP nor torch, so that nothing a request does reaches it.

    The socket stays open between two web processes: connections wait in it for the next one.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._web: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Serves until SIGINT or SIGTERM; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        hopeless = 0
        while True:
            began = time.monotonic()
            code = self._serve_once()
            if self._stopping:
                return 0
            # Killed from outside is no fault of its own, however often.
            own_fault = code != -signal.SIGKILL and time.monotonic() - began < HOPELESS
            hopeless = hopeless + 1 if own_fault else 0
            if hopeless == HOPELESS:
                print("The web process cannot run; what it printed above says why.", file=sys.stderr)
                return 1
            log.error("the web process ended and is started again", extra={"data": {"code": code}})
            time.sleep(RESTART_PAUSE)

    def _serve_once(self) -> int:
        # The web process ends when its standard input does: when this process is gone, however it went.
        fd = self._listener.fileno()
        command = [sys.executable, "-m", "torchwire.api.server", str(fd)]
        self._web = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[fd])
        if self._stopping:
            self._web.terminate()
        return self._web.wait()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        if self._web is not None:
            self._web.terminate()
