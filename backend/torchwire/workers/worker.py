"""One worker: reads a request, runs the verb, writes its answer; forked with torch in memory."""

from __future__ import annotations

import json
import resource
import signal
import socket
import time
from typing import Any

from pydantic import ValidationError

from torchwire.graph.body import NotADocument, parse_json
from torchwire.journal import stack
from torchwire.settings import settings
from torchwire.workers.frames import ANSWER, BROKEN, MEMORY, POSTPONED, READY, REFUSED, pack, receive, unpack_request
from torchwire.workers.place import Place
from torchwire.workers.requests import MODELS, Given
from torchwire.workers.watch import Postponed, Watch

MAX_FIELDS = 20  # a refusal names at most so many, so that it stays under 4 KB


def work(stream: socket.socket, place: Place) -> None:
    """Serves requests until the web process closes the socket."""
    # here and not above: the web process imports this package and never torch
    import torch

    from torchwire.engine.reuse import kept_bytes
    from torchwire.engine.tensors import NoTensor
    from torchwire.verbs import VERBS

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the web process ends the workers
    torch.set_num_threads(1)
    own = own_memory()
    watch = Watch(stream, place)
    notes = Notes()
    stream.sendall(pack(READY))
    while True:
        try:
            _, payload = receive(stream)
        except (EOFError, ConnectionError):
            return
        verb, turn, stopped, body = unpack_request(payload)
        limit_memory(own, kept_bytes())
        watch.begin(turn, verb)
        notes.begin()
        try:
            request = read_request(verb, body)
            if stopped:
                request["stopped"] = json.loads(stopped)
            kind, answer = ANSWER, VERBS[verb](request, watch)
        except NoTensor as fault:
            kind, answer = REFUSED, refusal("no-tensor", dict(list(fault.fields.items())[:MAX_FIELDS]))
        except Refused as fault:
            kind, answer = REFUSED, refusal("bad-request", fault.fields)
        except NotADocument as fault:
            kind, answer = REFUSED, refusal("not-a-document", {fault.field or "body": fault.message[:300]})
        except Postponed:
            kind, answer = POSTPONED, b""
        except MemoryError:
            kind, answer = MEMORY, b""
        except Exception as fault:
            kind, answer = BROKEN, stack(fault).encode(errors="replace")
        watch.end(kind, answer, notes.taken())
        if kind == MEMORY:
            return


class Notes:
    """What a request took: seconds, and how often the engine's memories knew an answer."""

    def __init__(self) -> None:
        self._began = 0.0
        self._told: dict[str, tuple[int, int]] = {}

    def begin(self) -> None:
        self._began = time.perf_counter()

    def taken(self) -> bytes:
        """The payload of a NOTES frame."""
        from torchwire.engine.memory import MEMORIES

        seconds = time.perf_counter() - self._began
        counts = {name: (memory.hits, memory.misses) for name, memory in MEMORIES.items()}
        before, self._told = self._told, counts
        memories = {
            name: (hits - before.get(name, (0, 0))[0], misses - before.get(name, (0, 0))[1])
            for name, (hits, misses) in counts.items()
        }
        return json.dumps({"seconds": seconds, "memories": memories}).encode()


def refusal(code: str, fields: dict[str, str]) -> bytes:
    """The payload of a REFUSED frame."""
    return json.dumps({"code": code, "fields": fields}).encode()


class Refused(Exception):
    """The body is no request. `fields`: where -> why, none of the body's own text."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("no request")
        self.fields = fields


def read_request(verb: str, body: bytes) -> dict[str, Any]:
    """The request of a verb from its body; verbs without a model take none. Raises Refused, NotADocument."""
    model = MODELS.get(verb)
    if model is None:
        return {}
    data = parse_json(body)
    if not isinstance(data, dict):
        raise Refused({"body": "The body must be a JSON object."})
    unknown = len(data.keys() - model.model_fields.keys())
    if unknown > MAX_FIELDS:  # Pydantic would list them all
        raise Refused({"*": f"There are {unknown:,} keys that this address does not take."})
    try:
        asked = model.model_validate(data)
    except ValidationError as error:
        fields: dict[str, str] = {}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)[:MAX_FIELDS]:
            where = ".".join(_known(part) for part in fault["loc"])
            why = "There is no such key." if fault["type"] == "extra_forbidden" else fault["msg"][:160]
            fields.setdefault(where or "body", why)
        raise Refused(fields) from None
    return {name: getattr(asked, name) for name in model.model_fields} | _plain_inputs(asked)


_NAMES = frozenset(Given.model_fields).union(*(model.model_fields for model in MODELS.values()))


def _known(part: int | str) -> str:
    """A part of a place in the request; what the client made up is not said back."""
    return str(part) if isinstance(part, int) or part in _NAMES else "*"


def _plain_inputs(asked: Any) -> dict[str, Any]:
    given = getattr(asked, "inputs", {})
    return {"inputs": {name: item.model_dump(exclude_unset=True) for name, item in given.items()}}


def own_memory() -> int | None:
    """The address space in bytes that the process has before its first request; None where nothing tells."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return None  # no /proc: the limit is the machine's


def limit_memory(own: int | None, kept: int) -> None:
    """From here on a request may take `memory_mb` beside what the process has of its own and what it keeps between
    requests, whatever that is by now: torch's allocations then fail with an error."""
    if own is None:
        return
    limit = own + kept + settings().memory_mb * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
