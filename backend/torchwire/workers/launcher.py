"""The web process's hold on the fork server: starts it, starts it again when it is gone, asks it for workers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Callable
from typing import Protocol

from torchwire.workers.forkserver import ENDED, EVENT, LOADED, STARTED


class Child(Protocol):
    """Whoever is told that a worker has ended. `code`: exit code, negative for a signal, None when nobody knows."""

    def ended(self, code: int | None) -> None: ...


class Launcher(asyncio.Protocol):
    """One fork server.

    Does: processes. Does not: decide how many workers there are, or what their ends mean.
    """

    def __init__(self, lost: Callable[[], None]) -> None:
        self.torch = ""  # its version
        self.pid = 0
        self.alive = False
        self._lost = lost
        self._children: dict[int, Child] = {}
        self._asked: deque[tuple[asyncio.Future[int], Child]] = deque()
        self._buffer = b""
        self._loaded: asyncio.Future[None]
        self._server: Process
        self._control: socket.socket
        self._transport: asyncio.BaseTransport

    async def start(self) -> None:
        """Returns when torch is loaded. Raises RuntimeError when the fork server ends before."""
        loop = asyncio.get_running_loop()
        self._loaded = loop.create_future()
        ours, theirs = socket.socketpair()
        command = f"from torchwire.workers.forkserver import main; main({theirs.fileno()})"
        try:
            with theirs:
                self._server = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-c",
                    command,
                    stdin=DEVNULL,
                    pass_fds=[theirs.fileno()],
                    # one thread each, decided before torch reads it: a fork must not find a pool of threads
                    env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                )
        except BaseException:  # the pool closes, or there are no more processes
            ours.close()
            raise
        self.pid = self._server.pid
        self._control = ours.dup()  # for send_fds: the transport owns the other
        self._transport, _ = await loop.create_connection(lambda: self, sock=ours)
        await self._loaded
        self.alive = True

    async def fork(self, stream: socket.socket, place_fd: int, child: Child) -> int:
        """A new worker's pid. Raises ConnectionError when the fork server is gone."""
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked.append((started, child))
        socket.send_fds(self._control, [b"w"], [stream.fileno(), place_fd])
        return await started

    async def close(self) -> None:
        """Ends the fork server, and with it every worker."""
        self._lost = lambda: None
        if not self.alive and self._server.returncode is None:  # it still loads torch, and reads nothing meanwhile
            with contextlib.suppress(ProcessLookupError):
                self._server.kill()
        self._control.close()
        self._transport.close()
        await self._server.wait()

    # -- asyncio.Protocol --------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= EVENT.size:
            kind, number, code = EVENT.unpack_from(self._buffer)
            rest = self._buffer[EVENT.size :]
            if kind == LOADED:
                if len(rest) < number:
                    return
                self.torch, rest = rest[:number].decode(), rest[number:]
                if not self._loaded.done():  # cancelled, when the pool closes
                    self._loaded.set_result(None)
            elif kind == STARTED:
                started, child = self._asked.popleft()
                self._children[number] = child
                if not started.done():
                    started.set_result(number)
            elif kind == ENDED:
                self._children.pop(number).ended(code)
            self._buffer = rest

    def connection_lost(self, error: Exception | None) -> None:
        failed_start = not self.alive
        self.alive = False
        self._buffer = b""
        self._control.close()
        if not self._loaded.done():
            self._loaded.set_exception(RuntimeError("The process that loads torch ended; its output says why."))
        for started, _ in self._asked:
            if not started.done():  # cancelled, when the pool closes
                started.set_exception(ConnectionError("The fork server is gone."))
        self._asked.clear()
        children, self._children = self._children, {}
        for child in children.values():
            child.ended(None)
        if not failed_start:
            self._lost()
