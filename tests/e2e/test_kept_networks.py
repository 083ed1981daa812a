"""Networks on the server, in the page: saved by themselves, opened by a link, never overwritten."""

from __future__ import annotations

import time

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

SMALL = network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), out=layer("ReLU", "fc"))
_FORGET = """() => new Promise((done, failed) => {
  const asked = indexedDB.deleteDatabase("torchwire");
  asked.onsuccess = () => done();
  asked.onerror = asked.onblocked = failed;
})"""
JSON = {"Content-Type": "application/json"}


def label(canvas: Canvas, text: str) -> None:
    expect(canvas.page.get_by_test_id("saving")).to_have_text(text)


def owner(canvas: Canvas) -> dict[str, str]:
    return {"Torchwire-Owner": canvas.page.evaluate("localStorage.getItem('torchwire-owner')")}


def link(canvas: Canvas) -> str:
    """The address that `Copy a link` writes."""
    canvas.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    canvas.file_menu("Copy a link")
    expect(canvas.page.get_by_test_id("notice")).to_contain_text("Copied")
    copied: str = canvas.page.evaluate("navigator.clipboard.readText()")
    return copied


def width(api: httpx.Client, id: str) -> int:
    found: int = api.get(f"/networks/{id}").raise_for_status().json()["nodes"]["fc"]["params"]["out_features"]
    return found


@pytest.fixture
def mine(canvas: Canvas) -> Canvas:
    """A page whose network is edited and on the server."""
    canvas.open(SMALL)
    label(canvas, "Saved in this browser")  # a file that is only looked at
    canvas.set("fc", out_features="9")
    label(canvas, "Saved")
    return canvas


def test_what_is_drawn_is_on_the_server_and_in_the_list(
    mine: Canvas, api: httpx.Client, context: BrowserContext, base_url: str
) -> None:
    [kept] = api.get("/networks", headers=owner(mine)).json()["networks"]
    assert width(api, kept["id"]) == 9
    # the order of the nodes is part of the document
    assert list(api.get(f"/networks/{kept['id']}").json()["nodes"]) == ["x", "fc", "out"]

    # the browser has lost its own store (which the page would hold open): the server's list still has it
    mine.page.goto(f"{base_url}/docs")
    mine.page.evaluate(_FORGET)
    other = Canvas(context.new_page(), base_url)
    other.file_menu("Recent networks")
    dialog = other.page.get_by_role("dialog", name="Recent networks")
    dialog.locator("h3", has_text="Only on the server").wait_for()
    dialog.locator("li button").first.click()
    other.expect_state("fc", "ok")
    label(other, "Saved")
    other.set("fc", out_features="10")
    label(other, "Saved")
    assert width(api, kept["id"]) == 10
    assert other.faults == []


def test_the_last_edit_before_the_tab_is_closed_is_on_the_server(
    mine: Canvas, api: httpx.Client, context: BrowserContext, base_url: str
) -> None:
    [kept] = api.get("/networks", headers=owner(mine)).json()["networks"]
    mine.set("fc", out_features="11")
    label(mine, "Saving")
    mine.page.close(run_before_unload=True)
    for _ in range(50):
        if width(api, kept["id"]) == 11:
            break
        time.sleep(0.1)
    assert width(api, kept["id"]) == 11
    # and whoever comes back finds it where they look first, with nothing in conflict
    again = Canvas(context.new_page(), base_url)
    again.page.get_by_test_id("recent").get_by_role("button").first.click()
    expect(again.node("fc")).to_contain_text("11")
    label(again, "Saved")


def test_a_link_opens_ones_own_network_and_anothers_as_a_copy(
    mine: Canvas, api: httpx.Client, chromium: Browser, context: BrowserContext, base_url: str
) -> None:
    address = link(mine)
    id = address.rpartition("=")[2]
    assert address == f"{base_url}/?network={id}"

    same = Canvas(context.new_page(), address)
    same.expect_state("fc", "ok")
    label(same, "Saved")
    assert same.page.url == f"{base_url}/"

    elsewhere = chromium.new_context(reduced_motion="reduce")
    try:
        reader = Canvas(elsewhere.new_page(), address)
        reader.expect_state("fc", "ok")
        expect(reader.page.get_by_test_id("notice")).to_contain_text("copy of your own")
        assert api.get("/networks", headers=owner(reader)).json() == {"networks": []}
        reader.set("fc", out_features="6")
        label(reader, "Saved")
        assert width(api, id) == 9
        [copy] = api.get("/networks", headers=owner(reader)).json()["networks"]
        assert width(api, copy["id"]) == 6
        assert reader.faults == []
    finally:
        elsewhere.close()


def test_a_link_to_nothing_says_so(context: BrowserContext, base_url: str) -> None:
    canvas = Canvas(context.new_page(), f"{base_url}/?network={'0' * 32}")
    expect(canvas.page.get_by_test_id("notice")).to_contain_text("no network behind this link")
    expect(canvas.nodes()).to_have_count(0)


def _conflict(mine: Canvas, api: httpx.Client) -> str:
    """Somebody with the same owner saves width 77; the page's own edit to 12 then meets it."""
    [kept] = api.get("/networks", headers=owner(mine)).json()["networks"]
    headers = {**JSON, **owner(mine), "If-Match": f'"{kept["revision"]}"'}
    theirs = network(x=input_(2, 8), fc=layer("Linear", "x", out_features=77), out=layer("ReLU", "fc"))
    assert api.put(f"/networks/{kept['id']}", json=theirs, headers=headers).status_code == 200
    mine.set("fc", out_features="12")
    label(mine, "Conflict")
    mine.faults[:] = [fault for fault in mine.faults if "409" not in fault]  # the browser notes the refusal itself
    assert width(api, kept["id"]) == 77
    id: str = kept["id"]
    return id


def _resolve(page: Page, item: str) -> None:
    page.get_by_test_id("conflict").click()
    page.get_by_role("menuitem", name=item).click()


def test_a_conflict_mine_as_a_copy(mine: Canvas, api: httpx.Client) -> None:
    id = _conflict(mine, api)
    _resolve(mine.page, "Keep mine as a copy")
    label(mine, "Saved")
    assert width(api, id) == 77
    listed = {entry["id"] for entry in api.get("/networks", headers=owner(mine)).json()["networks"]} - {id}
    assert [width(api, other) for other in listed] == [12]
    expect(mine.page.get_by_test_id("conflict")).to_have_count(0)


def test_a_conflict_the_other_one_opened(mine: Canvas, api: httpx.Client) -> None:
    id = _conflict(mine, api)
    _resolve(mine.page, "Open the other one")
    expect(mine.page.get_by_test_id("count-fc")).to_have_text("693")  # 77 * 8 + 77
    label(mine, "Saved")
    assert width(api, id) == 77
    mine.file_menu("Recent networks")  # and mine is there still
    mine.page.get_by_role("dialog", name="Recent networks").locator("li button").first.click()
    expect(mine.page.get_by_test_id("count-fc")).to_have_text("108")  # 12 * 8 + 12


def test_a_reload_goes_on_from_the_revision_that_it_has(mine: Canvas, api: httpx.Client) -> None:
    [kept] = api.get("/networks", headers=owner(mine)).json()["networks"]
    mine.page.reload()
    mine.ready()
    mine.expect_state("fc", "ok")
    label(mine, "Saved")
    mine.set("fc", out_features="5")
    label(mine, "Saved")
    assert width(api, kept["id"]) == 5
