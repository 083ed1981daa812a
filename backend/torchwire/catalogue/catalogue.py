"""All layer types, by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.catalogue.modules import INSTEAD

_ALIKE = 0.8  # of names beside one that is surely meant


class Catalogue:
    """Looks layer types up. A `Lazy*` name is an alias of its plain class: inferred parameters replace laziness."""

    def __init__(self, types: Iterable[LayerType], excluded: Mapping[str, str]) -> None:
        self.types = {layer.type: layer for layer in types}
        self.excluded = dict(excluded)
        self.instead = INSTEAD

    def get(self, name: str | None) -> LayerType | None:
        if name is None:
            return None
        found = self.types.get(name)
        if found is None and name.startswith("Lazy"):
            found = self.types.get(name.removeprefix("Lazy"))
        return found

    def nearest(self, name: str, form: str | None = None) -> list[str]:
        """Up to three types, or types of one form, that may have been meant: `Lin` is the beginning of one."""
        name = name[:64]
        lower = name.lower()
        known = [kind for kind, layer in self.types.items() if form in (None, layer.form)]
        sure = [kind for kind in known if kind.lower() == lower]
        sure += [kind for kind in known if lower in self.types[kind].aliases]
        begun = [kind for kind in known if len(name) > 2 and kind.lower().startswith(lower)]
        begun.sort(key=lambda kind: (not kind.startswith(name), len(kind)))
        close = difflib.get_close_matches(name, known, n=3, cutoff=_ALIKE if sure else 0.6)
        return list(dict.fromkeys([*sure, *begun, *close]))[:3]

    def as_json(self) -> dict[str, Any]:
        return {"layers": [layer.as_json() for layer in self.types.values()], "excluded": self.excluded}
