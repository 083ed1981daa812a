"""torch's docstrings as plain text."""

from __future__ import annotations

import inspect
import re


def plain(doc: str | None) -> str:
    """What a docstring says before its arguments, without markup; at most 800 characters."""
    text = inspect.cleandoc(doc or "")
    text = re.sub(r"\A[\w.]+\(.*?\)( ->.*)?\n", "", text)
    text = text.split("\nArgs:")[0].split("\n.. math::")[0].split("\nShape:")[0]
    text = re.sub(r":\w+:`~?([^`<]*)(<[^`]*>)?`", r"\1", text)
    text = re.sub(r"`+([^`]*)`+_*", r"\1", text)
    text = re.sub(r"\.\. \w+::.*", "", text)
    return " ".join(text.replace("\\", "").split())[:800]
