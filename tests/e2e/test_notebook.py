"""Rows N2, N5, N7, N8 and N9 of the teaching notebook on the canvas, their figures read off the page."""

from __future__ import annotations

import math
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas, numbers

pytestmark = pytest.mark.browser

WEIGHT = (
    "tensor([[ 0.3823, 0.4150, -0.1171, 0.4593], [-0.1096, 0.1009, -0.2434, 0.2936], "
    "[ 0.4408, -0.3668, 0.4346, 0.0936]], requires_grad=True)"
)
BIAS = "tensor([0.3694, 0.0677, 0.2411], requires_grad=True)"


def expect_n2(canvas: Canvas, source: str, linear: str) -> None:
    expect(canvas.output(source)).to_have_text("tensor([[0.4294, 0.8854, 0.5739, 0.2666]])")
    expect(canvas.output(linear)).to_have_text("tensor([[0.9562, 0.0486, 0.3799]])")
    weights = canvas.tab("Parameters").locator("details.weight")
    expect(weights).to_have_count(2)
    expect(weights.nth(0).locator("pre")).to_have_text(WEIGHT)
    weights.nth(1).locator("> summary").click()
    expect(weights.nth(1).locator("pre")).to_have_text(BIAS)


def test_n2_from_the_gallery(canvas: Canvas) -> None:
    canvas.open_example("linear", last="out")
    canvas.expect_total("15")
    expect_n2(canvas, "x", "linear")


def test_n2_drawn_by_mouse(canvas: Canvas) -> None:
    source = canvas.drag_layer("Input", (700, 200))
    canvas.set(source, fill="rand", shape="1, 4")
    linear = canvas.drag_layer("Linear", (700, 420))
    canvas.wire(source, linear)
    canvas.set(linear, out_features="3")
    canvas.page.get_by_test_id("seed").fill("41")
    expect(canvas.output(source)).not_to_have_text(re.compile("0.4294, 0.8854"))
    canvas.page.get_by_test_id("seed").fill("42")
    expect_n2(canvas, source, linear)


def test_n5_from_the_gallery(canvas: Canvas) -> None:
    canvas.open_example("lstm_tagger", last="out")
    expect(canvas.shape("sentence")).to_have_text("5int64")
    canvas.select("lstm")
    panel = canvas.tab("Output")
    for port, sizes in [("output", [5, 1, 6]), ("h_n", [1, 1, 6]), ("c_n", [1, 1, 6])]:
        region = panel.get_by_role("region", name=port, exact=True)
        assert [int(size) for size in numbers(region.locator(".sizes").text_content())] == sizes
        expect(region.locator("pre")).to_contain_text("tensor([[[")
    scores = canvas.output("tag_scores")
    expect(scores).to_contain_text("tensor([[")
    found = numbers(scores.text_content())
    assert len(found) == 15
    for row in range(5):
        assert sum(math.exp(value) for value in found[3 * row : 3 * row + 3]) == pytest.approx(1, abs=2e-4)


def nested(values: Any) -> str:
    return str(values)


def printed(values: Any) -> str:
    """As torch prints it, with four decimals and aligned rows."""
    import torch

    return str(torch.tensor(values))


def csv(values: Any) -> str:
    return "\n".join(", ".join(str(value) for value in row) for row in values[0])


def paste(canvas: Canvas, key: str, text: str, preview: str) -> None:
    canvas.select(key)
    panel = canvas.tab("Settings")
    panel.get_by_role("button", name="Paste a tensor…").click()
    panel.get_by_role("textbox", name="Paste a tensor").fill(text)
    expect(panel.locator(".preview")).to_have_text(preview)
    panel.get_by_role("button", name="Use these values").click()
    expect(panel.get_by_role("button", name="Edit the values…")).to_be_visible()


@pytest.fixture
def values(api: httpx.Client) -> Any:
    """The tensor that the notebook pastes, by the example of the gallery that has it."""

    def get(example: str) -> Any:
        return api.get(f"/examples/{example}").raise_for_status().json()["nodes"]["x"]["params"]["values"]

    return get


@pytest.mark.parametrize("write", [nested, printed, csv], ids=["lists", "tensor", "csv"])
def test_n7_pooling_of_a_pasted_tensor(canvas: Canvas, values: Any, write: Any) -> None:
    # CSV has rows and columns only: the channel is added by a layer
    flat = write is csv
    above = {"channel": layer("unsqueeze", "x", dim=0)} if flat else {}
    source = "channel" if flat else "x"
    canvas.open(
        network(
            x=input_(1, 1),
            **above,
            largest=layer("MaxPool2d", source, kernel_size=3),
            smallest=layer("min_pool2d", source, kernel_size=3),
        )
    )
    paste(canvas, "x", write(values("pooling")), f"shape {'' if flat else '1, '}6, 6 · float32")
    expect(canvas.output("largest")).to_have_text("tensor([[[0.8860, 0.9516], [0.9464, 0.9103]]])")
    expect(canvas.output("smallest")).to_have_text("tensor([[[0.0753, 0.0062], [0.0050, 0.1165]]])")


N8 = (
    "tensor([[[ 0.1413, -0.2023, -1.3726, 1.4335], [-1.0121, 0.7081, -0.9499, 1.2538], "
    "[-1.0578, 0.3467, -0.7642, 1.4754], [-0.5735, -0.5792, -0.5793, 1.7320]]])"
)


def test_n8_batch_norm_of_a_pasted_tensor_in_training_and_evaluation(canvas: Canvas, values: Any) -> None:
    canvas.open(network(x=input_(1, 4, 4), norm=layer("BatchNorm1d", "x"), mean=layer("mean", "norm", dim=[0, 2])))
    paste(canvas, "x", printed(values("batch_norm")), "shape 1, 4, 4 · float32")
    canvas.mode("train")
    expect(canvas.output("norm")).to_have_text(N8)
    means = canvas.output("mean")
    expect(means).to_contain_text("tensor([")
    assert all(abs(mean) < 1e-5 for mean in numbers(means.text_content()))
    canvas.mode("eval")
    # untrained running statistics leave the input nearly as it is
    expect(canvas.output("norm")).to_contain_text("19.1420")
    canvas.mode("train")
    expect(canvas.output("norm")).to_have_text(N8)


def zeros(values: Locator) -> list[bool]:
    return [value == 0 for value in numbers(values.text_content())]


def test_n9_dropout_and_another_draw(canvas: Canvas) -> None:
    canvas.open_example("dropout", last="out")
    page = canvas.page
    source = canvas.output("x").text_content()
    dropped = canvas.output("dropout")
    expect(dropped).to_contain_text("0.0000")
    first = dropped.text_content()
    assert first is not None
    for value, kept in zip(numbers(first), numbers(source), strict=True):
        assert value == 0 or value == pytest.approx(kept / 0.6, abs=2e-4)
    assert 0 < sum(zeros(dropped)) < 16

    page.get_by_role("button", name="Another draw").click()
    expect(dropped).not_to_have_text(first)
    expect(dropped).to_contain_text("0.0000")
    page.get_by_role("button", name="Back to the seed's own").click()
    expect(dropped).to_have_text(first)

    canvas.mode("eval")
    expect(dropped).not_to_contain_text("0.0000")
    assert source is not None
    expect(dropped).to_have_text(source)
