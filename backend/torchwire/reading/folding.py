"""Which modules become blocks: those whose calls can be cut out of the whole without changing what is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torchwire.reading.known import references
from torchwire.reading.modules import CONTAINERS
from torchwire.reading.recording import Recording
from torchwire.reading.values import Module, Operation, Scope, Stored, Weight

Reference = tuple[Any, str | None]
Key = tuple[int, str | None]


class Folding:
    """The modules that are blocks, and where everything is seen from there.

    A region is a call of a block, or the whole network (`root`). `home` is the innermost region of an operation.
    """

    def __init__(self, recording: Recording, root: Scope, paths: dict[int, str]) -> None:
        self._recording = recording
        self.root = root
        self.paths = paths  # by id of Module or Stored
        self.blocks: dict[int, Module] = {}
        self._at: dict[str, Module] = {}
        self.scopes: dict[int, list[Scope]] = {}  # by id of Module
        for scope in recording.scopes:
            self.scopes.setdefault(id(scope.module), []).append(scope)
        self._candidates()
        while self._drop_unfit():
            pass

    def unfold(self, module: Module) -> None:
        """Takes a block back, and every other that no longer fits."""
        self.blocks.pop(id(module), None)
        while self._drop_unfit():
            pass

    def _candidates(self) -> None:
        for scope in self._recording.scopes:
            module = scope.module
            fit = module.cls is not None and module.layer is None and module.kind not in CONTAINERS
            if scope is self.root or not fit or module is self.root.module or id(module) not in self.paths:
                continue
            if all(each.result is not None for each in self.scopes[id(module)]):
                self.blocks[id(module)] = module
                self._at[self.paths[id(module)]] = module

    def _drop_unfit(self) -> bool:
        """Drops one round of modules that cannot be cut out; whether there were any."""
        unfit: set[int] = set()
        for operation in self._recording.operations:
            if operation.scope is None:
                continue
            around = {id(scope.module) for scope in self.chain(operation.scope)}
            if operation.module is not None:
                holders = {id(module) for module in self.holders(operation.module)}
                unfit |= (around ^ holders) & set(self.blocks)
        for scope in self._recording.scopes:
            # a module that is called from two places must be within the same blocks, seen from both
            if scope is self.root or scope.outer is None:
                continue
            around = {id(each.module) for each in self.chain(scope.outer)}
            holders = {id(module) for module in self.holders(scope.module)} - {id(scope.module)}
            unfit |= (around ^ holders) & set(self.blocks)
        for module in self._recording.modules:
            for tie in module.ties.values():
                source = tie.source
                target = source.module if isinstance(source, Weight) else source
                ours = {id(each) for each in self.holders(module)}
                unfit |= ours - {id(each) for each in self.holders(target)}
        unfit &= set(self.blocks)
        for key in unfit:
            del self.blocks[key]
        return bool(unfit)

    # -- where things are --------------------------------------------------------------------------------------------

    @staticmethod
    def chain(scope: Scope | None) -> Iterator[Scope]:
        """The scope and those around it."""
        while scope is not None:
            yield scope
            scope = scope.outer

    def holders(self, thing: Any) -> list[Module]:
        """The blocks that hold a module or parameter, by its path, itself included."""
        path = self.paths.get(id(thing))
        if path is None and isinstance(thing, Stored) and thing.owner is not None:
            path = self.paths.get(id(thing.owner))
        if path is None:
            return []
        found = []
        parts = path.split(".")
        for length in range(1, len(parts) + 1):
            module = self._at.get(".".join(parts[:length]))
            if module is not None and id(module) in self.blocks:
                found.append(module)
        return found

    def holder(self, thing: Any, itself: bool = True) -> Module | None:
        """The innermost of them."""
        found = [module for module in self.holders(thing) if itself or module is not thing]
        return found[-1] if found else None

    def home(self, scope: Scope | None) -> Scope:
        """The innermost region around a scope."""
        for each in self.chain(scope):
            if id(each.module) in self.blocks:
                return each
        return self.root

    def regions(self, scope: Scope | None) -> Iterator[Scope]:
        """The regions around a scope, from the inside out."""
        home = self.home(scope)
        while home is not self.root:
            yield home
            home = self.home(home.outer)
        yield self.root

    def inside(self, source: Any, region: Scope) -> bool:
        """Whether a source belongs to a region."""
        if region is self.root:
            return True
        if isinstance(source, Operation):
            return source.scope is not None and any(each is region for each in self.regions(source.scope))
        thing = source.module if isinstance(source, Weight) else source
        return any(module is region.module for module in self.holders(thing))

    def uses(self) -> Iterator[tuple[Reference, Scope]]:
        """Every reading of a tensor, in order, and the region that reads it."""
        for operation in self._recording.operations:
            if operation.scope is not None:
                home = self.home(operation.scope)
                for reference in references(operation):
                    yield reference, home
        for _, reference in self.root.result or []:
            yield reference, self.root


def key_of(reference: Reference) -> Key:
    """A reference as a key; a Weight is made anew at each reading, and known by its module and name."""
    source, port = reference
    if isinstance(source, Weight):
        return (id(source.module), f"weight {source.name}")
    return (id(source), port)
