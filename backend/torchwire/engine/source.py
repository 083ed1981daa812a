"""Tensors that come from no layer: Inputs, Parameters and Constants. Their shapes, and drawing them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable
from dataclasses import replace as replaced
from typing import Any

import torch
from torch import nn

from torchwire.engine.allocation import out_of_memory
from torchwire.engine.blueprint import canonical
from torchwire.engine.given import dtype_of, tensor_from
from torchwire.engine.outcomes import Fault
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.loose_ends import sample_params
from torchwire.plan.reporter import add_params, drop_param, replace, set_param
from torchwire.plan.tree import Copy, Graph, Node

_FILLS = ("randn", "rand", "zeros", "ones", "arange", "randint", "values", "sample")


def _nested_shape(values: Any) -> tuple[int, ...]:
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        if not values:
            break
        values = values[0]
    return tuple(shape)


def sheet_of(node: Node, copy: Copy) -> Sheet:
    """Shape and dtype of the tensor, without drawing it. Raises Fault."""
    params = copy.params
    dtype = dtype_of(copy)
    fill = params.get("fill", "randn")
    if "shape" in params:
        shape = params["shape"]
        if any(size < 0 for size in shape):
            raise Fault(Problem("bad-param", f"shape of {node.key} has a negative size.", param="shape"))
        found = list(_nested_shape(params.get("values")))
        # an empty list ends what lists can say: [] stands for the shapes [0] and [0, 5]
        wanted = list(shape[: len(found)] if 0 in found else shape)
        if fill == "values" and "values" in params and found != wanted:
            raise Fault(
                Problem(
                    "bad-param",
                    f"values of {node.key} have shape {found}, but shape is {list(shape)}.",
                    param="shape",
                )
            )
        return Sheet.contiguous(tuple(shape), dtype)
    if fill == "values" and "values" in params:
        return Sheet.of(tensor_from(params["values"], dtype, node))
    raise Fault(
        Problem(
            "missing-param", f"{node.key} ({node.spec.type}) needs a shape, for example [1, 1, 28, 28].", param="shape"
        )
    )


def shaped(problem: Problem, graph: Graph, node: Node) -> Problem:
    """The problem of a tensor without a shape, with one that whoever reads it may take."""
    if problem.code != "missing-param" or problem.param != "shape" or "params.shape" in node.spec.faulty:
        return problem
    readers = (other for other in graph.nodes.values() if any(read.node == node.key for read in other.reads()))
    reader = next(readers, None)
    sample = sample_params(reader) if reader is not None and node.kind == "input" else {"shape": [1]}
    shape = sample["shape"]
    if "shape" in node.spec.params:  # null
        patch = set_param(node, "shape", shape)
    else:
        patch = add_params(node, {key: value for key, value in sample.items() if key not in node.spec.params})
    return replaced(problem, fixes=(Fix(f"Set shape to {shape}"[:99], patch),))


def _misfit(node: Node, copy: Copy, value: Sheet) -> Problem | None:
    """What is wrong with a value over a wire beside the shape or dtype that the node itself has."""
    shape, dtype = copy.params.get("shape"), copy.params.get("dtype")
    for name, given, found in (
        ("shape", None if shape is None else list(shape), list(value.shape)),
        ("dtype", None if dtype is None else dtype.name, dtype_name(value.dtype)),
    ):
        if given is not None and given != found:
            return Problem(
                "bad-wire",
                f"{name} of {node.key} is {given}, but the value wired to it has {found}.",
                port="value",
                param=name,
                fixes=(
                    Fix(f"Remove {name}", drop_param(node, name)),
                    Fix(f"Set {name} to {found}", set_param(node, name, found)),
                ),
            )
    return None


def drawn_by(copy: Copy) -> Hashable:
    """What decides the tensor besides the place in the random stream."""
    text = canonical(copy.params)
    return text if len(text) < 1_000 else hashlib.sha256(text.encode()).digest()


def misplaced(node: Node, copy: Copy, sheet: Sheet) -> Problem | None:
    """What is wrong with this tensor as the node's own: that it cannot be learned, or is not what the node says."""
    wired = node.kind in ("parameter", "constant") and bool(node.wires)
    return _unlearnable(node, sheet.dtype) or (_misfit(node, copy, sheet) if wired else None)


def _unlearnable(node: Node, dtype: torch.dtype) -> Problem | None:
    """What is wrong with a Parameter of this dtype: gradients are fractions."""
    if node.kind != "parameter" or dtype.is_floating_point or dtype.is_complex:
        return None
    wired = "value" in node.wires
    fixes = [Fix("Make it a Constant", replace(f"{node.spec.path}/type", node.spec.type, "Constant"))]
    if not wired:
        fixes.append(Fix("Set dtype to float32", set_param(node, "dtype", "float32")))
    return Problem(
        "bad-param",
        f"{node.key} is {dtype_name(dtype)}; only floating point tensors can be learned. Use a Constant.",
        port="value" if wired else None,
        param=None if wired else "dtype" if "dtype" in node.spec.params else "fill",
        fixes=tuple(fixes),
    )


def draw(node: Node, copy: Copy) -> torch.Tensor:
    """The tensor, drawn from torch's one random stream. Raises Fault."""
    params = copy.params
    fill = params.get("fill", "randn")
    if isinstance(fill, dict):
        tensor = torch.zeros(params["shape"], dtype=dtype_of(copy))
        apply_init(tensor, fill, node)
        return tensor
    if fill == "values":
        if "values" not in params:
            raise Fault(Problem("missing-param", f"{node.key} has fill values but no values.", param="values"))
        tensor = tensor_from(params["values"], dtype_of(copy), node)
        return tensor.reshape(params["shape"]) if "shape" in params else tensor
    shape, dtype = tuple(params["shape"]), dtype_of(copy)
    try:
        if fill in ("randn", "rand", "zeros", "ones"):
            made: torch.Tensor = getattr(torch, fill)(shape, dtype=dtype)
            return made
        if fill == "randint":
            return torch.randint(params.get("low", 0), params.get("high", 10), shape, dtype=dtype)
        if fill == "arange":
            return torch.arange(math.prod(shape), dtype=dtype).reshape(shape)
        if fill == "sample":
            from torchwire.engine.samples import sample

            return sample(params.get("name"), params.get("index", 0), shape, dtype, node)
    except (RuntimeError, TypeError, ValueError, MemoryError) as error:
        raise Fault(
            out_of_memory(node.key, error)
            or Problem(
                "bad-param",
                f"{node.key} cannot be filled with {fill} in {dtype}.".replace("torch.", ""),
                param="fill",
                detail=str(error),
            )
        ) from None
    raise Fault(Problem("bad-param", f"fill of {node.key} is one of {', '.join(_FILLS)}.", param="fill"))


INITS = tuple(name for name in vars(nn.init) if name.endswith("_") and name[0] != "_")


def nearest_init(name: Any) -> list[str]:
    """The function of torch.nn.init that a wrong name may mean."""
    return nearest(name, INITS) if isinstance(name, str) and name not in INITS else []


def apply_init(tensor: torch.Tensor, init: Any, node: Node) -> None:
    """Fills a tensor by a function of torch.nn.init, `{"normal_": {"std": 0.02}}`, or with values. Raises Fault."""
    if isinstance(init, list):
        values = tensor_from(init, tensor.dtype, node)
        if values.shape != tensor.shape:
            raise Fault(
                Problem(
                    "bad-init",
                    f"init of {node.key} has shape {list(values.shape)}, not {list(tensor.shape)}.",
                    param="init",
                )
            )
        with torch.no_grad():
            tensor.copy_(values)
        return
    name, arguments = next(iter(init.items())) if isinstance(init, dict) and len(init) == 1 else (None, None)
    function = getattr(nn.init, name, None) if isinstance(name, str) and name.endswith("_") and name[0] != "_" else None
    if function is None or not isinstance(arguments, dict):
        near = nearest_init(name)
        raise Fault(
            Problem(
                "bad-init",
                f'init of {node.key} takes a function of torch.nn.init, {{"normal_": {{"std": 0.02}}}}.'
                + (f" {str(name)[:64]!r} is none; did you mean {near[0]}?" if near else ""),
                param="init",
            )
        )
    try:
        with torch.no_grad():
            function(tensor, **arguments)
    except Exception as error:
        raise Fault(
            Problem(
                "bad-init",
                f"init of {node.key} by {name} failed: {str(error).strip().partition(chr(10))[0][:200]}.",
                param="init",
                detail=str(error)[:1000],
            )
        ) from None
