"""Blocks in circles."""

from __future__ import annotations

import random

from torchwire.graph.recursion import circles


def test_a_block_in_itself() -> None:
    assert circles({"a": ["a"]}) == [("a", "a")]


def test_a_circle_of_three() -> None:
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"]}) == [("c", "a")]


def test_a_diamond_is_no_circle() -> None:
    assert circles({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


def test_five_thousand_blocks_in_a_row() -> None:
    uses = {f"b{number}": [f"b{number + 1}"] for number in range(5000)}
    uses["b5000"] = []
    assert circles(uses) == []
    uses["b5000"] = ["b0"]
    assert circles(uses) == [("b5000", "b0")]


def test_without_the_uses_found_nothing_contains_itself() -> None:
    source = random.Random(0)
    for _ in range(200):
        names = [f"b{number}" for number in range(source.randint(1, 8))]
        uses = {name: [other for other in names if source.random() < 0.3] for name in names}
        cut = set(circles(uses))
        assert all(used in uses[name] for name, used in cut)
        left = {name: {used for used in uses[name] if (name, used) not in cut} for name in names}
        while left:  # take away what contains nothing
            leaves = {name for name, used in left.items() if not used & left.keys()}
            assert leaves, uses
            left = {name: used for name, used in left.items() if name not in leaves}
