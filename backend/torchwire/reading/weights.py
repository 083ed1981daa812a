"""Initialisation of weights: calls of torch.nn.init and of methods that fill a parameter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.recording import Initialisation
from torchwire.reading.values import Module, Operation, Stored, Tensor, Unknown, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "uniform_": ("a", "b"),
    "normal_": ("mean", "std"),
    "trunc_normal_": ("mean", "std", "a", "b"),
    "constant_": ("val",),
    "ones_": (),
    "zeros_": (),
    "eye_": (),
    "dirac_": ("groups",),
    "xavier_uniform_": ("gain",),
    "xavier_normal_": ("gain",),
    "kaiming_uniform_": ("a", "mode", "nonlinearity"),
    "kaiming_normal_": ("a", "mode", "nonlinearity"),
    "orthogonal_": ("gain",),
    "sparse_": ("sparsity", "std"),
}
"""torch.nn.init's functions with their arguments behind the tensor."""

# methods that fill a tensor, by the function of torch.nn.init that does the same
METHODS: dict[str, tuple[str, tuple[str, ...]]] = {
    "normal_": ("normal_", ("mean", "std")),
    "uniform_": ("uniform_", ("a", "b")),
    "fill_": ("constant_", ("val",)),
    "zero_": ("zeros_", ()),
}
_METHOD_WORDS = {"from": "a", "to": "b", "low": "a", "high": "b", "value": "val"}
_METHOD_DEFAULTS = {"uniform_": {"a": 0.0, "b": 1.0}, "normal_": {"mean": 0.0, "std": 1.0}}
_DEFAULTS = {"uniform_": {"a": 0.0, "b": 1.0}, "normal_": {"mean": 0.0, "std": 1.0}}

_GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3, "relu": math.sqrt(2.0), "selu": 3.0 / 4}


class Weights:
    """Records what initialises which parameter."""

    def __init__(self, it: Evaluator) -> None:
        self._it = it

    def call(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """torch.nn.init.name(...)."""
        it = self._it
        if name == "calculate_gain":
            word = args[0] if args else kwargs.get("nonlinearity")
            if word == "leaky_relu":
                slope = args[1] if len(args) > 1 else kwargs.get("param")
                return math.sqrt(2.0 / (1 + (0.01 if slope is None else it.plain(slope)) ** 2))
            return _GAINS.get(str(word), 1.0)
        if name in ("_calculate_fan_in_and_fan_out", "_calculate_correct_fan"):
            return self._fans(name, args, kwargs)
        if not name.endswith("_") and f"{name}_" in FUNCTIONS:
            name = f"{name}_"  # the deprecated names
        words = FUNCTIONS.get(name)
        if words is None:
            raise Refusal(f"torch.nn.init.{name} is not read; the layer keeps torch's own initialisation.")
        tensor = args[0] if args else kwargs.pop("tensor", None)
        given = dict(zip(words, args[1:], strict=False))
        given |= {word: value for word, value in kwargs.items() if word in words}
        self.record(tensor, name, given)
        return tensor

    def method(self, tensor: Tensor, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """tensor.normal_(0, 0.01) of a parameter."""
        function, words = METHODS[name]
        given = dict(_METHOD_DEFAULTS.get(function, {}))
        given |= dict(zip(words, args, strict=False))
        given |= {_METHOD_WORDS.get(word, word): value for word, value in kwargs.items() if word != "generator"}
        self.record(tensor, function, given)
        return tensor

    def record(self, tensor: Any, function: str, given: dict[str, Any]) -> None:
        """Keeps one initialisation. Raises Refusal where its target is no whole parameter."""
        it = self._it
        if isinstance(tensor, Unknown):
            raise it.unreadable(tensor)
        if not isinstance(tensor, Tensor):
            raise Raised("What is initialised is no tensor.")
        source = tensor.source
        if (  # a tensor that becomes a parameter later
            isinstance(source, Operation)
            and source.module is None
            and not source.inputs
            and tensor.base is None
            and it.recording.scope is None
        ):
            source.given = (source.given or []) + [(function, {n: it.plain(v) for n, v in given.items()})]
            return
        if not isinstance(source, Weight | Stored):
            raise Refusal("A part of a parameter, or a result, is initialised; the layer keeps torch's own values.")
        if isinstance(source, Weight) and not it.modules.may_begin(source):
            raise Refusal(f"The {source.name} of a {source.module.kind} is a buffer: it keeps its own values.")
        plain = {word: it.plain(value) for word, value in given.items() if value is not None}
        for word, value in _DEFAULTS.get(function, {}).items():
            if word in plain and plain[word] == value:
                del plain[word]
        call = Initialisation(source, {function: plain}, it.recording.next(), it.line, tensor.through)
        it.recording.initialisations.append(call)

    def replace(self, module: Module, name: str, stored: Stored) -> None:
        """layer.weight = nn.Parameter(values): the values become its initialisation."""
        it = self._it
        target = Weight(module, name)
        try:
            fits = it.known.shape(stored.value) == it.known.shape(Tensor(target))
        except Undecided:
            fits = True
        if not fits:
            raise Refusal(f"The {name} of a {module.kind} gets another shape: it keeps its own.")
        stored.owner = module
        operation = stored.value.source
        if isinstance(operation, Operation):
            for function, given in operation.given or []:
                self.record(Tensor(target), function, given)
            if operation.given:
                it.recording.stored.remove(stored)
                return
            simple = {"zeros": "zeros_", "ones": "ones_", "randn": "normal_", "rand": "uniform_"}.get(operation.type)
            if simple is not None:
                self.record(Tensor(target), simple, {})
                it.recording.stored.remove(stored)
                return
        values = it.known.values(stored.value)
        if not isinstance(values, list):
            raise Refusal(f"{name} of {module.kind} is set to a tensor that only a run has.")
        it.recording.initialisations.append(Initialisation(target, values, it.recording.next(), it.line))
        it.recording.stored.remove(stored)

    def _fans(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        shape = self._it.known.shape(args[0])
        if len(shape) < 2:
            raise Raised("Fan in and fan out need at least two dimensions.")
        field = math.prod(shape[2:])
        fans = (shape[1] * field, shape[0] * field)
        if name == "_calculate_correct_fan":
            return fans[0] if (args[1] if len(args) > 1 else kwargs.get("mode")) == "fan_in" else fans[1]
        return fans
