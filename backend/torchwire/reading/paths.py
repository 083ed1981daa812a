"""Dotted names of things outside the text: one for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def canonical(it: Evaluator, path: str) -> str:
    """One name for each thing: torch.nn.modules.conv.Conv2d is torch.nn.Conv2d."""
    if path.startswith("torch.nn.modules."):
        last = path.rpartition(".")[2]
        return f"torch.nn.{last}" if last[:1].isupper() else path
    if path.startswith("torch.functional.") and it.catalogue.get(path.rpartition(".")[2]) is not None:
        name = path.rpartition(".")[2]
        told = f"torch.functional has no {name}; it is taken as torch.nn.functional.{name}."
        it.notes.here(it, "import-assumed", told)
        return f"torch.nn.functional.{name}"
    return path
