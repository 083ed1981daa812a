"""The canvas without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser


def focused_node(canvas: Canvas) -> str | None:
    """The node that has the focus."""
    found: str | None = canvas.page.evaluate(
        "document.activeElement.classList.contains('react-flow__node') ? document.activeElement.dataset.id : null"
    )
    return found


def tab_to(canvas: Canvas, key: str) -> None:
    for _ in range(60):
        canvas.page.keyboard.press("Tab")
        if focused_node(canvas) == key:
            return
    pytest.fail(f"Tab never comes to {key}")


def add_by_search(canvas: Canvas, kind: str) -> str:
    """Adds a layer by the palette's search alone."""
    before = canvas.keys()
    keyboard = canvas.page.keyboard
    keyboard.press("/")
    expect(canvas.page.get_by_role("searchbox", name="Search layers")).to_be_focused()
    keyboard.type(kind)
    first = canvas.page.get_by_role("region", name="Matches").get_by_role("button").first
    expect(first).to_have_attribute("data-testid", f"palette-{kind}")
    keyboard.press("Enter")
    expect(canvas.nodes()).to_have_count(len(before) + 1)
    keyboard.press("Escape")  # empties the field
    keyboard.press("Escape")  # and leaves it
    [key] = set(canvas.keys()) - set(before)
    return key


def test_a_network_is_built_with_keys_alone(canvas: Canvas) -> None:
    keyboard = canvas.page.keyboard
    source = add_by_search(canvas, "Input")
    linear = add_by_search(canvas, "Linear")
    expect(canvas.wires(source, linear)).to_have_count(1)  # it comes after what is selected
    tab_to(canvas, linear)
    keyboard.press("Escape")  # nothing is selected: the next stands alone
    relu = add_by_search(canvas, "ReLU")
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(1)

    tab_to(canvas, linear)
    expect(canvas.page.get_by_label("Name of the node")).to_have_value(linear)
    keyboard.press("c")
    menu = canvas.page.get_by_role("menu", name=f"Wire {linear} to")
    expect(menu.get_by_role("menuitem").first).to_contain_text(relu)
    expect(menu.get_by_role("menuitem").filter(has_text=source)).to_have_count(0)
    keyboard.press("Enter")
    expect(canvas.wires(linear, relu)).to_have_count(1)
    canvas.expect_state(relu, "ok")

    tab_to(canvas, relu)
    before = canvas.document()["nodes"][relu]["position"]
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        keyboard.press(key)
    after = canvas.document()["nodes"][relu]["position"]
    assert [after[0] - before[0], after[1] - before[1]] == [8, 48]

    keyboard.press("Enter")  # to its settings
    expect(canvas.field("inplace")).to_be_focused()
    keyboard.press("Escape")  # and back
    assert focused_node(canvas) == relu
    keyboard.press("F2")
    keyboard.press("Control+a")
    keyboard.type("activation")
    keyboard.press("Enter")
    expect(canvas.wires(linear, "activation")).to_have_count(1)

    tab_to(canvas, "activation")
    keyboard.press("Delete")
    expect(canvas.nodes()).to_have_count(2)


def test_tab_goes_with_the_flow_and_w_to_the_wires(canvas: Canvas) -> None:
    # the document names the reader first
    canvas.open(
        network(b={"type": "add", "inputs": {"input": "a", "other": "x"}}, a=layer("ReLU", "x"), x=input_(2, 4))
    )
    keyboard = canvas.page.keyboard
    tab_to(canvas, "x")
    for key in ("a", "b"):
        keyboard.press("Tab")
        assert focused_node(canvas) == key
    keyboard.press("Shift+Tab")
    assert focused_node(canvas) == "a"
    keyboard.press("w")
    expect(canvas.wires("a", "b")).to_be_focused()
    keyboard.press("w")
    expect(canvas.wires("x", "a")).to_be_focused()
    keyboard.press("ArrowUp")
    assert focused_node(canvas) == "x"
    keyboard.press("w")
    expect(canvas.page.locator(".react-flow__edge.selected")).to_have_count(1)
    keyboard.press("Escape")
    assert focused_node(canvas) == "x"
    tab_to(canvas, "a")
    keyboard.press("w")
    keyboard.press("Delete")
    expect(canvas.wires("a", "b")).to_have_count(0)
    expect(canvas.nodes()).to_have_count(3)
    assert focused_node(canvas) == "b"
    keyboard.press("Control+z")
    expect(canvas.wires("a", "b")).to_have_count(1)


def test_space_holds_a_node_while_others_join_it(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), a=layer("ReLU", "x"), b=layer("Tanh", "a"), c=layer("ReLU", "b")))
    tab_to(canvas, "a")
    canvas.page.keyboard.press("Space")
    canvas.page.keyboard.press("Tab")
    canvas.page.keyboard.press("Space")
    canvas.page.keyboard.press("Tab")
    expect(canvas.page.locator(".react-flow__node.selected")).to_have_count(3)
    # and the keys work on all of them
    canvas.page.keyboard.press("ArrowRight")
    canvas.page.keyboard.press("Alt+Shift+T")
    nodes = canvas.document()["nodes"]
    assert len({nodes[key]["position"][1] for key in "abc"}) == 1
    canvas.page.keyboard.press("Delete")
    assert canvas.keys() == ["x"]


def test_question_mark_lists_the_shortcuts(canvas: Canvas) -> None:
    canvas.page.keyboard.press("?")
    dialog = canvas.page.get_by_role("dialog", name="Shortcuts")
    expect(dialog).to_be_visible()
    for words in ("Undo", "Ctrl+Z", "Tidy up the layout", "What the node can be wired to"):
        expect(dialog).to_contain_text(words)
    canvas.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    # in a text field it is a question mark
    canvas.page.keyboard.press("/")
    canvas.page.keyboard.type("?")
    expect(dialog).to_be_hidden()
    expect(canvas.page.get_by_role("searchbox", name="Search layers")).to_have_value("?")


def test_commands_and_nodes_are_found_by_words(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), act=layer("ReLU", "x"), last=layer("Tanh", "act")))
    keyboard = canvas.page.keyboard
    # its field has the very next key, the first time too: on the canvas T would switch to train
    keyboard.press("Control+k")
    keyboard.press("t")
    field = canvas.page.get_by_role("combobox", name="Find a command or a node")
    expect(field).to_have_value("t")
    expect(canvas.page.get_by_role("radio", name="eval")).to_be_checked()
    # without words nothing is chosen: Enter would undo
    field.fill("")
    expect(canvas.page.get_by_role("option").first).to_be_visible()
    expect(canvas.page.get_by_role("option", selected=True)).to_have_count(0)
    keyboard.press("Enter")
    keyboard.press("ArrowDown")
    expect(canvas.page.get_by_role("option", selected=True)).to_have_count(1)
    keyboard.press("Escape")
    keyboard.press("Control+k")
    expect(canvas.page.get_by_role("combobox", name="Find a command or a node")).to_be_focused()
    keyboard.type("tanh")
    expect(canvas.page.get_by_test_id("commands").get_by_role("option").first).to_contain_text("last")
    keyboard.press("Enter")
    expect(canvas.page.get_by_label("Name of the node")).to_have_value("last")
    expect(canvas.node("last").locator("..")).to_be_focused()
    keyboard.press("Control+k")
    keyboard.type("rename")
    keyboard.press("Enter")
    expect(canvas.node("last").get_by_role("textbox")).to_be_focused()
    keyboard.press("Control+a")
    keyboard.type("bounded")
    keyboard.press("Enter")
    expect(canvas.wires("act", "bounded")).to_have_count(1)


def test_the_focus_is_seen(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), a=layer("ReLU", "x")))
    tab_to(canvas, "a")
    assert canvas.page.evaluate(
        "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth) >= 1])"
        "(getComputedStyle(document.activeElement))"
    ) == ["solid", True]


def test_enter_goes_to_the_settings_from_any_tab_and_unfolds_the_inspector(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), fc=layer("Linear", "x", out_features=3)))
    canvas.select("fc")
    canvas.tab("Output")
    canvas.page.get_by_role("button", name="Fold the inspector away").click()
    tab_to(canvas, "fc")
    canvas.page.keyboard.press("Enter")
    expect(canvas.field("in_features")).to_be_focused()


def test_nobody_is_caught_between_the_canvas_and_the_search(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4), a=layer("ReLU", "x")))
    canvas.page.mouse.click(*canvas.ground())
    canvas.page.keyboard.press("Tab")
    expect(canvas.page.get_by_test_id("quick-add")).to_be_visible()
    canvas.page.keyboard.press("Escape")
    tab_to(canvas, "a")


def test_an_example_is_found_and_opened_with_keys_alone(canvas: Canvas) -> None:
    keyboard = canvas.page.keyboard
    keyboard.press("Alt+e")
    dialog = canvas.page.get_by_role("dialog", name="Examples")
    expect(dialog.locator("[data-example]").nth(5)).to_be_visible()
    keyboard.type("four numbers in, three out")
    expect(dialog.locator("[data-example]")).to_have_count(1)
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(canvas.nodes()).to_have_count(3)
    expect(canvas.page.get_by_test_id("canvas")).to_be_focused()
    keyboard.press("Tab")  # goes on from the canvas, not from the top of the page
    assert canvas.page.evaluate("document.activeElement.closest('[data-testid=canvas]') !== null")


def test_the_focus_comes_back_from_the_box_for_pasted_values(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 4)))
    canvas.select("x")
    canvas.tab("Settings").get_by_role("button", name="Paste a tensor").click()
    canvas.page.keyboard.insert_text("[[1, 2], [3, 4]]")
    canvas.page.keyboard.press("Tab")
    canvas.page.keyboard.press("Enter")
    expect(canvas.page.get_by_role("button", name="Edit the values")).to_be_focused()
