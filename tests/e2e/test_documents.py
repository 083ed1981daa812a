"""Documents: saved as a file and opened again, new ones, what this browser keeps, reloads and duplicated tabs."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect
from tests.documents import LENET, input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

SMALL = network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4))


def saved(canvas: Canvas) -> None:
    expect(canvas.page.get_by_test_id("saving")).to_have_class("saving saved")


def test_a_saved_file_opens_as_the_same_document(canvas: Canvas, tmp_path: Path) -> None:
    canvas.open(LENET)
    canvas.page.get_by_test_id("document-name").fill("My own net")
    canvas.page.get_by_test_id("document-name").press("Enter")
    with canvas.page.expect_download() as download:
        canvas.file_menu("Save as a file")
    assert download.value.suggested_filename == "my-own-net.json"
    path = tmp_path / "net.json"
    download.value.save_as(path)
    document = json.loads(path.read_text())
    # what was opened is what is saved, with the places where the nodes stand
    assert (document["name"], document["seed"]) == ("My own net", LENET["seed"])
    for key, node in document["nodes"].items():
        assert len(node.pop("position")) == 2
        assert node == LENET["nodes"][key]
    assert list(document["nodes"]) == list(LENET["nodes"])
    document = json.loads(path.read_text())

    canvas.file_menu("New network")
    expect(canvas.page.get_by_test_id("empty")).to_be_visible()
    with canvas.page.expect_file_chooser() as chooser:
        canvas.page.keyboard.press("Control+o")
    chooser.value.set_files(path)
    canvas.expect_state("fc3", "ok")
    expect(canvas.page.get_by_test_id("document-name")).to_have_value("My own net")
    assert canvas.document() == document


def test_the_drawing_is_exported_and_opens_again(canvas: Canvas) -> None:
    canvas.open(SMALL, "kept.json")
    before = canvas.document()
    with canvas.page.expect_download() as download:
        canvas.file_menu("Export the drawing as SVG")
    assert download.value.suggested_filename == "test.svg"
    drawing = download.value.path().read_text()
    assert ">2, 8</text>" in drawing and ">36</text>" in drawing  # a shape, and a count of parameters
    with canvas.page.expect_download() as download:
        canvas.file_menu("Export the drawing as PNG")
    size = struct.unpack(">2I", download.value.path().read_bytes()[16:24])
    assert download.value.path().read_bytes().startswith(b"\x89PNG") and min(size) > 400
    canvas.file_menu("New network")
    canvas.drop(drawing, "test.svg")
    canvas.expect_state("fc", "ok")
    assert canvas.document() == before


def test_what_is_no_document_is_refused_in_words(canvas: Canvas) -> None:
    canvas.open(SMALL)
    before = canvas.document()
    for name, text in [("list.json", "[1, 2]"), ("words.json", "not json"), ("other.json", '{"format": "else/9"}')]:
        canvas.drop(text, name)
        expect(canvas.page.get_by_test_id("notice")).not_to_be_empty()
        assert canvas.document() == before


def test_new_and_open_lose_nothing(canvas: Canvas) -> None:
    canvas.open(SMALL)
    first = canvas.document()
    canvas.page.get_by_test_id("document-name").fill("First")
    canvas.page.get_by_test_id("document-name").press("Enter")
    canvas.page.keyboard.press("Escape")
    saved(canvas)
    canvas.file_menu("New network")
    expect(canvas.nodes()).to_have_count(0)
    canvas.drag_layer("Input", canvas.ground())
    canvas.page.get_by_test_id("document-name").fill("Second")
    canvas.page.get_by_test_id("document-name").press("Enter")
    saved(canvas)
    canvas.open_example("linear", last="out")
    saved(canvas)

    canvas.file_menu("Recent networks")
    dialog = canvas.page.get_by_role("dialog", name="Recent networks")
    expect(dialog.get_by_role("button", name="First", exact=False).first).to_be_visible()
    expect(dialog.get_by_role("button", name="Second", exact=False).first).to_be_visible()
    dialog.locator("li button", has_text="First").first.click()
    canvas.expect_state("fc", "ok")
    assert canvas.document() == {**first, "name": "First"}


def test_a_reload_restores_what_was_open(canvas: Canvas) -> None:
    canvas.open(SMALL)
    canvas.set("fc", out_features="9")
    expect(canvas.page.get_by_test_id("count-fc")).to_have_text("81")
    saved(canvas)
    before = canvas.document()
    canvas.page.reload()
    canvas.ready()
    canvas.expect_state("fc", "ok")
    assert canvas.document() == before


def test_a_duplicated_tab_has_its_own_copy(canvas: Canvas) -> None:
    canvas.open(SMALL)
    saved(canvas)
    with canvas.page.expect_popup() as popup:
        canvas.page.evaluate("window.open(location.href)")  # takes the session's memory along, as duplicating does
    second = Canvas(popup.value)
    second.expect_state("fc", "ok")
    second.set("fc", out_features="7")
    expect(second.page.get_by_test_id("count-fc")).to_have_text("63")
    saved(second)
    canvas.set("fc", out_features="6")
    expect(canvas.page.get_by_test_id("count-fc")).to_have_text("54")
    saved(canvas)
    for tab, size in [(canvas, 6), (second, 7)]:
        tab.page.reload()
        tab.ready()
        tab.expect_state("fc", "ok")
        assert tab.document()["nodes"]["fc"]["params"]["out_features"] == size
    assert second.faults == []


def test_another_tab_begins_empty(canvas: Canvas, context: BrowserContext, base_url: str) -> None:
    canvas.open(SMALL)
    saved(canvas)
    second = Canvas(context.new_page(), base_url)
    expect(second.page.get_by_test_id("empty")).to_be_visible()


def test_a_chain_of_a_thousand_layers_opens(canvas: Canvas) -> None:
    nodes: dict[str, Any] = {"x": {"type": "Input", "params": {"shape": [1, 4]}}}
    for n in range(1000):
        nodes[f"n{n}"] = {"type": "ReLU", "inputs": {"input": f"n{n - 1}" if n else "x"}}
    canvas.drop(json.dumps({"format": "torchwire/1", "nodes": nodes}), "chain.json")
    expect(canvas.node("x")).to_be_visible()
    canvas.expect_state("n0", "ok")
    canvas.page.get_by_role("button", name="Show everything").click()
    expect(canvas.page.get_by_test_id("node-n999")).to_be_visible()


def test_pictures_are_drawn_when_they_come_into_sight_and_the_search_stays_there(canvas: Canvas) -> None:
    canvas.page.get_by_role("button", name="Examples", exact=True).click()
    dialog = canvas.page.get_by_role("dialog", name="Examples")
    expect(dialog.locator("[data-example='linear'] .picture path:not(.wire)")).to_have_count(3)
    last = dialog.locator("[data-example]").last
    expect(last.locator(".picture path")).to_have_count(0)
    assert not any(url.endswith("/examples/siamese") for url in canvas.requests)
    last.scroll_into_view_if_needed()
    expect(last.locator(".picture path:not(.wire)")).to_have_count(6)
    expect(dialog.get_by_role("searchbox", name="Search the examples")).to_be_in_viewport(ratio=1)


def test_every_example_of_the_gallery_is_listed_and_one_is_opened(canvas: Canvas, api: httpx.Client) -> None:
    listed = {entry["id"] for entry in api.get("/examples").raise_for_status().json()["examples"]}
    canvas.page.get_by_role("button", name="Examples", exact=True).click()
    dialog = canvas.page.get_by_role("dialog", name="Examples")
    cards = dialog.locator("[data-example]")
    expect(cards).to_have_count(len(listed))
    assert set(cards.evaluate_all("cards => cards.map((card) => card.dataset.example)")) == listed
    dialog.get_by_role("searchbox").fill("LSTM")
    expect(dialog.locator("[data-example='lstm_tagger']")).to_be_visible()
    expect(dialog.locator("[data-example='lenet']")).to_have_count(0)
    dialog.get_by_role("searchbox").fill("")  # else Escape empties the field first
    canvas.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    canvas.page.get_by_test_id("open-lenet").click()
    canvas.expect_state("out", "ok")
    canvas.expect_total("81,290")
