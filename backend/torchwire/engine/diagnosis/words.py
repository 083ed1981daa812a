"""torch's own words, fit to be shown."""

from __future__ import annotations

import re

_TRACES = ("Exception raised from", "frame #", "C++ CapturedTraceback", "Traceback (most recent call last)")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}\b")


def text_of(fault: Exception) -> str:
    """What an exception says, at most 1000 characters, without stack traces and memory addresses."""
    text = str(fault) or type(fault).__name__
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_TRACES)]
    return _ADDRESS.sub("0x...", "\n".join(lines))[:1000] or type(fault).__name__


def first_line(text: str) -> str:
    lines = text.splitlines()
    return _ADDRESS.sub("0x...", lines[0])[:300] if lines else ""
