"""The code panel: in step with the canvas, and true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

COMPARE = """
import importlib.util, json, sys
import torch
spec = importlib.util.spec_from_file_location("exported", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(json.dumps([list(module.outputs[0].shape), module.outputs[0].flatten().tolist()]))
"""


@pytest.fixture
def page(chromium: Browser) -> Any:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def open_code(canvas: Canvas, tab: str) -> Locator:
    """Opens the panel at a tab; the element that holds its text."""
    canvas.page.get_by_test_id("code").click()
    panel = canvas.page.get_by_role("complementary", name="Code")
    panel.get_by_role("tab", name=tab, exact=True).click()
    return panel.locator(".cm-content")


def test_a_block_is_changed_and_the_file_does_what_the_canvas_shows(
    page: Page, base_url: str, api: httpx.Client, tmp_path: Path
) -> None:
    canvas = Canvas(page, base_url)
    canvas.open_example("resnet18", "fc")
    text = open_code(canvas, "Script")
    expect(text).to_contain_text("class BasicBlock(nn.Module)")
    expect(text).to_contain_text("nn.Conv2d(planes, planes, kernel_size=3")
    canvas.node("layer1").dblclick()
    canvas.set("conv1", out_channels="24")
    expect(text).to_contain_text("nn.Conv2d(24, planes, kernel_size=3")
    expect(page.get_by_test_id("code-body")).not_to_have_class("stale")
    with page.expect_download() as download:
        page.get_by_test_id("code-download").click()
    file = tmp_path / "exported.py"
    download.value.save_as(file)
    shape, values = json.loads(subprocess.check_output([sys.executable, "-c", COMPARE, str(file)]).splitlines()[-1])
    answer = api.post("/forward", json={"network": canvas.document(), "values": ["fc"]}).json()
    output = answer["nodes"]["fc"]["outputs"]["output"]
    assert output["shape"] == shape
    assert torch.equal(torch.tensor(output["values"]).flatten(), torch.tensor(values))
    assert canvas.faults == []


def test_a_node_and_its_lines_find_each_other(page: Page, base_url: str) -> None:
    canvas = Canvas(page, base_url)
    canvas.open_example("lenet", "fc3")
    text = open_code(canvas, "Module")
    expect(text).to_contain_text("class LeNet(nn.Module)")
    canvas.select("fc1")
    marked = page.locator(".cm-line-of-node")
    expect(marked.first).to_contain_text("self.fc1 = nn.Linear(")
    text.get_by_text("self.conv2 = ").click()
    expect(canvas.node("conv2")).to_have_class(re.compile("selected"))
    expect(marked.first).to_contain_text("self.conv2 = nn.Conv2d(")


def test_a_network_with_an_error_keeps_the_last_code_and_says_why(page: Page, base_url: str) -> None:
    canvas = Canvas(page, base_url)
    canvas.open_example("lenet", "fc3")
    text = open_code(canvas, "Module")
    expect(text).to_contain_text("class LeNet(nn.Module)")
    canvas.set("fc1", in_features="7")
    expect(page.get_by_test_id("code-refusal")).to_contain_text("in_features")
    expect(text).to_contain_text("class LeNet(nn.Module)")
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("code-refusal")).to_have_count(0)


def test_the_other_forms(page: Page, base_url: str, api: httpx.Client) -> None:
    canvas = Canvas(page, base_url)
    canvas.open_example("lenet", "fc3")
    text = open_code(canvas, "print(model)")
    expect(text).to_contain_text("(conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))")
    panel = page.get_by_role("complementary", name="Code")
    panel.get_by_role("tab", name="Parameters").click()
    expect(panel.get_by_role("row", name=re.compile("fc1.weight"))).to_contain_text("(120, 576)")
    panel.get_by_role("tab", name="Request").click()
    expect(panel.locator(".cm-content")).to_contain_text("from urllib.request import")
    panel.get_by_role("tab", name="curl").click()
    expect(panel.locator(".cm-content")).to_contain_text(f"curl -s {base_url}/api/v1/forward")
    assert canvas.faults == []
