"""Documents made to hurt are answered, and answered soon.

Each takes less than a second; the guard is for what would take hours.
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from tests.plan.documents import X, document, planned

from torchwire.graph.allowance import shown
from torchwire.graph.document import NotADocument, parse_json

GUARD = 60  # seconds of processor time


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Ends what would not end by itself."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError("it takes too long")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, GUARD)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


RELU = {"type": "relu", "inputs": {"input": "x"}}


def nested(depth: int, inner: Any = 1) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


def tower(height: int) -> dict[str, Any]:
    """Every block uses the next one twice: two to the power of the height nodes."""
    blocks: dict[str, Any] = {
        f"B{number}": {"nodes": {"a": {"type": f"B{number + 1}"}, "b": {"type": f"B{number + 1}"}}}
        for number in range(height)
    }
    blocks[f"B{height}"] = {"nodes": {"p": {"type": "Constant", "params": {"shape": [1]}}}}
    return document({"x": X, "r": RELU, "top": {"type": "B0"}, "again": {"type": "B0"}}, blocks=blocks)


def chain_of_blocks(length: int) -> dict[str, Any]:
    blocks = {f"B{number}": {"nodes": {"a": {"type": f"B{number + 1}"}}} for number in range(length)}
    return document({"top": {"type": "B0"}}, blocks=blocks | {f"B{length}": {"nodes": {}}})


def ring(length: int) -> dict[str, Any]:
    nodes = {
        f"n{number}": {"type": "relu", "inputs": {"input": f"n{(number - 1) % length}"}} for number in range(length)
    }
    return document(nodes)


def behind_a_ring(length: int) -> dict[str, Any]:
    return document(
        {"n0": {"type": "relu", "inputs": {"input": "n0"}}}
        | {f"n{n}": {"type": "relu", "inputs": {"input": f"n{n - 1}"}} for n in range(1, length)}
    )


def many(count: int, make: Callable[[int], Any]) -> dict[str, Any]:
    return document({"x": X} | {f"n{number}": make(number) for number in range(count)})


DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "doubling tower of 60 blocks": lambda: tower(60),
    "doubling tower of 31 blocks": lambda: tower(31),
    "repeat 10**9": lambda: document({"x": X, "a": {**RELU, "repeat": 10**9}}),
    "repeat 10**9 by expression": lambda: document({"x": X, "a": {**RELU, "repeat": {"$": "10 ** 9"}}}),
    "thousands of long repeats": lambda: many(4000, lambda number: {**RELU, "repeat": 10_000}),
    "5,000 nested blocks": lambda: chain_of_blocks(4990),
    "3,500 unknown types": lambda: many(
        3500, lambda number: {"type": f"Convolution{number}d", "inputs": {"input": "x"}}
    ),
    "4,000 dangling wires": lambda: many(4000, lambda number: {"type": "relu", "inputs": {"input": f"m{number}"}}),
    "4,000 missing wires": lambda: many(4000, lambda number: {"type": "relu"}),
    "4,000 unknown ports": lambda: many(4000, lambda number: {"type": "relu", "inputs": {"inptu": "x"}}),
    "4,000 unknown parameters": lambda: many(
        4000, lambda number: {"type": "Linear", "params": {"outfeatures": 1}, "inputs": {"input": "x"}}
    ),
    "4,000 bad names": lambda: document({f"a b{number}": X for number in range(4000)}),
    "4,000 faulty fields": lambda: many(
        4000, lambda number: {"type": 5, "inputs": 5, "repeat": "x", "when": 5, "note": 5}
    ),
    "40,000 unknown keys": lambda: {**document({"x": X}), **{f"kee{number}": 1 for number in range(40_000)}},
    "a circle of 4,999 nodes": lambda: document(
        {
            f"n{number}": {
                "type": "add",
                "inputs": {"input": f"n{(number - 1) % 4_999}", "other": f"n{(number + 1) % 4_999}"},
            }
            for number in range(4_999)
        }
    ),
    "10,000 parameters with bad names": lambda: document(
        {"x": X}, params={f"a {number}": 1 for number in range(10_000)}
    ),
    "200,000 nodes": lambda: many(200_000, lambda number: {"type": "ReLU"}),
    "a ring of 5,000": lambda: ring(4990),
    "5,000 behind a ring": lambda: behind_a_ring(4990),
    "a node that reads 100,000 wires": lambda: document(
        {"x": X, "c": {"type": "cat", "inputs": {"tensors": ["x"] * 100_000}}}
    ),
    "a node with 50,000 ports": lambda: document(
        {"x": X, "c": {"type": "relu", "inputs": {f"p{n}": "x" for n in range(50_000)}}}
    ),
    "4,000 calls of one module": lambda: document(
        {"x": X, "l": {"type": "Linear", "params": {"out_features": 3}}}
        | {f"c{n}": {"call": "l", "inputs": {"input": "x"}} for n in range(4000)}
    ),
    "4,000 calls in a row": lambda: document(
        {"x": X} | {f"c{n}": {"call": f"c{n + 1}", "inputs": {"input": "x"}} for n in range(4000)}
    ),
    "a call of itself": lambda: document({"x": X, "a": {"call": "a", "inputs": {"input": "x"}}}),
    "4,000 absent nodes in a row": lambda: document(
        {"c0": X} | {f"c{n}": {"type": "relu", "when": False, "inputs": {"input": f"c{n - 1}"}} for n in range(1, 4000)}
    ),
    "value 900 levels deep": lambda: document(
        {"x": X, "a": {"type": "add", "params": {"other": nested(900)}, "inputs": {"input": "x"}}}
    ),
    "unknown key 900 levels deep": lambda: {**document({"x": X}), "deep": nested(900)},
    "init 900 levels deep": lambda: document({"x": X}, init={"Linear.weight": nested(900)}),
    "canvas 900 levels deep": lambda: document({"a b": {**X, "note": "n"}}, canvas={"x": nested(900)}),
    "bad name beside a deep value": lambda: document(
        {"a b": X, "c": {"type": "add", "params": {"other": nested(900)}, "inputs": {"input": "a b"}}}
    ),
    "nested modules 30 deep": lambda: document({"x": X, "a": deep_modules(14)}),
    "parameter of a megabyte": lambda: document(
        {"x": X, "a": {"type": "relu", "params": {"inplace": "x" * 1_000_000}, "inputs": {"input": "x"}}}
    ),
    "expression of a megabyte": lambda: document(
        {"x": X, "a": {"type": "relu", "params": {"inplace": {"$": "1+" * 500_000 + "1"}}, "inputs": {"input": "x"}}}
    ),
    "expressions that grow": lambda: document(
        {"x": X, "a": {"type": "add", "params": {"other": {"$": "[" * 90 + "]" * 90}}, "inputs": {"input": "x"}}}
    ),
    "type of a megabyte": lambda: document({"x": X, "a": {"type": "x" * 1_000_000}}),
    "reference of a megabyte": lambda: document({"x": X, "a": {"type": "relu", "inputs": {"input": "x" * 1_000_000}}}),
    "name of a megabyte": lambda: document({"x" * 1_000_000: X}),
    "attribute of 200 parts": lambda: document(
        {"x": X, **{f"a{n}": {**RELU, "attribute": ".".join(["a"] * 199 + [str(n)])} for n in range(300)}}
    ),
    "integer of 4,000 digits": lambda: document({"x": {"type": "Input", "params": {"shape": [10**4000]}}}),
    "seed of 4,000 digits": lambda: document({"x": X}, seed=10**4000),
    "300,000 values": lambda: document(
        {"x": {"type": "Input", "params": {"shape": [300_000], "fill": "values", "values": [0.5] * 300_000}}}
    ),
    "100,000 lists of one value": lambda: document(
        {"x": {"type": "Input", "params": {"shape": [100_000, 1], "fill": "values", "values": [[1]] * 100_000}}}
    ),
    "many sizes of one node": lambda: many(
        2000, lambda n: {"type": "reshape", "params": {"shape": [{"$": "y.shape[0]"}] * 20}, "inputs": {"input": "x"}}
    ),
}


def deep_modules(depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "Linear", "params": {"out_features": 2}}
    for _ in range(depth):
        node = {"type": "weight_norm", "params": {"module": node}}
    return {**node, "inputs": {"input": "x"}}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_answered_soon(name: str) -> None:
    network = DOCUMENTS[name]()
    with guarded():
        _, problems = planned(network)
        answer = orjson.dumps(shown(problems, network))
    assert len(answer) < 4_000_000
    for problem in problems[:100]:
        assert len(problem.message) < 1000


def test_the_rest_of_a_tower_is_answered() -> None:
    plan, problems = planned(tower(31))
    assert [(problem.code, problem.node) for problem in problems] == [("limit-nodes", "top"), ("limit-nodes", "again")]
    assert plan.graph.order == ["x", "r", "top", "again"]
    assert plan.graph.nodes["r"].faults == 0


def test_a_hundred_problems_have_their_hints_and_the_others_are_counted() -> None:
    _, problems = planned(DOCUMENTS["3,500 unknown types"]())
    assert len(problems) == 3500
    assert all(problem.fixes for problem in problems[:100])


@pytest.mark.parametrize(
    "body",
    [
        b'{"format": "torchwire/1", "nodes": {"a": {"type": "relu"}, "a": {"type": "relu"}}}',
        b'{"format": "torchwire/1", "seed": NaN, "nodes": {}}',
        b'{"format": "torchwire/1", "name": "\\ud800", "nodes": {}}',
        b'{"format": "torchwire/1", "nodes": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_no_document(body: bytes) -> None:
    with pytest.raises(NotADocument):
        parse_json(body)


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        [],
        "x",
        {},
        {"format": "torchwire/1"},
        {"format": "torchwire/2", "nodes": {}},
        {"format": ["torchwire/1"], "nodes": {}},
        {"nodes": {}},
        {"format": "torchwire/1", "nodes": []},
        {"format": "torchwire/1", "nodes": None},
        {"format": "torchwire/1", "nodes": {"a": None}},
        {"format": "torchwire/1", "nodes": {"a": []}},
        {"format": "torchwire/1", "nodes": {}, "blocks": {"B": {"nodes": []}}},
        {"format": "torchwire/1", "nodes": {}, "blocks": {"B": {"nodes": {"a": 5}}}},
        {"format": "torchwire/1", "nodes": {}, "blocks": {"B": {}}},
    ],
    ids=json.dumps,
)
def test_what_is_no_document(data: Any) -> None:
    with pytest.raises(NotADocument) as caught:
        planned(data)
    assert caught.value.field
    assert len(caught.value.message) < 200
