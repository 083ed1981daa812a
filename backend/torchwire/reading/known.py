"""What torch says of shapes, dtypes, weights and constants: asked only where the text needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.plan.asking import NoAnswer, Torch
from torchwire.plan.tree import Nested
from torchwire.plan.values import BadValue, convert
from torchwire.reading.bounds import Refusal, Undecided
from torchwire.reading.forms import Form
from torchwire.reading.values import Module, Operation, Stored, Tensor, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


RANDOM = frozenset("rand randn rand_like randn_like randint_like bernoulli multinomial gumbel_softmax rrelu".split())


class Known:
    """Remembers what torch said of this network."""

    def __init__(self, it: Evaluator, torch: Torch) -> None:
        self._it = it
        self._torch = torch
        self._outputs: dict[int, dict[str, Any]] = {}
        self._weights: dict[int, dict[str, Any]] = {}
        self._parameters: dict[int, list[str]] = {}
        self._constant: dict[int, bool] = {}

    # -- shapes ------------------------------------------------------------------------------------------------------

    def shape(self, tensor: Tensor) -> tuple[int, ...]:
        """Raises Undecided."""
        return self._torch.shape(self._handle(tensor.source, tensor.port))

    def dtype(self, tensor: Tensor) -> str:
        """Raises Undecided."""
        return self._torch.dtype(self._handle(tensor.source, tensor.port))

    def size(self, source: Any, port: str | None, index: int) -> int:
        """One size. Raises Undecided."""
        shape = self._torch.shape(self._handle(source, port))
        if not -len(shape) <= index < len(shape):
            raise Undecided(f"A tensor of shape {list(shape)} has no size number {index}.")
        return shape[index]

    def count(self, operation: Operation) -> int:
        """How many tensors a list of them has. Raises Undecided."""
        return len(self._run(operation))

    def assigned(self, tensor: Tensor, key: Any, value: Any) -> tuple[Any, str] | None:
        """The values and dtype of a constant after `tensor[key] = value`; None where they are too many."""
        form = Form(self._it.concrete)
        try:
            handle = self._handle(tensor.source, tensor.port)
            new = self._handle(value.source, value.port) if isinstance(value, Tensor) else self._it.plain(value)
            keys = key if isinstance(key, tuple) else (key,)
            parts = tuple(
                self._handle(part.source, part.port) if isinstance(part, Tensor) else form.index(part) for part in keys
            )
            made = self._torch.assign(handle, parts, new)
            self._tell_sizes(tensor.source)
        except (NoAnswer, Undecided):
            return None
        values = self._torch.values(made)
        return None if values is None else (values, self._torch.dtype(made))

    def computed(self, tensor: Tensor) -> bool:
        """Whether its shape is there without asking."""
        source = tensor.source
        return isinstance(source, Weight | Stored) or source.number in self._outputs

    def values(self, tensor: Tensor) -> Any:
        """The values of a constant that no input, weight or draw decides; else None."""
        if not self.is_constant(tensor.source):
            return None
        try:
            found = self._torch.values(self._handle(tensor.source, tensor.port))
        except Undecided:
            return None
        if found is not None:
            self._tell_sizes(tensor.source)
        return found

    def _tell_sizes(self, source: Any) -> None:
        """Constants that are made in the size of an input hold for its shape only."""
        todo = [source]
        while todo:
            each = todo.pop()
            if isinstance(each, Operation):
                if any(isinstance(other, Operation) for other, _ in references(each)[len(wires(each)) :]):
                    self._it.notes.decided(self._it, "was decided for the shape of the inputs")
                    return
                todo += [other for other, _ in wires(each)]

    def is_constant(self, source: Any) -> bool:
        """Whether nothing that it is made of is an input, learned or drawn."""
        if isinstance(source, Stored):
            return source.kind == "Constant" and self.is_constant(source.value.source)
        if not isinstance(source, Operation):
            return False
        found = self._constant.get(source.number)
        if found is None:
            plain = source.module is None and source.type not in RANDOM and source.type != "Input"
            plain = plain and (source.layer is not None or source.type == "values")
            found = plain and all(self.is_constant(each) for each, _ in wires(source))
            self._constant[source.number] = found
        return found

    # -- weights -----------------------------------------------------------------------------------------------------

    def weights(self, module: Module) -> dict[str, Any]:
        """The parameters and buffers of a layer by name. Raises Undecided."""
        key = id(module)
        if key not in self._weights:
            assert module.layer is not None
            params, nested = self._constructor(module)
            try:
                self._weights[key] = self._torch.weights(module.layer, params, nested)
                self._parameters[key] = self._torch.parameters(module.layer, params, nested)
            except NoAnswer as error:
                raise Undecided(f"torch does not build {module.kind}: {error}") from None
        return self._weights[key]

    def forget(self, module: Module) -> None:
        """A layer has other arguments than before."""
        self._weights.pop(id(module), None)

    def parameters(self, module: Module) -> list[str]:
        """The names of a layer's parameters; none where torch does not build it."""
        try:
            self.weights(module)
        except Undecided:
            return []
        return self._parameters[id(module)]

    # -- running -----------------------------------------------------------------------------------------------------

    def _handle(self, source: Any, port: str | None) -> Any:
        if isinstance(source, Weight):
            found = self.weights(source.module).get(source.name)
            if found is None:
                raise Undecided(f"{source.module.kind} has no {source.name}.")
            return found
        if isinstance(source, Stored):
            return self._handle(source.value.source, source.value.port)
        outputs = self._run(source)
        handle = next(iter(outputs.values()), None) if port is None else outputs.get(port)
        if handle is None:
            raise Undecided(f"{source.type} gives no output {port}.")
        return handle

    def _run(self, operation: Operation) -> dict[str, Any]:
        todo = [operation]
        while todo:
            last = todo[-1]
            if last.number in self._outputs:
                todo.pop()
                continue
            waiting = [each for each in _operations(last) if each.number not in self._outputs]
            if waiting:
                todo += waiting
                continue
            self._it.budget.take(20)
            self._outputs[last.number] = self._compute(last)
            todo.pop()
        return self._outputs[operation.number]

    def _compute(self, operation: Operation) -> dict[str, Any]:
        if operation.type in ("Input", "randint"):
            if operation.given.get("shape") is None:
                raise Undecided(f"The shape of the input {operation.hint} is not known.")
            handle = self._torch.input(tuple(operation.given["shape"]), operation.given.get("dtype") or "float32")
            return {"output": handle}
        if operation.type == "values":
            try:
                return {"output": self._torch.constant(operation.given["values"], operation.given["dtype"])}
            except NoAnswer as error:
                raise Undecided(f"torch does not make this tensor: {error}") from None
        layer = operation.layer
        if layer is None:
            raise Undecided(f"What {operation.type} gives is not known.")
        inputs: dict[str, Any] = {}
        for port, wires in operation.inputs.items():
            if isinstance(wires, list):
                inputs[port] = tuple(self._handle(*wire) for wire in wires)
            else:
                inputs[port] = self._handle(*wires)
        form = Form(self._it.concrete)
        try:
            call = form.call(layer, operation.params)
            params, nested = self._constructor(operation.module) if operation.module is not None else ({}, None)
            return self._torch.run(layer, params, nested, inputs, call, self._it.training)
        except (NoAnswer, BadValue) as error:
            raise Undecided(f"torch does not run {operation.type} at line {operation.line}: {error}") from None

    def _constructor(self, module: Module) -> tuple[dict[str, Any], dict[str, Nested]]:
        """The constructor's arguments as torch takes them. Raises Undecided."""
        assert module.layer is not None
        params: dict[str, Any] = {}
        nested: dict[str, Nested] = {}
        known = {param.name: param for param in module.layer.params}
        form = Form(self._it.concrete)
        for name, value in module.params.items():
            if isinstance(value, Module):
                if value.layer is None:
                    raise Undecided(f"{name} of {module.kind} is no layer of torch's.")
                inner, more = self._constructor(value)
                nested[name] = Nested(value.layer, inner, more)
                continue
            try:
                params[name] = convert(known[name], form.plain(value, known[name]), exact=True)
            except (BadValue, Refusal) as error:
                raise Undecided(f"{name} of {module.kind} {error}.") from None
        return params, nested


def wires(operation: Operation) -> list[tuple[Any, str | None]]:
    """Every tensor that is wired to it."""
    return [each for given in operation.inputs.values() for each in (given if isinstance(given, list) else [given])]


def references(operation: Operation) -> list[tuple[Any, str | None]]:
    """Every tensor that it reads, those read by size included."""
    from torchwire.reading.forms import symbols_in

    found = wires(operation)
    for symbol in symbols_in(operation.params):
        found += symbol.sources()
    return found


def _operations(operation: Operation) -> list[Operation]:
    found = []
    todo = references(operation)
    while todo:
        source, _ = todo.pop()
        if isinstance(source, Stored):
            todo.append(source.value.reference)
        elif isinstance(source, Operation):
            found.append(source)
    return found
