"""Initialisation in the document: by rule for the whole network where the text has one, else node by node."""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from torchwire.reading.recording import Initialisation
from torchwire.reading.values import Module, Stored, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_DRAWS = ("normal_", "uniform_", "sparse_")


class Starts:
    """What every parameter begins with, the last call for each."""

    def __init__(self, it: Evaluator, root: Module) -> None:
        self._it = it
        self._last: dict[tuple[int, str], Initialisation] = {}
        self._stored: dict[int, Initialisation] = {}
        for call in it.recording.initialisations:
            if isinstance(call.target, Weight):
                self._last[(id(call.target.module), call.target.name)] = call
            else:
                self._stored[id(call.target)] = call
        # a tied parameter is reached through several layers, and by a rule initialised at each
        self._places = {
            (id(_place(call)), call.target.name): call
            for call in it.recording.initialisations
            if isinstance(call.target, Weight)
        }
        self._built = sorted(module.number for module in it.recording.modules)
        self._rules = self._found()
        self._tell_order()

    def of(self, stored: Stored) -> Any:
        """The initialisation of a parameter that the text makes itself; None where its own values stand."""
        call = self._stored.get(id(stored))
        return None if call is None else call.function

    def rules(self) -> dict[str, Any]:
        """`init` of the document."""
        return dict(self._rules)

    def node(self, module: Module, node: dict[str, Any]) -> None:
        """Writes what a layer's own node says: `init`, `trainable`."""
        init = {}
        for (key, name), call in self._last.items():
            if key == id(module) and f"{module.kind}.{name}" not in self._rules:
                init[name] = call.function
        if init:
            node["init"] = init
        frozen = module.attributes.get("_frozen")
        if frozen:
            if set(self._it.known.parameters(module)) <= frozen:
                node["trainable"] = False
            else:
                self._it.notes.add(
                    "import-unsupported",
                    f"Only a part of a {module.kind} is frozen; here a layer is frozen as a whole.",
                    "warning",
                    module.line,
                    module.file or None,
                )

    def _found(self) -> dict[str, Any]:
        """Rules that hold for every layer of a type, if several layers share them."""
        modules = [module for module in self._it.recording.modules if module.layer is not None]
        by_rule: dict[str, set[str]] = {}
        calls: dict[str, Initialisation] = {}
        for module in modules:
            for name in self._it.known.parameters(module):
                rule = f"{module.kind}.{name}"
                call = self._places.get((id(module), name)) or self._last.get((id(module), name))
                text = "none" if call is None else json.dumps(call.function, sort_keys=True)
                by_rule.setdefault(rule, set()).add(text)
                if call is not None:
                    calls.setdefault(rule, call)
        same = [rule for rule, texts in by_rule.items() if len(texts) == 1 and "none" not in texts]
        late = {f"{_place(call).kind}.{call.target.name}" for call in self._places.values() if self._late(call)}
        # right behind its constructor it is the node's own; later, a loop over all modules
        rules = [rule for rule in same if rule in late]
        plain = [rule for rule in rules if isinstance(calls[rule].function, dict)]
        return {rule: calls[rule].function for rule in sorted(plain, key=lambda rule: calls[rule].number)}

    def _tell_order(self) -> None:
        """Says so where another order of drawing gives other numbers for the same seed."""
        drawn = [
            call
            for call in self._it.recording.initialisations
            if isinstance(call.target, Weight) and isinstance(call.function, dict) and _draws(call.function)
        ]
        by_rule = [_place(call).number for call in drawn if self._by_rule(call)]
        later = [call for call in drawn if not self._by_rule(call) and self._late(call)]
        if by_rule != sorted(by_rule) or later or len(self._places) + len(self._stored) < len(drawn):
            self._it.notes.add(
                "import-order",
                "Weights are initialised in another order than in the text: the same seed draws other numbers.",
                "info",
                drawn[0].line if drawn else None,
            )

    def _late(self, call: Initialisation) -> bool:
        """Whether another layer was constructed or initialised between the target and this call."""
        number, module = call.target.module.number, call.target.module
        first = bisect_right(self._built, number)
        if first < len(self._built) and self._built[first] < call.number:
            return True
        others = self._it.recording.initialisations
        at = bisect_right(others, number, key=lambda other: other.number)
        return (
            at < len(others)
            and others[at].number < call.number
            and others[at].target is not call.target
            and (not isinstance(others[at].target, Weight) or others[at].target.module is not module)
        )

    def _by_rule(self, call: Initialisation) -> bool:
        return f"{_place(call).kind}.{call.target.name}" in self._rules


def _place(call: Initialisation) -> Module:
    """The layer through which the text reached the parameter."""
    found: Module = call.through or call.target.module
    return found


def _draws(function: dict[str, Any]) -> bool:
    return next(iter(function)).endswith(_DRAWS) or next(iter(function)).startswith(("orthogonal", "xavier", "kaiming"))
