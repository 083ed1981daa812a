"""Sections of docs that a proof writes: what stands between two markers is replaced, the rest of the file is kept."""

from __future__ import annotations

import os
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def section_of(file: str, name: str) -> str | None:
    """The text of a section; None where the file has none of that name."""
    path = DOCS / file
    text = path.read_text() if path.exists() else ""
    _, found, rest = text.partition(f"<!-- {name} -->\n")
    return rest.partition(f"<!-- end {name} -->")[0] if found else None


def write_section(file: str, name: str, text: str) -> None:
    """Writes a section, at the end of the file where it is new; only with TORCHWIRE_WRITE_DOCS=1."""
    if os.environ.get("TORCHWIRE_WRITE_DOCS") != "1":
        return
    path = DOCS / file
    old = path.read_text() if path.exists() else ""
    begin, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    head, found, rest = old.partition(begin)
    tail = rest.partition(end)[2] if found else "\n"
    if not found and head:
        head = head.rstrip() + "\n\n"
    path.write_text(f"{head}{begin}{text}{end}{tail}")
