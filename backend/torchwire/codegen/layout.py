"""Breaking lines: documents of text, possible line ends and groups that are kept on one line where they fit.

The method is Wadler's, as prettier and ruff have it: a group is set flat where it fits, else its own line ends break
and the groups inside are tried in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

INDENT = 4
WIDTH = 88  # ruff's and black's default: what `ruff format` expects where nothing is configured


@dataclass(frozen=True)
class Line:
    """A possible line end; `flat` is what stands in its place on one line."""

    flat: str


@dataclass(frozen=True)
class Group:
    inner: Doc


@dataclass(frozen=True)
class Indent:
    inner: Doc


@dataclass(frozen=True)
class Broken:
    """Text that stands only where the group around it breaks."""

    text: str


Doc = Union[str, Line, Group, Indent, Broken, "tuple[Doc, ...]"]

SOFT = Line("")
SPACE = Line(" ")


def brackets(opening: str, inner: Doc, closing: str) -> Doc:
    """Something between brackets, on lines of its own where it does not fit."""
    return Group((opening, Indent((SOFT, inner)), SOFT, closing))


def joined(items: list[Doc]) -> Doc:
    """Items separated by commas; one a line, with a comma behind the last, where the group around them breaks."""
    parts: list[Doc] = []
    for number, item in enumerate(items):
        parts += [item] if not number else [",", SPACE, item]
    return (*parts, *([Broken(",")] if len(items) > 1 else []))


def flat(doc: Doc) -> str:
    """The document on one line."""
    return "".join(_flat(doc))


def _flat(doc: Doc) -> Iterator[str]:
    if isinstance(doc, str):
        yield doc
    elif isinstance(doc, Line):
        yield doc.flat
    elif isinstance(doc, tuple):
        for part in doc:
            yield from _flat(part)
    elif isinstance(doc, (Group, Indent)):
        yield from _flat(doc.inner)


def rendered(doc: Doc, indent: int, width: int = WIDTH) -> str:
    """The document as text whose first line begins at the column `indent`; later lines carry their indentation."""
    out: list[str] = []
    column = indent
    todo: list[tuple[int, bool, Doc]] = [(indent, True, Group(doc))]  # indentation, broken, document
    while todo:
        inset, broken, item = todo.pop()
        if isinstance(item, str):
            out.append(item)
            column += len(item)
        elif isinstance(item, tuple):
            todo += [(inset, broken, part) for part in reversed(item)]
        elif isinstance(item, Indent):
            todo.append((inset + INDENT, broken, item.inner))
        elif isinstance(item, Broken):
            if broken:
                out.append(item.text)
                column += len(item.text)
        elif isinstance(item, Line):
            if broken:
                out.append("\n" + " " * inset)
                column = inset
            else:
                out.append(item.flat)
                column += len(item.flat)
        else:
            fits = _fits(item.inner, todo, width - column)
            todo.append((inset, not fits, item.inner))
    return "".join(out)


def _fits(doc: Doc, rest: list[tuple[int, bool, Doc]], room: int) -> bool:
    """Whether the document, flat, and what follows it up to the next line end have room."""
    todo: list[tuple[bool, Doc]] = [(False, doc)]
    following = len(rest)
    while room >= 0:
        if not todo:
            if not following:
                return True
            following -= 1
            _, broken, item = rest[following]
            todo.append((broken, item))
            continue
        broken, item = todo.pop()
        if isinstance(item, str):
            room -= len(item)
        elif isinstance(item, tuple):
            todo += [(broken, part) for part in reversed(item)]
        elif isinstance(item, Indent):
            todo.append((broken, item.inner))
        elif isinstance(item, Group):
            todo.append((False, item.inner))
        elif isinstance(item, Broken):
            room -= len(item.text) if broken else 0
        elif broken:
            return True
        else:
            room -= len(item.flat)
    return False
