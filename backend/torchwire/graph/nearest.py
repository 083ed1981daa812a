"""Which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_COMPARED = 400  # names; a comparison takes some ten microseconds, and a network has thousands of nodes


def nearest(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Up to `most` of the known names that look like this one, the likeliest first.

    Of more than 400 known names only those are compared that begin or end alike.
    """
    name = name[:64]
    names = list(known)
    if len(names) > _COMPARED:
        low = name.lower()
        names = [other for other in names if other[:2].lower() == low[:2] or other[-2:].lower() == low[-2:]]
    lower = name.lower()
    exact = [other for other in names[:_COMPARED] if other.lower() == lower and other != name]
    close = difflib.get_close_matches(name, names[:_COMPARED], n=most)
    return list(dict.fromkeys([*exact, *close]))[:most]
