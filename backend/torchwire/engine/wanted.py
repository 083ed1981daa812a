"""Which tensors an answer gives in full, how much it holds, and names in a request that name nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

from torchwire.engine.encode import values_of
from torchwire.engine.preview import MOST, preview_of
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Graph, Plan

ALWAYS = 64  # tensors of at most so many elements come with their values


class Room:
    """How many more elements the answer holds, and who found no place in it.

    Previews have a tenth beside it, so that they take no place from values.
    """

    def __init__(self, left: int) -> None:
        self._left = left
        self._for_previews = left // 10
        self.without: dict[str, int] = {}

    def take(self, path: str, extent: int) -> bool:
        if extent > self._left:
            self.without[path] = self.without.get(path, 0) + extent
            return False
        self._left -= extent
        return True

    def take_preview(self, extent: int) -> bool:
        """Whether there is room for the preview of a tensor of so many elements."""
        extent = min(extent, MOST)
        if extent > self._for_previews:
            return False
        self._for_previews -= extent
        return True


class Wanted:
    """Names of nodes whose tensors come back in full, or "all" of them."""

    def __init__(self, names: Any, room: Room) -> None:
        self._all = names == "all"
        self._names = frozenset(names) if isinstance(names, list) else frozenset()
        self._room = room

    def of(self, path: str, tensor: torch.Tensor) -> dict[str, Any]:
        """`values` of a tensor of the node, null where nobody asked; where they find no place, a `preview` beside."""
        extent = 1
        for size in tensor.shape:
            extent *= size or 1  # an empty list takes its place too
        if not (extent <= ALWAYS or self._all or path in self._names):
            return {"values": None}
        if self._room.take(path, extent):
            return {"values": values_of(tensor)}
        return {"values": None, "preview": preview_of(tensor)} if self._room.take_preview(extent) else {"values": None}


def unknown_names(request: Mapping[str, Any], plan: Plan) -> Iterator[Problem]:
    """A warning for each list of the request that names nodes which do not exist."""
    asked = {key: request[key] for key in ("values", "parameters", "open") if isinstance(request.get(key), list)}
    if not any(asked.values()):
        return
    known = dict.fromkeys(_names(plan.graph))
    for key, names in asked.items():
        unknown = [name for name in dict.fromkeys(names) if name not in known]
        if not unknown:
            continue
        shown = ", ".join(name[:64] for name in unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        near = nearest(unknown[0], known)
        yield Problem(
            "dangling-reference",
            f"`{key}` names {shown}, but there is no such node." + (f" Did you mean {near[0]}?" if near else ""),
            severity="warning",
        )


def _names(graph: Graph) -> Iterable[str]:
    """By what a request may name a node: its path, the paths of its copies, the key of a block."""
    for node in graph.nodes.values():
        yield node.path
        for copy in node.copies:
            yield copy.path
            if copy.graph is not None:
                yield node.key
                yield from _names(copy.graph)
