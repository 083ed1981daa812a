"""What becomes of a node: its outputs, what stands in their place, and what is raised where it cannot run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torchwire.graph.problems import Problem
from torchwire.plan.tree import Node


@dataclass(frozen=True)
class Failure:
    """In place of a value: it is not there because of a fault at these nodes."""

    roots: tuple[str, ...]
    skipped: bool = False  # over a limit rather than wrong


class Unknown:
    """In place of a value: only a run with real values can tell its shape."""


UNKNOWN = Unknown()
UNSIZED = Unknown()
"""In place of a parameter: its size is inferred, from an input that has not come."""


class Fault(Exception):
    """The node that runs is wrong; `problem` says how.

    `inherent`: whatever it is given, as where its constructor fails; otherwise who calls it may be at fault.
    `beside`: what else is wrong with it.
    """

    def __init__(self, problem: Problem, inherent: bool = False, beside: tuple[Problem, ...] = ()) -> None:
        super().__init__(problem.message)
        self.beside = beside
        self.problem = problem
        self.inherent = inherent


class Blocked(Exception):
    """The node that runs needs something that failed at `roots`."""

    def __init__(self, roots: tuple[str, ...], skipped: bool = False, outputs: dict[str, Any] | None = None) -> None:
        super().__init__(roots)
        self.failure = Failure(roots, skipped)
        self.outputs = outputs or {}  # what is known of it all the same: shapes


@dataclass
class Outcome:
    """What became of a node or a copy."""

    state: str = "ok"
    outputs: dict[str, Any] = field(default_factory=dict)
    blocked_by: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()  # outputs of a block that are not there, beside others that are


Scope = dict[str, "dict[str, Any] | Failure"]
"""By node: its outputs, of which those of a block may be Failures one by one, or what keeps it from having any."""


Unsound = tuple[Node, "Problem | Failure"]
"""A node whose weights would not be those that the document describes (a tie or an init fails), and why."""
