"""A fresh browser context for every test, on the built page and the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from tests.e2e.driver import Canvas

# Somebody who likes to have the problems in sight.
UNFOLDED = """try {
  localStorage["torchwire-panels"] ??= JSON.stringify({ problems: true });
} catch { /* a page without an address keeps nothing */ }"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A person's own browser. Without motion, so that nothing has to be waited for."""
    found = chromium.new_context(
        viewport={"width": 1440, "height": 900}, accept_downloads=True, reduced_motion="reduce", color_scheme="light"
    )
    found.add_init_script(UNFOLDED)
    yield found
    found.close()


@pytest.fixture
def canvas(context: BrowserContext, base_url: str) -> Iterator[Canvas]:
    """The empty page. Afterwards: no script failed, no policy was broken, nothing was loaded from elsewhere."""
    made = Canvas(context.new_page(), base_url)
    yield made
    # the machine's own network may change meanwhile (containers come and go): the page recovers, the browser tells
    assert [fault for fault in made.faults if "ERR_NETWORK_CHANGED" not in fault] == []
    elsewhere = [url for url in made.requests if not url.startswith((base_url, "data:", "blob:"))]
    assert elsewhere == []
