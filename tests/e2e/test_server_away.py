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
