"""Declared bounds and choices of functions: at them torch computes, beyond them it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.engine.cases.tools import CASES, Case
from tests.engine.test_functions import ask, document

from torchwire.catalogue.functions import FUNCTIONS
from torchwire.catalogue.layer import LayerType, Param
from torchwire.engine.functions import function_type
from torchwire.engine.operation import function_of
from torchwire.engine.trial import call
from torchwire.plan.values import BadValue, convert

TYPES = [function_type(entry) for entry in FUNCTIONS]


def bounds() -> Iterator[Any]:
    for layer in TYPES:
        for param in layer.params:
            for name in ("min", "max"):
                if getattr(param, name) is not None:
                    yield pytest.param(layer, param, name, id=f"{layer.type}-{param.name}-{name}")


def with_value(layer: LayerType, param: Param, value: float) -> Iterator[Case]:
    """Cases of the function, those that set the parameter first, with this value for it."""
    known = [case for case in CASES if case.type == layer.type and "$" not in repr(case.params)]
    for case in sorted(known, key=lambda case: param.name not in case.params):
        old = case.params.get(param.name, param.default)
        new: Any = value
        if isinstance(old, list):
            new = [*old[:-1], value]
        elif param.kind == "ints":
            new = [value]
        ports = {port: tensor for port, tensor in case.ports.items() if port != param.name}
        case = replace(case, params={**case.params, param.name: new}, ports=ports)
        yield case


def runs(case: Case) -> bool:
    return ask("forward", document(case))["nodes"]["f"]["state"] == "ok"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layer, param, bound", list(bounds()))
def test_at_a_bound_it_runs_and_beyond_it_is_refused(layer: LayerType, param: Param, bound: str) -> None:
    at = getattr(param, bound)
    beyond = at - 1 if bound == "min" else at + 1
    assert any(runs(case) for case in with_value(layer, param, at)), f"{param.name}={at} runs in no case"
    for case in with_value(layer, param, beyond):
        answer = ask("forward", document(case))
        assert answer["nodes"]["f"]["state"] == "error"
        assert any(problem["param"] == param.name for problem in answer["problems"])
        assert not computes(layer, case), f"torch takes {param.name}={beyond}: the bound is too narrow"


def computes(layer: LayerType, case: Case) -> bool:
    """Whether torch itself takes the case's parameters, read without bounds."""
    given: dict[str, Any] = dict(case.ports)
    for param in layer.params:
        if param.name in case.params:
            given[param.name] = convert(replace(param, min=None, max=None), case.params[param.name])
    try:
        with torch.no_grad():
            call(layer, None, given, case.training)
    except Exception:
        return False
    return True


def test_every_choice_has_a_case() -> None:
    """The cases are compared with torch to the bit, so a choice with a case is a choice that runs."""
    missing = []
    for layer in TYPES:
        for param in layer.params:
            used = [case.params.get(param.name, param.default) for case in CASES if case.type == layer.type]
            missing += [(layer.type, param.name, choice) for choice in param.choices or () if choice not in used]
    assert missing == []


@pytest.mark.parametrize(
    "layer, param",
    [pytest.param(a, b, id=f"{a.type}-{b.name}") for a in TYPES for b in a.params if b.choices],
)
def test_no_other_word_is_taken(layer: LayerType, param: Param) -> None:
    with pytest.raises(BadValue, match="takes"):
        convert(param, "no such word")


def test_every_code_can_be_called() -> None:
    assert all(callable(function_of(layer)) for layer in TYPES)
