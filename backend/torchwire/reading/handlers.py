"""A function from outside the text, as it is read here: of the evaluator, the arguments and the keywords."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

Args = list[Any]
Kwargs = dict[str, Any]
Handler = Callable[["Evaluator", Args, Kwargs], Any]
