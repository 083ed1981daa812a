"""What somebody who does not import torch may ask of it: shapes, weights and small constants, one layer at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from torchwire.catalogue.layer import LayerType
from torchwire.plan.tree import Nested


class NoAnswer(Exception):
    """torch raises, or only a run can tell; the text is torch's own."""


class Torch(Protocol):
    """A handle is a tensor of torch: real for small constants, else without values. Every method raises NoAnswer."""

    def input(self, shape: tuple[int, ...], dtype: str) -> Any:
        """The handle of an input."""

    def constant(self, values: Any, dtype: str) -> Any:
        """The handle of known values."""

    def run(
        self,
        layer: LayerType,
        params: Mapping[str, Any],
        nested: Mapping[str, Nested] | None,
        inputs: Mapping[str, Any],
        call: Mapping[str, Any],
        training: bool,
    ) -> dict[str, Any]:
        """The outputs of a layer by port. `nested` None: a function; `call` are the arguments of a call."""

    def assign(self, handle: Any, key: tuple[Any, ...], value: Any) -> Any:
        """The handle of a copy after `copy[key] = value`."""

    def weights(self, layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> dict[str, Any]:
        """The parameters and persistent buffers of a layer by their names in state_dict()."""

    def parameters(self, layer: LayerType, params: Mapping[str, Any], nested: Mapping[str, Nested]) -> list[str]:
        """The names of those that are parameters."""

    def shape(self, handle: Any) -> tuple[int, ...]: ...

    def dtype(self, handle: Any) -> str: ...

    def values(self, handle: Any) -> Any:
        """Nested lists of a real tensor; None where there are no values."""
