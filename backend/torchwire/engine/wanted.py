"""Which tensors an answer gives in full, how much it holds, and names in a request that name nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Graph, Plan

ALWAYS = 64  # tensors of at most so many elements come with their values


class Room:
    """How many more elements the answer holds, and who found no place in it."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.without: dict[str, int] = {}

    def take(self, path: str, extent: int) -> bool:
        if extent > self._left:
            self.without[path] = self.without.get(path, 0) + extent
            return False
        self._left -= extent
        return True


class Wanted:
    """Names of nodes whose tensors come back in full, or "all" of them."""

    def __init__(self, names: Any, room: Room) -> None:
        self._all = names == "all"
        self._names = frozenset(names) if isinstance(names, list) else frozenset()
        self._room = room

    def has(self, path: str, shape: Sequence[int]) -> bool:
        extent = 1
        for size in shape:
            extent *= size or 1  # an empty list takes its place too
        return (extent <= ALWAYS or self._all or path in self._names) and self._room.take(path, extent)


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
