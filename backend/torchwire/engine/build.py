"""Construction: the real modules, in document order, each drawing from torch's one random stream.

Root                     named after the network
+-- conv1                a module, at its `attribute` or key
+-- stage1               a block: a Root of its own
+-- layers               a repeat: a ModuleList of its copies
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from torchwire.engine.allocation import out_of_memory
from torchwire.engine.blueprint import canonical, out_of_place
from torchwire.engine.operation import construct
from torchwire.engine.outcomes import Failure, Fault
from torchwire.engine.progress import Watch
from torchwire.engine.reuse import Reuse, identify, identity
from torchwire.engine.sheet import Sheet
from torchwire.engine.source import apply_init, draw, drawn_by, misplaced
from torchwire.graph.names import fresh_name, name_fault
from torchwire.graph.problems import Problem
from torchwire.plan.ties import slot, tie_order
from torchwire.plan.tree import Copy, Graph, Node


class Root(nn.Module):
    """A network or one use of a block: it holds modules and is never called."""


class Builder:
    """Builds the module tree of a plan.

    `skip` are module paths that are over a limit or known to fail; they draw nothing.
    """

    def __init__(self, skip: Mapping[str, Any], problems: Any, watch: Watch, reuse: Reuse) -> None:
        self.modules: dict[str, nn.Module] = {}  # by the copy's path
        self.tensors: dict[str, torch.Tensor] = {}  # Parameters and Constants, by the copy's path
        self.lost = False  # after a module over a limit nothing drawn has values
        self.failed: dict[str, bool] = {}
        self._nodes: dict[str, Node] = {}  # whose module it is, by the copy's path
        self._holders: dict[int, tuple[Node, str]] = {}  # the same by the id of a module, with the path
        self._skip = skip
        self._problems = problems
        self._watch = watch
        self._reuse = reuse

    def _lose(self) -> None:
        """What a module would have drawn is not known."""
        self.lost = True
        self._reuse.stop()

    def graph(self, graph: Graph, init_runner: Any) -> Root:
        root = Root()
        for node in graph.nodes.values():
            if not node.present:
                continue
            if node.in_init and node.kind == "function":
                init_runner.run_in_init(graph, node)
                continue
            holder = nn.ModuleList() if node.repeated and node.kind in ("module", "block") else None
            if holder is not None:
                _register(root, node.spec.attribute or node.key, holder)
            for copy in node.copies:
                made = self._copy(graph, node, copy, init_runner)
                if made is None:
                    continue
                if holder is not None:
                    holder.append(made)
                elif isinstance(made, nn.Module):
                    _register(root, node.spec.attribute or node.key, made)
                else:
                    _register_tensor(root, node, copy, made)
        self._tie(graph, root)
        self._init_modules(root, graph.spec.init or {})
        return root

    def _copy(self, graph: Graph, node: Node, copy: Copy, init_runner: Any) -> nn.Module | torch.Tensor | None:
        if node.kind == "block" and copy.graph is not None:
            made: Any = self.graph(copy.graph, init_runner)
            self.modules[copy.path] = made
        elif node.kind == "module":
            made = self._module(node, copy)
        elif node.kind in ("parameter", "constant"):
            made = self._tensor(graph, node, copy, init_runner)
        else:
            return None
        if made is not None and node.spec.init and node.kind in ("module", "block"):
            self._node_init(node, copy, made)
        if made is not None and not node.spec.trainable:
            _freeze(made)
        return made

    def _module(self, node: Node, copy: Copy) -> nn.Module | None:
        assert node.layer is not None
        if self._skip.get(copy.path) == "limit":
            self._lose()
        if self.lost:
            return None
        if self._skip.get(copy.path) == "error" or copy.undecided or not copy.constructible:
            return None
        try:
            self._watch.enter("build", copy.path)
        except Fault as fault:
            self._lose()
            self.failed[copy.path] = True
            self._problems.tell(node, fault.problem)
            return None
        layer, before = node.layer, self._reuse.stream.place()
        try:
            module = self._reuse.module(
                copy.path,
                layer.type,
                canonical(copy.params, copy.nested),
                lambda: out_of_place(construct(layer, copy.params, copy.nested)),
            )
        except Exception as error:  # what fails to construct draws nothing
            self._reuse.stream.skip(before)
            self.failed[copy.path] = True
            text = str(error)
            self._problems.tell(
                node,
                out_of_memory(f"{node.key} ({node.layer.type})", error)
                or Problem("torch-constructor", f"{node.key} cannot be built: {text[:300]}", detail=text[:1000]),
            )
            return None
        self.modules[copy.path] = module
        self._nodes[copy.path] = node
        self._holders[id(module)] = node, copy.path
        return module

    def _tensor(self, graph: Graph, node: Node, copy: Copy, init_runner: Any) -> torch.Tensor | None:
        if node.faults:
            return None
        try:
            if node.wires:
                value = init_runner.computed(graph, node)
                if value is None:
                    return None
                tensor = value.detach().clone()
                if identity(value) is not None:
                    identify(tensor, (copy.path, identity(value)))
            elif copy.path in self._skip:
                return None
            else:
                tensor = self._reuse.drawn((copy.path, drawn_by(copy)), lambda: draw(node, copy))
        except Fault as fault:
            self._problems.tell(node, fault.problem)
            self.failed[copy.path] = True
            return None
        wrong = misplaced(node, copy, Sheet.of(tensor))
        if wrong is not None:
            self._problems.tell(node, wrong)
            self.failed[copy.path] = True
            return None
        if node.kind == "parameter":
            known, tensor = identity(tensor), nn.Parameter(tensor)
            if known is not None:
                identify(tensor, known)
        if node.spec.init is not None:
            for init in node.spec.init.values():
                try:
                    self._fill(tensor, init, node)
                except Fault as fault:
                    self._spoil(node, copy.path, fault)
                    return None
        self.tensors[copy.path] = tensor
        return tensor

    def _node_init(self, node: Node, copy: Copy, module: nn.Module) -> None:
        if node.kind == "block":
            self._init_modules(module, node.spec.init or {})
            return
        own = dict(module.named_parameters())
        for name, init in (node.spec.init or {}).items():
            try:
                if name in own:  # else the shape pass has told it
                    self._fill(own[name], init, node)
            except Fault as fault:
                self._spoil(node, copy.path, fault)

    def _init_modules(self, root: nn.Module, rules: Mapping[str, Any]) -> None:
        """`{"Conv2d.weight": {...}}`, module by module: rule by rule would draw other numbers."""
        parsed = [(*target.rpartition(".")[::2], init) for target, init in rules.items()]
        for module in root.modules():
            for type_name, name, init in parsed:
                if isinstance(module, Root) or type(module).__name__ != type_name:
                    continue
                tensor = getattr(module, name, None)
                if isinstance(tensor, torch.Tensor):
                    holder = self._holders.get(id(module)) or self._holder_of(module)
                    try:
                        self._fill(tensor, init, holder[0])
                    except Fault as fault:
                        self._spoil(*holder, fault)

    def _holder_of(self, module: nn.Module) -> tuple[Node, str]:
        """The node, and the copy's path, whose module has this one inside."""
        for path, built in self.modules.items():
            if path in self._nodes and any(inner is module for inner in built.modules()):
                self._holders[id(module)] = self._nodes[path], path
        return self._holders[id(module)]

    def _spoil(self, node: Node, path: str, fault: Fault) -> None:
        """The weights are not what the document says: nobody runs with them or reads them."""
        self._problems.tell(node, fault.problem)
        self.failed[path] = True

    def _fill(self, tensor: torch.Tensor, init: Any, node: Node) -> None:
        self._reuse.filled(tensor, repr(init), lambda filled: apply_init(filled, init, node))

    def _tie(self, graph: Graph, root: Root) -> None:
        """`self.lm_head.weight = self.wte.weight`, once the modules exist."""
        for node, name, reference in tie_order(graph):
            end = slot(node, name)
            module = self.modules.get(end[1].path) if end is not None else None
            if end is None or module is None:
                continue
            source = graph.nodes[reference.node]
            value = self.weight(graph, reference.node, reference.port)
            held = slot(source, reference.port)
            path = held[1].path if held is not None else source.path
            if value is None or self.failed.get(path):
                self._problems.spoil(node, Failure((source.path,), self.lost or self._skip.get(path) == "limit"))
                continue
            holder, _, last = end[2].rpartition(".")
            owner = module.get_submodule(holder)
            old = getattr(owner, last, None)
            if isinstance(old, nn.Parameter) and old.shape == value.shape:  # else the shape pass has told it
                setattr(owner, last, value if isinstance(value, nn.Parameter) else nn.Parameter(value))

    def weight(self, graph: Graph, key: str, name: str | None) -> torch.Tensor | None:
        """A parameter or buffer of a node by its state_dict name; a Parameter or Constant itself."""
        node = graph.nodes[key]
        if node.kind in ("parameter", "constant"):
            return self.tensors.get(node.copies[0].path) if node.copies else None
        if name is None or not node.copies:
            return None
        if node.repeated:
            number, _, name = name.partition(".")
            copy = node.copies[int(number)] if number.isdigit() and int(number) < len(node.copies) else None
        else:
            copy = node.copies[0]
        module = self.modules.get(copy.path) if copy is not None else None
        if module is None:
            return None
        holder, _, last = name.rpartition(".")
        try:
            found = getattr(module.get_submodule(holder), last)
        except AttributeError:
            return None
        return found if isinstance(found, torch.Tensor) else None


def _freeze(made: nn.Module | torch.Tensor) -> None:
    for tensor in made.parameters() if isinstance(made, nn.Module) else [made]:
        tensor.requires_grad_(False)


def _holder(root: nn.Module, attribute: str) -> tuple[nn.Module, str]:
    """The module that an attribute such as `features.0` hangs on, made where it is not there yet."""
    *holders, last = (_allowed(part) for part in attribute.split("."))
    for name in holders:
        inner = root._modules.get(name)
        if inner is None:
            inner = Root()
            root.add_module(_vacant(root, name), inner)
        root = inner
    return root, _vacant(root, last)


def _vacant(root: nn.Module, name: str) -> str:
    """The name, or another where a tensor stands there: the problem `bad-name` is told, and the others run."""
    while name in root._parameters or name in root._buffers:
        name += "_"
    return name


def _allowed(name: str) -> str:
    """The name, or another where torch would refuse it: the problem `bad-name` is told, and the others run."""
    return name if name.isdigit() or name_fault(name) is None else fresh_name(name, ())


def _register(root: nn.Module, attribute: str, module: nn.Module) -> None:
    holder, name = _holder(root, attribute)
    holder.add_module(name, module)


def _register_tensor(root: nn.Module, node: Node, copy: Copy, tensor: torch.Tensor) -> None:
    holder, name = _holder(root, node.spec.attribute or node.key)
    if isinstance(tensor, nn.Parameter):
        holder.register_parameter(name, tensor)
    else:
        holder.register_buffer(name, tensor, persistent=bool(copy.params.get("persistent", True)))
