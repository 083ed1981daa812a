"""The fork server: imports torch once, runs no operation of it, and forks a worker in milliseconds.

`multiprocessing` has one too. This one is ours because theirs blocks the web process's loop while it starts, imports
the web process's main module (FastAPI and all) into every worker, and loses the exit codes, which say what a death
means, when the server itself dies.

Over the control socket: in, one byte and two descriptors (the worker's socket, its place); out, EVENT records.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import struct
import sys

EVENT = struct.Struct("<cii")  # kind, pid, exit code (negative: the signal that ended it)
LOADED = b"l"
STARTED = b"s"
ENDED = b"e"


def main(control_fd: int) -> None:
    """Serves until the web process closes the control socket, then ends every worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)

    import torchwire.verbs
    import torchwire.workers.worker  # noqa: F401
    from torchwire.engine.preload import load

    version = load().encode()
    control.sendall(EVENT.pack(LOADED, len(version), 0) + version)
    gc.collect()
    gc.freeze()  # the workers share these pages; a collection in one would copy them
    _serve(control)


def _serve(control: socket.socket) -> None:
    reader, writer = os.pipe()
    for fd in (reader, writer):
        os.set_blocking(fd, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    children: set[int] = set()
    while True:
        ready, _, _ = select.select([control.fileno(), reader], [], [])
        if reader in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(reader, 4096)
            _reap(control, children)
        if control.fileno() not in ready:
            continue
        data, fds, _, _ = socket.recv_fds(control, 1, 2)
        if not data:
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            return
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for fd in (reader, writer):
                os.close(fd)
            control.close()
            _run_worker(*fds)
        children.add(pid)
        for fd in fds:
            os.close(fd)
        with contextlib.suppress(BrokenPipeError):
            control.sendall(EVENT.pack(STARTED, pid, 0))


def _reap(control: socket.socket, children: set[int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        children.discard(pid)
        with contextlib.suppress(BrokenPipeError):
            control.sendall(EVENT.pack(ENDED, pid, os.waitstatus_to_exitcode(status)))


def _run_worker(stream_fd: int, place_fd: int) -> None:
    from torchwire.workers.place import Place
    from torchwire.workers.worker import work

    code = 1
    try:
        place = Place(place_fd)
        os.close(place_fd)
        work(socket.socket(fileno=stream_fd), place)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)
