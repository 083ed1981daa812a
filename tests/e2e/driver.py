"""The page as a person sees it: palette, canvas, settings, totals; driven by real mouse and keyboard events."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

SLOW = 15_000  # milliseconds: the machine may be busy, the assertion is about what comes, not when
expect.set_options(timeout=SLOW)

Place = tuple[float, float]

_STILL = """async () => {
  const places = () => [...document.querySelectorAll(".react-flow__viewport, .react-flow__node")]
    .map((element) => element.style.transform).join();
  for (let before = places(), same = 0; same < 6;) {
    await new Promise((done) => requestAnimationFrame(done));
    const now = places();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}"""

_DROP = """([text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "application/json" }));
  const canvas = document.querySelector("[data-testid=canvas]");
  canvas.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
  canvas.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""

# The page's next file is handed over instead of downloaded: Chromium drops some of many downloads of one page.
_TAKE_FILE = """() => {
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  window.takenFile = new Promise((done, fail) => {
    setTimeout(() => fail(new Error("nothing was saved")), 15000);
    URL.createObjectURL = (blob) => {
      done(blob.text());
      URL.createObjectURL = createObjectURL;
      return createObjectURL.call(URL, blob);
    };
    HTMLAnchorElement.prototype.click = () => { HTMLAnchorElement.prototype.click = click; };
  });
}"""


class Canvas:
    """One page of Torchwire."""

    def __init__(self, page: Page, url: str | None = None, *, palette: bool = True) -> None:
        """Goes to an address; without one the page is there already, or on its way. `palette`: it begins unfolded."""
        self.page = page
        self.palette = palette
        self.faults: list[str] = []  # errors of scripts, violations of the content policy
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: self.requests.append(request.url))
        page.set_default_timeout(SLOW)
        if url is not None:
            page.goto(url)
        self.ready()

    def ready(self) -> None:
        """The page is there and has the catalogue."""
        expect(self.page.get_by_test_id("canvas")).to_be_visible()
        if self.palette:
            expect(self.page.get_by_test_id("palette").get_by_role("button").nth(3)).to_be_visible()

    # -- the palette and the canvas ----------------------------------------------------------------------------------

    def bring(self, locator: Locator) -> None:
        """Has a part of the canvas in sight. Playwright would scroll there, and React Flow takes that back one frame
        later: the click lands anywhere."""
        inside = locator.evaluate("""element => {
          const canvas = element.closest("[data-testid=canvas]");
          if (canvas === null) return null;
          const [a, b] = [element, canvas].map((one) => one.getBoundingClientRect());
          return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
        }""")
        if inside is None:
            locator.scroll_into_view_if_needed()
        elif not inside:
            self.page.get_by_role("button", name="Show everything").click()
            self.still()

    def middle(self, locator: Locator) -> Place:
        """The middle of what is seen there."""
        self.bring(locator)
        box = locator.bounding_box()
        assert box is not None, locator
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: Place, end: Place, *, drop: bool = True) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 6, start[1] + 6)
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        mouse.move(*end, steps=3)
        if drop:
            mouse.up()

    def drag_layer(self, kind: str, to: Place) -> str:
        """Searches the palette and drags the layer to a place on the page; the name that the node gets."""
        before = self.keys()
        search = self.page.get_by_role("searchbox", name="Search layers")
        search.fill(kind)
        expect(self.page.get_by_test_id("palette").get_by_role("region", name="Matches")).to_be_visible()
        item = self.page.get_by_test_id(f"palette-{kind}")
        expect(item).to_be_visible()
        self.drag(self.middle(item), to)
        search.fill("")
        expect(self.nodes()).to_have_count(len(before) + 1)
        [key] = set(self.keys()) - set(before)
        return key

    def choose(self, word: str, kind: str) -> None:
        """Types into the search at the pointer, which must be open, and takes a layer from its list."""
        self.page.get_by_test_id("quick-add-input").fill(word)
        self.page.get_by_test_id(f"quick-option-{kind}").click()
        expect(self.page.get_by_test_id("quick-add")).to_be_hidden()

    def node(self, key: str) -> Locator:
        return self.page.get_by_test_id(f"node-{key}")

    def nodes(self) -> Locator:
        return self.page.locator("[data-testid^='node-'][data-family]")

    def keys(self) -> list[str]:
        found: list[str] = self.nodes().evaluate_all("nodes => nodes.map((node) => node.dataset.testid.slice(5))")
        return found

    def press(self, key: str, *modifiers: Literal["Control", "Shift"]) -> None:
        """Clicks a node, beside its name: two clicks on the name would rename it."""
        self.bring(self.node(key))
        self.node(key).locator(".node-type").click(modifiers=modifiers)

    def select(self, key: str) -> None:
        self.press(key)
        expect(self.page.get_by_label("Name of the node")).to_have_value(key)

    def handle(self, node: str, port: str, side: str) -> Locator:
        return self.page.locator(f".react-flow__handle[data-node='{node}'][data-port='{port}'][data-side='{side}']")

    def wire(self, source: str, target: str, port: str = "input", output: str = "output") -> None:
        """Drags a wire from an output to an input."""
        self.drag(
            self.middle(self.handle(source, output, "out")),
            self.middle(self.handle(target, port, "in")),
        )
        expect(self.wires(source, target, port)).to_have_count(1)

    def wires(self, source: str, target: str, port: str = "input") -> Locator:
        return self.page.locator(f".react-flow__edge[aria-label='wire from {source} to {port} of {target}']")

    def all_wires(self) -> set[str]:
        labels: list[str] = self.page.locator(".react-flow__edge").evaluate_all(
            "edges => edges.map((edge) => edge.getAttribute('aria-label'))"
        )
        return {label.removeprefix("wire from ") for label in labels}

    def shape(self, source: str) -> Locator:
        """The shape on the wire that comes from there."""
        return self.page.locator(f"[data-testid='wire-shape'][data-from='{source}']").first

    def ground(self) -> Place:
        """A place of the canvas with nothing on it: half way down, near its left edge."""
        box = self.page.get_by_test_id("canvas").bounding_box()
        assert box is not None
        return box["x"] + 60, box["y"] + box["height"] / 2

    def still(self) -> None:
        """Waits until nothing on the canvas moves."""
        self.page.evaluate(_STILL)

    def tidy(self) -> None:
        """Lays the nodes out and brings all of them into view."""
        self.page.get_by_test_id("layout").click()
        self.still()
        self.page.get_by_role("button", name="Show everything").click()
        self.still()

    # -- settings and the inspector ----------------------------------------------------------------------------------

    def tab(self, name: str) -> Locator:
        """Opens a tab of the inspector; its panel."""
        tab = self.page.get_by_role("tab", name=name)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        return self.page.get_by_role("tabpanel")

    def row(self, name: str) -> Locator:
        return self.page.locator(f".field-row[data-field='{name}']")

    def field(self, name: str) -> Locator:
        return self.row(name).locator("input, select, textarea").first

    def set(self, node: str, **values: str) -> None:
        """Types settings of a node."""
        self.select(node)
        self.tab("Settings")
        for name, text in values.items():
            field = self.field(name)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=text)
            else:
                field.fill(text)

    def output(self, node: str, port: str = "output") -> Locator:
        """The values of an output as torch prints them, in the inspector."""
        self.select(node)
        return self.tab("Output").get_by_role("region", name=port, exact=True).locator("pre")

    def mode(self, name: str) -> None:
        """Switches between train and eval."""
        self.page.get_by_test_id("mode").get_by_text(name, exact=True).click()

    # -- documents ---------------------------------------------------------------------------------------------------

    def open(self, network: dict[str, Any], name: str = "network.json") -> None:
        """Drops a file on the canvas, and waits for its nodes and their results."""
        self.drop(json.dumps(network), name)
        for key in network["nodes"]:
            expect(self.node(key)).to_have_attribute("data-state", re.compile("."))
        self.still()

    def drop(self, text: str, name: str) -> None:
        """Drops a file on the canvas."""
        self.page.evaluate(_DROP, [text, name])

    def document(self) -> dict[str, Any]:
        """What "Save as a file" would write now. Real downloads, one at a time, are test_documents' subject."""
        self.page.evaluate(_TAKE_FILE)
        self.page.keyboard.press("Control+s")
        saved: dict[str, Any] = json.loads(self.page.evaluate("window.takenFile"))
        return saved

    def open_example(self, id: str, last: str) -> None:
        """Opens an example of the gallery and waits for the results of its last node."""
        self.page.get_by_role("button", name="Examples", exact=True).click()
        dialog = self.page.get_by_role("dialog", name="Examples")
        dialog.locator(f"[data-example='{id}']").click()
        expect(dialog).to_be_hidden()
        expect(self.node(last)).to_have_attribute("data-state", re.compile("."))
        self.still()

    def file_menu(self, item: str) -> None:
        self.page.get_by_test_id("file-menu").click()
        self.page.get_by_role("menuitem", name=item).click()

    # -- what the page says ------------------------------------------------------------------------------------------

    def problems(self, code: str | None = None) -> Locator:
        which = f"[data-code='{code}']" if code else ""
        return self.page.locator(f"[data-testid='problem']{which}")

    def expect_total(self, text: str) -> None:
        expect(self.page.get_by_test_id("total-parameters")).to_have_text(text)

    def expect_state(self, key: str, state: str) -> None:
        expect(self.node(key)).to_have_attribute("data-state", state)


def numbers(text: str | None) -> list[float]:
    """The numbers in a text, in order."""
    assert text is not None
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]
