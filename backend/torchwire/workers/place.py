"""The node that a worker is at: a page of memory that outlives the worker, so that a death can be blamed on a node."""

from __future__ import annotations

import mmap
import struct
import tempfile
from typing import IO

_LENGTH = struct.Struct("<H")
_SIZE = 4096  # longer paths are cut: they are for people, and blocks nest at most 32 deep


class Place:
    """Written by the worker in a microsecond (no message), read by the web process once the worker is dead."""

    def __init__(self, fd: int) -> None:
        self._memory = mmap.mmap(fd, _SIZE)

    @staticmethod
    def file() -> IO[bytes]:
        """A file without a name for one worker's place."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
        file.truncate(_SIZE)
        return file

    def write(self, path: str) -> None:
        """The worker now computes the node at `path`; "" is none."""
        data = path.encode()[: _SIZE - _LENGTH.size]
        end = _LENGTH.size + len(data)
        self._memory[_LENGTH.size : end] = data
        self._memory[: _LENGTH.size] = _LENGTH.pack(len(data))

    def read(self) -> str:
        """The path of the node that is computed, or ""."""
        (length,) = _LENGTH.unpack(self._memory[: _LENGTH.size])
        return self._memory[_LENGTH.size : _LENGTH.size + length].decode(errors="replace")

    def close(self) -> None:
        """Lets the memory go."""
        self._memory.close()
