"""What Parameters and Constants are made of, as `fill`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading.forms import Form, symbols_in
from torchwire.reading.starts import Starts
from torchwire.reading.values import Operation, Stored

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_FILLS = ("zeros", "ones", "rand", "randn")


def simple(it: Evaluator, stored: Stored, starts: Starts) -> dict[str, Any] | None:
    """The params of a Parameter or Constant; None where it is computed by more than one call."""
    operation = stored.value.source
    if not isinstance(operation, Operation) or operation.module is not None:
        return None
    init = starts.of(stored)
    if init is None and isinstance(operation.given, list) and operation.given:
        function, arguments = operation.given[-1]
        init = {function: arguments}
    if operation.type == "values":
        made = values(operation.given["values"], operation.given["dtype"])
        return made if init is None else {"shape": made["shape"], "fill": init}
    if operation.type not in (*_FILLS, "full") or list(symbols_in(operation.params)):
        return None
    params = Form(it.concrete).plain({key: value for key, value in operation.params.items() if key != "dtype"})
    found: dict[str, Any] = {"shape": params["size"]}
    dtype = operation.params.get("dtype")
    if dtype is not None:
        name = it.dtype(dtype)
        if name != "float32":
            found["dtype"] = name
    if isinstance(init, dict):
        return found | {"fill": init}
    if init is not None:
        return None
    if operation.type == "full":
        if found.get("dtype", "float32") != "float32" or not isinstance(params["fill_value"], float):
            return None
        return found | {"fill": {"constant_": {"val": params["fill_value"]}}}
    if operation.hint == "empty":
        it.notes.add(
            "import-ignored",
            "A tensor of torch.empty is never filled: its values are taken as zeros.",
            "warning",
            operation.line,
        )
    return found if operation.type == "randn" else found | {"fill": operation.type}


def values(given: Any, dtype: str) -> dict[str, Any]:
    """`fill: values` with shape and dtype."""
    shape = []
    inner = given
    while isinstance(inner, list):
        shape.append(len(inner))
        if not inner:
            break
        inner = inner[0]
    found: dict[str, Any] = {"shape": shape, "fill": "values", "values": Form(lambda symbol: 0).plain(given)}
    return (
        found if dtype == "float32" else {"shape": shape, "dtype": dtype, "fill": "values", "values": found["values"]}
    )
