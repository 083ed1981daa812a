"""torch's answers for the reader of source: shapes, weights and small constants, one layer at a time.

Constants are computed with real, small tensors; everything that an input or a weight decides is on the meta device.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import torch

from torchwire.catalogue.layer import LayerType
from torchwire.engine.blueprint import blueprint, canonical
from torchwire.engine.memory import Memory
from torchwire.engine.operation import function_of, name_outputs, to_torch
from torchwire.engine.sheet import dtype_name, dtype_named
from torchwire.plan.asking import NoAnswer
from torchwire.plan.tree import Nested
from torchwire.plan.values import DTYPES
from torchwire.settings import settings

LARGEST = 2**18  # elements of a constant that is computed
_SMALL = 4_096  # elements of inputs whose result is computed without looking at its size first
_GROWS = frozenset(
    "expand repeat tile repeat_interleave broadcast_to one_hot pad interpolate fold affine_grid diag_embed".split()
)  # functions whose result may be of any size


class Oracle:
    """What torchwire.reading asks of torch (see plan/asking.py)."""

    def input(self, shape: tuple[int, ...], dtype: str) -> torch.Tensor:
        with _guarded():
            return torch.empty(shape, dtype=_dtype(dtype), device="meta")

    def constant(self, values: Any, dtype: str) -> torch.Tensor:
        with _guarded():
            return torch.tensor(values, dtype=_dtype(dtype))

    def run(
        self,
        layer: LayerType,
        params: Mapping[str, Any],
        nested: Mapping[str, Nested] | None,
        inputs: Mapping[str, Any],
        call: Mapping[str, Any],
        training: bool,
    ) -> dict[str, torch.Tensor]:
        tensors = _tensors(inputs)
        if tensors and all(tensor.is_meta for tensor in tensors):
            drawn = [(port, *map(_drawn, _tensors({port: value}))) for port, value in sorted(inputs.items())]
            asked = (layer.type, canonical(params, nested), repr(sorted(call.items())), repr(drawn), training)
            return _remembered.get(asked, lambda: self._run(layer, params, nested, inputs, call, training))
        return self._run(layer, params, nested, inputs, call, training)

    @staticmethod
    def _run(
        layer: LayerType,
        params: Mapping[str, Any],
        nested: Mapping[str, Nested] | None,
        inputs: Mapping[str, Any],
        call: Mapping[str, Any],
        training: bool,
    ) -> dict[str, torch.Tensor]:
        given = {**inputs, **{name: to_torch(value) for name, value in call.items()}}
        given.pop("inplace", None)
        with _guarded():
            if nested is not None:
                module = Oracle._module(layer, params, nested)
                module.train(training)
                return name_outputs(layer, module(**_on_meta(given)))
            if any(param.name == "training" for param in layer.params):
                given.setdefault("training", training)
            tensors = _tensors(inputs)
            on_meta = any(tensor.is_meta for tensor in tensors)
            if tensors and not on_meta and layer.type not in _GROWS and sum(map(torch.numel, tensors)) <= _SMALL:
                return name_outputs(layer, function_of(layer)(given))
            with torch.device("meta"):
                outputs = name_outputs(layer, function_of(layer)(_on_meta(given)))
            if not on_meta and sum(tensor.numel() for tensor in outputs.values()) <= LARGEST:
                outputs = name_outputs(layer, function_of(layer)(given))
            return outputs

    def weights(
        self, layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]
    ) -> dict[str, torch.Tensor]:
        module = self._module(layer, params, nested)
        return dict(module.state_dict(keep_vars=True))

    def parameters(self, layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> list[str]:
        return [name for name, _ in self._module(layer, params, nested).named_parameters()]

    @staticmethod
    def _module(layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> torch.nn.Module:
        _bound_layers(params, nested)
        found = blueprint(layer, params, nested)
        if found.module is None:
            raise NoAnswer(str(found.fault)[:200])
        return found.module

    def assign(self, handle: torch.Tensor, key: tuple[Any, ...], value: Any) -> torch.Tensor:
        if handle.is_meta or handle.numel() > LARGEST:
            raise NoAnswer("it is too large")
        with _guarded():
            made = handle.clone()
            made[key] = value
            return made

    def shape(self, handle: torch.Tensor) -> tuple[int, ...]:
        return tuple(handle.shape)

    def dtype(self, handle: torch.Tensor) -> str:
        return dtype_name(handle.dtype)

    def values(self, handle: torch.Tensor) -> Any:
        if handle.is_meta or handle.numel() > LARGEST:
            return None
        return handle.tolist()


class _guarded:
    """torch without gradients and warnings; what it raises becomes NoAnswer."""

    def __enter__(self) -> None:
        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore")
        self._grad = torch.no_grad()
        self._grad.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._grad.__exit__(kind, error, trace)
        self._caught.__exit__(kind, error, trace)
        if isinstance(error, Exception) and not isinstance(error, NoAnswer | MemoryError):
            raise NoAnswer(str(error).split("\n")[0][:200]) from None


def _drawn(tensor: torch.Tensor) -> tuple[Any, ...]:
    """What a result without values hangs on."""
    return (tuple(tensor.shape), tensor.stride(), tensor.dtype)


_remembered: Memory[dict[str, torch.Tensor]] = Memory(5_000)


def _bound_layers(params: Mapping[str, Any], nested: Mapping[str, Nested]) -> None:
    """Even on the meta device a million layers take their time."""
    most = settings().max_layers
    for name, value in params.items():
        if name.startswith("num_") and name.endswith("layers") and isinstance(value, int) and value > most:
            raise NoAnswer(f"{name} is {value:,}, more than {most}")
    for inner in nested.values():
        _bound_layers(inner.params, inner.nested)


def _dtype(name: str) -> torch.dtype:
    if name not in DTYPES:
        raise NoAnswer(f"{name[:40]} is no dtype")
    return dtype_named(name)


def _tensors(inputs: Mapping[str, Any]) -> list[torch.Tensor]:
    return [item for value in inputs.values() for item in (value if isinstance(value, tuple) else (value,))]


def _on_meta(given: Mapping[str, Any]) -> dict[str, Any]:
    def one(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(one(item) for item in value)
        return value.to("meta") if isinstance(value, torch.Tensor) else value

    return {name: one(value) for name, value in given.items()}
