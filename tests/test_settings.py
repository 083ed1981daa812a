"""Settings: read from the environment, refused clearly, all of them documented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from torchwire.settings import Settings, settings, table

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_table_in_the_docs_is_complete() -> None:
    assert table() in (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_every_setting_is_used() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "backend").rglob("*.py") if path.name != "settings.py"]
    for item in fields(Settings):
        assert any(f"settings().{item.name}" in text or f"limits.{item.name}" in text for text in sources), item.name


def test_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHWIRE_MAX_RANK", "7")
    monkeypatch.setenv("TORCHWIRE_HOSTS", "lab")
    assert (settings().max_rank, settings().hosts, settings().queue) == (7, "lab", Settings().queue)


@pytest.mark.parametrize(
    ("text", "message"),
    [("many", "TORCHWIRE_WORKERS must be an integer"), ("-1", "TORCHWIRE_WORKERS must be at least 0"), ("", "integer")],
)
def test_what_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    monkeypatch.setenv("TORCHWIRE_WORKERS", text)
    with pytest.raises(ValueError, match=message):
        settings()


def test_a_word_that_is_no_choice_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHWIRE_LOG_LEVEL", "loud")
    with pytest.raises(ValueError, match="TORCHWIRE_LOG_LEVEL must be one of debug, info, warning, error"):
        settings()
