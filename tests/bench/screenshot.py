"""docs/images/*.png from the running product:  make screenshot

LeNet from the gallery with its feature maps, and the same with a wrong number in fc1, each light and dark.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, expect, sync_playwright
from tests.conftest import LiveServer
from tests.e2e.driver import Canvas

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST = 300_000  # bytes of one picture: the README loads two of them


def main() -> None:
    """Writes the four pictures."""
    IMAGES.mkdir(exist_ok=True)
    server = LiveServer(workers=1)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for theme in ("light", "dark"):
                photograph(browser, server.url, theme)
            browser.close()
    finally:
        server.close()


def photograph(browser: Browser, url: str, theme: Literal["light", "dark"]) -> None:
    """Both pictures in one theme, at five pixels for four points."""
    context = browser.new_context(
        viewport={"width": 1360, "height": 860}, device_scale_factor=1.25, color_scheme=theme, reduced_motion="reduce"
    )
    canvas = Canvas(context.new_page(), url)
    canvas.open_example("lenet", "out")
    canvas.expect_total("81,290")
    canvas.select("conv1")
    expect(canvas.page.get_by_text("6 feature maps")).to_be_visible()
    take(canvas, f"canvas-{theme}.png")
    canvas.set("fc1", in_features="400")
    canvas.expect_state("fc1", "error")
    canvas.select("fc1")
    canvas.page.keyboard.press("z")  # shows the selection: what stands around it is in sight too
    canvas.page.get_by_test_id("total-problems").get_by_role("button").click()
    canvas.page.get_by_test_id("problem").get_by_text("576 features").click()
    take(canvas, f"problem-{theme}.png")
    assert canvas.faults == []
    context.close()


def take(canvas: Canvas, name: str) -> None:
    """One picture, once the page rests."""
    canvas.page.mouse.move(700, 830)
    expect(canvas.page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    canvas.page.wait_for_timeout(400)
    file = IMAGES / name
    canvas.page.screenshot(path=file)
    size = file.stat().st_size
    assert size < MOST, f"{file.name} has {size} bytes"
    print(f"docs/images/{name}: {size:,} bytes")


if __name__ == "__main__":
    main()
