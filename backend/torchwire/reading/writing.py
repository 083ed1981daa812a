"""The document: nodes in construction order, blocks, names, initialisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from torchwire.catalogue.layer import LayerType, Param
from torchwire.graph.models import FORMAT, MAX_EXPRESSION
from torchwire.graph.names import fresh_name
from torchwire.reading import sources_of_values
from torchwire.reading.folding import Folding, Key, Reference, key_of
from torchwire.reading.forms import Form, index_text, symbols_in
from torchwire.reading.known import references
from torchwire.reading.starts import Starts
from torchwire.reading.symbols import Symbol, render
from torchwire.reading.values import Module, Operation, Scope, Stored, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


class _Differs(Exception):
    """Two calls of one module are not the same block."""

    def __init__(self, module: Module) -> None:
        super().__init__()
        self.module = module


@dataclass
class Graph:
    """One region as it is being written."""

    region: Scope
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[Key, str] = field(default_factory=dict)  # operation, module or stored -> its node
    inputs: dict[Key, tuple[str, Reference]] = field(default_factory=dict)  # what comes from outside
    outputs: list[tuple[str, Reference]] = field(default_factory=list)
    exports: dict[Key, str] = field(default_factory=dict)  # what comes out of blocks -> "use.port"
    uses: dict[int, str] = field(default_factory=dict)  # id of a block's module -> its node
    taken: set[str] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)  # for what has a path
    numbers: dict[str, int] = field(default_factory=dict)

    def fresh(self, name: str, reserve: bool) -> str:
        """A name that is free; counted on from the last of its kind, for thousands may be alike."""
        number = self.numbers.get(name, 0)
        while True:
            key = fresh_name(name if number == 0 else f"{name}{number}", ())
            number += 1
            if key not in self.taken and not (reserve and key in self.reserved):
                self.numbers[name] = number
                return key


@dataclass
class _Item:
    """Something that becomes a node, or several in a row."""

    made: int | None  # when it was constructed
    ran: int | None  # when it ran first
    write: Callable[[], Any]
    done: bool = False


class Writer:
    """Writes the network of one recording.

    Does: order, names, wires, blocks. Does not: decide what can be cut out (Folding), initialisation (Starts).
    """

    def __init__(self, it: Evaluator, root: Scope, paths: dict[int, str]) -> None:
        self._it = it
        self._folding = Folding(it.recording, root, paths)
        self._paths = paths
        self._root = root
        self._starts = Starts(it, root.module)
        self._blocks: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}  # a block's content -> its name
        self.left_out: set[int] = set()
        self.written: set[int] = set()  # ids of what has become a node

    def document(self, name: str) -> dict[str, Any]:
        """The network document."""
        while True:
            self._blocks, self._names = {}, {}
            self._sort()
            self._cross()
            try:
                graph = self._write(self._root)
                break
            except _Differs as differs:
                self._folding.unfold(differs.module)
        found: dict[str, Any] = {"format": FORMAT, "name": name[:100], "seed": 0, "training": self._it.training}
        found["nodes"] = graph.nodes
        init = self._starts.rules()
        if init:
            found["init"] = init
        if self._blocks:
            found["blocks"] = dict(reversed(list(self._blocks.items())))
        return found

    def _sort(self) -> None:
        """Operations, modules and parameters by the region that they belong to."""
        folding = self._folding
        self._operations: dict[int, list[Operation]] = {}
        self._things: dict[int | None, list[Module | Stored]] = {}
        self._calls: dict[int, list[Scope]] = {}
        self._first: dict[int, int] = {}  # when the first thing inside a block was constructed
        for operation in self._it.recording.operations:
            if operation.scope is not None:
                self._operations.setdefault(id(folding.home(operation.scope)), []).append(operation)
        things: list[Module | Stored] = [*self._it.recording.modules, *self._it.recording.stored]
        reached = self._reached()
        for thing in things:
            if id(thing) not in self._paths:
                continue
            if isinstance(thing, Module) and id(thing) not in reached:
                self._leave_out(thing)
            else:
                holders = folding.holders(thing)
                self._things.setdefault(id(holders[-1]) if holders else None, []).append(thing)
                for holder in holders:
                    self._first[id(holder)] = min(thing.number, self._first.get(id(holder), thing.number))
        for scope in self._it.recording.scopes:
            if id(scope.module) in folding.blocks and scope is not self._root:
                self._calls.setdefault(id(folding.home(scope.outer)), []).append(scope)

    def _reached(self) -> set[int]:
        """The layers that are called, or whose weights are read."""
        found: set[int] = set()
        for operation in self._it.recording.operations:
            if operation.scope is not None:
                if operation.module is not None:
                    found.add(id(operation.module))
                found |= {id(source.module) for source, _ in references(operation) if isinstance(source, Weight)}
        for module in self._it.recording.modules:
            for tie in module.ties.values():
                if isinstance(tie.source, Weight):
                    found.add(id(tie.source.module))
        return found

    def _leave_out(self, module: Module) -> None:
        path = self._paths[id(module)]
        self.left_out.add(id(module))
        self._it.notes.add(
            "import-ignored",
            f"{path} ({module.kind}) is constructed and forward() never calls it: it is left out.",
            "warning",
            module.line,
            module.file or None,
        )

    def _cross(self) -> None:
        """What each region reads, in order, and what of it is read from outside."""
        folding = self._folding
        around: dict[int, list[Scope]] = {}
        self._reads: dict[int, list[Reference]] = {}
        self._leaves: dict[int, list[Reference]] = {}
        for reference, home in folding.uses():
            regions = around.setdefault(id(home), list(folding.regions(home)))
            for region in regions:
                self._reads.setdefault(id(region), []).append(reference)
            source = reference[0]
            if isinstance(source, Operation) and source.scope is not None:
                for region in folding.regions(source.scope):
                    if all(region is not each for each in regions):
                        self._leaves.setdefault(id(region), []).append(reference)

    # -- one region --------------------------------------------------------------------------------------------------

    def _write(self, region: Scope) -> Graph:
        graph = Graph(region)
        whole = region is self._root
        own = self._things.get(None if whole else id(region.module), [])
        calls = self._calls.get(id(region), [])
        for thing in [*own, *(scope.module for scope in calls)]:
            path = self._relative(graph, thing)
            graph.reserved |= {path.replace(".", "_"), path.partition(".")[0]}
        if not whole:
            self._inputs(graph)
        items: list[_Item] = []
        first: dict[int, int] = {}
        operations = self._operations.get(id(region), [])
        for operation in operations:
            if operation.module is not None:
                first.setdefault(id(operation.module), operation.number)
        called: set[int] = set()
        for operation in operations:
            module = operation.module
            if operation.type == "Input":
                self._node(graph, (operation,), operation.hint or "x", self._input(operation))
            elif module is not None and id(module) in self._paths:
                again = id(module) in called
                called.add(id(module))
                write: Callable[[], Any] = partial(self._call if again else self._layer, graph, operation)
                items.append(_Item(None if again else module.number, operation.number, write))
            else:
                constant = operation.type == "values"
                write = (
                    partial(self._constant, graph, operation) if constant else partial(self._function, graph, operation)
                )
                items.append(_Item(None, operation.number, write))
        for thing in own:
            if isinstance(thing, Stored):
                items.append(_Item(thing.number, None, partial(self._stored, graph, thing)))
            elif id(thing) not in first:
                items.append(_Item(thing.number, None, partial(self._module, graph, thing)))
        for scope in calls:
            again = id(scope.module) in called
            called.add(id(scope.module))
            made = None if again else self._constructed(scope.module)
            items.append(_Item(made, scope.began, partial(self._use, graph, scope)))
        self._in_order(items)
        if whole:
            self._results(graph)
        else:
            self._outputs(graph)
        for node in graph.nodes.values():
            for pending in node.pop("", ()):
                pending()
        self._tidy(graph)
        return graph

    @staticmethod
    def _in_order(items: list[_Item]) -> None:
        """Writes them: what is constructed in that order, and what runs, where that allows, as it ran."""
        built = sorted((item for item in items if item.made is not None), key=lambda item: item.made or 0)
        place = 0
        for item in sorted((item for item in items if item.ran is not None), key=lambda item: item.ran or 0):
            if item.made is not None:
                while not item.done:
                    built[place].write()
                    built[place].done = True
                    place += 1
            elif not item.done:
                item.write()
                item.done = True
        for item in built[place:]:
            item.write()

    def _constructed(self, module: Module) -> int | None:
        """When the first thing inside a block was constructed."""
        return self._first.get(id(module))

    def _node(
        self, graph: Graph, things: tuple[Any, ...], name: str, node: dict[str, Any], reserve: bool = True
    ) -> tuple[str, dict[str, Any]]:
        """A node under a fresh name; its wires are written when all names are known."""
        key = graph.fresh(name, reserve)
        graph.taken.add(key)
        for thing in things:
            graph.keys[(id(thing), None)] = key
            self.written.add(id(thing))
        graph.nodes[key] = node
        return key, node

    def _inputs(self, graph: Graph) -> None:
        """The ports of a block: its arguments, then whatever else it reads from outside."""
        region = graph.region
        for name, reference in region.arguments:
            self._port(graph, name, reference)
        for reference in self._reads.get(id(region), ()):
            if key_of(reference) not in graph.inputs and not self._inside(reference[0], region):
                self._port(graph, _hint(reference[0]), reference)

    def _inside(self, source: Any, region: Scope) -> bool:
        if isinstance(source, Operation) and source.scope is None:
            return True  # made in a constructor: every region makes it anew
        return self._folding.inside(source, region)

    def _port(self, graph: Graph, name: str, reference: Reference) -> None:
        key = key_of(reference)
        if key in graph.inputs:
            key = (id(reference), f"again {name}")  # the same tensor given twice: an argument that is never read
        port, _ = self._node(graph, (), name, {"type": "Input"})
        graph.inputs[key] = (port, reference)

    def _outputs(self, graph: Graph) -> None:
        region = graph.region
        wanted: dict[Key, tuple[str, Reference]] = {}
        for name, reference in region.result or []:
            wanted.setdefault(key_of(reference), (name or "out", reference))
        for reference in self._leaves.get(id(region), ()):
            wanted.setdefault(key_of(reference), (_hint(reference[0]), reference))
        for name, reference in wanted.values():
            if self._inside(reference[0], region) and isinstance(reference[0], Operation):
                wire = self._name(graph, reference)
                port, _ = self._node(graph, (), name, {"type": "Output", "inputs": {"value": wire}})
                graph.outputs.append((port, reference))

    def _results(self, graph: Graph) -> None:
        """What the network returns."""
        for name, reference in self._root.result or []:
            wire = self._name(graph, reference)
            self._node(graph, (), name or "out", {"type": "Output", "inputs": {"value": wire}})

    # -- references --------------------------------------------------------------------------------------------------

    def _name(self, graph: Graph, reference: Reference) -> str:
        """How a wire of this graph calls the tensor."""
        source, port = reference
        key = key_of(reference)
        if key in graph.inputs:
            return graph.inputs[key][0]
        if key in graph.exports:
            return graph.exports[key]
        if isinstance(source, Operation) and source.scope is None:
            own = graph.keys.get((id(source), None)) or self._constant(graph, source)
            return own if port is None else f"{own}.{port}"
        if isinstance(source, Weight):
            module = source.module
            own_key = graph.keys.get((id(module), None))
            if own_key is not None:
                return f"{own_key}.{source.name}"
            return self._within(graph, module, source.name)
        own_key = graph.keys.get((id(source), None))
        if own_key is None and isinstance(source, Stored):
            if id(source) in self._paths:
                return self._within(graph, source, "")
            own_key = self._loose(graph, source)
        assert own_key is not None, (source, port)
        return own_key if port is None else f"{own_key}.{port}"

    def _within(self, graph: Graph, thing: Any, name: str) -> str:
        """The name of a weight inside a block: `use.path.weight`."""
        for holder in self._folding.holders(thing):
            use = graph.uses.get(id(holder))
            if use is not None:
                inner = self._paths[id(thing)][len(self._paths[id(holder)]) + 1 :]
                return ".".join(part for part in (use, inner, name) if part)
        # it is constructed later than its reader: its node follows
        raise _Differs(next(iter(self._folding.blocks.values())))

    def _relative(self, graph: Graph, thing: Any) -> str:
        path = self._paths[id(thing)]
        if graph.region is self._root:
            return path
        return path[len(self._paths[id(graph.region.module)]) + 1 :]

    # -- nodes -------------------------------------------------------------------------------------------------------

    def _named(self, graph: Graph, thing: Any, node: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A node for something that has a path: its key, and its attribute where that differs."""
        path = self._relative(graph, thing)
        key, _ = self._node(graph, (thing,), path.replace(".", "_"), node, reserve=False)
        if key != path:
            node["attribute"] = path
        return key, node

    def _input(self, operation: Operation) -> dict[str, Any]:
        given = {name: value for name, value in operation.given.items() if value is not None}
        return {"type": "Input", "params": given} if given else {"type": "Input"}

    def _layer(self, graph: Graph, operation: Operation) -> None:
        module = operation.module
        assert module is not None
        key, node = self._module(graph, module)
        graph.keys[(id(operation), None)] = key
        self._wire(graph, operation, node)

    def _module(self, graph: Graph, module: Module) -> tuple[str, dict[str, Any]]:
        assert module.layer is not None
        node: dict[str, Any] = {"type": module.kind}
        key, _ = self._named(graph, module, node)
        params = self._constructor(module)
        if params:
            node["params"] = params
        self._starts.node(module, node)
        if module.ties:

            def tie() -> None:
                ties = {name: self._name(graph, tensor.reference) for name, tensor in module.ties.items()}
                node["inputs"] = {**node.get("inputs", {}), **ties}

            node.setdefault("", []).append(tie)
        return key, node

    def _constructor(self, module: Module) -> dict[str, Any]:
        assert module.layer is not None
        found: dict[str, Any] = {}
        form = Form(self._it.concrete)
        for param in module.layer.params:
            if param.name not in module.params:
                continue
            value = module.params[param.name]
            if isinstance(value, Module) and param.kind == "module":
                nested: dict[str, Any] = {"type": value.kind}
                inner = self._constructor(value) if value.layer is not None else {}
                found[param.name] = nested | ({"params": inner} if inner else {})
            elif not _default(param, value):
                found[param.name] = exact(form.plain(value, param), param)
        return found

    def _call(self, graph: Graph, operation: Operation) -> None:
        module = operation.module
        target = graph.keys[(id(module), None)]
        name = operation.hint or target
        _, node = self._node(graph, (operation,), name, {"call": target})
        self._wire(graph, operation, node)

    def _function(self, graph: Graph, operation: Operation) -> None:
        layer = operation.layer
        node: dict[str, Any] = {"type": operation.type}
        name = operation.hint or operation.type
        if operation.module is not None:  # a layer that nothing holds: not in torch's state_dict either
            node["type"] = operation.module.kind
            params = self._constructor(operation.module)
            if params:
                node["params"] = params
            self._starts.node(operation.module, node)
            graph.keys[(id(operation.module), None)] = ""
            name = operation.hint or operation.module.kind.lower()
        things = (operation,) if operation.module is None else (operation, operation.module)
        self._node(graph, things, name, node)
        if layer is not None or operation.inputs:
            self._wire(graph, operation, node)

    def _wire(self, graph: Graph, operation: Operation, node: dict[str, Any]) -> None:
        """Parameters of the call and wires, once every name is known."""

        def write() -> None:
            if operation.params:
                params = self._call_params(graph, operation)
                if params:
                    node["params"] = {**node.get("params", {}), **params}
            if operation.inputs:
                wires = {}
                for port, value in operation.inputs.items():
                    many = isinstance(value, list)
                    wires[port] = [self._name(graph, each) for each in value] if many else self._name(graph, value)
                node["inputs"] = {**wires, **node.get("inputs", {})}

        node.setdefault("", []).append(write)
        for reference in references(operation):  # constants that a constructor made get their node before
            self._prepare(graph, reference)

    def _prepare(self, graph: Graph, reference: Reference) -> None:
        source = reference[0]
        if isinstance(source, Operation) and source.scope is None and (id(source), None) not in graph.keys:
            self._constant(graph, source)
        elif isinstance(source, Stored) and id(source) not in self._paths and (id(source), None) not in graph.keys:
            self._loose(graph, source)

    def _call_params(self, graph: Graph, operation: Operation) -> dict[str, Any]:
        layer = operation.layer
        assert layer is not None
        return params_json(
            layer, operation.params, lambda symbol: self._symbol(graph, symbol), lambda s: self._text(graph, s)
        )

    def _text(self, graph: Graph, symbol: Symbol) -> str | None:
        """The expression's text; None where it cannot stand in a document, and the number must."""

        def name(source: Any, port: str | None) -> str:
            if isinstance(source, Weight | Stored) or (port is not None and port.isdigit()):
                raise LookupError
            if isinstance(source, Operation) and source.scope is None:
                raise LookupError
            return self._name(graph, (source, port))

        try:
            text = render(symbol, name)
        except LookupError:
            return None
        return text if len(text) <= MAX_EXPRESSION else None

    def _symbol(self, graph: Graph, symbol: Symbol) -> Any:
        text = self._text(graph, symbol)
        return self._it.concrete(symbol) if text is None else {"$": text}

    # -- parameters and constants ------------------------------------------------------------------------------------

    def _stored(self, graph: Graph, stored: Stored) -> None:
        node: dict[str, Any] = {"type": stored.kind}
        made = sources_of_values.simple(self._it, stored, self._starts)
        if made is not None:
            self.written.add(id(stored.value.source))
        if made is None:
            wire = self._chain(graph, stored.value.reference)
            node["inputs"] = {"value": wire}
            init = self._starts.of(stored)
            if init is not None:
                node["init"] = {"value": init}
        else:
            node["params"] = made
        if stored.kind == "Constant" and not stored.persistent:
            node["params"] = {**node.get("params", {}), "persistent": False}
        if not stored.trainable and stored.kind == "Parameter":
            node["trainable"] = False
        self._named(graph, stored, node)

    def _chain(self, graph: Graph, reference: Reference) -> str:
        """Nodes for the operations of a constructor that compute a constant; the wire to the last."""
        source, port = reference
        if not isinstance(source, Operation):
            return self._name(graph, reference)
        key = graph.keys.get((id(source), None))
        if key is None:
            if source.type == "values":
                key = self._constant(graph, source)
            else:
                for inner in references(source):
                    self._chain(graph, inner)
                node: dict[str, Any] = {"type": source.type}
                name = source.hint if source.hint not in (None, "empty") else source.type
                key, _ = self._node(graph, (source,), str(name), node)
                self._wire(graph, source, node)
        return key if port is None else f"{key}.{port}"

    def _constant(self, graph: Graph, operation: Operation) -> str:
        """A tensor of known values, or one that a constructor keeps beside its buffers: a Constant."""
        node: dict[str, Any] = {"type": "Constant"}
        name = operation.hint if operation.hint not in (None, "empty") else operation.type
        if operation.type == "values":
            made = sources_of_values.values(operation.given["values"], operation.given["dtype"])
            node["params"] = {**made, "persistent": False}
            key, _ = self._node(graph, (operation,), str(name or "values"), node)
            return key
        stored = Stored("Constant", _tensor(operation), operation.number, operation.line, persistent=False)
        simple = sources_of_values.simple(self._it, stored, self._starts)
        if simple is not None:
            self.written.add(id(stored.value.source))
        if simple is None:
            node["inputs"] = {"value": self._chain(graph, (operation, None))}
            node["params"] = {"persistent": False}
            name = f"{name}_kept"
        else:
            node["params"] = {**simple, "persistent": False}
        key, _ = self._node(graph, (operation,), str(name), node)
        return key

    def _loose(self, graph: Graph, stored: Stored) -> str:
        """A parameter that no module holds."""
        node: dict[str, Any] = {"type": stored.kind}
        simple = sources_of_values.simple(self._it, stored, self._starts)
        if simple is not None:
            self.written.add(id(stored.value.source))
        if simple is None:
            node["inputs"] = {"value": self._chain(graph, stored.value.reference)}
        else:
            node["params"] = simple
        key, _ = self._node(graph, (stored,), stored.kind.lower(), node)
        return key

    # -- blocks ------------------------------------------------------------------------------------------------------

    def _use(self, graph: Graph, scope: Scope) -> None:
        module = scope.module
        inner = self._write(scope)
        content: dict[str, Any] = {"nodes": inner.nodes}
        text = json.dumps(content)
        before = graph.uses.get(id(module))
        if before is None:
            name = self._names.get(text)
            if name is None or not name.startswith(_base(module)):
                taken = {*self._blocks, *self._it.catalogue.types}
                name = fresh_name(_base(module), taken)
                self._blocks[name] = content
                self._names[text] = name
            node: dict[str, Any] = {"type": name}
            key, _ = self._named(graph, module, node)
            graph.uses[id(module)] = key
        else:
            name = graph.nodes[before]["type"]
            if json.dumps(self._blocks[name]) != text:
                raise _Differs(module)
            key, node = self._node(graph, (), before, {"call": before})

        def wire() -> None:
            wires = {port: self._name(graph, reference) for port, reference in inner.inputs.values()}
            if wires:
                node["inputs"] = wires

        node.setdefault("", []).append(wire)
        for number, (port, reference) in enumerate(inner.outputs):
            graph.exports[key_of(reference)] = key if number == 0 else f"{key}.{port}"

    @staticmethod
    def _tidy(graph: Graph) -> None:
        """Keys of every node in the order in which a person would write them."""
        order = ("type", "call", "params", "inputs", "attribute", "init", "trainable")
        for key, node in graph.nodes.items():
            graph.nodes[key] = {name: node[name] for name in order if name in node}


def params_json(
    layer: LayerType,
    params: dict[str, Any],
    symbol: Callable[[Symbol], Any],
    text: Callable[[Symbol], str | None],
) -> dict[str, Any]:
    """Parameters of a function or of forward as the document writes them."""
    form = Form(symbol)
    found: dict[str, Any] = {}
    for param in layer.params:
        if param.name not in params:
            continue
        value = params[param.name]
        if param.kind == "index":
            symbols = list(symbols_in(list(value) if isinstance(value, tuple) else value))

            def part(each: Any) -> str:
                if not isinstance(each, Symbol):
                    return repr(each)
                written = text(each)
                return str(symbol(each)) if written is None else written

            written = index_text(value, part)
            found[param.name] = {"$": written} if any(text(each) for each in symbols) else written
        elif not _default(param, value):
            found[param.name] = exact(form.plain(value, param), param)
    return found


def exact(value: Any, param: Param) -> Any:
    """A whole float stays one where an integer would mean something else: `{"$": "1.0"}`."""
    if param.kind in ("number", "any", "number_or_tensor") and isinstance(value, float) and value.is_integer():
        return {"$": repr(value)}
    return value


def _default(param: Param, value: Any) -> bool:
    if param.required or param.inferred:
        return False
    if isinstance(value, list | tuple) and isinstance(param.default, list | tuple):
        return list(value) == list(param.default)
    return type(value) is type(param.default) and bool(value == param.default)


def _base(module: Module) -> str:
    return module.cls.name if module.cls is not None else module.kind


def _hint(source: Any) -> str:
    if isinstance(source, Weight | Stored):
        return source.name.replace(".", "_") or "value"
    return str(source.hint or source.type)


def _tensor(operation: Operation) -> Any:
    from torchwire.reading.values import Tensor

    return Tensor(operation)
