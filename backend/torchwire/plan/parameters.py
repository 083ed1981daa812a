"""Parameters of one node: known, complete, of the right kind and within their bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from torchwire.catalogue.catalogue import Catalogue
from torchwire.catalogue.layer import LayerType, Param
from torchwire.graph.document import GraphSpec
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix
from torchwire.plan import evaluate
from torchwire.plan.evaluate import Deferred
from torchwire.plan.nested import NestedReader
from torchwire.plan.remedies import first_value, remedies, removed
from torchwire.plan.reporter import Reporter, drop_param, removal
from torchwire.plan.sources import check_source
from torchwire.plan.tree import Copy, Graph, Node
from torchwire.plan.values import BadValue, convert


class ParameterReader:
    """Reads `params` of nodes into the Python values that constructors and calls get."""

    def __init__(self, catalogue: Catalogue, reporter: Reporter) -> None:
        self._catalogue = catalogue
        self._reporter = reporter
        self._nested = NestedReader(catalogue, reporter, self._evaluated)

    def read(self, node: Node, copy: Copy, graph: Graph) -> None:
        layer = node.layer
        if node.kind == "call":
            target = graph.nodes.get(node.target or "") or _spec_layer(graph, node.target, self._catalogue)
            layer = target.layer if isinstance(target, Node) else target
            if layer is None:  # a block, or nothing: its parameters are not the call's to give
                return
        if layer is None:
            return
        if node.kind == "module":
            layer = node.layer = _wrapping(layer, node.spec.params, self._catalogue)
        known = {param.name: param for param in layer.params if node.kind != "call" or param.forward}
        for name, raw in node.spec.params.items():
            param = known.get(name)
            if param is None:
                copy.constructible = False  # torch would refuse the keyword
                self._unknown(node, name, raw, list(known), _lacking(node, layer, known, raw))
            elif param.forward or layer.form == "function":
                if layer.form == "function" and name in node.spec.inputs:
                    self._twice(node, name)
                self._run_param(node, copy, param, raw)
            elif layer.form == "own":
                self._own_param(node, copy, param, raw)
            else:
                self._constructor_param(node, copy, param, raw)
        wired, faulty = node.spec.inputs, node.spec.faulty
        if any(label == "params" or label.startswith("params.") for label in faulty):
            copy.constructible = False
        if node.kind in ("input", "parameter", "constant"):
            check_source(node, copy, self._reporter)
        for param in known.values():
            if param.name in node.spec.params or param.name in wired:
                continue
            if "params" in faulty or f"params.{param.name}" in faulty:
                continue  # it is there, and wrong: the reader of the document has said so
            if param.inferred and not param.forward:
                copy.inferred += (param.name,)
            elif param.required:
                copy.constructible = False
                self._reporter.at(
                    node,
                    "missing-param",
                    f"{node.key} ({layer.type}) needs {param.name}.",
                    param=param.name,
                    fixes=first_value(node, param),
                )

    def block_arguments(self, node: Node, copy: Copy, block: GraphSpec) -> dict[str, Any]:
        """The evaluated arguments of one use of a block."""
        given: dict[str, Any] = {}
        for name, raw in node.spec.params.items():
            if name not in block.params:
                self._unknown(node, name, raw, list(block.params))
                continue
            value = self._evaluated(node, copy, name, raw)
            if value is not None:
                given[name] = value[0]
        return given

    def _evaluated(self, node: Node, copy: Copy, name: str, raw: Any) -> tuple[Any, bool] | None:
        if not isinstance(raw, (dict, list)):
            return raw, False  # no expression: most values of most documents
        names: Mapping[str, Any] = {key: value for key, value in copy.names.items() if key != "training"}
        try:
            return evaluate.evaluate(raw, names)
        except ExpressionError as error:
            copy.constructible = False
            known = node.layer.params if node.layer is not None else ()
            param = next((param for param in known if param.name == name), None)
            self._reporter.at(
                node,
                "bad-expression",
                f"{name} of {node.key} cannot be evaluated: {error}",
                param=name,
                fixes=remedies(node, param, None) if param is not None else removed(node, name),
            )
            return None

    def _constructor_param(self, node: Node, copy: Copy, param: Param, raw: Any) -> None:
        if param.kind in ("module", "module_list") and raw is not None:
            nested = self._nested.read(node, copy, param.name, raw)
            if nested is None:
                copy.constructible = False
            else:
                copy.nested[param.name] = nested
            return
        found = self._evaluated(node, copy, param.name, raw)
        if found is None:
            return
        try:
            copy.params[param.name] = convert(param, *found)
        except BadValue as error:
            copy.constructible = False
            self._bad(node, param, found[0], error)

    def _own_param(self, node: Node, copy: Copy, param: Param, raw: Any) -> None:
        found = self._evaluated(node, copy, param.name, raw)
        if found is None or found[0] is None:  # null is what a person writes for "none given"
            return
        try:
            copy.params[param.name] = found[0] if param.name in ("values", "fill") else convert(param, *found)
        except BadValue as error:
            copy.constructible = False
            self._bad(node, param, found[0], error)

    def _run_param(self, node: Node, copy: Copy, param: Param, raw: Any) -> None:
        index = param.kind == "index"
        try:
            found = list(evaluate.expressions(raw, index))
        except ExpressionError as error:
            self._reporter.at(
                node,
                "bad-expression",
                f"{param.name} of {node.key} cannot be read: {error}",
                param=param.name,
                fixes=remedies(node, param, None),
            )
            return
        sizes = [reference for expression in found for reference in expression.sizes]
        if sizes:
            node.sizes = tuple(dict.fromkeys([*node.sizes, *sizes]))
            copy.run_params[param.name] = Deferred(param, raw)
            return
        try:
            value, exact = evaluate.evaluate(raw, copy.names, index=index)
            copy.run_params[param.name] = convert(param, value, exact)
        except ExpressionError as error:
            self._reporter.at(
                node,
                "bad-expression",
                f"{param.name} of {node.key} cannot be evaluated: {error}",
                param=param.name,
                fixes=remedies(node, param, None),
            )
        except BadValue as error:
            self._bad(node, param, value, error)

    def _twice(self, node: Node, name: str) -> None:
        """A number or a tensor: not both."""
        unwire = removal(node.spec.path + pointer("inputs", name), node.spec.inputs[name])
        self._reporter.at(
            node,
            "bad-param",
            f"{name} of {node.key} is wired and has a value too. Keep one of them.",
            param=name,
            fixes=[Fix("Remove the value", drop_param(node, name)), Fix("Remove the wire", unwire)],
            key=("twice", node.spec.path, name),  # the value itself may be wrong too
        )

    def _unknown(self, node: Node, name: str, raw: Any, known: list[str], lacking: Sequence[str] = ()) -> None:
        near = [] if self._reporter.crowded else (nearest(name, known) or lacking)
        fixes = []
        if near and near[0] not in node.spec.params:
            fixes.append(Fix(f"Rename it to {near[0]}", [*drop_param(node, name), *_add(node, near[0], raw)]))
        fixes.append(Fix(f"Remove {name}", drop_param(node, name)))
        hint = (
            f" Did you mean {near[0]}?"
            if near
            else (f" It takes {', '.join(known[:8])}." if known else " It takes none.")
        )
        self._reporter.at(
            node,
            "unknown-param",
            f"{node.key} ({node.what}) has no parameter {name[:64]}.{hint}",
            param=name[:64],
            fixes=fixes,
        )

    def _bad(self, node: Node, param: Param, value: Any, error: BadValue) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        got = "" if str(error).startswith(f"is {shown},") else f" (got {shown})"
        self._reporter.at(
            node,
            "bad-param",
            f"{param.name} of {node.key} {error}{got}.",
            param=param.name,
            fixes=remedies(node, param, value),
        )


def _lacking(node: Node, layer: LayerType, known: Mapping[str, Param], value: Any) -> list[str]:
    """The one parameter that the node needs and lacks, if it takes this value: what another name may be meant for."""
    ports = {port.name for port in layer.inputs if not port.optional}
    found = [
        param
        for name, param in known.items()
        if name not in node.spec.params and name not in node.spec.inputs and not param.inferred
        if param.required or name in ports
    ]
    if len(found) != 1:
        return []
    try:
        convert(found[0], value)
    except BadValue:
        return []
    return [found[0].name]


def _add(node: Node, name: str, value: Any) -> list[dict[str, Any]]:
    return [{"op": "add", "path": node.spec.path + pointer("params", name), "value": value}]


def _spec_layer(graph: Graph, key: str | None, catalogue: Catalogue) -> LayerType | None:
    """The layer type of a node that stands later in the document than its call."""
    spec = graph.spec.nodes.get(key or "")
    layer = catalogue.get(spec.type) if spec is not None and spec.type else None
    return _wrapping(layer, spec.params, catalogue) if layer is not None and spec is not None else None


def _wrapping(layer: LayerType, params: Mapping[str, Any], catalogue: Catalogue) -> LayerType:
    """spectral_norm and weight_norm with the ports and the forward keywords of the module that they wrap."""
    raw = params.get("module")
    if layer.form != "module" or not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        return layer
    plain, inner = catalogue.get(layer.type), catalogue.get(raw["type"])
    if plain is None or inner is None or inner.form != "module":
        return layer
    if not plain.params or plain.params[0].name != "module":
        return layer
    given = raw.get("params")
    inner = _wrapping(inner, given if isinstance(given, dict) else {}, catalogue)
    forward = tuple(param for param in inner.params if param.forward)
    return replace(
        plain, params=plain.params + forward, inputs=inner.inputs, outputs=inner.outputs, forward=inner.forward
    )
