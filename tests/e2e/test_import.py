"""PyTorch source on the page: pasted, dropped, or edited beside the canvas; what comes of it is drawn and runs."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Locator, expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas
from tests.reading.texts import LENET

pytestmark = pytest.mark.browser

SIZED = """\
from torch import nn

class Head(nn.Module):
    def __init__(self, width, classes=3):
        super().__init__()
        self.fc = nn.Linear(width, classes)

    def forward(self, features):
        return self.fc(features)
"""

_PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelector("[data-testid=canvas]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def report(canvas: Canvas) -> Locator:
    """The dialog, when the server has answered."""
    dialog = canvas.page.get_by_test_id("import")
    expect(dialog.get_by_role("button", name="Edit the source")).to_be_enabled()
    return dialog


def test_lenet_is_pasted_drawn_and_changed(canvas: Canvas, context: BrowserContext) -> None:
    # as a person does it: the text is on the clipboard, the canvas has the focus
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    canvas.page.evaluate("text => navigator.clipboard.writeText(text)", LENET)
    canvas.page.get_by_test_id("canvas").focus()
    canvas.page.keyboard.press("Control+v")
    dialog = report(canvas)
    expect(dialog.get_by_test_id("import-network")).to_contain_text("81,290 parameters")
    expect(dialog.get_by_test_id("import-answer-x")).to_have_value("1, 1, 32, 32")
    expect(canvas.nodes()).to_have_count(0)
    dialog.get_by_test_id("import-open").click()
    canvas.expect_total("81,290")
    canvas.expect_state("fc3", "ok")
    canvas.still()
    # laid out: the chain goes down, in the source's order
    tops = [canvas.node(key).bounding_box() for key in ("conv1", "conv2", "fc1", "fc2", "fc3")]
    heights = [box["y"] for box in tops if box is not None]
    assert len(heights) == 5 and heights == sorted(heights)

    canvas.page.get_by_test_id("code").click()
    code = canvas.page.get_by_role("complementary", name="Code").locator(".cm-content")
    expect(code).to_contain_text("self.fc3 = nn.Linear(84, 10)")
    canvas.set("fc3", out_features="7")
    expect(code).to_contain_text("self.fc3 = nn.Linear(84, 7)")


def test_what_the_source_does_not_say_is_asked_by_name(canvas: Canvas) -> None:
    canvas.drop(SIZED, "head.py")
    dialog = report(canvas)
    width = dialog.get_by_test_id("import-answer-width")
    expect(width).to_have_value("64")
    expect(dialog.get_by_test_id("import-open")).to_have_count(0)
    width.fill("many")
    dialog.get_by_test_id("import-again").click()
    expect(dialog).to_contain_text("Write a value")
    width.fill("12")
    dialog.get_by_test_id("import-again").click()
    shape = dialog.get_by_test_id("import-answer-features")
    expect(shape).to_have_value("1, 12")
    shape.fill("4, 12")
    dialog.get_by_test_id("import-again").click()
    report(canvas).get_by_test_id("import-open").click()
    canvas.expect_total("39")
    assert canvas.document()["nodes"]["features"]["params"]["shape"] == [4, 12]


def test_what_cannot_be_read_is_said_with_its_line_and_nothing_is_lost(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4)))
    before = canvas.document()
    canvas.page.evaluate(_PASTE, "import torch\nclass Net(nn.Module:\n    pass\n")
    dialog = report(canvas)
    problem = dialog.get_by_test_id("import-problem")
    expect(problem).to_contain_text("Line 2")
    expect(problem).to_contain_text("class Net(nn.Module:")
    dialog.get_by_role("button", name="Edit the source").click()
    expect(dialog.get_by_test_id("import-source")).to_have_value("import torch\nclass Net(nn.Module:\n    pass\n")
    canvas.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert canvas.document() == before


def test_a_notebook_is_dropped(canvas: Canvas) -> None:
    code = {"cell_type": "code", "source": LENET.splitlines(keepends=True), "outputs": [{"data": "x" * 4_000_000}]}
    canvas.drop(json.dumps({"cells": [{"cell_type": "markdown", "source": "# LeNet"}, code]}), "lenet.ipynb")
    report(canvas).get_by_test_id("import-open").click()
    canvas.expect_total("81,290")


def test_code_is_edited_beside_the_canvas_and_opens_as_a_new_network(canvas: Canvas) -> None:
    page = canvas.page
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4)) | {"name": "Small", "seed": 7})
    page.get_by_test_id("code").click()
    panel = page.get_by_role("complementary", name="Code")
    code = panel.locator(".cm-content")
    expect(code).to_contain_text("nn.Linear(8, 4)")
    page.get_by_test_id("code-edit").click()
    code.get_by_text("nn.Linear(8, 4)").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("0)")
    expect(code).to_contain_text("nn.Linear(8, 40)")
    expect(code).to_be_focused()
    page.get_by_test_id("code-apply").click()
    canvas.expect_total("360")
    expect(page.get_by_test_id("import")).to_have_count(0)
    expect(page.get_by_test_id("code-draft")).to_have_count(0)
    document = canvas.document()
    # what the code does not say is taken from the network that it came from
    assert document["nodes"]["x"]["params"]["shape"] == [2, 8]
    assert document["seed"] == 7
    canvas.file_menu("Recent networks")
    expect(page.get_by_test_id("recents-dialog")).to_contain_text("Small")
