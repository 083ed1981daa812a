"""What goes over a worker's socket: frames of a kind (one byte), a length and that many bytes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

HEADER = struct.Struct("<cQ")

# to the worker
REQUEST = b"q"  # see pack_request
TURN = b"t"  # the large network may run
LATER = b"l"  # another large network runs: drop this request, it comes again

# from the worker
READY = b"r"  # it waits for its first request
ANSWER = b"a"  # JSON, or what else the verb gives
RESCUING = b"c"  # the deadline has come: an answer of what is there is being made
RESCUED = b"s"  # an answer made at the deadline; the worker ends after it
REFUSED = b"n"  # it is no request: the error's code and fields as JSON
HEAVY = b"h"  # the network is large: the worker waits for TURN or LATER
LONG = b"d"  # the computation is long: its deadline is the long one
POSTPONED = b"p"  # the worker dropped the request after LATER
MEMORY = b"m"  # memory ran out between nodes; the worker ends after it
NOTES = b"o"  # before an answer: what the request took, as JSON {"seconds", "memories": {name: [hits, misses]}}
BROKEN = b"b"  # a fault of ours: the traceback as text, for the log


def pack(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """A frame."""
    return HEADER.pack(kind, len(payload)) + payload


def pack_request(verb: str, heavy: bool, stopped: bytes, body: bytes) -> bytes:
    """A REQUEST frame: verb, whether its turn as a large network has come, what stopped an earlier try, the body."""
    return pack(REQUEST, b"%s\n%d\n%s\n%s" % (verb.encode(), heavy, stopped, body))


def unpack_request(payload: bytes) -> tuple[str, bool, bytes, bytes]:
    """The four parts of `pack_request`."""
    verb, heavy, stopped, body = payload.split(b"\n", 3)
    return verb.decode(), heavy == b"1", stopped, body


class Reader:
    """Cuts a stream of chunks into frames; large payloads are joined once."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self._need = HEADER.size

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Each frame that is complete with this chunk, as (kind, payload)."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        while self._size >= self._need:
            data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
            kind, length = HEADER.unpack_from(data)
            end = HEADER.size + length
            if len(data) < end:
                self._chunks, self._need = [data], end
                return
            self._chunks, self._size, self._need = [data[end:]], len(data) - end, HEADER.size
            yield kind, data[HEADER.size : end]


def receive(stream: socket.socket) -> tuple[bytes, bytes]:
    """The next frame from a blocking socket. Raises EOFError when the other side has closed it."""
    data = stream.recv(65_536)
    if not data:
        raise EOFError
    while len(data) < HEADER.size:
        data += _some(stream, HEADER.size - len(data))
    kind, length = HEADER.unpack_from(data)
    chunks = [data[HEADER.size :]]
    missing = length - len(chunks[0])
    while missing > 0:
        chunks.append(_some(stream, missing))
        missing -= len(chunks[-1])
    return kind, b"".join(chunks)


def _some(stream: socket.socket, most: int) -> bytes:
    data = stream.recv(min(most, 1 << 20))
    if not data:
        raise EOFError
    return data
