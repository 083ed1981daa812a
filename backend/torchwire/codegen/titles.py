"""Free text of a document inside docstrings."""

from __future__ import annotations

import textwrap

from torchwire.codegen.layout import WIDTH


def docstring(text: str) -> str:
    """What stands between three double quotes: one line, or several where it is long."""
    words = "".join(char if char.isprintable() else " " for char in text)
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    lines = textwrap.wrap(escaped, WIDTH - 8, break_long_words=False) or [""]
    return lines[0] if len(lines) == 1 else "\n".join(lines) + "\n"
