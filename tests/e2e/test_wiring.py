"""Adding layers and wiring them: the search, what is dropped where, what is refused, what is healed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

MISFIT = re.compile(r"\bmisfits\b")
CHAIN = network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), relu=layer("ReLU", "fc"))


@pytest.mark.parametrize("key", ["Shift+A", "Tab"])
def test_the_search_by_key_adds_after_the_selected_node(canvas: Canvas, key: str) -> None:
    canvas.open(network(x=input_(2, 8)))
    canvas.select("x")
    canvas.page.keyboard.press(key)
    expect(canvas.page.get_by_test_id("quick-add")).to_contain_text("after x")
    canvas.page.keyboard.type("dense")
    canvas.page.keyboard.press("Enter")
    expect(canvas.nodes()).to_have_count(2)
    [added] = set(canvas.keys()) - {"x"}
    expect(canvas.wires("x", added)).to_have_count(1)
    # and it runs at once
    canvas.expect_state(added, "ok")


def test_double_click_searches_by_any_name_and_adds_where_it_was(canvas: Canvas) -> None:
    left, top = canvas.ground()
    x, y = left + 200, top + 150
    canvas.page.mouse.dblclick(x, y)
    expect(canvas.page.get_by_test_id("quick-add-input")).to_be_focused()
    canvas.page.keyboard.type("dense")
    first = canvas.page.get_by_test_id("quick-add").get_by_role("option").first
    expect(first).to_have_attribute("data-testid", "quick-option-Linear")
    canvas.page.keyboard.press("Enter")
    expect(canvas.nodes()).to_have_count(1)
    expect(canvas.nodes().locator(".node-type")).to_contain_text("Linear")
    box = canvas.nodes().bounding_box()
    assert box is not None
    assert box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]


def test_double_click_reads_what_was_selected_and_stays_where_it_was(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 8)))
    canvas.select("x")
    x, y = canvas.ground()
    canvas.page.mouse.dblclick(x, y + 200)
    expect(canvas.page.get_by_test_id("quick-add")).to_contain_text("after x")
    canvas.choose("dense", "Linear")
    [added] = set(canvas.keys()) - {"x"}
    expect(canvas.wires("x", added)).to_have_count(1)
    box = canvas.node(added).bounding_box()
    assert box is not None and abs(box["x"] + box["width"] / 2 - x) < 12
    # A click before it took the selection away: it stands alone.
    canvas.page.mouse.click(x + 500, y + 200)
    canvas.page.wait_for_timeout(600)  # two clicks, not a double one
    canvas.page.mouse.dblclick(x + 500, y + 200)
    expect(canvas.page.get_by_test_id("quick-add")).to_contain_text("not wired yet")


# what people type, and what they mean
WORDS = """conv:Conv2d bn:BatchNorm2d attn:MultiheadAttention feed forward:Linear feedforward:Linear rnn:RNN cnn:Conv2d
fc:Linear dense:Linear mlp:Linear skip:add residual:add shortcut:add loss:CrossEntropyLoss
max pool:MaxPool2d max_pool:MaxPool2d self attention:MultiheadAttention merge:cat"""


def test_the_palette_and_the_search_have_one_order_and_know_other_words(canvas: Canvas) -> None:
    canvas.page.mouse.dblclick(*canvas.ground())
    option = canvas.page.get_by_test_id("quick-add").get_by_role("option").first
    words = dict(re.findall(r"(\D+?):(\w+)\s*", WORDS))
    for word, first in words.items():
        canvas.page.get_by_test_id("quick-add-input").fill(word)
        expect(option).to_have_attribute("data-testid", f"quick-option-{first}")
    canvas.page.keyboard.press("Escape")
    best = canvas.page.get_by_role("region", name="Matches").get_by_role("button").first
    for word, first in words.items():
        canvas.page.get_by_role("searchbox", name="Search layers").fill(word)
        expect(best).to_have_attribute("data-testid", f"palette-{first}")


def test_a_wire_dropped_on_the_canvas_opens_the_search_and_wires_the_choice(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    place = canvas.ground()
    canvas.drag(canvas.middle(canvas.handle("fc", "output", "out")), place)
    search = canvas.page.get_by_test_id("quick-add")
    expect(search).to_contain_text("reads fc")
    canvas.choose("tanh", "Tanh")
    expect(canvas.nodes()).to_have_count(4)
    [key] = set(canvas.keys()) - {"x", "fc", "relu"}
    expect(canvas.wires("fc", key)).to_have_count(1)
    canvas.expect_state(key, "ok")
    box = canvas.node(key).bounding_box()
    assert box is not None and box["x"] < place[0] < box["x"] + box["width"]


def test_a_wire_pulled_from_an_input_wires_the_choice_into_it(canvas: Canvas) -> None:
    canvas.open(network(fc={"type": "Linear", "params": {"out_features": 4}}))
    canvas.drag(canvas.middle(canvas.handle("fc", "input", "in")), canvas.ground())
    expect(canvas.page.get_by_test_id("quick-add")).to_contain_text("feeds fc")
    canvas.choose("Input", "Input")
    expect(canvas.nodes()).to_have_count(2)
    [key] = set(canvas.keys()) - {"fc"}
    expect(canvas.wires(key, "fc")).to_have_count(1)
    canvas.expect_state("fc", "ok")


def test_a_layer_dropped_on_a_wire_is_inserted(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    key = canvas.drag_layer("Tanh", canvas.middle(canvas.shape("fc")))
    expect(canvas.wires("fc", key)).to_have_count(1)
    expect(canvas.wires(key, "relu")).to_have_count(1)
    assert canvas.all_wires() == {"x to input of fc", f"fc to input of {key}", f"{key} to input of relu"}
    # by the plus on the wire, and a node that stands already
    canvas.shape("x").hover()
    canvas.shape("x").get_by_role("button", name="Insert a layer on this wire").click()
    canvas.choose("Dropout", "Dropout")
    expect(canvas.nodes()).to_have_count(5)
    [second] = set(canvas.keys()) - {"x", "fc", "relu", key}
    expect(canvas.wires("x", second)).to_have_count(1)
    expect(canvas.wires(second, "fc")).to_have_count(1)


def test_a_node_dragged_onto_a_wire_is_inserted(canvas: Canvas) -> None:
    canvas.open(network(**CHAIN["nodes"]))
    ground = canvas.ground()
    key = canvas.drag_layer("Sigmoid", (ground[0] + 60, ground[1] + 200))
    assert canvas.all_wires() == {"x to input of fc", "fc to input of relu"}
    start = canvas.middle(canvas.node(key).locator(".node-type"))
    box = canvas.node(key).bounding_box()
    target = canvas.middle(canvas.shape("fc"))
    assert box is not None
    shift = start[0] - (box["x"] + box["width"] / 2), start[1] - (box["y"] + box["height"] / 2)
    canvas.drag(start, (target[0] + shift[0], target[1] + shift[1]))
    expect(canvas.wires("fc", key)).to_have_count(1)
    expect(canvas.wires(key, "relu")).to_have_count(1)
    canvas.page.keyboard.press("Control+z")
    # the drag and the wires were one gesture
    expect(canvas.wires("fc", "relu")).to_have_count(1)
    assert canvas.all_wires() == {"x to input of fc", "fc to input of relu"}


def test_a_layer_is_put_into_a_wire_with_keys_alone(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.node("fc").locator("..").focus()
    canvas.page.keyboard.press("w")
    canvas.page.keyboard.press("Shift+A")
    expect(canvas.page.get_by_test_id("quick-add")).to_contain_text("into the wire to relu")
    canvas.page.keyboard.type("dropout")
    canvas.page.keyboard.press("Enter")
    [added] = set(canvas.keys()) - {"x", "fc", "relu"}
    expect(canvas.wires("fc", added)).to_have_count(1)
    expect(canvas.wires(added, "relu")).to_have_count(1)


def test_a_box_selects_nodes_and_marks_no_text(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.press("fc")
    x, y = canvas.ground()
    canvas.page.keyboard.down("Shift")
    canvas.drag((x, y - 300), (x + 800, y + 350))
    canvas.page.keyboard.up("Shift")
    expect(canvas.page.locator(".react-flow__node.selected")).to_have_count(3)
    assert canvas.page.evaluate("String(getSelection())") == ""


def test_a_circle_is_refused_with_its_reason(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), a=layer("ReLU", "x"), b=layer("Tanh", "a"), free={"type": "Sigmoid"}))
    end = canvas.middle(canvas.handle("a", "input", "in"))
    canvas.drag(canvas.middle(canvas.handle("b", "output", "out")), end, drop=False)
    # while the wire is pulled each port says whether it fits
    expect(canvas.handle("a", "input", "in")).to_have_class(MISFIT)
    expect(canvas.handle("free", "input", "in")).not_to_have_class(MISFIT)
    canvas.page.mouse.up()
    notice = canvas.page.get_by_test_id("notice")
    expect(notice).to_have_text("b depends on a: this wire would close a circle.")
    assert canvas.all_wires() == {"x to input of a", "a to input of b"}


def test_delete_leaves_a_gap_and_delete_with_ctrl_heals_it(canvas: Canvas) -> None:
    canvas.open(CHAIN)
    canvas.select("fc")
    canvas.page.keyboard.press("Control+Delete")
    expect(canvas.node("fc")).to_have_count(0)
    expect(canvas.wires("x", "relu")).to_have_count(1)
    canvas.expect_state("relu", "ok")
    canvas.page.keyboard.press("Control+z")
    expect(canvas.wires("x", "fc")).to_have_count(1)
    canvas.select("fc")
    canvas.page.keyboard.press("Delete")
    expect(canvas.node("fc")).to_have_count(0)
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(0)


def test_a_wire_is_deleted_and_moved(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), y=input_(2, 6), fc=layer("Linear", "x", out_features=3)))
    canvas.wire("y", "fc")
    expect(canvas.wires("x", "fc")).to_have_count(0)  # an input reads one source
    expect(canvas.shape("y")).to_have_text("2, 6")
    canvas.shape("y").click()
    canvas.page.keyboard.press("Delete")
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(0)
    canvas.expect_state("fc", "error")
