"""Operations on tensors: calls of torch's functions, methods and layers become nodes, through the catalogue's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.catalogue.layer import LayerType
from torchwire.reading import memory, modes, properties, words
from torchwire.reading.binding import bind_positions
from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.symbols import TRAINING, Symbol
from torchwire.reading.values import (
    Class,
    DTypeOf,
    Fields,
    Function,
    Method,
    Module,
    Object,
    Operation,
    Partial,
    Pieces,
    Shape,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

# arguments that say where and how a tensor lies in memory, or that are older names of others
IGNORED = frozenset(
    """device layout pin_memory requires_grad memory_format generator _stacklevel size_average reduce out non_blocking
    copy stable_sort""".split()
)
# methods that share no more than their name with the function of the catalogue
_OTHERS = frozenset(("Tensor.unfold",))
# what torch does where `training` is not given to a function
_TRAINS = frozenset("dropout dropout1d dropout2d dropout3d".split())
_STRUCTURES: dict[str, tuple[Any, ...]] = {
    "LSTM": (None, ("h_n", "c_n")),
    "GRU": (None, "h_n"),
    "RNN": (None, "h_n"),
    "LSTMCell": (None, "c_1"),
    "AdaptiveLogSoftmaxWithLoss": (None, "loss"),
}


class Tensors:
    """Records operations and gives their results as values."""

    def __init__(self, it: Evaluator) -> None:
        self._it = it

    # -- functions ---------------------------------------------------------------------------------------------------

    def call(self, name: str, args: list[Any], kwargs: dict[str, Any], of: str = "") -> Any:
        """A function of torch, torch.nn.functional or torch.Tensor. Raises Refusal."""
        it = self._it
        name = words.SAME.get(name, name)
        special = words.WORDS.get(name)
        if special is not None:
            return special(self, args, kwargs)
        layer = None if of in _OTHERS else it.catalogue.get(name)
        if layer is None and name.endswith("_") and not name.startswith("_"):
            return self._in_place(name, args, kwargs)
        if layer is None or layer.form != "function":
            if any(isinstance(value, Tensor) for value in [*args, *kwargs.values()]):
                told = Unknown(of or name, f"{of or name} is not in the catalogue.")
                return self.placeholder(told, args, kwargs)
            raise Refusal(f"{of or name} is not in the catalogue.")
        args = words.gathered(self, layer, args)
        given = bind_positions(it, layer, layer.positions, args, kwargs)
        inplace = given.pop("inplace", False)
        result = self._apply(layer, given)
        if inplace and isinstance(result, Tensor) and isinstance(args[0], Tensor):
            self.overwrite(args[0], result)
            return args[0]
        return result

    def _in_place(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """x.add_(y): computed out of place, and x means the result from here on."""
        memory.check_writable(self, args[0])
        result = self.call(name[:-1], args, kwargs, of=name)
        if isinstance(args[0], Tensor) and isinstance(result, Tensor):
            if name in memory.RESHAPING:
                memory.reshape(args[0], result)
            else:
                self.overwrite(args[0], result)
            return args[0]
        return result

    def operation(self, type: str, given: dict[str, Any]) -> Any:
        """A node of the catalogue's type with ports and parameters by name."""
        layer = self._it.catalogue.get(type)
        if layer is None:
            raise Refusal(f"{type} is not in the catalogue.")
        return self._apply(layer, given)

    def _apply(self, layer: LayerType, given: dict[str, Any]) -> Any:
        it = self._it
        known = {param.name: param for param in layer.params}
        ports = {port.name: port for port in layer.inputs}
        params: dict[str, Any] = {}
        inputs: dict[str, Any] = {}
        first: Tensor | None = None
        for name, value in given.items():
            if name in IGNORED and name not in known and name not in ports:
                if name == "out" and value is not None:
                    raise Refusal("`out=` cannot be part of a network.")
                if name in ("size_average", "reduce") and value is not None:
                    raise Refusal(f"`{name}` is deprecated; write `reduction`.")
                continue
            wires = self._wires(value) if name in ports else None
            if wires is not None:
                inputs[name] = wires
                first = first or (value if isinstance(value, Tensor) else None)
            elif isinstance(value, Unknown):
                it.tell(it.unreadable(value))
            elif name in known:
                if value is not None or known[name].nullable or known[name].kind in ("any", "index"):
                    params[name] = self._param(value, known[name].kind)
            elif value is not None:
                raise Refusal(f"{name[:60]} of {layer.type} cannot be set here.")
        if "training" in known and layer.form == "function":
            self._training(layer, params)
        operation = Operation(layer.type, layer, params, inputs, None, line=it.line, hint=it.hint)
        it.hint = None
        it.recording.add(operation)
        shares = layer.type in memory.VIEWS and not (layer.type == "getitem" and "index" in inputs)
        passes = layer.type in memory.PASSING and params.get("training", it.training) is False
        return self._result(operation, first if shares or passes else None)

    def _training(self, layer: LayerType, params: dict[str, Any]) -> None:
        """`training` left out of a document is the network's mode; torch's own default is not."""
        given = params.pop("training", layer.type in _TRAINS)
        if given is not TRAINING:
            params["training"] = self._it.decide(given)

    def _wires(self, value: Any) -> Any:
        """References of what is wired; None for what is no tensor."""
        if isinstance(value, Tensor):
            return self.read(value)
        if isinstance(value, Pieces):
            return [self.read(item) for item in self.pieces(value, None)]
        if isinstance(value, list | tuple) and any(isinstance(item, Tensor) for item in value):
            if any(isinstance(item, Unknown) for item in value):
                value = [item for item in value if not isinstance(item, Unknown)]
            if not all(isinstance(item, Tensor) for item in value):
                raise Refusal("A list of tensors with something else among them.")
            return [self.read(item) for item in value]
        return None

    def _param(self, value: Any, kind: str) -> Any:
        it = self._it
        it.budget.take(10)  # lists that hold each other grow without end when they are copied
        if isinstance(value, Shape):
            return list(it.shape_items(value))
        if isinstance(value, DTypeOf):
            return it.dtype(value)
        if isinstance(value, Tensor):
            found = it.known.values(value)
            if found is None:
                raise Refusal("A number is expected, and a tensor is given whose value only a run has.")
            return found
        if isinstance(value, list | tuple) and kind != "index":
            return [self._param(item, kind) for item in value]
        if isinstance(value, Function | Method | Partial | Object | Class):
            raise Refusal("A number, text or dtype is expected, not something of the text's own.")
        return value

    def read(self, tensor: Tensor) -> tuple[Any, str | None]:
        """What the tensor means now. Raises Refusal where an in-place operation has changed it through another."""
        return memory.read(self, tensor)

    def overwrite(self, tensor: Tensor, result: Tensor) -> None:
        """The tensor means the result from here on, and so does whoever shares its memory. Raises Refusal."""
        memory.overwrite(self, tensor, result)

    # -- results -----------------------------------------------------------------------------------------------------

    def _result(self, operation: Operation, base: Tensor | None) -> Any:
        layer = operation.layer
        assert layer is not None

        def output(port: str | None) -> Tensor:
            return memory.shown(base, Tensor(operation, port))

        if layer.list_output:
            wires = operation.inputs.get("tensors")
            began = base.reference if base is not None else None
            return Pieces(operation, len(wires) if isinstance(wires, list) else None, base, began)
        outputs = layer.outputs
        if len(outputs) == 1:
            return output(None)
        when = outputs[0].when
        if when is not None and "dim" in when:
            if operation.params.get("dim") is None:
                return output(None)
            return _fields(("values", "indices"), (output(None), output("indices")))
        if outputs[1].when is not None:
            name, wanted = next(iter(outputs[1].when.items()))
            if operation.params.get(name, False) is not wanted:
                return output(None)
        names = tuple(port.name for port in outputs)
        return _fields(names, (output(None), *map(output, names[1:])))

    def layer_call(self, module: Module, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Runs one of torch's layers."""
        it = self._it
        layer = module.layer
        assert layer is not None
        inner = module.wraps.layer if module.wraps is not None and module.wraps.layer is not None else layer
        given = bind_positions(it, inner, (inner.forward or tuple(port.name for port in inner.inputs),), args, kwargs)
        ports = {port.name for port in inner.inputs}
        known = {param.name: param for param in inner.params if param.forward}
        params: dict[str, Any] = {}
        inputs: dict[str, Any] = {}
        for name, value in given.items():
            if value is None:
                continue
            wires = self._wires(value) if name in ports else None
            if wires is not None:
                inputs[name] = wires
            elif isinstance(value, Unknown):
                it.tell(it.unreadable(value))
            elif name in known:
                params[name] = self._param(value, known[name].kind)
            else:
                raise Raised(f"{module.kind} gets no tensor as {name[:60]}.")
        modes.check(it, module)
        operation = Operation(layer.type, inner, params, inputs, None, module, it.line, it.hint)
        it.recording.add(operation)
        if module.kind == "MultiheadAttention":
            weights = None if params.get("need_weights") is False else Tensor(operation, "attn_output_weights")
            return (Tensor(operation), weights)
        if module.kind in _STRUCTURES:
            return _structure(operation, _STRUCTURES[module.kind])
        indices = module.params.get("return_indices") is True
        if indices:
            return (Tensor(operation), Tensor(operation, "indices"))
        result = Tensor(operation)
        first = next(iter(given.values()), None)
        if module.params.get("inplace") is True and isinstance(first, Tensor):
            self.overwrite(first, result)
            return first
        passes = module.kind in memory.PASSING and not it.training
        if isinstance(first, Tensor) and (passes or module.kind in ("Flatten", "Unflatten", "Identity")):
            memory.shown(first, result)
        return result

    def placeholder(self, unknown: Unknown, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """What nobody knows: told, and a node of its name where tensors go through it."""
        it = self._it
        name = unknown.name or "something"
        if unknown.line is None:
            refusal = Refusal(f"{name}: {unknown.why}" if name not in unknown.why else unknown.why)
            it.tell(refusal)
        tensors = [value for value in [*args, *kwargs.values()] if isinstance(value, Tensor)]
        if not tensors:
            return Unknown(name, unknown.why, it.line)
        inputs = {f"input{number or ''}": self.read(tensor) for number, tensor in enumerate(tensors)}
        operation = Operation(name.rpartition(".")[2], None, {}, inputs, None, line=it.line, hint=it.hint)
        it.recording.add(operation)
        return Tensor(operation)

    def min_pool(self, largest: Tensor) -> Tensor | None:
        """-F.max_pool2d(-x, 3), written in one: our min_pool2d. `largest` is negated; None for anything else."""
        it = self._it
        pool = largest.source
        if not isinstance(pool, Operation) or pool.type != "max_pool2d" or pool.params.get("return_indices"):
            return None
        recorded = it.recording.operations[-2:]
        if len(recorded) < 2 or recorded[1] is not pool or recorded[0].type != "neg":
            return None
        if pool.inputs["input"] != (recorded[0], None):
            return None
        layer = it.catalogue.get("min_pool2d")
        assert layer is not None
        del it.recording.operations[-2:]
        made = Operation(layer.type, layer, pool.params, recorded[0].inputs, None, line=it.line, hint=it.hint)
        it.recording.add(made)
        return Tensor(made)

    # -- lists of tensors --------------------------------------------------------------------------------------------

    def pieces(self, value: Pieces, count: int | None) -> list[Any]:
        """The tensors of chunk, split, unbind. Raises Undecided."""
        length = value.length
        if length is None:
            try:
                length = self._it.known.count(value.operation)
            except Undecided:
                if count is None:
                    raise
                length = count
            value.length = length
        self._it.budget.size(length)
        return [self._piece(value, number) for number in range(length)]

    @staticmethod
    def _piece(value: Pieces, number: int) -> Tensor:
        found = value.items.get(number)
        if found is None:
            found = value.items[number] = memory.shown(value.base, Tensor(value.operation, str(number)))
            found.pieces = value
            if value.base is not None and value.base.reference != value.began:
                found.stale = "A tensor of a list whose memory was changed in place."
        return found

    def piece(self, value: Pieces, key: Any) -> Any:
        if isinstance(key, slice) or (isinstance(key, int) and key < 0):
            return self.pieces(value, None)[key]
        number = self._it.plain(key)
        if not isinstance(number, int):
            raise Raised("A tensor of a list is asked for by its number.")
        return self._piece(value, number)

    def rows(self, tensor: Tensor, count: int | None) -> list[Any]:
        """The tensors along the first dimension, as a loop over a tensor gives them."""
        try:
            length = self._it.known.shape(tensor)[0]
            if count is None:
                self._it.notes.decided(self._it, "was decided for the shape of the inputs")
        except (Undecided, IndexError):
            if count is None:
                raise Undecided("A loop over a tensor whose length is not known.") from None
            length = count
        self._it.budget.size(length)
        pieces = self.operation("unbind", {"input": tensor})
        pieces.length = length
        return self.pieces(pieces, None)

    def numel(self, tensor: Tensor) -> Any:
        """How many values it has, as an expression of its sizes."""
        total: Any = 1
        for size in self._it.shape_items(Shape(tensor)):
            total = size if total == 1 else Symbol("*", (total, size))
        return total

    # -- indices and attributes --------------------------------------------------------------------------------------

    def index(self, tensor: Tensor, key: Any) -> Any:
        """tensor[key]."""
        return properties.index(self, self._it, tensor, key)

    def store_index(self, tensor: Tensor, key: Any, value: Any) -> None:
        """tensor[key] = value."""
        properties.store_index(self, self._it, tensor, key, value)

    def attribute(self, tensor: Tensor, name: str) -> Any:
        """tensor.name."""
        return properties.attribute(self, self._it, tensor, name)

    def store_attribute(self, tensor: Tensor, name: str, value: Any) -> None:
        """tensor.name = value."""
        properties.store_attribute(self, self._it, tensor, name, value)

    def constant(self, values: Any, dtype: str) -> Tensor:
        """A tensor of known values."""
        it = self._it
        operation = Operation("values", None, {}, {}, None, line=it.line, given={"values": values, "dtype": dtype})
        operation.hint, it.hint = it.hint, None
        it.recording.add(operation)
        return Tensor(operation)

    @property
    def it(self) -> Evaluator:
        return self._it


def _fields(names: tuple[str, ...], values: tuple[Any, ...]) -> Fields:
    made = Fields(values)
    made.names = names
    return made


def _structure(operation: Operation, form: Any) -> Any:
    if isinstance(form, tuple):
        return tuple(_structure(operation, part) for part in form)
    return Tensor(operation, form)
