"""The benchmarks run, and compare the same networks; what they measure is no test."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.bench import analyze, forward, keystrokes, measure
from tests.bench.reference import on_meta


@pytest.mark.parametrize("name", analyze.NAMES)
def test_the_reference_is_the_network_of_the_document(name: str) -> None:
    assert on_meta(name)[0] == analyze.NAMES[name]


def test_the_forward_pass_is_compared_with_equal_values() -> None:
    """`measure` itself compares the values of both sides to the bit."""
    assert forward.measure(rounds=2).count("\n| ") == 6


@pytest.mark.browser
def test_keys_reach_the_wires(chromium: Browser, base_url: str) -> None:
    found = keystrokes.type_into_lenet(chromium, base_url, edits=2)
    assert len(found) == 2
    assert all(0 < request < seen for seen, request in found)
    assert keystrokes.report(found).count("\n| ") == 4


def test_percentiles() -> None:
    values = [float(number) for number in range(100)]
    assert [measure.percentile(values, part) for part in (0, 0.5, 0.95, 1)] == [0, 50, 95, 99]
