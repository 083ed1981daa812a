"""How many nodes the blocks of a document expand to, counted without laying them out."""

from __future__ import annotations

from collections.abc import Mapping

from torchwire.graph.document import GraphSpec


def least_nodes(blocks: Mapping[str, GraphSpec]) -> dict[str, int]:
    """By block, the number of nodes in one use of it at least: what an expression decides counts as nothing.

    A tower of sixty blocks, each with the next one twice, is known to be too large at once; laid out it would take
    twenty thousand nodes to notice. Blocks do not contain themselves.
    """
    least: dict[str, int] = {}
    for start in blocks:
        stack = [start]
        while stack:
            name = stack[-1]
            if name in least:
                stack.pop()
                continue
            inner = [node.type for node in blocks[name].nodes.values() if node.type in blocks]
            waiting = dict.fromkeys(used for used in inner if used is not None and used not in least)
            if waiting:
                stack += waiting
                continue
            stack.pop()
            least[name] = 1 + sum(
                _copies(node.repeat, node.when) * (least[node.type] if node.type in blocks and node.type else 1)
                for node in blocks[name].nodes.values()
            )
    return least


def _copies(repeat: object, when: object) -> int:
    if when is not None and when is not True:
        return 0
    return repeat if isinstance(repeat, int) else 1 if repeat is None else 0
