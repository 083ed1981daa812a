"""The page as a whole: accessible, light and dark, narrow, and on a host name without the browser's secure extras."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from tests.conftest import LiveServer
from tests.documents import LENET, input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
BROKEN = network(
    x=input_(2, 8),
    bad=layer("Linear", "x", in_features=5, out_features=4),
    out=layer("ReLU", "bad"),
    lost={"type": "Softmax"},
    strange=layer("Linaer", "gone"),
)


def expect_accessible(canvas: Canvas, where: str) -> None:
    """No violation that axe knows, WCAG 2.2 AA and its best practices."""
    if not canvas.page.evaluate("'axe' in window"):
        canvas.page.evaluate(AXE.read_text())
    found: dict[str, Any] = canvas.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    told = [
        f"{where}: {one['id']}: {one['help']}: {[node['target'] for node in one['nodes'][:4]]} "
        f"{one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
    ]
    assert told == []
    assert found["testEngine"]["name"] == "axe-core"


def empty(canvas: Canvas) -> None:
    expect_accessible(canvas, "empty page")


def inspected(canvas: Canvas) -> None:
    canvas.open(LENET)
    canvas.select("conv1")
    for tab in ("Output", "Parameters", "Settings", "Learn"):
        panel = canvas.tab(tab)
        if tab in ("Output", "Parameters"):
            expect(panel.locator(".drawing canvas").first).to_be_visible()
        expect_accessible(canvas, tab)
    canvas.page.mouse.click(*canvas.ground())
    expect_accessible(canvas, "the network's own panel")


def broken(canvas: Canvas) -> None:
    canvas.open(BROKEN)
    expect(canvas.problems().first).to_be_visible()
    expect_accessible(canvas, "broken network")
    canvas.select("bad")
    canvas.tab("Settings")
    expect_accessible(canvas, "broken node")


def dialogs(canvas: Canvas) -> None:
    canvas.page.get_by_role("button", name="Examples", exact=True).click()
    expect(canvas.page.get_by_role("dialog").locator("[data-example='lenet']")).to_be_visible()
    expect_accessible(canvas, "gallery")
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("?")
    expect(canvas.page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    expect_accessible(canvas, "help")
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("Shift+A")
    expect(canvas.page.get_by_test_id("quick-add")).to_be_visible()
    expect_accessible(canvas, "quick-add")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [empty, inspected, broken, dialogs])
def test_axe_finds_nothing(canvas: Canvas, view: Callable[[Canvas], None], scheme: Any) -> None:
    canvas.page.emulate_media(color_scheme=scheme)
    expect(canvas.page.locator("html")).to_have_attribute("data-theme", scheme)
    view(canvas)


def brightness(canvas: Canvas) -> float:
    """Of the ground of the page, from 0 to 1."""
    found: float = canvas.page.evaluate(
        """() => {
          const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
          return (red + green + blue) / 765;
        }"""
    )
    return found


def test_dark_and_light_by_the_system_and_by_the_switch(canvas: Canvas) -> None:
    page = canvas.page
    assert brightness(canvas) > 0.8
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert brightness(canvas) < 0.3
    # the person's own choice is worth more than the system's, and stays
    page.get_by_test_id("theme").click()
    page.get_by_role("menuitemradio", name="Light").click()
    assert brightness(canvas) > 0.8
    page.reload()
    canvas.ready()
    assert brightness(canvas) > 0.8
    page.get_by_test_id("theme").click()
    page.get_by_role("menuitemradio", name="As the system").click()
    assert brightness(canvas) < 0.3


COVERED = """() => {
  const canvas = document.querySelector("[data-testid=canvas]");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const strangers = new Set();
  for (let x = 0.5; x < 12; x++) for (let y = 0.5; y < 12; y++) {
    const found = document.elementFromPoint(left + (width * x) / 12, top + (height * y) / 12);
    if (!canvas.contains(found)) strangers.add(found === null ? "outside the window" : found.outerHTML.slice(0, 120));
  }
  return [...strangers];
}"""
OUTSIDE = """() => [...document.querySelectorAll("header.toolbar button, header.toolbar input")]
  .filter((element) => element.checkVisibility())
  .filter((element) => { const box = element.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !(at && (element.contains(at) || at.contains(element) || at.closest("label")?.contains(element))); })
  .map((element) => element.getAttribute("aria-label") || element.outerHTML.slice(0, 120))"""


# The node fc and the shapes above and below it, as far as the buttons of the view lie on them.
UNDER_BUTTONS = """() => {
  const bar = document.querySelector(".zoom").getBoundingClientRect();
  const beside = "[data-testid=wire-shape]:is([data-from=x], [data-from=fc])";
  return [...document.querySelectorAll(`[data-testid=node-fc], ${beside}`)]
    .filter((one) => { const box = one.getBoundingClientRect();
      return box.left < bar.right && box.right > bar.left && box.top < bar.bottom && box.bottom > bar.top; })
    .map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("width", [390, 760, 1024])
def test_narrow_windows_are_of_use(chromium: Browser, base_url: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    try:
        canvas = Canvas(context.new_page(), base_url, palette=width > 820)
        canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4), relu=layer("ReLU", "fc")))
        box = canvas.page.get_by_test_id("canvas").bounding_box()
        assert box is not None and box["width"] > width / 2 and box["height"] > 500
        assert canvas.page.evaluate(COVERED) == []
        assert canvas.page.evaluate(OUTSIDE) == []
        assert canvas.page.evaluate("document.documentElement.scrollWidth") <= width
        # how far it is saved and whether it is live is said in words, in the bar below where the head has no room
        expect(canvas.page.locator(".saving:visible")).to_contain_text(re.compile("Sav(ed|ing)"))
        expect(canvas.page.locator(":is(.live > span:not(.hidden), .live-words):visible")).to_contain_text("live")
        # and it works: a layer added and wired, settings and values seen in the panel that is unfolded for them
        canvas.page.mouse.dblclick(*canvas.ground())
        canvas.choose("tanh", "Tanh")
        [key] = set(canvas.keys()) - {"x", "fc", "relu"}
        canvas.tidy()
        canvas.wire("relu", key)
        canvas.press("fc")
        # where it would lie over the canvas it comes with the node that is pressed, on a phone as a sheet below
        expect(canvas.page.get_by_label("Name of the node")).to_have_value("fc")
        canvas.still()
        expect(canvas.node("fc")).to_be_in_viewport(ratio=0.99)
        assert canvas.page.evaluate(UNDER_BUTTONS) == []
        expect(canvas.page.locator(".react-flow__minimap")).to_have_count(0)  # it would lie over nodes
        canvas.tab("Settings")
        canvas.field("out_features").fill("3")
        expect(canvas.tab("Output").locator("pre")).to_contain_text("tensor([[")
        canvas.page.get_by_role("button", name="Fold the inspector away").click()
        expect(canvas.shape("relu")).to_have_text("2, 3")
        assert canvas.page.evaluate(COVERED) == []
        assert canvas.faults == []
    finally:
        context.close()


@pytest.fixture(scope="module")
def named_server() -> Iterator[LiveServer]:
    server = LiveServer(workers=1, hosts="torchwire.test")
    yield server
    server.close()


def test_a_host_name_without_secure_extras(named_server: LiveServer, context: BrowserContext) -> None:
    """In a classroom the page is served over plain http: no clipboard for scripts, no crypto.randomUUID."""
    canvas = Canvas(context.new_page(), named_server.url.replace("127.0.0.1", "torchwire.test"))
    assert canvas.page.evaluate("[isSecureContext, typeof crypto.randomUUID, typeof navigator.clipboard]") == [
        False,
        "undefined",
        "undefined",
    ]
    canvas.open(network(x=input_(2, 8), fc=layer("Linear", "x", out_features=4)))
    canvas.select("fc")
    canvas.page.keyboard.press("Control+c")
    canvas.page.mouse.click(*canvas.ground())
    canvas.page.keyboard.press("Control+v")
    expect(canvas.nodes()).to_have_count(3)
    expect(canvas.output("fc")).to_contain_text("tensor([[")
    expect(canvas.page.get_by_test_id("saving")).to_have_class("saving saved")
    canvas.page.reload()
    canvas.ready()
    expect(canvas.nodes()).to_have_count(3)
    assert len(canvas.document()["nodes"]) == 3
    assert canvas.faults == []


def test_motion_is_left_out_where_it_is_not_wanted(chromium: Browser, base_url: str) -> None:
    """The other tests ask for no motion; this one has it, and the network arrives all the same."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    try:
        canvas = Canvas(context.new_page(), base_url)
        canvas.open(LENET)
        canvas.tidy()
        canvas.select("fc3")
        assert canvas.faults == []
    finally:
        context.close()


def test_a_finger_is_told_what_a_finger_can_do(chromium: Browser, base_url: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    try:
        canvas = Canvas(context.new_page(), base_url, palette=False)
        told = canvas.page.get_by_test_id("empty")
        expect(told).to_contain_text("tap one")
        expect(told).not_to_contain_text(re.compile("double-click|shortcuts|drop"))
        canvas.page.get_by_role("button", name="Show the layers").tap()
        canvas.page.get_by_test_id("palette-Input").tap()
        expect(canvas.nodes()).to_have_count(1)
    finally:
        context.close()


def test_a_long_chain_is_seen_as_a_whole(canvas: Canvas) -> None:
    """300 layers below each other fit at a zoom at which a layer is a pixel: it is drawn larger."""
    nodes = {f"a{n}": layer("ReLU", f"a{n - 1}" if n else "x") for n in range(300)}
    canvas.open(network(x=input_(1, 2), **nodes))
    canvas.page.get_by_role("button", name="Show everything").click()
    canvas.still()
    last = canvas.node("a299")
    expect(last).to_be_in_viewport()
    drawn = last.evaluate("""node => {
      const { width, height } = node.getBoundingClientRect();
      const line = parseFloat(getComputedStyle(node).outlineWidth) * (width / node.offsetWidth);
      return [width + 2 * line, height + 2 * line];
    }""")
    assert min(drawn) >= 3
    on_map = canvas.page.locator(".react-flow__minimap-node").last.evaluate("""node => {
      const scale = node.ownerSVGElement.getScreenCTM().a;
      return parseFloat(getComputedStyle(node).strokeWidth) * scale;
    }""")
    assert on_map >= 1.5
