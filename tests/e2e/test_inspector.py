"""Looking at what torch computed: repr, weights, maps, histogram, single values; compared with the API's own answer."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect
from tests.documents import LENET, input_, layer, network
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
    """The very number: the page shows the shortest text that reads back to it, as the API does."""
    return value


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
    frozen = canvas.page.get_by_role("region", name="Parameters by layer").get_by_role("row").filter(has_text="frozen")
    expect(frozen.locator("td:first-child")).to_have_text(["conv1.weightfrozen", "conv1.biasfrozen"])


OVER = """box => {
  const end = box.getBoundingClientRect().left + box.clientWidth + 0.5;
  return [...box.querySelectorAll("*")]
    .filter((one) => !one.matches("input, option") && one.checkVisibility() && one.getBoundingClientRect().right > end)
    .map((one) => one.outerHTML.slice(0, 120));
}"""


def test_long_names_stay_inside_the_inspector(canvas: Canvas) -> None:
    long = "a_name_without_end_" * 8
    canvas.open(
        network(
            x=input_(1, 3, 9, 9),
            **{long[:60]: layer("Conv2d", "x", out_channels=48, kernel_size=3)},
            **{long: layer("BatchNorm2d", "x")},
        )
    )
    inspector = canvas.page.locator(".inspector")
    expect(inspector.get_by_role("region", name="Parameters by layer")).to_be_visible()
    assert inspector.evaluate(OVER) == []
    assert (
        inspector.locator("pre, .table-box").evaluate_all(
            "boxes => boxes.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length"
        )
        == 0
    )
    canvas.select(long)
    problem = inspector.locator(".problem-note")
    expect(problem.get_by_role("button").first).to_be_visible()
    # told once, as a problem: the name's own red words would lie over what stands below
    expect(inspector.locator(".name .reason")).to_have_count(0)
    assert inspector.evaluate(OVER) == []
    for shown in (canvas.node(long).locator(".node-type"), inspector.locator(".type")):
        expect(shown).to_have_text("BatchNorm2d")
        assert shown.evaluate("type => type.scrollWidth <= type.clientWidth")


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


EXPLAINED = network(
    x=input_(2, 4, 9, 8),
    conv=layer("Conv2d", "x", out_channels=6, kernel_size=[3, 2], stride=2, padding=[1, 0], groups=2),
    same=layer("Conv2d", "conv", out_channels=3, kernel_size=4, padding="same", dilation=2, bias=False),
    act=layer("Sigmoid", "same"),
    highest=layer("MaxPool2d", "act", kernel_size=2, padding=1),
    mean=layer("avg_pool2d", "highest", kernel_size=[2, 1], stride=1),
    norm=layer("BatchNorm2d", "mean"),
    rows=layer("Flatten", "norm"),
    fc=layer("Linear", "rows", out_features=5),
    sum=layer("add", "fc", other=0.5),
    out=layer("softmax", "sum", dim=-1),
)


@pytest.mark.parametrize("node", [key for key in EXPLAINED["nodes"] if key != "x"])
def test_how_one_value_comes_about_agrees_with_torch(canvas: Canvas, node: str) -> None:
    canvas.open(EXPLAINED)
    canvas.select(node)
    panel = canvas.tab("Output")
    explained = panel.get_by_test_id("explain")
    expect(explained).to_contain_text("Point at a value")
    for x, y in ((0.02, 0.02), (0.4, 0.6), (0.97, 0.96), (0.7, 0.1)):
        index, value = hover(canvas, panel.locator(".drawing"), x, y)
        expect(explained).to_contain_text(f"[{', '.join(str(place) for place in index)}]")
        check = explained.get_by_test_id("explain-check")
        expect(check).to_contain_text("differs by")
        assert float((check.text_content() or "").split()[-1]) < 2e-6
        assert numbers(explained.locator("b").text_content())[0] == pytest.approx(float(value), abs=2e-6, rel=2e-5)


def test_what_is_not_told_is_not_told_wrongly(canvas: Canvas) -> None:
    canvas.open(
        network(
            x=input_(2, 3, 6, 6),
            mirrored=layer("Conv2d", "x", out_channels=2, kernel_size=3, padding=1, padding_mode="reflect"),
            gelu=layer("GELU", "mirrored"),
        )
    )
    for node in ("mirrored", "gelu"):
        canvas.select(node)
        panel = canvas.tab("Output")
        hover(canvas, panel.locator(".drawing"), 0.2, 0.2)
        expect(panel.get_by_test_id("explain")).to_have_count(0)


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
