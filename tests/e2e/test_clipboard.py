"""Nodes as text on the clipboard: from one tab into another, and into anything else that takes text."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

CHAIN = network(
    x=input_(2, 8),
    fc=layer("Linear", "x", out_features=4),
    relu=layer("ReLU", "fc"),
    after=layer("Linear", "relu", out_features=3),
)


def test_nodes_are_copied_into_another_tab(canvas: Canvas, context: BrowserContext, base_url: str) -> None:
    canvas.open(CHAIN)
    canvas.select("fc")
    canvas.press("relu", "Shift")
    canvas.page.keyboard.press("Control+c")

    second = Canvas(context.new_page(), base_url)
    second.open(network(fc=input_(5, 6)))
    second.page.mouse.click(*second.ground())
    second.page.keyboard.press("Control+v")
    expect(second.nodes()).to_have_count(3)
    # the name that is taken gets a fresh one, and the wire between the pasted follows it
    [pasted] = set(second.keys()) - {"fc", "relu"}
    assert second.all_wires() == {f"{pasted} to input of relu"}
    assert second.document()["nodes"][pasted]["params"] == {"out_features": 4}
    second.wire("fc", pasted)
    second.expect_state("relu", "ok")
    # pasted where the pointer was
    left, top = second.ground()
    box = second.node(pasted).bounding_box()
    assert box is not None and abs(box["x"] - left) < 40 and abs(box["y"] - top) < 40
    assert second.faults == []


def test_what_is_copied_is_a_document_as_text(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.select("fc")
    canvas.page.keyboard.press("Control+c")
    # any text field of any programme takes it
    search = canvas.page.get_by_role("searchbox", name="Search layers")
    search.click()
    canvas.page.keyboard.press("Control+v")
    copied = json.loads(search.input_value())
    assert copied["format"] == "torchwire/1"
    assert copied["nodes"]["fc"]["type"] == "Linear" and list(copied["nodes"]) == ["fc"]
    expect(canvas.nodes()).to_have_count(4)


def test_cut_takes_away_and_paste_brings_back(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.select("relu")
    canvas.page.keyboard.press("Control+x")
    expect(canvas.node("relu")).to_have_count(0)
    canvas.page.mouse.click(*canvas.ground())
    canvas.page.keyboard.press("Control+v")
    expect(canvas.node("relu")).to_have_count(1)
    # what it reads is still there, so it reads it again
    expect(canvas.wires("fc", "relu")).to_have_count(1)


def test_text_that_holds_no_nodes_is_refused_in_words(canvas: Canvas) -> None:
    search = canvas.page.get_by_role("searchbox", name="Search layers")
    search.fill("no network at all")
    search.press("Control+a")
    search.press("Control+x")
    canvas.page.mouse.click(*canvas.ground())
    canvas.page.keyboard.press("Control+v")
    expect(canvas.page.get_by_test_id("notice")).not_to_be_empty()
    expect(canvas.nodes()).to_have_count(0)
