"""What is refused before anything is allocated, and before torch's meta device is touched where that alone is too much.

Every limit is named in the problem that it causes: which, by how much, what would fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.progress import Progress
from torchwire.engine.sheet import Sheet
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Nested, Node, Plan, walk
from torchwire.settings import settings

if TYPE_CHECKING:
    from torchwire.engine.shapes import ShapePass

HEAVY = 50_000_000  # parameters: above, the deadline is the long one, and one such network runs at a time

# torch itself goes no further: more dimensions, or a size in bytes beyond 2**63
_TORCH_RANK = 64
_TORCH_ELEMENTS = 2**59


def many_layers(case: Case) -> Problem | None:
    """TransformerEncoder copies its layer num_layers times, an LSTM makes four tensors a layer: on meta too."""
    most = settings().max_layers
    for path, params in _constructors(case.owner.params, case.owner.nested, ()):
        for name in ("num_layers", "num_encoder_layers", "num_decoder_layers"):
            count = params.get(name)
            if not isinstance(count, int) or count <= most:
                continue
            fixes = repairs.set_nested(case, (*path, name), most) if path else repairs.set_value(case, name, most)
            return Problem(
                "limit-layers",
                f"{name} of {case.title} is {count:,}, {count - most:,} over the limit of {most:,} layers "
                "in one module.\nWrite more as a block with `repeat`.",
                param=path[0] if path else name,
                fixes=tuple(fixes),
            )
    return None


def _constructors(
    params: Mapping[str, Any], nested: Mapping[str, Nested], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    yield path, params
    for name, inner in nested.items():
        yield from _constructors(inner.params, inner.nested, (*path, name))


def many_outputs(case: Case) -> Problem | None:
    """unbind of a dimension of a billion would make a billion tensors."""
    shape = case.shape("input")
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
        count = min(size, case.param("chunks"))
    if count <= most:
        return None
    return Problem(
        "limit-outputs",
        f"{case.title} would give {count:,} tensors, {count - most:,} over the limit of {most:,}.",
        port="input",
    )


def beyond_torch(node: Node, outputs: Mapping[str, Any]) -> Problem | None:
    """A tensor with which not even shapes can be computed."""
    for sheet in outputs.values():
        if not isinstance(sheet, Sheet):
            continue
        if len(sheet.shape) > _TORCH_RANK:
            return _rank(node, sheet)
        if sheet.extent > _TORCH_ELEMENTS:
            return _elements(node, sheet)
    return None


def overflowed(case: Case, numbers: Mapping[str, Any]) -> Problem | None:
    """Why torch could not even compute with the sizes: the numbers given to it are beyond any memory."""
    flat = [abs(item) for item in _integers(numbers.values()) if item]
    flat += [size for sheet in _sheets(case.arguments.values()) for size in sheet.shape if size]
    if math.prod(flat) < _TORCH_ELEMENTS:
        return None
    param = max(
        (name for name in numbers if list(_integers([numbers[name]]))),
        key=lambda name: max(_integers([numbers[name]])),
        default=None,
    )
    most = settings().max_elements
    return Problem(
        "limit-elements",
        f"{case.title} would make a tensor of more than {_TORCH_ELEMENTS:,} elements"
        + (f" ({param} is {repairs.shown(numbers[param])})" if param else "")
        + f"; at most {most:,} are computed.",
        param=param,
    )


def _integers(values: Any) -> Iterator[int]:
    for value in values:
        if isinstance(value, (tuple, list)):
            yield from _integers(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield value


def _sheets(values: Any) -> Iterator[Sheet]:
    for value in values:
        if isinstance(value, Sheet):
            yield value
        elif isinstance(value, tuple):
            yield from _sheets(value)


def _rank(node: Node, sheet: Sheet) -> Problem:
    most, rank = settings().max_rank, len(sheet.shape)
    return Problem(
        "limit-rank",
        f"{node.key} has {rank:,} dimensions, {rank - most:,} over the limit of {most}. "
        "Its shape is shown, its values are not.",
        node=node.path,
        param="shape" if "shape" in node.spec.params else None,
    )


def _elements(node: Node, sheet: Sheet, what: str = "The output") -> Problem:
    most = settings().max_elements
    times = -(-sheet.extent // most)
    shape = " x ".join(map(str, sheet.shape[:16]))
    return Problem(
        "limit-elements",
        f"{what} of {node.key} has {sheet.elements:,} elements ({shape}), over the limit of {most:,} for one tensor.\n"
        + (f"A batch or an image {times:,} times smaller would fit." if times < 10**9 else "It fits into no memory."),
        node=node.path,
        param="shape" if "shape" in node.spec.params else None,
    )


def refuse(plan: Plan, shapes: ShapePass, problems: list[Problem], progress: Progress) -> dict[str, str]:
    """Paths that must not run, and why.

    "error": it cannot even be constructed; "fault": its call fails; "limit": something is too large.
    """
    limits = settings()
    refused: dict[str, str] = {}
    total = 0
    for node, copy in walk(plan.graph):
        outcome = shapes.outcomes.get(node.path)
        if copy.path in shapes.limited:
            refused[copy.path] = "limit"
            continue
        failed = node.faults or (
            outcome is not None and outcome.state in ("error", "blocked") and copy.graph is None
        )
        blueprint = shapes.blueprints.get(copy.path)
        built = blueprint is not None and blueprint.fault is None
        if (failed and (outcome is None or outcome.state == "error")) or (blueprint is not None and not built):
            # what can be constructed is, and draws its weights, also where the call fails
            refused[copy.path] = "fault" if built else "error"
        if node.kind == "module" and blueprint is not None and built and blueprint.count is not None:
            left = limits.max_parameters - total
            if blueprint.count > left:
                refused[copy.path] = "limit"
                problems.append(
                    Problem(
                        "limit-parameters",
                        f"{node.key} brings the network to {total + blueprint.count:,} parameters, "
                        f"{blueprint.count - left:,} over the limit of {limits.max_parameters:,}.\n"
                        f"It has {blueprint.count:,} itself; {left:,} are left. "
                        "Shapes and counts are shown, values are not.",
                        node=node.path,
                    )
                )
            else:
                total += blueprint.count
            large = next((w.sheet for w in blueprint.buffers.values() if w.sheet.extent > limits.max_elements), None)
            if large is not None:
                refused[copy.path] = "limit"
                problems.append(_elements(node, large, "A buffer"))
        if failed:
            continue
        for sheet in (outcome.outputs if outcome is not None and copy.graph is None else {}).values():
            if not isinstance(sheet, Sheet):
                continue
            if len(sheet.shape) > limits.max_rank or sheet.extent > limits.max_elements:
                refused[copy.path] = "limit"
                problems.append(_rank(node, sheet) if len(sheet.shape) > limits.max_rank else _elements(node, sheet))
                break
    if total > HEAVY:
        progress.heavy()
    return refused
