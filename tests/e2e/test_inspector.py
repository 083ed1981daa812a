"""Looking at what torch computed: repr, weights, maps, histogram, single values; compared with the API's own answer."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect
from tests.documents import LENET, layer, network
from tests.e2e.driver import Canvas, numbers

pytestmark = pytest.mark.browser

COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0) found.add(data.slice(at, at + 3).join());
  return found.size;
}"""


def pointed(canvas: Canvas) -> tuple[list[int], str]:
    """The index and the value that the page reads under the pointer."""
    text = canvas.page.locator(".probe").first.text_content() or ""
    found = re.fullmatch(r"\[([\d, ]+)\] (\S+)", text)
    assert found, text
    return [int(index) for index in found[1].split(",")], found[2]


def hover(canvas: Canvas, drawing: Locator, x: float, y: float) -> tuple[list[int], str]:
    """Points at a place of the drawing, both from 0 to 1."""
    drawing.scroll_into_view_if_needed()
    box = drawing.locator("canvas").bounding_box()
    assert box is not None
    canvas.page.mouse.move(box["x"] + 1 + x * (box["width"] - 2), box["y"] + 1 + y * (box["height"] - 2))
    expect(canvas.page.locator(".probe b").first).to_be_visible()
    return pointed(canvas)


def value_at(values: Any, index: list[int]) -> float:
    for place in index:
        values = values[place]
    return float(values)


def near(value: float) -> Any:
    """Equal to the printed 4 decimals."""
    return pytest.approx(value, abs=5.1e-5)


@pytest.fixture
def lenet(api: httpx.Client) -> Any:
    answer = api.post("/forward", json={"network": LENET, "values": ["conv1", "fc3"], "parameters": ["conv1"]})
    return answer.raise_for_status().json()["nodes"]


def test_repr_and_parameters(canvas: Canvas, lenet: Any) -> None:
    canvas.open(LENET)
    canvas.select("conv1")
    expect(canvas.page.locator(".repr")).to_have_text("Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))")
    panel = canvas.tab("Parameters")
    weights = panel.locator("details.weight")
    expect(weights.locator("code").nth(0)).to_have_text("weight")
    expect(weights.nth(0)).to_contain_text("requires_grad=True")
    assert [int(size) for size in numbers(weights.nth(0).locator(".sizes").text_content())] == [6, 1, 5, 5, 150]
    expect(panel.locator(".cost")).to_contain_text("156")
    # a picture of the kernels, and their numbers
    drawing = weights.nth(0).locator(".drawing")
    assert drawing.locator("canvas").evaluate(COLOURS) > 20
    index, value = hover(canvas, drawing, 0.02, 0.02)
    weight = lenet["conv1"]["parameters"]["weight"]["values"]
    assert float(value) == near(value_at(weight, index))
    # frozen, torch says so
    panel.get_by_label("Frozen").check()
    expect(weights.nth(0)).to_contain_text("requires_grad=False")
    canvas.page.mouse.click(*canvas.ground())
    expect(canvas.page.get_by_test_id("total-trainable")).to_have_text("61,550")


def test_the_value_under_the_pointer_is_the_apis_own(canvas: Canvas, lenet: Any) -> None:
    canvas.open(LENET)
    canvas.select("fc3")
    drawing = canvas.tab("Output").locator(".drawing")
    expected = lenet["fc3"]["outputs"]["output"]["values"]
    for place in range(10):
        index, value = hover(canvas, drawing, (place + 0.5) / 10, 0.5)
        assert index == [0, place]
        assert float(value) == near(value_at(expected, index))


def test_feature_maps_one_enlarged_and_read_by_keys(canvas: Canvas, lenet: Any) -> None:
    canvas.open(LENET)
    canvas.select("conv1")
    panel = canvas.tab("Output")
    expect(panel).to_contain_text("6 feature maps")
    expected = lenet["conv1"]["outputs"]["output"]["values"]
    drawing = panel.locator(".drawing")
    assert drawing.locator("canvas").evaluate(COLOURS) > 50
    index, value = hover(canvas, drawing, 0.001, 0.001)
    assert index == [0, 0, 0, 0]
    assert float(value) == near(value_at(expected, index))
    seen = set()
    for x in (0.05, 0.3, 0.5, 0.7, 0.95):
        index, value = hover(canvas, drawing, x, 0.1)
        seen.add(index[1])
        assert float(value) == near(value_at(expected, index))
    assert len(seen) > 1  # several maps beside each other

    panel.get_by_role("application", name="6 maps").click(position={"x": 8, "y": 8})
    enlarged = panel.get_by_role("application", name="28 by 28 values")
    expect(panel).to_contain_text("map 0")
    enlarged.focus()
    start, _ = pointed(canvas)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        canvas.page.keyboard.press(key)
    index, value = pointed(canvas)
    assert index == [0, 0, start[2] + 2, start[3] + 3]
    assert float(value) == near(value_at(expected, index))
    panel.get_by_role("button", name="All maps").click()
    expect(panel.get_by_role("application", name="6 maps")).to_be_visible()


def test_histogram_and_summary(canvas: Canvas) -> None:
    # 0 to 99, and 900 zeros
    document = network(
        few={"type": "arange", "params": {"start": 0, "end": 100, "dtype": "float32"}},
        many=layer("pad", "few", pad=[0, 900]),
        flat=layer("zeros_like", "many"),
    )
    canvas.open(document)
    canvas.select("many")
    panel = canvas.tab("Output")
    bars = panel.locator(".histogram rect")
    counts = [int(text.rsplit(": ", 1)[1].replace(",", "")) for text in bars.locator("title").all_text_contents()]
    assert sum(counts) == 1000
    assert counts[0] == max(counts) > 900 and all(count in (2, 3) for count in counts[1:])
    assert panel.locator(".boxes dt").all_text_contents() == ["min", "mean", "max", "std"]
    figures = [float(text) for text in panel.locator(".boxes dd").all_text_contents()]
    assert figures == pytest.approx([0, 4.95, 99, 17.44], abs=0.01)
    # where all is equal the picture has one colour
    assert panel.locator(".drawing canvas").evaluate(COLOURS) > 20
    canvas.select("flat")
    expect(panel.locator(".drawing canvas")).to_be_visible()
    expect(panel.locator("dd").nth(2)).to_have_text("0")
    assert panel.locator(".drawing canvas").evaluate(COLOURS) <= 2


def test_a_tensor_of_millions_is_read_by_paging(canvas: Canvas) -> None:
    # every value is its own place in memory
    document = network(
        line={"type": "arange", "params": {"start": 0, "end": 3 * 1024 * 1024}},
        cube=layer("view", "line", shape=[3, 1024, 1024]),
    )
    canvas.open(document)
    canvas.select("cube")
    panel = canvas.tab("Output")
    expect(panel).to_contain_text("3,145,728 values")
    parts = panel.get_by_role("group", name="parts")
    seen = []
    for _ in range(3):
        index, value = hover(canvas, panel.locator(".drawing"), 0.5, 0.5)
        assert int(value.replace(",", "")) == (index[0] * 1024 + index[1]) * 1024 + index[2]
        seen.append(index)
        before = parts.text_content() or ""
        later = parts.get_by_role("button", name="Later parts")
        if later.is_enabled():
            later.click()
            expect(parts).not_to_have_text(before)
            expect(panel.locator(".tensor.stale")).to_have_count(0)
            expect(panel.locator("details > summary")).to_contain_text(str(index[0]))
    assert len({tuple(index) for index in seen}) == 3
