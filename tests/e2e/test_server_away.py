"""The server goes away and comes back: the page says so, keeps every edit, and recovers by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.conftest import LiveServer
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser


@pytest.fixture
def own_server() -> Iterator[LiveServer]:
    server = LiveServer(workers=1)
    yield server
    server.close()


def test_edits_are_kept_and_the_newest_is_sent(own_server: LiveServer, context: BrowserContext) -> None:
    canvas = Canvas(context.new_page(), own_server.url)
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), out=layer("ReLU", "fc")))
    expect(canvas.shape("fc")).to_have_text("2, 4")
    live = canvas.page.get_by_test_id("live")
    expect(live).to_have_attribute("data-state", "live")

    own_server.close()
    canvas.set("fc", out_features="5")
    expect(live).to_have_attribute("data-state", "away")
    expect(live).to_contain_text("server away, edits are kept")
    canvas.set("fc", out_features="66")
    # what is shown is what torch said last, marked as such
    expect(canvas.page.get_by_test_id("status")).to_have_class("status stale")
    expect(canvas.shape("fc")).to_have_text("2, 4")
    assert canvas.document()["nodes"]["fc"]["params"]["out_features"] == 66

    again = LiveServer(port=int(own_server.url.rsplit(":", 1)[1]), workers=1)
    try:
        expect(live).to_have_attribute("data-state", "live")
        expect(canvas.shape("fc")).to_have_text("2, 66")
        expect(canvas.page.get_by_test_id("status")).to_have_class("status")
    finally:
        again.close()
    assert all("net::ERR_" in fault for fault in canvas.faults), canvas.faults


def test_the_page_notices_without_an_edit(own_server: LiveServer, context: BrowserContext) -> None:
    canvas = Canvas(context.new_page(), own_server.url)
    canvas.open(network(x=input_(2, 8)))
    own_server.close()
    expect(canvas.page.get_by_test_id("live")).to_have_attribute("data-state", "away")


FETCHED = """() => {
  const came = performance.getEntriesByType("resource").map(({ name }) => name).join();
  return ["Help", "Gallery", "Recents", "ImportReport", "CodePanel", "Output", "Parameters", "worker"]
    .every((part) => came.includes(`/assets/${part}-`));
}"""


def test_every_panel_opens_for_the_first_time_on_a_dead_server(own_server: LiveServer, context: BrowserContext) -> None:
    canvas = Canvas(context.new_page(), own_server.url)
    page = canvas.page
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4)))
    page.wait_for_function(FETCHED)
    own_server.close()
    for key, name in {"?": "Shortcuts", "Alt+o": "Recent networks", "Control+k": "Find a command or a node"}.items():
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=name)).to_be_hidden()
    page.get_by_role("button", name="Examples", exact=True).click()
    expect(page.get_by_role("dialog", name="Examples")).to_contain_text("does not answer")
    page.keyboard.press("Escape")
    canvas.file_menu("Import PyTorch code")
    expect(page.get_by_role("dialog", name="Import PyTorch code").get_by_role("textbox").first).to_be_visible()
    page.keyboard.press("Escape")
    canvas.select("fc")
    expect(canvas.tab("Output")).to_contain_text("2, 4")
    expect(canvas.tab("Parameters")).to_contain_text("multiply-adds")
    page.get_by_test_id("code").click()
    expect(page.get_by_role("complementary", name="Code").locator(".cm-editor, [role=status]").first).to_be_visible()
    canvas.tidy()
    expect(page.get_by_test_id("boundary")).to_have_count(0)
    assert all("net::ERR_" in fault for fault in canvas.faults), canvas.faults
