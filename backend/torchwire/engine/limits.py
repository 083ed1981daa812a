"""What is refused before anything is allocated, and before torch's meta device is touched where that alone is too much.

Every limit is named in the problem that it causes: which, by how much, what would fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.sheet import Sheet
from torchwire.engine.tall import stacks
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Node
from torchwire.settings import settings

STEPPED = ("RNN", "LSTM", "GRU")
# torch itself goes no further: more dimensions, or a size in bytes beyond 2**63
_TORCH_RANK = 64
_TORCH_ELEMENTS = 2**59

_SHOWN = 10  # so many times over the limit for outputs, shapes are still shown: 10,000 take some 0.1 s

# parameters whose product is the size of a weight
_WEIGHTED = frozenset(
    """in_features out_features in1_features in2_features in_channels out_channels kernel_size num_embeddings
    embedding_dim num_features num_channels normalized_shape input_size hidden_size embed_dim d_model
    dim_feedforward""".split()
)
_SPATIAL = ("Convolution", "Pooling", "Resampling", "Padding")


def many_layers(case: Case) -> Problem | None:
    """More layers inside one module than are built. Its shapes and its count are known by shorter ones (tall.py)."""
    most = settings().max_layers
    for stack in stacks(case.owner.params, case.owner.nested, most):
        path, name = stack.path, stack.name
        fixes = repairs.set_nested(case, (*path, name), most) if path else repairs.set_value(case, name, most)
        return Problem(
            "limit-layers",
            f"{name} of {case.title} is {stack.count:,}, {stack.count - most:,} over the limit of {most:,} layers "
            "in one module. Shapes and counts are shown, values are not.\nWrite more as a block with `repeat`.",
            param=path[0] if path else name,
            fixes=tuple(fixes),
        )
    return None


def many_outputs(case: Case) -> tuple[Problem, bool] | None:
    """unbind of a dimension of a billion would make a billion tensors. With it: whether their shapes can be shown."""
    shape = next((sheet.shape for sheet in _sheets(case.arguments.values())), None)
    if not case.layer.list_output or not shape:
        return None
    most = settings().max_outputs
    dim = case.param("dim")
    size = shape[dim] if isinstance(dim, int) and -len(shape) <= dim < len(shape) else shape[0]
    part = case.param("split_size_or_sections") or case.param("split_size")
    count = size
    if isinstance(part, int) and part > 0:
        count = -(-size // part)
    elif isinstance(part, tuple):
        count = len(part)
    elif isinstance(case.param("chunks"), int):
        count = -(-size // max(1, -(-size // max(1, case.param("chunks")))))  # of 5 in 4 chunks torch makes 3
    if count <= most:
        return None
    problem = Problem(
        "limit-outputs",
        f"{case.title} would give {count:,} tensors, {count - most:,} over the limit of {most:,}.",
        port="input",
    )
    return problem, count <= _SHOWN * most


def beyond_torch(node: Node, outputs: Mapping[str, Any]) -> Problem | None:
    """A tensor with which not even shapes can be computed."""
    for sheet in outputs.values():
        if not isinstance(sheet, Sheet):
            continue
        if len(sheet.shape) > _TORCH_RANK:
            return too_many_dimensions(node, sheet)
        if sheet.extent > _TORCH_ELEMENTS:
            return too_many_elements(node, sheet)
    return None


def overflowed(case: Case, params: Mapping[str, Any]) -> Problem | None:
    """Why torch could not even compute with the sizes: one parameter alone takes the input beyond any memory."""
    extent = next((sheet.extent for sheet in _sheets(case.arguments.values())), 1)
    for name, value in params.items():
        size = math.prod(_per_dimension(case, value))
        if size * extent >= _TORCH_ELEMENTS:
            return _beyond(case, name, value)
    return None


def unbuildable(case: Case, params: Mapping[str, Any]) -> Problem | None:
    """Why torch could not even note down the weights: together their sizes are beyond any memory."""
    sizes = {name: math.prod(_per_dimension(case, value)) for name, value in params.items() if name in _WEIGHTED}
    if math.prod(sizes.values()) < _TORCH_ELEMENTS:
        return None
    name = max(sizes, key=lambda name: sizes[name])
    return _beyond(case, name, params[name])


def _beyond(case: Case, name: str, value: Any) -> Problem:
    return Problem(
        "limit-elements",
        f"{name} {repairs.shown(value)} of {case.title} makes a tensor of more than {_TORCH_ELEMENTS:,} elements; "
        f"at most {settings().max_elements:,} are computed.",
        param=name,
    )


def _per_dimension(case: Case, value: Any) -> list[float]:
    """The numbers of a parameter; a single one of a layer such as Conv3d counts for each dimension."""
    if isinstance(value, (tuple, list)):
        return [abs(item) for item in value if isinstance(item, (int, float)) and item]
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        return []
    return [abs(value) or 1] * (case.spatial if case.layer.family in _SPATIAL else 1)


def _sheets(values: Any) -> Iterator[Sheet]:
    for value in values:
        if isinstance(value, Sheet):
            yield value
        elif isinstance(value, tuple):
            yield from _sheets(value)


def many_steps(case: Case) -> Problem | None:
    """Time cannot be computed side by side: a million steps take a minute, one after the other."""
    shape = case.shape("input")
    if not case.kind(*STEPPED) or shape is None or len(shape) not in (2, 3):
        return None
    most = settings().max_steps
    times = case.param("num_layers") * (2 if case.param("bidirectional") else 1)
    steps = shape[1 if case.param("batch_first") and len(shape) == 3 else 0]
    if steps * times <= most:
        return None
    return Problem(
        "limit-steps",
        f"{case.title} would run {steps:,} time steps in {times} layers and directions, {steps * times:,} in all; the "
        f"limit is {most:,}. Sequences of {most // times:,} steps would fit.",
        port="input",
    )


def too_many_dimensions(node: Node, sheet: Sheet) -> Problem:
    """A tensor of more dimensions than are computed."""
    most, rank = settings().max_rank, len(sheet.shape)
    return Problem(
        "limit-rank",
        f"{node.key} has {rank:,} dimensions, {rank - most:,} over the limit of {most}. "
        "Its shape is shown, its values are not.",
        node=node.path,
        param="shape" if "shape" in node.spec.params else None,
    )


def too_many_elements(node: Node, sheet: Sheet, what: str = "The output") -> Problem:
    """A tensor of more elements than are computed."""
    most = settings().max_elements
    times = -(-sheet.extent // most)
    shape = " x ".join(map(str, sheet.shape[:16]))
    size = f"{sheet.elements:,} elements" if sheet.elements else f"no elements but {sheet.extent:,} places for them"
    return Problem(
        "limit-elements",
        f"{what} of {node.key} has {size} ({shape}), over the limit of {most:,} for one tensor.\n"
        + (f"A batch or an image {times:,} times smaller would fit." if times < 10**9 else "It fits into no memory."),
        node=node.path,
        param="shape" if "shape" in node.spec.params else None,
    )
