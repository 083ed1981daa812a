"""torch's one random stream, followed by its states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Stream:
    """The stream of one forward pass. At equal places the same is drawn.

    A step whose outcome is remembered only moves the place; the generator follows when somebody draws for real.
    """

    def __init__(self) -> None:
        self._place: bytes | None = None
        self._behind = False  # whether the generator has yet to be set to the place
        self.moved: bytes | None = None  # where the last drawing ended; None where it drew nothing

    def seed(self, number: int) -> None:
        """Starts anew, as torch.manual_seed does."""
        torch.default_generator.manual_seed(number)
        self._place, self._behind = None, False

    def place(self) -> bytes:
        """The state, 5 KB."""
        if self._place is None:
            self._place = torch.default_generator.get_state().numpy().tobytes()
        return self._place

    def skip(self, place: bytes) -> None:
        """Goes on from another place, without drawing what lies between."""
        self._place, self._behind = place, True

    def settle(self) -> None:
        """The generator is where the place is."""
        if self._behind:
            assert self._place is not None
            torch.default_generator.set_state(torch.frombuffer(bytearray(self._place), dtype=torch.uint8))
            self._behind = False

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Around whatever may draw; `moved` says afterwards whether it did."""
        self.settle()
        before, self._place = self._place, None
        self.moved = None
        try:
            yield
        finally:
            if before is not None and self.place() == before:
                self._place = before  # the same object, whose hash is known
            else:
                self.moved = self.place()
