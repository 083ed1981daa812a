"""The arguments of one call, by name: wires, parameters, the mode."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from torchwire.catalogue.layer import LayerType, Param
from torchwire.codegen.arguments import alike
from torchwire.codegen.calls import Given
from torchwire.codegen.literals import literal
from torchwire.codegen.refusal import Refused
from torchwire.codegen.scope import Scope, has_expression
from torchwire.codegen.uses import Class, Seat
from torchwire.graph.references import Reference
from torchwire.plan import evaluate
from torchwire.plan.evaluate import Deferred


class Values(ABC):
    """What stands for references and parameters in one function of a class: `forward`, or `__init__`."""

    in_forward: bool

    def __init__(self, cls: Class, scope: Scope) -> None:
        self._cls = cls
        self._scope = scope

    @abstractmethod
    def value(self, reference: Reference) -> ast.expr:
        """What stands for a reference; None as a constant for an input that is switched off."""

    def mode(self) -> ast.expr:
        """The network's mode."""
        return self._scope.name("training", self)

    def given(self, seat: Seat, layer: LayerType | None, first: ast.expr | None = None) -> Given:
        """The arguments of a node's call by name; `first` takes the place of what its first port reads."""
        node = seat.first
        found: Given = {}
        for port, references in node.wires.items():
            if first is not None and port == node.first_port:
                continue
            values = [self.value(reference) for reference in references]
            single = port not in node.listed and not _many(layer, port)
            value = values[0] if single and len(values) == 1 else ast.Tuple(list(values))
            if not (isinstance(value, ast.Constant) and value.value is None):
                found[port] = value
        if first is not None and node.first_port is not None:
            found[node.first_port] = first
        if layer is not None:
            self._run_params(seat, layer, found)
        return found

    def _run_params(self, seat: Seat, layer: LayerType, found: Given) -> None:
        params = {param.name: param for param in layer.params}
        copies = list(seat.copies())
        for name, converted in copies[0].run_params.items():
            raw = seat.spec.params[name]
            if not has_expression(raw, params[name].kind == "index"):
                if not (layer.form == "function" and len(layer.positions) > 1 and _usual(converted, params[name])):
                    found[name] = literal(converted)
                continue
            if not isinstance(converted, Deferred) and params[name].kind != "index":
                self._check(seat, name, raw)
            found[name] = self._scope.argument(params[name], raw, converted, self)
        takes_mode = layer.form == "function" and "training" in params
        if takes_mode and "training" not in copies[0].run_params:
            found["training"] = self.mode()
        if layer.form == "function":
            found.pop("inplace", None)  # out of place: the same bits, and nobody's input is overwritten

    def _check(self, seat: Seat, name: str, raw: object) -> None:
        for copy in seat.copies():
            if not alike(evaluate.evaluate(raw, copy.names)[0], copy.run_params[name]):
                text = f"{name} of {seat.key} is given by an expression whose value is no number."
                raise Refused(text, self._cls.where(seat))


def _usual(value: object, param: Param) -> bool:
    """Whether it is the default: of several forms of one function some take no `keepdim=False`."""
    return param.default is not None and type(value) is type(param.default) and value == param.default


def _many(layer: LayerType | None, port: str) -> bool:
    return layer is not None and any(known.name == port and known.many for known in layer.inputs)
