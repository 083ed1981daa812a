"""Undo and redo: one gesture is one entry, and a text field keeps Ctrl+Z for itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

CHAIN = network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), relu=layer("ReLU", "fc"))


def leave_fields(canvas: Canvas) -> None:
    """Puts the keys on the canvas; the ground loses nothing by a click."""
    canvas.page.mouse.click(*canvas.ground())


def positions(canvas: Canvas) -> dict[str, list[int]]:
    return {key: node["position"] for key, node in canvas.document()["nodes"].items()}


def test_a_drag_of_several_nodes_is_one_entry(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    before = positions(canvas)
    leave_fields(canvas)
    canvas.page.keyboard.press("Control+a")
    start = canvas.middle(canvas.node("fc").locator(".node-type"))
    canvas.drag(start, (start[0] + 150, start[1] + 40))
    after = positions(canvas)
    moved = {(after[key][0] - x, after[key][1] - y) for key, (x, y) in before.items()}
    assert len(moved) == 1 and min(moved.pop()) > 20
    canvas.page.keyboard.press("Control+z")
    assert positions(canvas) == before
    expect(canvas.page.get_by_test_id("undo")).to_be_disabled()
    canvas.page.keyboard.press("Control+Shift+z")
    assert positions(canvas) == after
    expect(canvas.page.get_by_test_id("redo")).to_be_disabled()


def test_a_node_that_grows_covers_no_other_and_undo_takes_all_of_it_back(canvas: Canvas) -> None:
    conv = layer("Conv2d", "x", out_channels=6, kernel_size=3)
    canvas.open(network(x=input_(2, 3, 8, 8), conv=conv, relu=layer("ReLU", "conv")))
    before = canvas.document()
    canvas.set("conv", padding="1", dilation="2", stride="2", bias="False")
    expect(canvas.node("conv").locator(".node-rows > div")).to_have_count(7)
    upper, lower = canvas.node("conv").bounding_box(), canvas.node("relu").bounding_box()
    assert upper is not None and lower is not None
    assert upper["y"] + upper["height"] + 20 < lower["y"]
    undo = canvas.page.get_by_test_id("undo")
    while undo.is_enabled():
        undo.click()
    assert canvas.document() == before


def test_a_burst_of_typing_is_one_entry(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.set("fc", out_features="")
    canvas.field("out_features").press_sequentially("123", delay=20)
    expect(canvas.shape("fc")).to_have_text("2, 123")
    # typing into another field begins another entry
    canvas.set("fc", bias="False")
    expect(canvas.page.get_by_test_id("count-fc")).to_have_text("984")
    canvas.page.get_by_test_id("undo").click()
    expect(canvas.page.get_by_test_id("count-fc")).to_have_text("1,107")
    canvas.page.get_by_test_id("undo").click()
    expect(canvas.shape("fc")).to_have_text("2, 4")
    expect(canvas.page.get_by_test_id("undo")).to_be_disabled()


def test_undo_of_a_delete_brings_the_wires_back(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    whole = canvas.document()
    canvas.select("fc")
    canvas.page.keyboard.press("Delete")
    expect(canvas.node("fc")).to_have_count(0)
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(0)
    canvas.page.keyboard.press("Control+z")
    canvas.expect_state("relu", "ok")
    assert canvas.all_wires() == {"x to input of fc", "fc to input of relu"}
    assert canvas.document() == whole


def test_undo_never_fires_in_a_text_field(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.select("relu")
    canvas.page.keyboard.press("Delete")
    expect(canvas.nodes()).to_have_count(2)
    search = canvas.page.get_by_role("searchbox", name="Search layers")
    search.click()
    canvas.page.keyboard.type("pool")
    for _ in range(6):
        canvas.page.keyboard.press("Control+z")
    expect(search).to_have_value("")  # the field's own undo
    expect(canvas.nodes()).to_have_count(2)
    canvas.set("fc", out_features="77")
    expect(canvas.shape("x")).to_have_text("2, 8")
    canvas.field("out_features").press("Control+z")
    expect(canvas.nodes()).to_have_count(2)
    leave_fields(canvas)
    expect(canvas.page.get_by_test_id("redo")).to_be_disabled()


def test_what_is_only_looked_at_is_no_entry(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.select("fc")
    canvas.tab("Output")
    canvas.page.get_by_role("button", name="Zoom in").first.click()
    canvas.page.get_by_role("button", name="Show everything").click()
    leave_fields(canvas)
    expect(canvas.page.get_by_test_id("undo")).to_be_disabled()
    canvas.page.get_by_test_id("layout").click()
    canvas.still()
    canvas.mode("train")
    expect(canvas.page.get_by_test_id("undo")).to_be_enabled()


def test_a_layout_and_a_paste_are_one_entry_each(canvas: Canvas) -> None:
    places = {"x": [0, 200], "fc": [40, 140], "relu": [80, 80]}
    chain = {key: {**node, "position": places[key]} for key, node in CHAIN["nodes"].items()}
    canvas.open({**CHAIN, "nodes": chain})
    canvas.tidy()
    assert positions(canvas)["x"][1] < positions(canvas)["fc"][1] < positions(canvas)["relu"][1]
    canvas.page.get_by_test_id("undo").click()
    assert positions(canvas) == places
    expect(canvas.page.get_by_test_id("undo")).to_be_disabled()
    leave_fields(canvas)
    canvas.page.keyboard.press("Control+a")
    canvas.page.keyboard.press("Control+d")
    expect(canvas.nodes()).to_have_count(6)
    canvas.page.keyboard.press("Control+z")
    expect(canvas.nodes()).to_have_count(3)
    expect(canvas.page.get_by_test_id("undo")).to_be_disabled()
