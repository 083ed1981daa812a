"""The benchmarks run, and compare the same networks; what they measure is no test."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.bench import analyze, edits, forward, keystrokes, large, load, measure
from tests.bench.reference import on_meta

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS


@pytest.mark.parametrize("name", analyze.NAMES)
def test_the_reference_is_the_network_of_the_document(name: str) -> None:
    assert on_meta(name)[0] == analyze.NAMES[name]


def test_the_forward_pass_is_compared_with_equal_values() -> None:
    """`measure` itself compares the values of both sides to the bit."""
    assert forward.measure(rounds=2).count("\n| ") == 6


def test_edits_are_computed_with_and_without_the_memory() -> None:
    rows = edits.compute(1)
    assert len(rows) == 10
    assert all(kept > 0 and plain > 0 and 0 <= hits <= asked for _, _, kept, plain, hits, asked in rows)
    by_edit = {(name, title): hits / asked for name, title, _, _, hits, asked in rows}
    assert by_edit["ResNet-18", "dropout p"] > 0.9


@pytest.mark.parametrize(
    ("make", "parameters"),
    [(large.decoder, 70_553_706_496), (large.resnet152, 60_192_808), (large.chain, 272_000)],
)
def test_the_large_designs_have_their_published_sizes(make: Any, parameters: int) -> None:
    answer = json.loads(VERBS["analyze"]({"network": make()}, Unwatched()))
    assert answer["problems"] == []
    assert answer["totals"]["parameters"] == parameters


@pytest.mark.browser
def test_keys_reach_the_wires(chromium: Browser, base_url: str) -> None:
    found = keystrokes.type_into_lenet(chromium, base_url, edits=2)
    assert len(found) == 2
    assert all(0 < request < seen for seen, request in found)
    assert keystrokes.report(found).count("\n| ") == 4


def test_percentiles() -> None:
    values = [float(number) for number in range(100)]
    assert [measure.percentile(values, part) for part in (0, 0.5, 0.95, 1)] == [0, 50, 95, 99]


def test_students_are_answered() -> None:
    with ThreadPoolExecutor(1) as thread:  # in the main thread Playwright's loop runs
        found = thread.submit(load.measure, seconds=1, rows=[(3, 1)]).result()
    assert "| 3, 1 of them with runaways |" in found
    assert found.count("\n| ") == 3
