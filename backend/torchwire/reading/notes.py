"""What is told about a text: one problem for each line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.graph.problems import Problem
from torchwire.reading.bounds import Refusal

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

MOST = 100


class Notes:
    """Collects problems, each once."""

    def __init__(self) -> None:
        self._told: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(
        self, code: str, message: str, severity: str, line: int | None = None, file: str | None = None, **more: Any
    ) -> None:
        key = (code, line, file, message)
        if key not in self._told:
            problem = Problem(code, message, severity=severity, **more)
            self._told[key] = problem.as_json() | {"line": line, "file": file}

    def refused(self, refusal: Refusal) -> None:
        self.add(refusal.code, refusal.message, "error", refusal.line, refusal.file)

    def decided(self, it: Evaluator, how: str) -> None:
        """A decision that holds for the given inputs only."""
        self.add(
            "import-decided", f"What is decided here {how}.", "warning", it.line, it.file.path if it.file else None
        )

    def here(self, it: Evaluator, code: str, message: str, severity: str = "warning", **more: Any) -> None:
        """A note at the line that is being read."""
        self.add(code, message, severity, it.line, it.file.path if it.file else None, **more)

    @property
    def failed(self) -> bool:
        return any(problem["severity"] == "error" for problem in self._told.values())

    def as_json(self) -> tuple[list[dict[str, Any]], int]:
        """The problems, errors first, and how many are left out."""
        order = {"error": 0, "warning": 1, "info": 2}
        found = sorted(self._told.values(), key=lambda problem: order[problem["severity"]])
        return found[:MOST], max(0, len(found) - MOST)
