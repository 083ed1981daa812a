"""The bounded memory: what it holds, how much, and what goes first."""

from __future__ import annotations

import random

from torchwire.engine.memory import Memory


def test_the_least_recently_used_goes_first() -> None:
    memory: Memory[str] = Memory(2)
    memory.put("a", "A")
    memory.put("b", "B")
    assert memory.find("a") == "A"
    memory.put("c", "C")
    assert memory.find("b") is None
    assert (memory.find("a"), memory.find("c")) == ("A", "C")
    assert (memory.hits, memory.misses) == (3, 1)


def test_it_never_weighs_more_than_it_may() -> None:
    rng = random.Random(0)
    memory: Memory[int] = Memory(1_000, lambda value: value)
    for _ in range(2_000):
        key = rng.randrange(30)
        if rng.random() < 0.2:
            memory.drop(key)
        else:
            memory.put(key, rng.randrange(1, 400))
        held = [value for key in range(30) if (value := memory.find(key)) is not None]
        assert memory.weight == sum(held) <= 1_000


def test_what_is_heavier_than_a_quarter_is_not_kept() -> None:
    memory: Memory[int] = Memory(1_000, lambda value: value)
    assert memory.put("light", 250)
    assert not memory.put("heavy", 251)
    assert memory.find("heavy") is None


def test_a_value_is_made_once_unless_it_is_not_worth_keeping() -> None:
    memory: Memory[int] = Memory(10)
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [memory.get("x", make), memory.get("x", make)] == [1, 1]
    assert [memory.get("y", make, lambda value: False), memory.get("y", make, lambda value: False)] == [2, 3]
