"""How Inputs, Parameters and Constants are filled: what can be told without torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from torchwire.graph.findings import replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.plan.reporter import Reporter, drop_param, set_param, test
from torchwire.plan.tree import Copy, Node

FILLS = ("randn", "rand", "zeros", "ones", "arange", "randint", "values", "sample")
NUMBERS_IN_TEXT = frozenset({"nan", "inf", "-inf"})
INTEGER_IN_TEXT = re.compile(r"-?[0-9]{1,20}")
_FLOATING = ("randn", "rand")  # torch draws these in no integer dtype

Fault = tuple[str, str, str]  # code, parameter, text that follows the name of the node


def check_source(node: Node, copy: Copy, reporter: Reporter) -> None:
    """Tells what is wrong with how an input, parameter or constant is filled; values without a fill are its fill.

    Parameters that are faulty themselves have been told; whatever does not depend on them is told beside them.
    """
    wired = "value" in node.spec.inputs
    faulty = {label.removeprefix("params.") for label in node.spec.faulty if label.startswith("params")}
    faulty |= {name for name, raw in node.spec.params.items() if raw is not None and name not in copy.params}
    if "values" in copy.params and not wired and "fill" not in faulty:
        fill = copy.params.setdefault("fill", "values")  # whoever types values means them
        if fill != "values":
            _tell_unused(node, copy, faulty, reporter)
    for code, param, text in _source_faults(node.kind, copy.params, faulty, wired):
        reporter.at(node, code, f"{node.key} ({node.spec.type}) {text}.", param=param, fixes=_fixes(node, copy, param))


def _tell_unused(node: Node, copy: Copy, faulty: set[str], reporter: Reporter) -> None:
    fixes = [Fix("Remove the values", drop_param(node, "values"))]
    if not list(_values_faults(copy.params, faulty)):
        fixes.insert(0, Fix("Fill it with the values", set_param(node, "fill", "values")))
    reporter.at(
        node,
        "bad-param",
        f"{node.key} ({node.spec.type}) has values, but fill says something else, so they are not used.",
        param="values",
        severity="warning",
        fixes=fixes,
    )


def _fixes(node: Node, copy: Copy, param: str) -> list[Fix]:
    if param == "shape":
        sizes = nested_shape(copy.params["values"])
        return [Fix(f"Set shape to {sizes}"[:99], set_param(node, "shape", sizes))]
    if param == "values":
        return [_zeros(node, copy)]
    if param == "high":
        high = copy.params.get("low", 0) + 10
        return [Fix(f"Set high to {high}", set_param(node, "high", high))] if high < 2**53 else []
    if copy.params.get("fill", "randn") in _FLOATING:
        return [Fix("Fill it with randint", set_param(node, "fill", "randint"))]
    return [Fix("Fill it with zeros", set_param(node, "fill", "zeros"))]


def _zeros(node: Node, copy: Copy) -> Fix:
    """Zeros in place of values that are none, in the shape that they seem to have."""
    given = node.spec.params
    changes: dict[str, Any] = {"fill": "zeros"}
    if given.get("shape") is None:
        changes["shape"] = nested_shape(copy.params["values"]) if "values" in copy.params else [1]
    patch = drop_param(node, "values") if "values" in given else []
    for name, value in changes.items():
        path = node.spec.path + pointer("params", name)
        if name in given:
            patch += replace(path, given[name], value)
        else:
            patch += [*([] if patch else [test(node)]), {"op": "add", "path": path, "value": value}]
    return Fix("Fill it with zeros", patch)


def _source_faults(kind: str, params: Mapping[str, Any], faulty: set[str], wired: bool) -> Iterator[Fault]:
    """What is wrong with the parameters of an input, parameter or constant; `wired`: its value comes over a wire."""
    if faulty & {"params", "fill"}:
        return
    fill = params.get("fill", "randn")
    if isinstance(fill, dict):
        if kind == "input":
            yield "bad-param", "fill", f"takes one of {', '.join(FILLS)} as its fill"
        elif len(fill) != 1 or not all(isinstance(arguments, dict) for arguments in fill.values()):
            yield "bad-init", "fill", 'takes one function of torch.nn.init as its fill, {"normal_": {"std": 0.02}}'
        return
    if fill not in FILLS or (fill == "sample" and kind != "input"):
        yield "bad-param", "fill", f"takes one of {', '.join(FILLS if kind == 'input' else FILLS[:-1])} as its fill"
        return
    if wired:
        return
    if fill == "values":
        yield from _values_faults(params, faulty)
        return
    dtype = "float32" if "dtype" in faulty else getattr(params.get("dtype"), "name", "float32")
    if fill in _FLOATING and not dtype.startswith(("float", "bfloat", "complex")):
        yield "bad-param", "fill", f"cannot be filled with {fill} in {dtype}; randint, zeros and ones can"
    low, high = params.get("low", 0), params.get("high", 10)
    if fill == "randint" and not faulty & {"low", "high"} and low >= high:
        yield "bad-param", "high", f"draws from {low} to {high} - 1, which is nothing; high must be larger than low"


def nested_shape(values: Any) -> list[int]:
    """The shape of a nested list in which all lists of a level are equally long."""
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        values = values[0] if values else None
    return shape


def _values_faults(params: Mapping[str, Any], faulty: set[str]) -> Iterator[Fault]:
    if "values" in faulty:
        return
    if params.get("values") is None:
        yield "missing-param", "values", "has fill values, and no values"
        return
    shape: list[int] = []
    level: list[Any] = [params["values"]]
    while any(isinstance(item, list) for item in level):
        lengths = {len(item) if isinstance(item, list) else -1 for item in level}
        if len(lengths) > 1:
            yield "bad-param", "values", "has values in which lists of one level are not equally long"
            return
        shape.append(lengths.pop())
        level = [inner for item in level for inner in item]
    whole = "dtype" in faulty or getattr(params.get("dtype"), "name", "float32") == "int64"
    wrong = next((text for item in level if (text := _item_fault(item, whole)) is not None), None)
    if wrong is not None:
        yield "bad-param", "values", wrong
    given = params.get("shape")
    if given is None:
        return
    # an empty list ends what lists can say: [] stands for the shapes [0] and [0, 5]
    wanted = list(given[: len(shape)] if 0 in shape else given)
    if wanted != shape:
        yield "bad-param", "shape", f"has values of shape {shape}, but shape is {list(given)}"


def _item_fault(item: Any, whole: bool) -> str | None:
    if isinstance(item, str) and INTEGER_IN_TEXT.fullmatch(item):  # beyond 2**53, as answers write them
        if not whole:
            return f"has the text {item!r} among its values, which only int64 takes"
        return None if -(2**63) <= int(item) < 2**63 else f"has the value {item}, which is beyond int64"
    if isinstance(item, (int, float)) or (isinstance(item, str) and item in NUMBERS_IN_TEXT):
        return None
    return "has values that are no numbers"
