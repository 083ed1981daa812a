"""docs/catalogue.md says what the catalogue is."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.catalogue_table import render


def test_the_docs_are_current() -> None:
    """If not: python -m tests.catalogue.catalogue_table > docs/catalogue.md"""
    assert (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text() == render()
