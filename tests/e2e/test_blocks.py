"""Blocks: the way in and back out."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.documents import LENET, input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser


def nested(depth: int) -> dict[str, Any]:
    """A network whose block `Level1` uses `Level2`, and so on; the node that uses the n-th is called `part<n>`."""

    def graph(level: int) -> dict[str, Any]:
        last = level == depth
        inner = layer("ReLU", "x") if last else {"type": f"Level{level + 1}", "inputs": {"x": "x"}}
        key = "act" if last else f"a_part_with_a_long_name_{level + 1}"
        return {"nodes": {"x": {"type": "Input"}, key: inner, "out": {"type": "Output", "inputs": {"value": key}}}}

    document = network(x=input_(2, 4), first={"type": "Level1", "inputs": {"x": "x"}})
    return {**document, "blocks": {f"Level{level}": graph(level) for level in range(1, depth + 1)}}


def test_of_a_long_way_the_middle_is_folded_and_every_part_leads_back(canvas: Canvas) -> None:
    canvas.open(nested(6))
    path = "first." + ".".join(f"a_part_with_a_long_name_{level}" for level in range(2, 7))
    for key in path.split("."):
        canvas.node(key).dblclick()
        canvas.still()
    crumbs = canvas.page.get_by_test_id("breadcrumb")
    expect(crumbs.locator("[aria-current=page]")).to_have_text("Level6")
    box, ground = crumbs.bounding_box(), canvas.page.get_by_test_id("canvas").bounding_box()
    assert box is not None and ground is not None
    assert box["x"] + box["width"] <= ground["x"] + ground["width"]

    crumbs.get_by_role("button", name="4 more blocks").click()
    canvas.page.get_by_role("menuitem", name="a_part_with_a_long_name_3 Level3").click()
    expect(crumbs.locator("[aria-current=page]")).to_have_text("Level3")
    expect(canvas.page.get_by_label("Name of the node")).to_have_value("a_part_with_a_long_name_4")
    crumbs.get_by_role("button", name="first").click()
    expect(crumbs.locator("[aria-current=page]")).to_have_text("Level1")
    crumbs.get_by_role("button", name="Test").click()
    expect(crumbs).to_have_count(0)
    expect(canvas.page.get_by_label("Name of the node")).to_have_value("first")


def test_a_block_of_the_selection_computes_what_its_nodes_did_and_unpacks_to_them(canvas: Canvas) -> None:
    canvas.open(LENET)
    before = canvas.document()
    printed = canvas.output("fc3").text_content()
    canvas.press("relu1")
    canvas.press("conv1", "Shift")
    canvas.press("pool1", "Shift")
    canvas.page.keyboard.press("Control+g")
    expect(canvas.node("block")).to_have_attribute("data-state", "ok")
    assert canvas.all_wires() >= {"image to image of block", "block to input of conv2"}
    canvas.expect_total("61,706")
    expect(canvas.output("fc3")).to_have_text(printed or "")
    canvas.select("block")
    canvas.page.keyboard.press("Control+Shift+g")
    expect(canvas.nodes()).to_have_count(len(LENET["nodes"]))
    after = canvas.document()
    assert {key: {**node, "position": None} for key, node in after["nodes"].items()} == {
        key: {**node, "position": None} for key, node in before["nodes"].items()
    }
    assert after["blocks"] == {}
    canvas.page.keyboard.press("Control+z")
    canvas.page.keyboard.press("Control+z")
    assert canvas.document() == before
