"""The page and the API docs page in Chromium, under the content security policy that the server sends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


class Watched:
    """A page, what its console said and what it asked the network for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def is_clean(self, base_url: str) -> None:
        """No violation, no error, and nothing loaded from elsewhere."""
        assert self.said == []
        assert [url for url in self.requests if not url.startswith((base_url, "data:", "blob:"))] == []


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    page = chromium.new_page()
    yield Watched(page)
    page.close()


def test_the_api_docs_render_and_run_a_request(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}/docs")
    operation = page.locator(".opblock", has_text="/api/v1/forward")
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text('"parameter_count"')
    watched.is_clean(base_url)


def test_the_page_opens_under_the_policy(watched: Watched, base_url: str) -> None:
    watched.page.goto(base_url)
    expect(watched.page.locator("#root")).not_to_be_empty()
    watched.page.wait_for_load_state("networkidle")
    watched.is_clean(base_url)


def test_the_policy_holds(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}/docs")
    page.evaluate(
        """() => { const script = document.createElement('script');
        script.textContent = 'window.ran = true'; document.head.append(script); }"""
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in watched.said)
