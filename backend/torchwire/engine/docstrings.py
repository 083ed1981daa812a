"""torch's docstrings as plain text."""

from __future__ import annotations

import inspect
import re

_SECTION = re.compile(r"^(?:Args|Arguments|Parameters|Keyword args):\n((?:[ \t]+.*\n|\n)+)", re.MULTILINE)
_ARGUMENT = re.compile(r"^(\w+)(?: \([^)]*\))?\s*: (.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_LONGEST = 160


def plain(doc: str | None) -> str:
    """What a docstring says before its arguments, without markup; at most 800 characters."""
    text = inspect.cleandoc(doc or "")
    text = re.sub(r"\A[\w.]+\(.*?\)( ->.*)?\n", "", text)
    text = text.split("\nArgs:")[0].split("\n.. math::")[0].split("\nShape:")[0]
    said = _without_markup(text)
    if said.endswith(":"):  # a formula would follow
        before, found, _ = said.rpartition(". ")
        said = f"{before}." if found else said.rstrip(":") + " ..."
    return said[:800]


def arguments(doc: str | None) -> dict[str, str]:
    """The first sentence about each argument of a docstring, without markup; nothing where it needs formulas."""
    found: dict[str, str] = {}
    for section in _SECTION.findall(inspect.cleandoc(doc or "") + "\n"):
        for name, text in _ARGUMENT.findall(inspect.cleandoc(section)):
            text = re.split(r"\.?\s*\(?\b[Dd]efaults?(?:=|: | to |\b)|\(required\)", text, maxsplit=1)[0]
            first = re.split(r"(?<!\w\.\w)\.\s|[:;]\s", _without_markup(text), maxsplit=1)[0].rstrip(".,: ")
            if first and len(first) <= _LONGEST and not re.search(r"[\\$]|:math|\{", text):
                found[name] = first[:1].lower() + first[1:] if first[1:2].islower() else first
    return found


def _without_markup(text: str) -> str:
    text = re.sub(r":\w+:`~?([^`<]*)(<[^`]*>)?`", r"\1", text)
    text = re.sub(r"`+([^`<]*)(?:<[^`]*>)?`+_*", r"\1", text)
    text = re.sub(r"\.\. \w+::.*", "", text)
    return " ".join(text.replace("\\", "").replace("**", "").split())
