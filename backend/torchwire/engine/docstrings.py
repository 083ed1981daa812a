"""torch's docstrings as plain text."""

from __future__ import annotations

import inspect
import re


def sentence(doc: str | None) -> str:
    """The first sentence of a docstring, in plain text."""
    text = plain(doc)
    first = re.split(r"(?<=[.:])\s", text, maxsplit=1)[0]
    return first[:1].lower() + first[1:].rstrip(".:") if first else ""


def plain(doc: str | None) -> str:
    text = inspect.cleandoc(doc or "")
    text = re.sub(r"\A[\w.]+\(.*?\)( ->.*)?\n", "", text)
    text = text.split("\nArgs:")[0].split("\n.. math::")[0].split("\nShape:")[0]
    text = re.sub(r":\w+:`~?([^`<]*)(<[^`]*>)?`", r"\1", text)
    text = re.sub(r"`+([^`]*)`+_*", r"\1", text)
    text = re.sub(r"\.\. \w+::.*", "", text)
    return " ".join(text.replace("\\", "").split())[:800]
