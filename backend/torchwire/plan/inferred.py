"""Parameters that the input decides: which port and which dimension of it.

A parameter that is in no rule here is never inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]

# name of the parameter -> (port, dimension); None where the dimension depends on the type
_RULES: dict[str, tuple[tuple[str, ...], int | None]] = {
    "in_features": (("input", "input_"), -1),
    "in1_features": (("input1",), -1),
    "in2_features": (("input2",), -1),
    "in_channels": (("input",), None),
    "num_features": (("input",), None),
    "num_channels": (("input",), 1),
    "input_size": (("input",), -1),
    "normalized_shape": (("input", "x", "src", "tgt"), -1),  # nested in a Transformer: its norm
    "embed_dim": (("query",), -1),
    "d_model": (("src", "tgt"), -1),
}


def _dimension(type_name: str, name: str) -> int:
    if type_name.startswith(("BatchNorm", "SyncBatchNorm")):
        return 1
    # (N, C, *spatial) or unbatched (C, *spatial): count from the end
    spatial = next((int(digit) for digit in type_name if digit.isdigit()), 2)
    return -(spatial + 1)


def infer(type_name: str, name: str, shapes: Shapes) -> Any:
    """The value of the parameter for inputs of these shapes (port -> shape); None when they do not tell."""
    rule = _RULES.get(name)
    if rule is None:
        return None
    ports, dimension = rule
    shape = next((shapes[port] for port in ports if port in shapes), None)
    if shape is None:
        return None
    if dimension is None:
        dimension = _dimension(type_name, name)
    if not -len(shape) <= dimension < len(shape):
        return None
    size = shape[dimension]
    return (size,) if name == "normalized_shape" else size
