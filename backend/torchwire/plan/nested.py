"""Modules that stand as the value of a parameter: `encoder_layer`, `module`; read as those of nodes are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torchwire.catalogue.catalogue import Catalogue
from torchwire.catalogue.layer import LayerType, Param
from torchwire.plan.remedies import completed, removed, renamed, retyped
from torchwire.plan.reporter import Reporter
from torchwire.plan.tree import Copy, Nested, Node
from torchwire.plan.values import BadValue, convert

Evaluated = Callable[[Node, Copy, str, Any], "tuple[Any, bool] | None"]
"""The value of a parameter, and whether an expression gave it; None where it has none, which is told."""


class NestedReader:
    """Reads a nested layer into its type and the values that its constructor gets."""

    def __init__(self, catalogue: Catalogue, reporter: Reporter, evaluated: Evaluated) -> None:
        self._catalogue = catalogue
        self._reporter = reporter
        self._evaluated = evaluated

    def read(self, node: Node, copy: Copy, name: str, raw: Any) -> Nested | None:
        """The layer at the parameter `name` of a node; None where something is wrong with it, which is told."""
        layer = self._layer(node, name, raw)
        params = None if layer is None else self._params(node, name, raw)
        if layer is None or params is None:
            return None
        nested = Nested(layer, {})
        known = {param.name: param for param in layer.params if not param.forward}
        good = [self._one(node, copy, name, nested, known, key, value) for key, value in params.items()]
        missing = [param for param in known.values() if param.name not in params]
        nested.inferred = tuple(param.name for param in missing if param.inferred)
        lacking = [param for param in missing if param.required and not param.inferred]
        for param in lacking:
            self._reporter.at(
                node,
                "missing-param",
                f"{name} ({layer.type}) needs {param.name}.",
                param=f"{name}.{param.name}",
                fixes=completed(node, name, param),
            )
        return nested if all(good) and not lacking else None

    def _layer(self, node: Node, name: str, raw: Any) -> LayerType | None:
        type_name = raw.get("type") if isinstance(raw, dict) else None
        layer = self._catalogue.get(type_name) if isinstance(type_name, str) else None
        if layer is not None and layer.form == "module":
            return layer
        named = type_name if isinstance(type_name, str) else ""
        near = self._catalogue.nearest(named, "module") if named and not self._reporter.crowded else []
        self._reporter.at(
            node,
            "unknown-type" if named else "bad-param",
            f"{name} of {node.key} takes a nested layer such as "
            '{"type": "TransformerEncoderLayer", "params": {...}}; '
            + (f"there is no layer class {named[:64]!r}." if named else "it has no type.")
            + (f" Did you mean {near[0]}?" if near else ""),
            param=name,
            fixes=[*retyped(node, name, near), *removed(node, name)],
        )
        return None

    def _params(self, node: Node, name: str, raw: dict[str, Any]) -> dict[str, Any] | None:
        params = raw.get("params")
        odd = next((key for key in raw if key not in ("type", "params")), None)
        if odd is None and (params is None or isinstance(params, dict)):
            return params or {}
        self._reporter.at(
            node,
            "bad-param" if odd is None else "unknown-key",
            f"{name} of {node.key} is a nested layer, which has only `type` and an object `params`.",
            param=name if odd is None else f"{name}.{odd[:64]}",
            fixes=removed(node, name, "params" if odd is None else odd),
        )
        return None

    def _one(
        self, node: Node, copy: Copy, name: str, nested: Nested, known: dict[str, Param], key: str, value: Any
    ) -> bool:
        """Reads one parameter; whether it is good."""
        fixes = removed(node, name, "params", key)
        if key not in known:
            fixes = [*([] if self._reporter.crowded else renamed(node, name, key, known)), *fixes]
            text = f"{nested.layer.type} has no parameter {key[:64]}."
            self._reporter.at(node, "unknown-param", text, param=f"{name}.{key}", fixes=fixes)
            return False
        if known[key].kind in ("module", "module_list") and value is not None:
            inner = self.read(node, copy, f"{name}.{key}", value)
            if inner is not None:
                nested.nested[key] = inner
            return inner is not None
        found = self._evaluated(node, copy, f"{name}.{key}", value)
        if found is None:
            return False
        try:
            nested.params[key] = convert(known[key], *found)
        except BadValue as error:
            text = f"{key} of {name} {error}."
            self._reporter.at(node, "bad-param", text, param=f"{name}.{key}", fixes=fixes)
            return False
        return True
