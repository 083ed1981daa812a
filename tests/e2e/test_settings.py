"""Forms made from the catalogue: what people type, what is inferred, what is refused, where problems lead."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

CONV = network(x=input_(1, 3, 20, 20), conv=layer("Conv2d", "x", out_channels=4, kernel_size=3))


SIZES: list[tuple[str, str, object, str]] = [
    ("kernel_size", "(3, 5)", [3, 5], "1, 4, 18, 16"),
    ("kernel_size", "7, 5", [7, 5], "1, 4, 14, 16"),
    ("kernel_size", "7", 7, "1, 4, 14, 14"),
    ("padding", "'same'", "same", "1, 4, 20, 20"),
    ("padding", "(2, 0)", [2, 0], "1, 4, 18, 14"),
    ("padding", "same", "same", "1, 4, 20, 20"),
    ("padding", "0", 0, "1, 4, 14, 14"),
    ("stride", "= 1 + 1", {"$": "1 + 1"}, "1, 4, 7, 7"),
]


def test_sizes_as_people_type_them(canvas: Canvas) -> None:
    canvas.open(network(**CONV["nodes"], out=layer("ReLU", "conv")))
    for field, text, value, shape in SIZES:
        canvas.set("conv", **{field: text})
        expect(canvas.shape("conv")).to_have_text(shape)
        assert canvas.document()["nodes"]["conv"]["params"][field] == value


def test_an_inferred_parameter_is_shown_as_inferred(canvas: Canvas) -> None:
    canvas.open(CONV)
    canvas.select("conv")
    canvas.tab("Settings")
    field = canvas.field("in_channels")
    expect(field).to_have_value("")
    expect(field).to_have_attribute("placeholder", "3")
    expect(canvas.row("in_channels")).to_contain_text("from the input")
    expect(canvas.node("conv").locator(".inferred")).to_have_text("in_channels 3")
    # it follows the wire, and is no part of the document
    canvas.set("x", shape="1, 5, 20, 20")
    expect(canvas.node("conv").locator(".inferred")).to_have_text("in_channels 5")
    assert "in_channels" not in canvas.document()["nodes"]["conv"]["params"]
    # typed, it is the person's; taken away, it is inferred again
    canvas.set("conv", in_channels="5")
    expect(canvas.row("in_channels")).not_to_contain_text("from the input")
    canvas.page.get_by_role("button", name="Take in_channels from the input").click()
    expect(canvas.row("in_channels")).to_contain_text("from the input")


WRONG = [
    ("kernel_size", "three", "an integer"),
    ("kernel_size", "(3, 5", "is missing"),
    ("kernel_size", "3, 5, 7", "2 integers, this is 3"),
    ("out_channels", "2.5", "an integer"),
    ("groups", "0", "at least 1"),
]


def test_invalid_text_stays_with_its_reason(canvas: Canvas) -> None:
    canvas.open(CONV)
    before = canvas.document()
    for field, text, reason in WRONG:
        canvas.set("conv", **{field: text})
        expect(canvas.row(field).locator(".reason")).to_contain_text(reason)
        expect(canvas.field(field)).to_have_value(text)
        expect(canvas.field(field)).to_have_attribute("aria-invalid", "true")
        assert canvas.document() == before
        canvas.field(field).press("Escape")
        expect(canvas.row(field).locator(".reason")).to_have_count(0)
    canvas.expect_state("conv", "ok")


def test_a_problem_leads_to_its_field(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", in_features=5, out_features=4), y=layer("ReLU", "x")))
    canvas.select("y")
    canvas.tab("Output")
    canvas.problems().get_by_role("button").first.click()
    expect(canvas.page.get_by_label("Name of the node")).to_have_value("fc")
    expect(canvas.field("in_features")).to_be_focused()
    expect(canvas.row("in_features")).to_have_class("field-row faulty")
    expect(canvas.row("in_features")).to_contain_text("8")


def test_one_size_for_the_batch_of_every_input(canvas: Canvas) -> None:
    canvas.open(
        network(
            a=input_(2, 8),
            b=input_(2, 8),
            sum={"type": "add", "inputs": {"input": "a", "other": "b"}},
            out=layer("ReLU", "sum"),
        )
    )
    batch = canvas.page.get_by_test_id("batch")
    expect(batch).to_have_value("2")
    batch.fill("16")
    expect(canvas.shape("sum")).to_have_text("16, 8")
    expect(canvas.shape("b")).to_have_text("16, 8")
    nodes = canvas.document()["nodes"]
    assert [nodes[key]["params"]["shape"] for key in "ab"] == [[16, 8], [16, 8]]
    canvas.set("b", shape="4, 8")
    expect(batch).to_have_value("")  # they differ


def test_the_newest_wins_while_typing(canvas: Canvas) -> None:
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), out=layer("ReLU", "fc")))
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"out_features":7}' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    canvas.page.route("**/api/v1/forward", hold)
    canvas.set("fc", out_features="7")
    expect(canvas.page.get_by_test_id("status")).to_have_class("status stale")
    canvas.page.wait_for_timeout(60)  # longer than the pause between two requests: the first is under way
    canvas.field("out_features").press_sequentially("5")
    expect(canvas.shape("fc")).to_have_text("2, 75")
    assert held
    for route in held:  # the older answer comes last
        route.continue_()
    canvas.page.unroute("**/api/v1/forward")
    canvas.page.evaluate("fetch('/api/v1/health').then((answer) => answer.text())")  # time for it to come
    canvas.still()
    expect(canvas.page.get_by_test_id("status")).to_have_class("status")
    expect(canvas.shape("fc")).to_have_text("2, 75")
    canvas.field("out_features").fill("")
    canvas.field("out_features").press_sequentially("1234", delay=15)
    expect(canvas.shape("fc")).to_have_text("2, 1234")
    expect(canvas.page.get_by_test_id("count-fc")).to_have_text("11,106")
