"""The summary of a network as a table: Markdown, and CSV for a spreadsheet."""

from __future__ import annotations

import csv as files
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A node: its outputs' shapes, its parameters and multiply-adds; None where they are not known."""

    node: str
    type: str
    shapes: tuple[Sequence[int] | None, ...]
    parameters: int | None
    macs: int | None
    state: str


_HEAD = ("node", "type", "output shape", "parameters", "multiply-adds")


def _shape(shape: Sequence[int] | None) -> str:
    return "?" if shape is None else f"[{', '.join(map(str, shape))}]"


def markdown(title: str, rows: Sequence[Row], totals: Mapping[str, Any]) -> str:
    """A Markdown document with one table, numbers with commas."""

    def number(value: int | None) -> str:
        return "?" if value is None else f"{value:,}"

    lines = [f"# {plain(title) or 'Network'}", "", f"| {' | '.join(_HEAD)} |", "|---|---|---|--:|--:|"]
    for row in rows:
        shapes = ", ".join(map(_shape, row.shapes)) if row.state == "ok" else row.state
        cells = [plain(row.node), plain(row.type), shapes, number(row.parameters), number(row.macs)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        f"| **total** | | | **{number(totals['parameters'])}** | **{number(totals['macs'])}** |",
        "",
        f"{number(totals['trainable'])} of {number(totals['parameters'])} parameters are trainable. "
        "Multiply-adds are counted for the sample on the canvas.",
    ]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Free text as text: nothing in it is Markdown or HTML."""
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|~&" else char for char in words)


def csv(title: str, rows: Sequence[Row], totals: Mapping[str, Any]) -> str:
    """One line a node, the total last; empty where a number is not known."""
    text = io.StringIO()
    writer = files.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for row in rows:
        shapes = " ".join(map(_shape, row.shapes)) if row.state == "ok" else row.state
        writer.writerow([_cell(row.node), _cell(row.type), shapes, row.parameters, row.macs])
    writer.writerow(["total", "", "", totals["parameters"], totals["macs"]])
    return text.getvalue()


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
