"""Refusals, and the bounds of an import: steps, seconds, sizes."""

from __future__ import annotations

import time
from typing import Any

MAX_STEPS = 4_000_000
MAX_ITEMS = 100_000  # of one list, tuple, dict or range that is walked through
MAX_TEXT = 100_000  # characters of one string that the text computes
MAX_INTEGER = 2**64
MAX_DEPTH = 60  # calls inside calls
MAX_SOURCE = 3_000_000  # characters of all files together
MAX_FILES = 500
MAX_OPERATIONS = 20_000
MAX_TREE = 150  # levels of one syntax tree


class Refusal(Exception):
    """Something in the text that cannot be represented; the text says what and why. `line` is filled in on the way."""

    code = "import-unsupported"

    def __init__(self, message: str, line: int | None = None, file: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.file = file


class Bounded(Refusal):
    """A bound was reached: nothing more is read."""

    code = "import-limit"


class Undecided(Refusal):
    """A decision hangs on a size that is not known, because the shape of an input is not."""

    code = "import-shape"


class Raised(Refusal):
    """The text itself raises an exception here; `kind` is its class, where that is known."""

    code = "import-raises"

    def __init__(self, message: str, line: int | None = None, file: str | None = None, kind: Any = None) -> None:
        super().__init__(message, line, file)
        self.kind = kind


class Asked(Refusal):
    """Arguments that the text does not give: `names`."""

    code = "import-argument"

    def __init__(self, message: str, owner: str, names: list[str], line: int | None = None) -> None:
        super().__init__(message, line)
        self.owner = owner
        self.names = names


class Budget:
    """What one import may still use."""

    def __init__(self, seconds: float, steps: int = MAX_STEPS) -> None:
        self._deadline = time.monotonic() + seconds
        self._seconds = seconds
        self._steps = steps
        self._next_look = steps

    def take(self, steps: int = 1) -> None:
        """Raises Bounded when steps or seconds are used up."""
        self._steps -= steps
        if self._steps < 0:
            raise Bounded(f"The text takes more than {MAX_STEPS:,} steps to read. Does it loop for ever?")
        if self._steps < self._next_look:
            self._next_look = self._steps - 2_000
            if time.monotonic() > self._deadline:
                raise Bounded(f"The text was not read within {self._seconds:g} seconds.")

    def size(self, items: int, what: str = "list") -> None:
        """Raises Bounded for a container that is too large; charges its items."""
        if items > MAX_ITEMS:
            raise Bounded(f"A {what} of {items:,} items; at most {MAX_ITEMS:,} are read.")
        self.take(1 + items // 4)

    def text(self, characters: int) -> None:
        """Raises Bounded for a string that is too long."""
        if characters > MAX_TEXT:
            raise Bounded(f"A string of {characters:,} characters; at most {MAX_TEXT:,} are read.")
        self.take(1 + characters // 16)
