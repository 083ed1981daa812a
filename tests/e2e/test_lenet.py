"""LeNet drawn by mouse from an empty canvas, broken, and mended by its fix."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.driver import Canvas, numbers

pytestmark = pytest.mark.browser

LAYERS = [
    ("Conv2d", {"out_channels": "6", "kernel_size": "5"}, "1, 6, 28, 28"),
    ("ReLU", {}, "1, 6, 28, 28"),
    ("MaxPool2d", {"kernel_size": "2, 2"}, "1, 6, 14, 14"),
    ("Conv2d", {"out_channels": "16", "kernel_size": "3"}, "1, 16, 12, 12"),
    ("ReLU", {}, "1, 16, 12, 12"),
    ("MaxPool2d", {"kernel_size": "2"}, "1, 16, 6, 6"),
    ("Flatten", {}, "1, 576"),
    ("Linear", {"out_features": "120"}, "1, 120"),
    ("ReLU", {}, "1, 120"),
    ("Linear", {"out_features": "84"}, "1, 84"),
    ("ReLU", {}, "1, 84"),
    ("Linear", {"out_features": "10"}, "1, 10"),
]
COUNTS = {"Conv2d": ["156", "880"], "Linear": ["69,240", "10,164", "850"]}


def draw_lenet(canvas: Canvas) -> list[str]:
    """Drags the layers of row N3 onto the canvas, wires them, types their sizes; the names they got, in order."""
    previous = canvas.drag_layer("Input", (600, 120))
    canvas.set(previous, shape="1, 1, 32, 32")
    made = [previous]
    for kind, values, _ in LAYERS:
        key = canvas.drag_layer(kind, (980, 640))
        canvas.tidy()
        canvas.wire(previous, key)
        if values:
            canvas.set(key, **values)
        made.append(key)
        previous = key
    canvas.tidy()
    return made


def test_lenet_is_drawn_broken_and_mended(canvas: Canvas) -> None:
    keys = draw_lenet(canvas)
    last = keys[-1]
    canvas.expect_total("81,290")
    for source, (_, _, shape) in zip(keys[1:-1], LAYERS[:-1], strict=True):
        expect(canvas.shape(source)).to_have_text(shape)
    for kind, counts in COUNTS.items():
        found = [key for key, (layer, _, _) in zip(keys[1:], LAYERS, strict=True) if layer == kind]
        for key, count in zip(found, counts, strict=True):
            expect(canvas.page.get_by_test_id(f"count-{key}")).to_have_text(count)
    values = canvas.output(last)
    expect(canvas.page.get_by_role("region", name="output", exact=True)).to_contain_text("N 1, features 10")
    expect(values).to_contain_text("tensor([[")
    before = numbers(values.text_content())
    assert len(before) == 10 and len(set(before)) > 5

    first_linear = keys[8]
    canvas.set(first_linear, in_features="400")
    canvas.expect_state(first_linear, "error")
    for key in keys[:8]:
        canvas.expect_state(key, "ok")
    for key in keys[9:]:
        canvas.expect_state(key, "blocked")
    problem = canvas.problems()
    expect(problem).to_have_count(1)
    expect(problem).to_have_attribute("data-node", first_linear)
    expect(problem).to_contain_text("576")
    faulty = canvas.page.locator(".node.faulty")
    expect(faulty).to_have_count(1)
    expect(faulty).to_have_attribute("data-testid", f"node-{first_linear}")

    problem.get_by_test_id("fix").filter(has_text="576").click()
    canvas.expect_state(last, "ok")
    expect(canvas.problems()).to_have_count(0)
    canvas.expect_total("81,290")
    expect(canvas.output(last)).to_contain_text("tensor([[")
    assert numbers(canvas.output(last).text_content()) == before
    canvas.page.get_by_test_id("undo").click()
    canvas.expect_state(first_linear, "error")
