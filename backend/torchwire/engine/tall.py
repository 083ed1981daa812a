"""Modules of many layers, known by those of few.

A TransformerEncoder copies its layer num_layers times, an LSTM makes four tensors a layer, on torch's meta device too.
Each layer is like the one before, so sizes, strides and counts grow evenly with their number, and modules of FEW layers
tell all of it. Judged so are all of more than LONG layers (256 of an LSTM take torch's meta device seconds); built
so, those over the limit, whose parameters are not even named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.engine import blueprint as short
from torchwire.engine import verdict
from torchwire.engine.blueprint import Blueprint, canonical
from torchwire.engine.recurrence import FEW, LONG, evenly, lengthened
from torchwire.engine.sheet import Sheet
from torchwire.engine.trial import Arguments, Verdict
from torchwire.plan.tree import Nested
from torchwire.settings import settings

_COUNTS = ("num_layers", "num_encoder_layers", "num_decoder_layers")
Constructor = tuple[Mapping[str, Any], Mapping[str, Nested]]  # parameters, nested layers


@dataclass(frozen=True)
class Stack:
    """A number of layers: the parameter, the nested modules on the way to it, the number."""

    name: str
    path: tuple[str, ...]
    count: int


def stacks(
    params: Mapping[str, Any], nested: Mapping[str, Nested], most: int, path: tuple[str, ...] = ()
) -> Iterator[Stack]:
    """Every number of layers of a module that is over `most`."""
    for name in _COUNTS:
        count = params.get(name)
        if isinstance(count, int) and count > most:
            yield Stack(name, path, count)
    for name, inner in nested.items():
        yield from stacks(inner.params, inner.nested, most, (*path, name))


def blueprint(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> Blueprint:
    """The blueprint of a module; over the limit of layers one without a module, of which only the count is known."""
    over = tuple(stacks(params, nested, settings().max_layers))
    if not over:
        return short.blueprint(layer, params, nested)
    made = [short.blueprint(layer, *constructor) for constructor in _shorter(params, nested, over)]
    fault = next((plan.fault for plan in made if plan.fault is not None), None)
    count = None if fault is not None else _grown([plan.count or 0 for plan in made], over)
    return Blueprint(module=None, repr=None, parameters={}, buffers={}, count=count, fault=fault)


def judge(
    layer: LayerType,
    params: Mapping[str, Any],
    nested: Mapping[str, Nested],
    arguments: Arguments,
    training: bool,
    thorough: bool,
) -> Verdict:
    """What torch says of a module on its inputs."""

    def one(constructor: Constructor, arguments: Arguments) -> Verdict:
        key = (layer.type, canonical(*constructor))
        module = short.blueprint(layer, *constructor).module
        return verdict.judge(key, layer, module, verdict.builder(layer, *constructor), arguments, training, thorough)

    over = tuple(stacks(params, nested, LONG))
    if not over:
        return one((params, nested), arguments)
    found = []
    for number, constructor in enumerate(_shorter(params, nested, over)):
        few = [FEW[1] if number == place else FEW[0] for place in range(1, len(over) + 1)]
        found.append(one(constructor, _with_fewer_states(arguments, over, few)))
        if found[-1].fault is not None or found[-1].outputs is None:
            limited = any(stack.count > settings().max_layers for stack in over)
            return found[-1] if limited else one((params, nested), arguments)  # told by the whole, with its numbers
    macs = [each.macs for each in found]
    known = [count for count in macs if count is not None]
    outputs = dict(found[0].outputs or {})
    for stack, more in zip(over, found[1:], strict=True):
        grown = lengthened(found[0].outputs or {}, more.outputs or {}, stack.count)
        outputs.update({name: sheet for name, sheet in grown.items() if sheet != (found[0].outputs or {})[name]})
    return replace(found[0], outputs=outputs, macs=_grown(known, over) if len(known) == len(macs) else None)


def _shorter(params: Mapping[str, Any], nested: Mapping[str, Nested], over: tuple[Stack, ...]) -> Iterator[Constructor]:
    """The constructor's arguments with FEW[0] layers in every stack; then, stack by stack, with FEW[1] in that one."""
    base: Constructor = (params, nested)
    for stack in over:
        base = _with_count(base, stack.path, stack.name, FEW[0])
    yield base
    for stack in over:
        yield _with_count(base, stack.path, stack.name, FEW[1])


def _with_count(constructor: Constructor, path: tuple[str, ...], name: str, count: int) -> Constructor:
    params, nested = constructor
    if not path:
        return {**params, name: count}, nested
    inner = nested[path[0]]
    given, deeper = _with_count((inner.params, inner.nested), path[1:], name, count)
    return params, {**nested, path[0]: replace(inner, params=dict(given), nested=dict(deeper))}


def _with_fewer_states(arguments: Arguments, over: tuple[Stack, ...], few: list[int]) -> dict[str, Any]:
    """The start states of a recurrent layer, one for each layer and direction, for so few layers."""

    def cut(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(cut, value))
        if not isinstance(value, Sheet) or not value.shape or value.shape[0] % over[0].count:
            return value
        return replace(value, shape=(value.shape[0] // over[0].count * few[0], *value.shape[1:]))

    return {name: cut(value) if name == "hx" else value for name, value in arguments.items()}


def _grown(counts: list[int], over: tuple[Stack, ...]) -> int:
    """A count at the stacks' full heights, from that of all at FEW[0] and those of each one at FEW[1]."""
    base, *more = counts
    return base + sum(evenly(base, other, stack.count) - base for stack, other in zip(over, more, strict=True))
