"""When a tensor does not fit into the worker's memory."""

from __future__ import annotations

from torchwire.graph.problems import Problem


def out_of_memory(title: str, error: Exception) -> Problem | None:
    """The problem, if this is what was raised: MemoryError, or a RuntimeError of torch's CPU allocator."""
    if not isinstance(error, MemoryError) and "allocate memory" not in str(error):
        return None
    return Problem("limit-memory", f"{title} needs more memory than it may have.", detail=str(error)[:300] or None)
