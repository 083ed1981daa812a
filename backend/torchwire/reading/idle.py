"""Modules that run in train mode only, such as the auxiliary heads of GoogLeNet: kept, though nothing reads them.

forward() is read a second time, in train mode. Where it does the same and more, what is more is added: it reads what
the first reading made, and its results are read by nobody, so that it changes no output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Bounded, Refusal
from torchwire.reading.notes import Notes
from torchwire.reading.values import Module, Operation, Scope, Stored, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def uncalled(it: Evaluator, root: Module) -> list[Module]:
    """The layers of the network that no operation calls."""
    called = {id(operation.module) for operation in it.recording.operations}
    return [each for _, each in it.modules.walk(root) if each.layer is not None and id(each) not in called]


def add(it: Evaluator, root: Module, scope: Scope, again: Callable[[], Scope]) -> None:
    """Adds the operations of train mode that call them, if the rest is as it was."""
    recording = it.recording
    count, scopes = len(recording.operations), len(recording.scopes)
    first = [
        operation for operation in recording.operations if operation.scope is not None and operation.type != "Input"
    ]
    idle = {id(module) for module in uncalled(it, root)}
    holders = {id(each.module) for each in recording.scopes}
    told, it.notes = it.notes, Notes()
    try:
        shadow = again()
        failed = it.notes.failed
    except Bounded:
        raise
    except Refusal:
        failed = True
    finally:
        it.notes = told
    second = [operation for operation in recording.operations[count:] if operation.scope is not None]
    new_scopes = recording.scopes[scopes:]
    del recording.operations[count:], recording.scopes[scopes:]
    if failed:
        return

    def is_more(operation: Operation) -> bool:
        around = operation.scope
        while around is not None:
            if id(around.module) not in holders:
                return True
            around = around.outer
        return id(operation.module) in idle

    same = [operation for operation in second if not is_more(operation)]
    if [(each.type, each.line, id(each.module)) for each in same] != [
        (each.type, each.line, id(each.module)) for each in first
    ]:
        return
    twin: dict[int, Any] = {id(new): old for new, old in zip(same, first, strict=True)}
    outer = {id(new.scope): old.scope for new, old in zip(same, first, strict=True)}
    outer[id(shadow)] = scope
    more = [operation for operation in second if is_more(operation)]

    def old(wire: tuple[Any, str | None]) -> tuple[Any, str | None]:
        return (twin.get(id(wire[0]), wire[0]), wire[1])

    kept = {id(operation) for operation in more} | set(map(id, first))
    for operation in more:
        operation.inputs = {
            port: [old(wire) for wire in wires] if isinstance(wires, list) else old(wires)
            for port, wires in operation.inputs.items()
        }
        operation.scope = outer.get(id(operation.scope), operation.scope)
    for each in new_scopes:
        if id(each.module) not in holders:
            each.outer = outer.get(id(each.outer), each.outer) if each.outer is not None else None
            each.arguments = [(name, old(wire)) for name, wire in each.arguments]
            recording.scopes.append(each)
    assert all(
        isinstance(source, Weight | Stored) or source.scope is None or id(source) in kept or source.type == "Input"
        for operation in more
        for wires in operation.inputs.values()
        for source, _ in (wires if isinstance(wires, list) else [wires])
    )
    recording.operations += more
