"""All layer types, by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.catalogue.modules import INSTEAD


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

    def nearest(self, name: str) -> list[str]:
        """Up to three types that may have been meant."""
        lower = name[:64].lower()
        exact = [kind for kind in self.types if kind.lower() == lower]
        alias = [layer.type for layer in self.types.values() if lower in layer.aliases]
        close = difflib.get_close_matches(name[:64], self.types, n=3, cutoff=0.6)
        return list(dict.fromkeys([*exact, *alias, *close]))[:3]

    def as_json(self) -> dict[str, Any]:
        return {"layers": [layer.as_json() for layer in self.types.values()], "excluded": self.excluded}
