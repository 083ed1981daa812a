"""How Inputs, Parameters and Constants are filled: what can be told without torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from torchwire.graph.findings import replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix
from torchwire.plan.ranges import drawable, drawn, fills_of, misfit
from torchwire.plan.reporter import Reporter, drop_param, set_param, test
from torchwire.plan.tree import Copy, Node
from torchwire.plan.values import DType

FILLS = ("randn", "rand", "zeros", "ones", "arange", "randint", "values", "sample")
NUMBERS_IN_TEXT = frozenset({"nan", "inf", "-inf"})
INTEGER_IN_TEXT = re.compile(r"-?[0-9]{1,20}")

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
        return [*_another_dtype(node, copy), _zeros(node, copy)]
    if param in ("low", "high"):
        changed = _range(copy.params, dtype_of(copy.params))
        title = " and ".join(f"set {name} to {value}" for name, value in changed.items())
        return [Fix(title.capitalize(), _set_all(node, changed))]
    fill = fills_of(dtype_of(copy.params))[0] if copy.params.get("fill", "randn") in FILLS[:-2] else "zeros"
    changed = {"fill": fill, **(_range(copy.params, dtype_of(copy.params)) if fill == "randint" else {})}
    return [Fix(f"Fill it with {fill}", _set_all(node, changed))]


def _range(params: Mapping[str, Any], dtype: str) -> dict[str, Any]:
    """What of low and high has to be another number for randint to draw."""
    now = {"low": params.get("low", 0), "high": params.get("high", 10)}
    wanted = dict(zip(now, drawable(dtype, now["low"], now["high"]), strict=True))
    return {name: wanted[name] for name in now if wanted[name] != now[name]}


def _set_all(node: Node, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Patch that sets several parameters of a node that has some."""
    return [operation for name, value in values.items() for operation in set_param(node, name, value)]


def _another_dtype(node: Node, copy: Copy) -> list[Fix]:
    """A dtype that takes the values as they are, where there is one."""
    values = _flat(copy.params.get("values"))
    fractions = any(
        isinstance(value, float) or (isinstance(value, str) and value in NUMBERS_IN_TEXT) for value in values
    )
    dtype = "float32" if fractions else "int64"
    tried = {**copy.params, "dtype": DType(dtype)}
    if "dtype" not in copy.params or any(param == "values" for _, param, _ in _values_faults(tried, set())):
        return []
    return [Fix(f"Set dtype to {dtype}", set_param(node, "dtype", dtype))]


def _flat(values: Any) -> list[Any]:
    """The numbers of a nested list."""
    level = [values]
    while any(isinstance(item, list) for item in level):
        level = [inner for item in level for inner in (item if isinstance(item, list) else [item])]
    return level


def dtype_of(params: Mapping[str, Any]) -> str:
    """The name of the dtype: as given, else int64 for randint, else float32."""
    given = params.get("dtype")
    default = "int64" if params.get("fill") == "randint" else "float32"
    return given.name if isinstance(given, DType) else default


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
    dtype = "float32" if "dtype" in faulty else dtype_of(params)
    if fill != "sample" and fill not in fills_of(dtype):
        yield "bad-param", "fill", f"cannot be filled with {fill} in {dtype}; {', '.join(fills_of(dtype))} can"
    elif fill == "randint" and not faulty & {"low", "high"}:
        yield from _range_faults(params.get("low", 0), params.get("high", 10), dtype)


def _range_faults(low: int, high: int, dtype: str) -> Iterator[Fault]:
    least, most = drawn(dtype)
    if low >= high:
        yield "bad-param", "high", f"draws from {low} to {high} - 1, which is nothing; high must be larger than low"
    elif low < least or high - 1 > most:
        where = "high" if high - 1 > most else "low"
        yield "bad-param", where, f"draws from {low} to {high - 1}, and {dtype} holds {least} to {most}"


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
    dtype = None if "dtype" in faulty else dtype_of(params)
    wrong = next((text for item in level if (text := _item_fault(item, dtype)) is not None), None)
    if wrong is not None:
        yield "bad-param", "values", wrong
    given = params.get("shape")
    if given is None:
        return
    # an empty list ends what lists can say: [] stands for the shapes [0] and [0, 5]
    wanted = list(given[: len(shape)] if 0 in shape else given)
    if wanted != shape:
        yield "bad-param", "shape", f"has values of shape {shape}, but shape is {list(given)}"


def _item_fault(item: Any, dtype: str | None) -> str | None:
    """What is wrong with a value; a dtype that is not known takes whatever some dtype takes."""
    if isinstance(item, str) and INTEGER_IN_TEXT.fullmatch(item):  # beyond 2**53, as answers write them
        if dtype not in ("int64", None):
            return f"has the text {item!r} among its values, which only int64 takes"
        return None if -(2**63) <= int(item) < 2**63 else f"has the value {item}, which is beyond int64"
    if isinstance(item, (int, float)) or (isinstance(item, str) and item in NUMBERS_IN_TEXT):
        return misfit(item, dtype) if dtype is not None else None
    return "has values that are no numbers"
