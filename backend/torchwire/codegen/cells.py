"""A Jupyter notebook around pieces of code (nbformat 4.5)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def notebook_of(title: str, code: Sequence[str]) -> str:
    """A notebook: a title in Markdown, then a cell for each piece of code."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": _lines(title)}]
    for number, text in enumerate(code, 1):
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{number}",
                "metadata": {},
                "outputs": [],
                "source": _lines(text),
            }
        )
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _lines(text: str) -> list[str]:
    """A cell's text as notebooks keep it: one string a line, its line end included. U+2028 is no line end here."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [parts[-1]]
