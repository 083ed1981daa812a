"""Valid requests, mutated by a seed: in their bytes, and in what they say."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.bench.measure import network
from tests.documents import LENET, LINEAR

BASES: list[dict[str, Any]] = [LINEAR, LENET, *(network(name) for name in ("LSTMTagger", "ResNet_18"))]
VERBS: dict[str, dict[str, Any]] = {
    "forward": {"values": "all"},
    "analyze": {},
    "tensors": {"tensors": ["fc.weight", "x"]},
    "export": {"format": "python"},
}
NASTY: list[Any] = [
    None, True, "", "\0", "x" * 5_000, "__class__", "x.shape[0]", -1, 0, 2**31, 2**53, 2**64, 10**400, 1e308, -0.0,
    [], {}, [[[[]]]], {"$": "9**9**9"}, {"$": "x.shape[99]"}, {"$": "("}, {"$": 1}, "inf", "nan", [0] * 3_000,
    {"type": "Linear"}, {"call": "x"}, "../../etc/passwd", "%s%n{0}${x}", "\u202e", "é",
]  # fmt: skip
TOKENS = [
    b"NaN", b"Infinity", b"\\ud800", b"\0", b"\xff", b"[" * 2_000, b"{" * 2_000, b'"', b",", b"9" * 4_000, b"1e999",
    b"-", b"\\", b"\\u0000", b"//", b"'", b"\xef\xbb\xbf", b"null", b'"x":',
]  # fmt: skip


def mutation(seed: int) -> tuple[str, bytes]:
    """A verb and a body that nobody has seen before, always the same for a seed."""
    random = Random(f"hostile {seed}")
    verb = random.choice(list(VERBS))
    request: dict[str, Any] = {"network": copy.deepcopy(random.choice(BASES)), **VERBS[verb]}
    for _ in range(random.randint(0, 4)):
        _change(random, request)
    body = json.dumps(request).encode()
    for _ in range(random.choice([0, 0, 0, 1, 1, 3])):
        body = random.choice(_BYTES)(random, body)
    return verb, body


def _change(random: Random, tree: Any) -> None:
    """Replaces, removes, copies or moves something in it."""
    places = list(_places(tree))
    holder, key = random.choice(places)
    what = random.randrange(5)
    if what == 0 and isinstance(holder, dict):
        del holder[key]
    elif what == 1 and isinstance(holder, dict):
        holder[random.choice(["x", "", "input", "class", "shape", "\0", "repeat", "when", "a" * 70])] = holder.pop(key)
    elif what == 2:
        other, place = random.choice(places)
        holder[key] = copy.deepcopy(other[place])
    else:
        holder[key] = random.choice(NASTY)


def _places(tree: Any) -> Any:
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


def _at(random: Random, body: bytes) -> int:
    return random.randrange(len(body) + 1)


def _insert(random: Random, body: bytes) -> bytes:
    at = _at(random, body)
    return body[:at] + random.choice(TOKENS) + body[at:]


def _cut(random: Random, body: bytes) -> bytes:
    start = _at(random, body)
    return body[:start] + body[start + random.randint(1, 40) :]


def _double(random: Random, body: bytes) -> bytes:
    start = _at(random, body)
    part = body[start : start + random.randint(1, 200)]
    return body[:start] + part * random.randint(2, 50) + body[start:]


def _flip(random: Random, body: bytes) -> bytes:
    if not body:
        return body
    at = random.randrange(len(body))
    return body[:at] + bytes([body[at] ^ (1 << random.randrange(8))]) + body[at + 1 :]


def _end(random: Random, body: bytes) -> bytes:
    return body[: _at(random, body)]


_BYTES: list[Callable[[Random, bytes], bytes]] = [_insert, _cut, _double, _flip, _end]
