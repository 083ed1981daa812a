"""nn.Module: construction, children, parameters, containers, and calling one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes, calls, layers, modes
from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.values import (
    Builtin,
    Class,
    Device,
    Function,
    Library,
    Method,
    Module,
    Object,
    Scope,
    Stored,
    Tensor,
    Unknown,
    Walk,
    Weight,
)
from torchwire.reading.weights import Weights

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict")


class Modules:
    """Makes modules and answers for them."""

    def __init__(self, it: Evaluator) -> None:
        self._it = it
        self.weights = Weights(it)

    # -- construction ------------------------------------------------------------------------------------------------

    def construct(self, cls: Class, args: list[Any], kwargs: dict[str, Any]) -> Module:
        """An instance of a class of the text."""
        it = self._it
        base = next(base for base in cls.mro if isinstance(base, Library) and base.path.startswith("torch.nn."))
        made = self._new(cls, "")
        name = base.path.rpartition(".")[2]
        made.kind = "" if name == "Module" else name
        for name in ("__new__", "__init_subclass__", "__getattribute__", "__delattr__"):
            found = attributes.class_attribute(it, cls, name)
            if isinstance(found, Function):
                told = f"{name} of a module is not read: the module is made as nn.Module makes it."
                it.notes.add("import-unsupported", told, "warning", found.node.lineno, found.frame.file.path)
        init = attributes.method(it, made, "__init__")
        if init is not None:
            it.call(init, args, kwargs)
        else:
            self._base_init(made, args, kwargs)
        return made

    def construct_library(self, path: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """One of torch's own: a layer, a container, a wrapper."""
        name = path.rpartition(".")[2]
        made = self._new(None, name)
        self._base_init(made, args, kwargs)
        return made

    def _new(self, cls: Class | None, kind: str) -> Module:
        it = self._it
        number = it.recording.next()
        return Module(cls, kind, number=number, first=number, line=it.line, file=it.file.path if it.file else "")

    def _base_init(self, made: Module, args: list[Any], kwargs: dict[str, Any]) -> None:
        """The constructor of torch's class that `made` is, or derives from."""
        it = self._it
        if made.kind in ("", "Module"):
            return
        if made.kind in CONTAINERS:
            self._fill(made, args, kwargs)
            return
        layers.construct(it, made, args, kwargs)

    def _fill(self, made: Module, args: list[Any], kwargs: dict[str, Any]) -> None:
        it = self._it
        if made.kind in ("ParameterList", "ParameterDict"):
            values = args[0] if args else []
            pairs = values.items() if isinstance(values, dict) else enumerate(it.items(values))
            for key, value in pairs:
                self.store(made, str(key), value)
            return
        if made.kind == "Sequential" and not (len(args) == 1 and isinstance(args[0], dict)):
            values = args
        else:
            values = args[0] if args else kwargs.get("modules", [])
        pairs = values.items() if isinstance(values, dict) else enumerate(it.items(values))
        for key, value in list(pairs):
            if isinstance(value, Unknown):
                it.tell(it.unreadable(value))
                made.attributes[str(key)] = value
                value = None
            if value is not None and not isinstance(value, Module):
                raise Raised(f"An item of {made.kind} is no module.")
            made.children[str(key)] = value

    def copy(self, module: Module) -> Module:
        """copy.deepcopy: the same structure with weights of its own."""
        it = self._it
        it.notes.here(
            it,
            "import-order",
            "A copied module has weights of its own here; in torch it begins with equal ones.",
            "info",
        )
        return self._copied(module)

    def copied_tensor(self, tensor: Tensor) -> Tensor:
        """copy.deepcopy of a tensor: its values, in memory of their own."""
        source = tensor.source
        if isinstance(source, Stored):
            if any(call.target is source for call in self._it.recording.initialisations):
                raise Refusal("A copy of a parameter behind its initialisation.")
            trains, kept = source.trainable, source.persistent
            return self._stored(source.kind, Tensor(*source.value.reference), persistent=kept, trainable=trains)
        made = self._it.tensors.call("clone", [tensor], {})
        return self._stored("Parameter", made) if isinstance(source, Weight) and self.is_parameter(tensor) else made

    def _copied(self, module: Module) -> Module:
        it = self._it
        it.budget.take(5)
        made = self._new(module.cls, module.kind)
        made.layer = module.layer
        made.params = {
            name: self._copied(value) if isinstance(value, Module) else value for name, value in module.params.items()
        }
        made.attributes = dict(module.attributes)
        made.ties = dict(module.ties)
        for name, child in module.children.items():
            made.children[name] = None if child is None else self._copied(child)
        for name, tensor in module.stored.items():
            old = tensor.source
            if isinstance(old, Stored):
                stored = Stored(old.kind, old.value, it.recording.next(), old.line, persistent=old.persistent)
                it.recording.stored.append(stored)
                made.stored[name] = Tensor(stored)
        if made.layer is not None:
            made.number = it.recording.next()
            it.recording.modules.append(made)
        return made

    # -- parameters and buffers --------------------------------------------------------------------------------------

    def parameter(self, args: list[Any], kwargs: dict[str, Any]) -> Tensor:
        """nn.Parameter(data, requires_grad)."""
        data = args[0] if args else kwargs.get("data")
        grad = args[1] if len(args) > 1 else kwargs.get("requires_grad", True)
        return self._stored("Parameter", data, trainable=grad is not False)

    def buffer(self, args: list[Any], kwargs: dict[str, Any]) -> Tensor:
        """nn.Buffer(data, persistent)."""
        data = args[0] if args else kwargs.get("data")
        return self._stored("Constant", data, persistent=kwargs.get("persistent", True))

    def _stored(self, kind: str, data: Any, persistent: bool = True, trainable: bool = True) -> Tensor:
        it = self._it
        if isinstance(data, Unknown):
            raise it.unreadable(data)
        if not isinstance(data, Tensor):
            raise Raised("A parameter or buffer is made of a tensor.")
        stored = Stored(kind, Tensor(*it.tensors.read(data)), it.recording.next(), it.line)
        stored.persistent, stored.trainable = persistent, trainable
        it.recording.stored.append(stored)
        return Tensor(stored)

    def is_parameter(self, tensor: Tensor) -> bool:
        source = tensor.source
        if isinstance(source, Weight):
            return source.name in self._it.known.parameters(source.module)
        return isinstance(source, Stored) and source.kind == "Parameter"

    def may_begin(self, weight: Weight) -> bool:
        """Whether a layer's weight is one that a document initialises, as far as is known."""
        names = self._it.known.parameters(weight.module)
        return not names or weight.name in names

    def _register(self, module: Module, name: str, tensor: Tensor) -> None:
        source = tensor.source
        if isinstance(source, Stored) and source.owner is None:
            source.owner, source.name = module, name
        module.stored[name] = tensor

    def _register_buffer(self, module: Module, name: str, value: Any, persistent: bool) -> None:
        if value is None:
            module.attributes[name] = None
            return
        self._register(module, name, self._stored("Constant", value, persistent=persistent))

    # -- attributes --------------------------------------------------------------------------------------------------

    def load(self, module: Module, name: str) -> Any:
        """module.name."""
        for table in (module.stored, module.children, module.attributes):
            if name in table:
                return table[name]
        it = self._it
        if name == "training":
            return modes.load(it, module)
        if name in ("_modules", "_parameters", "_buffers"):
            return self._table(module, name)
        if name == "__class__":
            return module.cls if module.cls is not None else Library(f"torch.nn.{module.kind}")
        if module.layer is not None:
            found = layers.attribute(it, module, name)
            if found is not layers.NOTHING:
                return found
        if module.cls is not None:
            inner = attributes.class_attribute(it, module.cls, name)
            if inner is not None or any(name in base.known for base in module.cls.mro if isinstance(base, Class)):
                return attributes.bound(it, module, module.cls, inner)
            for base in module.cls.mro:
                if isinstance(base, Unknown):
                    return Unknown(f"{base.name}.{name}", base.why, base.line)
            if not self._has_base(name):
                other = attributes.class_attribute(it, module.cls, "__getattr__")
                if other is not None:
                    return it.call(attributes.bound(it, module, module.cls, other), [name], {})
        return self.base_attribute(module, name)

    @staticmethod
    def _has_base(name: str) -> bool:
        """Whether nn.Module itself has the attribute."""
        return name in _METHODS or name in ("__init__", "forward", "__call__") or name.startswith("register_")

    def _table(self, module: Module, name: str) -> dict[str, Any]:
        """A copy of one of the dicts in which nn.Module keeps what it holds."""
        if name == "_modules":
            return dict(module.children)
        own = module.stored.items()
        return {key: tensor for key, tensor in own if self.is_parameter(tensor) is (name == "_parameters")}

    def base_attribute(self, module: Module, name: str) -> Any:
        """What nn.Module itself, or torch's layer, has under this name."""
        if name == "__init__":
            return Builtin("__init__", lambda args, kwargs: self._base_init(module, args, kwargs))
        if name == "forward":
            return Builtin("forward", lambda args, kwargs: self._base_call(module, args, kwargs))
        if name == "__call__":
            return Builtin("__call__", lambda args, kwargs: self.run(module, args, kwargs))
        if name == "__setattr__":
            return Builtin(name, lambda args, kwargs: self.base_store(module, str(args[0]), args[1]))
        if name == "__getattr__":
            raise Raised(f"{module.type_name or 'The module'} has no attribute of this name.", kind="AttributeError")
        handler = _METHODS.get(name)
        if handler is not None:
            return Builtin(name, lambda args, kwargs: _walked(name, handler(self, module, args, kwargs)))
        if name.startswith("register_") and "hook" in name:
            raise Refusal("Hooks cannot be part of a network document.")
        raise Raised(f"{module.type_name or 'The module'} has no attribute {name[:60]}.", kind="AttributeError")

    def store(self, module: Module, name: str, value: Any) -> None:
        """module.name = value, by the class's own __setattr__ or property where it has one."""
        it = self._it
        if module.cls is not None:
            own = attributes.class_attribute(it, module.cls, "__setattr__")
            if own is not None:
                it.call(attributes.bound(it, module, module.cls, own), [name, value], {})
                return
            found = attributes.class_attribute(it, module.cls, name)
            if isinstance(found, Function) and found.kind == "property":
                attributes.set_property(it, module, found, value)
                return
        self.base_store(module, name, value)

    def base_store(self, module: Module, name: str, value: Any) -> None:
        """What nn.Module itself does with module.name = value."""
        if name == "training":
            modes.store(self._it, module, value)
            return
        if module.layer is not None and layers.store(self._it, module, name, value):
            return
        if isinstance(value, Module) or (value is None and name in module.children):
            module.attributes.pop(name, None)
            module.stored.pop(name, None)
            module.children[name] = value
            return
        if isinstance(value, Tensor) and isinstance(value.source, Stored) and value.source.kind == "Parameter":
            module.attributes.pop(name, None)
            self._register(module, name, value)
            return
        if isinstance(value, Tensor) and name in module.stored:
            old = module.stored[name].source
            if isinstance(old, Stored) and old.kind == "Constant":
                if self._it.recording.scope is not None:
                    raise Refusal("A buffer that forward() writes.")
                if value.source is not old:
                    old.value = Tensor(*self._it.tensors.read(value))
                return
        if isinstance(value, Tensor) and isinstance(value.source, Weight):
            module.attributes[name] = value
            return
        module.children.pop(name, None)
        module.stored.pop(name, None)
        module.attributes[name] = value

    # -- containers --------------------------------------------------------------------------------------------------

    def items(self, module: Module) -> list[Any]:
        if module.kind in ("ModuleDict", "ParameterDict"):
            return list(module.children) or list(module.stored)
        if module.kind == "ParameterList":
            return list(module.stored.values())
        if module.kind in ("Sequential", "ModuleList"):
            return list(module.children.values())
        found = attributes.method(self._it, module, "__iter__")
        if found is not None:
            return self._it.items(self._it.call(found, [], {}))
        raise Raised(f"{module.type_name} cannot be walked through.")

    def item(self, module: Module, key: Any) -> Any:
        """module[key]."""
        table: dict[str, Any] = dict(module.stored if module.kind.startswith("Parameter") else module.children)
        if module.kind not in CONTAINERS:
            found = attributes.method(self._it, module, "__getitem__")
            if found is not None:
                return self._it.call(found, [key], {})
        if isinstance(key, slice):
            parts = [None if part is None else self._it.plain(part) for part in (key.start, key.stop, key.step)]
            chosen = list(table.values())[slice(*parts)]
            made = self._new(None, module.kind)
            made.children = {str(number): child for number, child in enumerate(chosen)}
            return made
        key = self._it.plain(key)
        if isinstance(key, int):
            values = list(table.values())
            if not -len(values) <= key < len(values):
                raise Raised(f"{module.kind} has {len(values)} items, there is no number {key}.")
            return values[key]
        if key not in table:
            raise Raised(f"{module.kind} has no item {str(key)[:60]}.")
        return table[key]

    def store_item(self, module: Module, key: Any, value: Any) -> None:
        key = self._it.plain(key)
        if isinstance(key, int):
            names = list(module.children)
            if not -len(names) <= key < len(names):
                raise Raised(f"{module.kind} has {len(names)} items, there is no number {key}.")
            key = names[key]
        self.store(module, key, value)

    def delete_item(self, module: Module, key: Any) -> None:
        kept = list(module.children.values())
        if isinstance(key, str):
            module.children.pop(key, None)
            return
        del kept[key]
        module.children = {str(number): child for number, child in enumerate(kept)}

    def walk(self, module: Module, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """named_modules(): itself first, each once."""
        seen: set[int] = set()
        todo = [(prefix, module)]
        while todo:
            self._it.budget.take()
            path, each = todo.pop()
            if id(each) in seen:
                continue
            seen.add(id(each))
            yield path, each
            todo += [
                (f"{path}.{name}" if path else name, child)
                for name, child in reversed(each.children.items())
                if child is not None
            ]

    def tensors(self, module: Module, parameters: bool) -> list[tuple[str, Tensor]]:
        """named_parameters(), or named_buffers()."""
        found = []
        seen: set[Any] = set()
        for path, each in self.walk(module):
            own: list[tuple[str, Tensor]] = list(each.stored.items())
            if each.layer is not None:
                try:
                    names = list(self._it.known.weights(each))
                except Undecided:
                    names = []
                own += [(name, each.ties.get(name) or Tensor(Weight(each, name))) for name in names]
            for name, tensor in own:
                source = tensor.source
                key = (id(source.module), source.name) if isinstance(source, Weight) else id(source)
                if key not in seen and self.is_parameter(tensor) is parameters:
                    seen.add(key)
                    found.append((f"{path}.{name}" if path else name, tensor))
        return found

    # -- calling -----------------------------------------------------------------------------------------------------

    def call(self, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """module(*args, **kwargs)."""
        it = self._it
        own = attributes.class_attribute(it, module.cls, "__call__") if module.cls is not None else None
        if own is not None and module.cls is not None:
            return it.call(attributes.bound(it, module, module.cls, own), args, kwargs)
        return self.run(module, args, kwargs)

    def run(self, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """What nn.Module's own __call__ does: forward(), which may be an attribute of the module itself."""
        it = self._it
        if "forward" in module.attributes:
            return it.call(module.attributes["forward"], args, kwargs)
        forward = attributes.class_attribute(it, module.cls, "forward") if module.cls is not None else None
        if isinstance(forward, Function):
            return self._forward(module, forward, args, kwargs)
        if forward is not None and module.cls is not None:
            return it.call(attributes.bound(it, module, module.cls, forward), args, kwargs)
        return self._base_call(module, args, kwargs)

    def _base_call(self, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
        it = self._it
        if module.layer is not None:
            return it.tensors.layer_call(module, args, kwargs)
        if module.kind == "Sequential":
            value = args[0] if args else kwargs.get("input")
            for name, child in module.children.items():
                if child is None and isinstance(module.attributes.get(name), Unknown):
                    value = it.call(module.attributes[name], [value], {})
                    continue
                value = it.call(child, [value], {})
            return value
        raise Raised(f"{module.type_name or module.kind or 'The module'} has no forward().")

    def _forward(self, module: Module, forward: Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
        it = self._it
        given: dict[str, Any] = {}
        calls.bind(it, forward, [module, *args], kwargs, given)
        scope = Scope(module, it.recording.scope, line=it.line)
        scope.arguments = [
            (name, tensor.reference) for key, value in given.items() for name, tensor in flat_tensors(it, value, key)
        ]
        outer = it.recording.scope
        it.recording.enter(scope)
        try:
            result = it.call(Method(forward, module), args, kwargs)
            scope.result = returned(it, result)
        finally:
            it.recording.leave(scope)
            it.recording.scope = outer
        return result


def returned(it: Evaluator, value: Any) -> list[tuple[str, tuple[Any, str | None]]]:
    """The tensors of a result, as they are at the return. Raises Refusal, placed there."""
    try:
        return [(name, it.tensors.read(tensor)) for name, tensor in flat_tensors(it, value, "")]
    except Refusal as refusal:
        if refusal.line is None and it.returned is not None:
            refusal.line, refusal.file = it.returned
        raise


def flat_tensors(it: Evaluator, value: Any, name: str) -> list[tuple[str, Tensor]]:
    """Every tensor in an argument or result, with a name made of where it stands."""
    it.budget.take(10)
    name = name[:60]
    if isinstance(value, Tensor):
        return [(name, value)]
    pairs: list[tuple[str, Any]] = []
    if isinstance(value, list | tuple):
        pairs = [(f"{name}_{number}" if name else f"out{number}", item) for number, item in enumerate(value)]
    elif isinstance(value, dict):
        pairs = [(f"{name}_{key}" if name else str(key), item) for key, item in value.items()]
    elif isinstance(value, Object):
        pairs = [(f"{name}_{key}" if name else str(key), item) for key, item in value.attributes.items()]
    return [found for inner, item in pairs for found in flat_tensors(it, item, inner)]


def _walked(name: str, found: Any) -> Any:
    """nn.Module's own iterators are walked through once."""
    return Walk(found) if name in _ITERATORS else found


# -- methods of nn.Module ------------------------------------------------------------------------------------------


def _itself(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return module


def _nothing(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return None


def _eval(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return own._it.call(own.load(module, "train"), [False], {})


def _train(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return modes.switch(own._it, module, bool(own._it.decide(args[0] if args else kwargs.get("mode", True))))


def _register_buffer(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    given = dict(zip(("name", "tensor", "persistent"), args, strict=False)) | kwargs
    own._register_buffer(module, str(given["name"]), given.get("tensor"), given.get("persistent", True) is not False)


def _register_parameter(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    given = dict(zip(("name", "param"), args, strict=False)) | kwargs
    own.base_store(module, str(given["name"]), given.get("param"))


def _add_module(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    given = dict(zip(("name", "module"), args, strict=False)) | kwargs
    value = given.get("module")
    if isinstance(value, Unknown):
        module.attributes[str(given["name"])] = value
        return
    module.children[str(given["name"])] = value


def _append(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if isinstance(args[0], Module):
        module.children[str(len(module.children))] = args[0]
    elif isinstance(args[0], Tensor):
        own.store(module, str(len(module.stored)), args[0])
    else:
        raise Raised(f"What is appended to {module.kind} is no module.")
    own._it.budget.size(len(module.children))
    return module


def _extend(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for value in own._it.items(args[0]):
        _append(own, module, [value], {})
    return module


def _insert(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kept = list(module.children.values())
    kept.insert(own._it.plain(args[0]), args[1])
    module.children = {str(number): child for number, child in enumerate(kept)}


def _update(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    own._fill(module, args, kwargs)


def _pop(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    found = own.item(module, args[0] if args else -1)
    names = [name for name, child in module.children.items() if child is not found]
    kept = [module.children[name] for name in names]
    numbered = module.kind != "ModuleDict"
    module.children = {str(n) if numbered else name: c for n, (name, c) in enumerate(zip(names, kept, strict=True))}
    return found


def _apply(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    order = [each for _, each in own.walk(module)]
    # children come before their holder
    done: list[Module] = []

    def visit(each: Module) -> None:
        for child in each.children.values():
            if child is not None and child not in done:
                visit(child)
        if each not in done:
            done.append(each)

    if len(order) > 3_000:
        raise Refusal("apply() on so many modules.")
    visit(module)
    for each in done:
        own._it.call(args[0], [each], {})
    return module


def _requires_grad(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    wanted = args[0] if args else kwargs.get("requires_grad", True)
    for _, tensor in own.tensors(module, True):
        own._it.tensors.store_attribute(tensor, "requires_grad", wanted)
    return module


def _submodule(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for part in str(args[0]).split("."):
        module = own.load(module, part)
    return module


def _load_weights(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    own._it.notes.here(own._it, "import-ignored", "Loaded weights are not part of a network document.")


def _state(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return dict([*own.tensors(module, True), *own.tensors(module, False)])


def _reset(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    layers.reset(own._it, module)


def _cast(dtype: str) -> Callable[[Modules, Module, list[Any], dict[str, Any]], Any]:
    return lambda own, module, args, kwargs: layers.cast(own._it, module, dtype)


def _to(own: Modules, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for value in [*args, *kwargs.values()]:
        dtype = layers.dtype_of(own._it, value)
        if dtype is not None:
            layers.cast(own._it, module, dtype)
    return module


_ITERATORS = "children named_children modules named_modules parameters named_parameters buffers named_buffers".split()

_METHODS: dict[str, Callable[[Modules, Module, list[Any], dict[str, Any]], Any]] = {
    "children": lambda own, module, args, kwargs: [child for child in module.children.values() if child is not None],
    "named_children": lambda own, module, args, kwargs: [
        (name, child) for name, child in module.children.items() if child is not None
    ],
    "modules": lambda own, module, args, kwargs: [each for _, each in own.walk(module)],
    "named_modules": lambda own, module, args, kwargs: list(own.walk(module)),
    "parameters": lambda own, module, args, kwargs: [tensor for _, tensor in own.tensors(module, True)],
    "named_parameters": lambda own, module, args, kwargs: own.tensors(module, True),
    "buffers": lambda own, module, args, kwargs: [tensor for _, tensor in own.tensors(module, False)],
    "named_buffers": lambda own, module, args, kwargs: own.tensors(module, False),
    "register_buffer": _register_buffer,
    "register_parameter": _register_parameter,
    "add_module": _add_module,
    "register_module": _add_module,
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "update": _update,
    "pop": _pop,
    "keys": lambda own, module, args, kwargs: list(module.children) or list(module.stored),
    "values": lambda own, module, args, kwargs: list(module.children.values()) or list(module.stored.values()),
    "items": lambda own, module, args, kwargs: list(module.children.items()) or list(module.stored.items()),
    "apply": _apply,
    "eval": _eval,
    "train": _train,
    "get_submodule": _submodule,
    "requires_grad_": _requires_grad,
    "load_state_dict": _load_weights,
    "state_dict": _state,
    "reset_parameters": _reset,
    "_reset_parameters": _reset,
    "to": _to,
    "type": _to,
    "double": _cast("float64"),
    "float": _cast("float32"),
    "half": _cast("float16"),
    "bfloat16": _cast("bfloat16"),
    "_get_name": lambda own, module, args, kwargs: module.type_name,
    **dict.fromkeys("cuda cpu compile share_memory".split(), _itself),
    **dict.fromkeys("zero_grad _load_from_state_dict _register_load_state_dict_pre_hook".split(), _nothing),
    "get_device": lambda own, module, args, kwargs: Device(),
}
