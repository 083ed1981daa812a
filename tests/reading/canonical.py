"""A network in one form, whatever words its document uses: what is constructed, what is computed of what.

Blocks, repeats and `when` are laid out, expressions evaluated, inferred values written out, torch's defaults left away,
and what no output needs dropped: notes and places on the canvas, names of functions and their order where none reads
the other, nodes that nobody reads, which exported code does not run either. Two documents with the same form construct
the same modules under the same names, in the same order, with the same arguments, ties, initialisation and freezing,
and compute the same graph of them.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping
from typing import Any

import torch

from torchwire.catalogue.layer import LayerType, Param
from torchwire.engine.computation import Computation
from torchwire.engine.given import dtype_of
from torchwire.engine.progress import Unwatched
from torchwire.engine.samples import sample
from torchwire.engine.shapes import ShapePass
from torchwire.graph.references import Reference
from torchwire.plan.evaluate import Deferred
from torchwire.plan.ties import slot
from torchwire.plan.tree import Copy, Graph, Nested, Node, Plan, frozen

Value = Any  # a reference to a result: ("input", name), ("result", digest, port), ("weight", module, name)


def canonical(network: dict[str, Any]) -> dict[str, Any]:
    """The form. Raises AssertionError for a network with errors."""
    computation = Computation({"network": network}, Unwatched())
    shapes = computation.find_shapes(True)
    plan = computation.plan
    assert plan is not None
    assert not [problem for problem in computation.problems if problem.severity == "error"]
    return _Canonical(plan, shapes).form()


class _Canonical:
    def __init__(self, plan: Plan, shapes: ShapePass) -> None:
        self._plan = plan
        self._shapes = shapes
        self._frozen = frozenset(frozen(plan.graph))
        self._results: dict[str, Any] = {}
        self._modules: list[Any] = []
        self._made: dict[str, Value] = {}  # Parameters and Constants that are computed
        self._reached: set[str] = set()

    def form(self) -> dict[str, Any]:
        graph = self._plan.graph
        inputs = {node.key: ("input", node.key) for node in graph.kind("input")}
        self._construct(graph, ())
        values = self._run(graph, inputs)
        returned = [values[(key, None)] for key in graph.returned]
        self._reach(returned)
        return {
            "name": self._plan.name,
            "seed": self._plan.seed,
            "training": self._plan.training,
            "inputs": [(node.key, self._input(node)) for node in graph.kind("input")],
            "modules": [each for each in self._modules if each[0] in self._reached],
            "made": dict(sorted((path, value) for path, value in self._made.items() if path in self._reached)),
            "returned": returned,
            "results": {key: said for key, said in sorted(self._results.items()) if key in self._reached},
        }

    def _reach(self, values: list[Value]) -> None:
        """What the returned values are made of: code computes nothing else, and constructs it in vain."""
        ties = {each[0]: list(each[4].values()) for each in self._modules}
        todo = list(values)
        while todo:
            value = todo.pop()
            name = value[1]
            if value[0] in ("result", "weight") and name not in self._reached:
                self._reached.add(name)
                if value[0] == "weight":
                    todo += [*ties.get(name, ()), *([self._made[name]] if name in self._made else [])]
                else:
                    _, module, _, wires = self._results[name]
                    todo += [each for given in wires.values() for each in given]
                    todo += [("weight", module, "")] if module else []

    # -- construction ------------------------------------------------------------------------------------------------

    def _construct(self, graph: Graph, rules: tuple[Mapping[str, Any], ...]) -> None:
        """Every module and parameter, in order; `rules` are those of the graphs around, the outermost last."""
        rules = (graph.spec.init or {}, *rules)
        for node in graph.nodes.values():
            if not node.present or node.kind not in ("module", "block", "parameter", "constant"):
                continue
            for copy in node.copies:
                if copy.graph is not None:
                    self._construct(copy.graph, (node.spec.init or {}, *rules))
                    continue
                assert node.layer is not None
                init = {name: ("its own", _start(start)) for name, start in (node.spec.init or {}).items()}
                for each in rules:
                    for rule, start in each.items():
                        kind, _, name = rule.partition(".")
                        if kind == node.layer.type:
                            init[name] = ("by rule", _start(start))
                ties = {name: self._weight(graph, node, reference) for name, reference in node.ties.items()}
                # a constant is the same whoever writes it; a tied parameter is the other's
                init = {
                    name: start if _draws(start[1]) else start[1]
                    for name, start in sorted(init.items())
                    if name not in ties
                }
                params = self._params(node.layer, copy.params, copy.nested)
                still = copy.path in self._frozen and node.kind != "constant"
                self._modules.append((copy.module_path, node.layer.type, params, init, ties, still))

    def _weight(self, graph: Graph, reader: Node, reference: Reference) -> Value:
        node = graph.nodes[reference.node]
        found = slot(node, reference.port)
        if found is None:
            return ("computed", str(reference))
        return ("weight", found[1].module_path, "" if found[0].kind != "module" else found[2])

    def _input(self, node: Node) -> Any:
        """An Input, a sample as the values that it is."""
        copy = node.copies[0]
        found = self._params(node.layer, copy.params)
        if found.get("fill") == "sample":
            dtype = dtype_of(copy)
            values = sample(copy.params["name"], copy.params.get("index", 0), tuple(copy.params["shape"]), dtype, node)
            found = {name: found[name] for name in ("dtype", "shape") if name in found}
            found |= {"fill": "values", "values": _plain(values)}
        elif found.get("fill") == "values":
            found["values"] = _plain(torch.tensor(copy.params["values"], dtype=dtype_of(copy)))
        return found

    def _params(self, layer: LayerType | None, params: Mapping[str, Any], nested: Mapping[str, Nested] = {}) -> Any:
        assert layer is not None
        known: dict[str, Param] = {param.name: param for param in layer.params}
        found = {
            name: _plain(value)
            for name, value in params.items()
            if name != "inplace" and not _is_default(known.get(name), value)  # the engine never works in place
        }
        inner = {
            name: (each.layer.type, self._params(each.layer, each.params, each.nested)) for name, each in nested.items()
        }
        if isinstance(found.get("fill"), dict):
            found["fill"] = _start(found["fill"])
        return dict(sorted({**found, **inner}.items()))

    # -- running -----------------------------------------------------------------------------------------------------

    def _run(self, graph: Graph, inputs: dict[str, Value]) -> dict[tuple[str, str | None], Value]:
        """What every reference of the graph stands for."""
        values: dict[tuple[str, str | None], Value] = {}

        def value(reference: Reference) -> Value:
            key = (reference.node, reference.port)
            if key in values:
                return values[key]
            node = graph.nodes[reference.node]
            if not node.present:
                return value(node.wires[str(node.first_port)][0])
            first = values.get((reference.node, None))
            layer = (node if node.target is None else graph.nodes[node.target]).layer
            if reference.port is not None and layer is not None and first is not None:
                ports = [port.name for port in layer.outputs]
                if layer.list_output or reference.port in ports:
                    least = "0" if layer.list_output else ports[0]
                    return first if reference.port == least else (*first, reference.port)
            return self._weight(graph, node, reference)

        for key in graph.order:
            node = graph.nodes[key]
            if not node.present:
                continue
            if node.kind == "input":
                values[(key, None)] = inputs[key]
            elif node.kind == "output":
                values[(key, None)] = value(node.wires["value"][0])
            elif node.kind in ("parameter", "constant"):
                path = node.copies[0].module_path
                values[(key, None)] = ("weight", path, "")
                if "value" in node.wires:
                    self._made[path] = value(node.wires["value"][0])
            else:
                wires = {port: [value(each) for each in references] for port, references in node.wires.items()}
                self._node(graph, node, wires, values)
        for key in graph.returned:
            values[(key, None)] = value(Reference(key))
        return values

    def _node(self, graph: Graph, node: Node, wires: dict[str, list[Value]], values: dict[Any, Value]) -> None:
        target = graph.nodes[node.target] if node.target is not None else node
        copies = node.copies if node.target is None else [target.copies[0]] * max(1, len(node.copies))
        own = node.copies or target.copies
        for number, copy in enumerate(copies):
            if copy.graph is not None:
                inner = self._run(copy.graph, {port: given[0] for port, given in wires.items()})
                outputs = list(copy.graph.returned)
                for place, key in enumerate(outputs):
                    values[(node.key, key)] = inner[(key, None)]
                    if place == 0:
                        values[(node.key, None)] = values[(node.key, "output")] = inner[(key, None)]
                last = values[(node.key, None)]
            else:
                layer = target.layer
                assert layer is not None
                run = own[number].run_params if number < len(own) else copy.run_params
                params = self._params(layer, {name: self._decided(graph, own[0], each) for name, each in run.items()})
                module = copy.module_path if target.kind == "module" else ""
                said = (layer.type, module, params, dict(sorted(wires.items())))
                digest = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
                self._results[digest] = said
                last = values[(node.key, None)] = ("result", digest)
            first = node.first_port or next(iter(wires), None)
            if first is not None:
                wires = {**wires, first: [last]}

    def _decided(self, graph: Graph, copy: Copy, value: Any) -> Any:
        """A parameter of a call, sizes as numbers."""
        if not isinstance(value, Deferred):
            return value

        def sizes(reference: Reference) -> tuple[int, ...]:
            outputs = self._shapes.outcomes[graph.nodes[reference.node].path].outputs
            tensor = next(iter(outputs.values())) if reference.port is None else outputs[reference.port]
            return tuple(tensor.shape)

        return value.value(copy.names, sizes)


def _start(start: Any) -> Any:
    """An initialisation without torch's defaults."""
    if not isinstance(start, Mapping):
        return _plain(start)
    ((name, given),) = start.items()
    defaults = inspect.signature(getattr(torch.nn.init, name)).parameters
    kept = {word: each for word, each in given.items() if defaults[word].default != each}
    return {name: _plain(kept)}


def _draws(start: Any) -> bool:
    return isinstance(start, Mapping) and next(iter(start)) not in ("constant_", "ones_", "zeros_", "eye_", "dirac_")


def _is_default(param: Param | None, value: Any) -> bool:
    if param is None or param.required or param.inferred:
        return False
    one, other = _plain(value), _plain(param.default)
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


def _plain(value: Any) -> Any:
    """(3, 3) as 3, a dtype as its name."""
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in sorted(value.items())}
    if isinstance(value, list | tuple):
        items = tuple(_plain(each) for each in value)
        same = len(items) > 1 and all(type(each) is int and each == items[0] for each in items)
        return items[0] if same else items
    return value
