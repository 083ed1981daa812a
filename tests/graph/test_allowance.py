"""An answer's problems are not much larger than the document, whatever is wrong with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from tests.plan.documents import X, document, patched, planned
from tests.problems.mistake import answer

from torchwire.graph.allowance import shown

ALWAYS = 100_000 + 100 * 5_000  # patches that every answer holds, and a hundred problems without patches
LONG = "x" * 2_000
HUGE = "y" * 200_000

DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "bad names with long notes": lambda: document({f"a b{n}": {**X, "note": LONG} for n in range(100)}),
    "bad names that are read": lambda: document(
        {f"a b{n}": {"type": "cat", "inputs": {"tensors": [f"a b{m}" for m in range(60)]}} for n in range(60)}
    ),
    "one bad name before many": lambda: document({"a b": X} | {f"n{n}": X for n in range(4_000)}),
    "bad parameters with long values": lambda: document({"x": X}, params={f"a b{n}": LONG for n in range(100)}),
    "bad parameters in one expression": lambda: document(
        {
            "x": X,
            "y": {"type": "Linear", "params": {"out_features": {"$": "+".join(["a b"] * 40)}, "more": [0] * 1000}},
        },
        params={"a b": 1, **{f"a b{n}": 1 for n in range(100)}},
    ),
    "bad blocks with long notes": lambda: document(
        {f"u{n}": {"type": f"a b{n}"} for n in range(100)},
        blocks={f"a b{n}": {"nodes": {"x": {"type": "Input", "note": LONG}}} for n in range(100)},
    ),
    "unknown keys with long values": lambda: document({f"n{n}": {**X, "typ": LONG, "parms": LONG} for n in range(50)}),
    "long types": lambda: document({f"n{n}": {"type": f"Conv{LONG}{n}"} for n in range(100)}),
    "one long name with many faults": lambda: document(
        {HUGE: {"type": "relu", "params": {f"p{n}": 1 for n in range(100)}, "inputs": {"input": "x"}}, "x": X}
    ),
    "blocked by a long name": lambda: document(
        {HUGE: {"type": "nothing"}}
        | {f"n{n}": {"type": "relu", "inputs": {"input": f"n{n - 1}" if n else HUGE}} for n in range(300)}
    ),
    "one long input read by many": lambda: document(
        {"x": {"type": "Input", "params": {"shape": [1] * 1_500}}}
        | {
            f"n{n}": {"type": "Embedding", "params": {"num_embeddings": 9}, "inputs": {"input": "x"}}
            for n in range(100)
        }
    ),
    "a block with many ports": lambda: document(
        {f"u{n}": {"type": "B", "inputs": {"input": "x"}} for n in range(100)} | {"x": X},
        blocks={"B": {"nodes": {f"{'p' * 50}{n}": {"type": "Input"} for n in range(2_000)}}},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_problems_are_not_much_larger_than_the_document(name: str) -> None:
    given = DOCUMENTS[name]()
    found = answer("analyze", given)
    assert found["problems"]
    sent = len(orjson.dumps(given))
    assert len(orjson.dumps(found["problems"])) <= ALWAYS + 4 * sent
    assert len(orjson.dumps(found)) <= ALWAYS + 30 * sent


@pytest.mark.parametrize("seed", range(4))
def test_any_mixture(seed: int) -> None:
    """Parts of the documents above thrown together."""
    source = random.Random(seed)
    chosen = [DOCUMENTS[name]() for name in source.sample(list(DOCUMENTS), 3)]
    nodes = [item for part in chosen for item in part["nodes"].items()]
    source.shuffle(nodes)
    given = document(dict(nodes[: source.randrange(50, 500)]))
    for key in ("params", "blocks"):
        given[key] = {name: value for part in chosen for name, value in part.get(key, {}).items()}
    found = answer("analyze", given)
    assert len(orjson.dumps(found["problems"])) <= ALWAYS + 4 * len(orjson.dumps(given))


def test_a_fix_without_a_place_is_told_in_words() -> None:
    given = document({f"a b{n}": {**X, "note": LONG} for n in range(100)})
    problems = planned(given)[1]
    assert all(problem["fixes"] for problem in shown(problems, given)), "every one has its fix"
    told = shown(problems, {})  # as if much less had been sent
    left = [problem for problem in told if not problem["fixes"]]
    assert left and len(left) < len(told)
    assert left[0]["message"].endswith(f"By hand: Rename it to {left[0]['node'].replace(' ', '_')}.")


def test_one_bad_name_among_a_hundred_is_mended_in_its_place() -> None:
    given = document({f"a b{n}": {**X, "note": LONG} for n in range(100)})
    for number in (0, 50, 99):
        (fix,) = shown(planned(given)[1], given)[number]["fixes"]
        names = list(given["nodes"])
        names[number] = f"a_b{number}"
        assert list(patched(given, fix["patch"])["nodes"]) == names


def test_a_rename_that_looks_through_too_much_is_told_in_words() -> None:
    given = document({"a b": {"type": "nothing", "params": {"values": [0] * 120_000}}})
    (told,) = [problem for problem in shown(planned(given)[1], given) if problem["code"] == "bad-name"]
    assert told["fixes"] == []
    assert told["message"].endswith("Call it a_b, here and wherever it is read.")
