"""What an edit does not change is not computed again: modules, drawn tensors and the outputs of layers.

All of it is decided by what went in: a module by its type, its parameters and the place in the random stream, the
outputs of a layer by its weights and its input tensors. So each tensor that is remembered has an identity, which is
part of the key of whatever is computed from it. A tensor without one takes everything behind it out of the memory:
what is not certain to be the same is computed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import nn

from torchwire.engine.memory import Memory
from torchwire.engine.stream import Stream
from torchwire.engine.twin import can_be_shared, twin
from torchwire.settings import settings

_numbers = itertools.count()


def identity(tensor: torch.Tensor) -> Hashable | None:
    """The same for the same remembered tensor; None for one of which nothing is known."""
    return getattr(tensor, "_identity", None)


def identify(tensor: torch.Tensor, known: Hashable | None = None) -> torch.Tensor:
    """Gives the tensor an identity, unless it has one."""
    if identity(tensor) is None:
        tensor._identity = next(_numbers) if known is None else known
    return tensor


def forget(tensor: torch.Tensor) -> None:
    """To be called where a tensor is changed in place."""
    if identity(tensor) is not None:
        del tensor._identity


def about(tensor: torch.Tensor, what: str, find: Callable[[torch.Tensor], Any]) -> Any:
    """Something that `find` says of a tensor, noted at the tensor where that is remembered."""
    if identity(tensor) is None:
        return find(tensor)
    noted = vars(tensor)
    if what not in noted:
        noted[what] = find(tensor)
    return noted[what]


@dataclass(frozen=True)
class Kept:
    """A remembered outcome, the tensors in it as they were, and where it left the random stream."""

    value: Any
    tensors: tuple[torch.Tensor, ...]
    versions: tuple[int, ...]
    after: bytes | None  # None: nothing was drawn

    @classmethod
    def of(cls, value: Any, tensors: Iterable[torch.Tensor], after: bytes | None) -> Kept:
        held = tuple(tensors)
        return cls(value, held, tuple(tensor._version for tensor in held), after)

    def is_intact(self) -> bool:
        """Whether nobody wrote into the tensors since."""
        return all(tensor._version == version for tensor, version in zip(self.tensors, self.versions, strict=True))

    def bytes(self) -> int:
        """What it holds in memory; a view holds all that it is a view of."""
        return 6_000 + len(self.after or b"") + sum(tensor.untyped_storage().nbytes() for tensor in self.tensors)


@dataclass(frozen=True)
class _Same:
    """An output that is the very tensor of an input, as `float` of a float32 gives it back: attention of a tensor to
    itself takes another kernel than attention to its equal."""

    name: str


_DRAWS = Kept("draws", (), (), None)


@cache
def kept_here() -> Memory[Kept] | None:
    """The memory of this process; None where the settings allow none."""
    most = settings().kept_mb * 2**20
    return Memory(most, Kept.bytes, "values") if most else None


def kept_bytes() -> int:
    """What the memory of this process holds."""
    memory = kept_here()
    return memory.weight if memory is not None else 0


class Reuse:
    """One forward pass over the memory: whatever may draw from torch's random stream goes through here.

    Does: keys, what may be remembered. Does not: know nodes and plans.
    """

    def __init__(self, memory: Memory[Kept] | None) -> None:
        self._memory = memory
        # one network larger than the memory must not push out at its end what it will look for at its beginning
        self._room = 3 * memory.size // 4 if memory is not None else 0
        self._times: dict[str, int] = {}  # how often a layer has run, by path: a block that is called runs again
        self.stream = Stream()

    def stop(self) -> None:
        """From here on nothing is remembered, and nothing is taken from the memory."""
        self.stream.settle()
        self._memory = None

    def drawn(self, key: Hashable, make: Callable[[], torch.Tensor]) -> torch.Tensor:
        """A tensor that `make` draws; `key` says everything else that decides it. Raises whatever `make` raises."""
        step = ("drawn", key, self.stream.place())
        kept = self._find(step)
        if kept is None:
            with self.stream.drawing():
                tensor = make()
            kept = Kept.of(tensor, (tensor,), self.stream.moved)
            if not self._keep(step, kept):
                return tensor
        return identify(kept.value.detach(), identity(kept.value))

    def module(self, path: str, type_: str, params: str, make: Callable[[], nn.Module]) -> nn.Module:
        """A module that `make` constructs, to be changed freely by the caller. Raises whatever `make` raises."""
        step = ("module", path, type_, params, self.stream.place())
        kept = self._find(step)
        if kept is not None:
            return self._twin(kept.value)
        with self.stream.drawing():
            module = make()
        if self._memory is not None and can_be_shared(module):
            module._made_as = params
            tensors = [*module.parameters(), *module.buffers()]
            if tensors and self._keep(step, Kept.of(module, tensors, self.stream.moved)):
                return self._twin(module)
        return module

    def filled(self, tensor: torch.Tensor, key: Hashable, fill: Callable[[torch.Tensor], None]) -> None:
        """Fills a whole parameter in place; `key` says how. Raises whatever `fill` raises."""
        known = identity(tensor)
        if known is None:
            with self.stream.drawing():
                fill(tensor)
            return
        step = ("filled", key, known, self.stream.place())
        kept = self._find(step)
        forget(tensor)
        if kept is None:
            content = torch.empty_like(tensor.detach())  # the memory holds the values that it had
            with self.stream.drawing():
                fill(content)
            kept = Kept.of(content, (content,), self.stream.moved)
            self._keep(step, kept)
        tensor.data = kept.value
        if identity(kept.value) is not None:
            identify(tensor, identity(kept.value))

    def outputs(
        self,
        path: str,
        type_: str,
        module: nn.Module | None,
        arguments: Mapping[str, Any],
        training: bool,
        run: Callable[[], tuple[dict[str, Any], bool]],
    ) -> dict[str, Any]:
        """What a layer gives on its arguments; `run` says that, and whether it is all that there is to say of it.

        Raises whatever `run` raises.
        """
        decided = _decided_by(type_, module, arguments, training) if self._memory is not None else None
        if self._memory is None or decided is None:
            with self.stream.drawing():
                return run()[0]
        # a tensor is one output: attention of a tensor to itself is computed otherwise than to its equal
        times = self._times[path] = self._times.get(path, 0) + 1
        key: Hashable = ("outputs", path, times, decided)
        kept = self._find(key)
        draws = kept is _DRAWS
        if draws:
            key = (key, self.stream.place())
            kept = self._find(key)
        if kept is not None:
            return {
                port: arguments[value.name] if type(value) is _Same else value for port, value in kept.value.items()
            }
        before = self.stream.place()
        with self.stream.drawing():
            outputs, complete = run()
        held = [value for value in outputs.values() if isinstance(value, torch.Tensor)]
        if not complete or len(held) < len(outputs):
            return outputs
        after = self.stream.moved
        if after is not None and not draws:
            self._memory.put(key, _DRAWS)
            key = (key, before)
        same = {id(value): _Same(name) for name, value in arguments.items() if isinstance(value, torch.Tensor)}
        self._keep(key, Kept.of({port: same.get(id(value), value) for port, value in outputs.items()}, held, after))
        return outputs

    # -- the memory --------------------------------------------------------------------------------------------------

    def _find(self, key: Hashable) -> Kept | None:
        """What is remembered, the stream being moved to where it left it."""
        if self._memory is None:
            return None
        kept = self._memory.find(key)
        if kept is None:
            return None
        if not kept.is_intact():
            self._memory.drop(key)
            return None
        self._room -= kept.bytes()
        if kept.after is not None:
            self.stream.skip(kept.after)
        return kept

    def _keep(self, key: Hashable, kept: Kept) -> bool:
        """Remembers an outcome, if there is room for it, and gives its tensors identities. Whether it did."""
        if self._memory is None:
            return False
        self._room -= kept.bytes()
        if self._room < 0 or not self._memory.put(key, kept):
            return False
        for tensor in kept.tensors:
            identify(tensor)
        return True

    def _twin(self, module: nn.Module) -> nn.Module:
        return twin(module, lambda made, tensor: identify(made, identity(tensor)))


def _decided_by(type_: str, module: nn.Module | None, arguments: Mapping[str, Any], training: bool) -> Hashable | None:
    """What decides the outputs of a layer; None where something does that cannot be named."""
    weights: list[Hashable] = []
    made_as = None
    if module is not None:
        made_as = getattr(module, "_made_as", None)
        if made_as is None:
            return None
        buffers = list(module.buffers())
        if buffers and training:
            return None  # running statistics change as it runs
        for tensor in (*module.parameters(), *buffers):
            known = identity(tensor)
            if known is None:
                return None
            weights.append((known, tensor.requires_grad))  # recurrent layers take another kernel where nothing learns
    given: list[Hashable] = []
    for name, value in arguments.items():
        frozen = _frozen(value)
        if frozen is None:
            return None
        given += (name, frozen)
    return (type_, made_as, training, tuple(weights), tuple(given))


def _frozen(value: Any) -> Hashable | None:
    """A key for an argument: tensors by identity, all else by what it looks like (1, 1.0 and True are three things)."""
    if isinstance(value, torch.Tensor):
        known = identity(value)
        return None if known is None else ("tensor", known)
    if isinstance(value, tuple):
        items = tuple(_frozen(item) for item in value)
        return None if None in items else items
    return repr(value)
