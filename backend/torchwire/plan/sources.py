"""How Inputs, Parameters and Constants are filled: what can be told without torch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from torchwire.graph.problems import Fix
from torchwire.plan.reporter import Reporter, drop_param, set_param
from torchwire.plan.tree import Copy, Node

FILLS = ("randn", "rand", "zeros", "ones", "arange", "randint", "values", "sample")
NUMBERS_IN_TEXT = frozenset({"nan", "inf", "-inf"})
INTEGER_IN_TEXT = re.compile(r"-?[0-9]{1,20}")
_FLOATING = ("randn", "rand")  # torch draws these in no integer dtype

Fault = tuple[str, str, str]  # code, parameter, text that follows the name of the node


def check_source(node: Node, copy: Copy, reporter: Reporter) -> None:
    """Tells what is wrong with how an input, parameter or constant is filled; values without a fill are its fill."""
    if "values" in copy.params and "value" not in node.spec.inputs:
        fill = copy.params.setdefault("fill", "values")  # whoever types values means them
        if fill != "values":
            reporter.at(
                node,
                "bad-param",
                f"{node.key} ({node.spec.type}) has values, but fill says something else, so they are not used.",
                param="values",
                severity="warning",
                fixes=[
                    Fix("Fill it with the values", set_param(node, "fill", "values")),
                    Fix("Remove the values", drop_param(node, "values")),
                ],
            )
    fault = _source_fault(node.kind, copy.params, wired="value" in node.spec.inputs)
    if fault is None:
        return
    code, param, text = fault
    fixes = []
    if param == "shape":
        sizes = list(nested_shape(copy.params["values"]))
        fixes.append(Fix(f"Set shape to {sizes}", set_param(node, "shape", sizes)))
    elif param == "fill" and copy.params.get("fill", "randn") in ("randn", "rand"):
        fixes.append(Fix("Fill it with randint", set_param(node, "fill", "randint")))
    elif param == "fill":
        fixes.append(Fix("Fill it with zeros", set_param(node, "fill", "zeros")))
    reporter.at(node, code, f"{node.key} ({node.spec.type}) {text}.", param=param, fixes=fixes)


def _source_fault(kind: str, params: Mapping[str, Any], wired: bool) -> Fault | None:
    """What is wrong with the parameters of an input, parameter or constant; `wired`: its value comes over a wire."""
    fill = params.get("fill", "randn")
    if isinstance(fill, dict):
        if kind == "input":
            return "bad-param", "fill", f"takes one of {', '.join(FILLS)} as its fill"
        if len(fill) != 1 or not all(isinstance(arguments, dict) for arguments in fill.values()):
            return "bad-init", "fill", 'takes one function of torch.nn.init as its fill, {"normal_": {"std": 0.02}}'
    elif fill not in FILLS or (fill == "sample" and kind != "input"):
        return "bad-param", "fill", f"takes one of {', '.join(FILLS if kind == 'input' else FILLS[:-1])} as its fill"
    if wired:
        return None
    if fill == "values":
        if params.get("values") is None:
            return "missing-param", "values", "has fill values, and no values"
        return _values_fault(params)
    dtype = getattr(params.get("dtype"), "name", "float32")
    if fill in _FLOATING and not dtype.startswith(("float", "bfloat", "complex")):
        return "bad-param", "fill", f"cannot be filled with {fill} in {dtype}; randint, zeros and ones can"
    low, high = params.get("low", 0), params.get("high", 10)
    if fill == "randint" and low >= high:
        return "bad-param", "high", f"draws from {low} to {high} - 1, which is nothing; high must be larger than low"
    return None


def nested_shape(values: Any) -> list[int]:
    """The shape of a nested list in which all lists of a level are equally long."""
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        values = values[0] if values else None
    return shape


def _values_fault(params: Mapping[str, Any]) -> Fault | None:
    shape: list[int] = []
    level: list[Any] = [params["values"]]
    while any(isinstance(item, list) for item in level):
        lengths = {len(item) if isinstance(item, list) else -1 for item in level}
        if len(lengths) > 1:
            return "bad-param", "values", "has values in which lists of one level are not equally long"
        shape.append(lengths.pop())
        level = [inner for item in level for inner in item]
    whole = getattr(params.get("dtype"), "name", "float32") == "int64"
    for item in level:
        if isinstance(item, str) and INTEGER_IN_TEXT.fullmatch(item):  # beyond 2**53, as answers write them
            if not whole:
                return "bad-param", "values", f"has the text {item!r} among its values, which only int64 takes"
            if not -(2**63) <= int(item) < 2**63:
                return "bad-param", "values", f"has the value {item}, which is beyond int64"
        elif not isinstance(item, (int, float)) and not (isinstance(item, str) and item in NUMBERS_IN_TEXT):
            return "bad-param", "values", "has values that are no numbers"
    given = params.get("shape")
    if given is None:
        return None
    # an empty list ends what lists can say: [] stands for the shapes [0] and [0, 5]
    wanted = list(given[: len(shape)] if 0 in shape else given)
    if wanted != shape:
        return "bad-param", "shape", f"has values of shape {shape}, but shape is {list(given)}"
    return None
