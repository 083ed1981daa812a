"""Free text of a document inside docstrings."""

from __future__ import annotations

import textwrap

from torchwire.codegen.layout import WIDTH


def docstring(name: str) -> str:
    """The module's, between three double quotes: one line, or several where the name is long."""
    words = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    escaped = f"{words or 'A network'}, exported from Torchwire.".replace("\\", "\\\\").replace('"', '\\"')
    lines = textwrap.wrap(escaped, WIDTH - 8, break_long_words=False) or [""]
    return lines[0] if len(lines) == 1 else "\n".join(lines) + "\n"
