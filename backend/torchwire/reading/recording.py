"""What the text did, in order: modules constructed, operations run, weights initialised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torchwire.reading.bounds import MAX_OPERATIONS, Bounded
from torchwire.reading.values import Module, Operation, Scope, Stored


@dataclass(eq=False)
class Initialisation:
    """One call of torch.nn.init: `target` is a Weight or Stored; `function` {"normal_": {...}}, or a list of values."""

    target: Any
    function: Any
    number: int
    line: int
    through: Module | None = None  # the layer whose parameter it is by a tie


class Recording:
    """The history of one network. Numbers go up with everything that happens."""

    def __init__(self) -> None:
        self.number = 0
        self.scope: Scope | None = None
        self.operations: list[Operation] = []
        self.modules: list[Module] = []
        self.stored: list[Stored] = []
        self.initialisations: list[Initialisation] = []
        self.scopes: list[Scope] = []
        self.outside = False  # a file's top level is being read

    def next(self) -> int:
        self.number += 1
        return self.number

    def add(self, operation: Operation) -> Operation:
        if len(self.operations) >= MAX_OPERATIONS:
            raise Bounded(f"The network has more than {MAX_OPERATIONS:,} operations.")
        operation.number = self.next()
        operation.scope = self.scope
        operation.outside = self.outside
        self.operations.append(operation)
        return operation

    def enter(self, scope: Scope) -> None:
        scope.began = self.next()
        self.scopes.append(scope)
        self.scope = scope

    def leave(self, scope: Scope) -> None:
        scope.ended = self.next()
        self.scope = scope.outer
