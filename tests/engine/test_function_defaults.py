"""The defaults of the catalogue are those of the call: written out or left out, a parameter gives the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from tests.engine.cases.tools import CASES, Case
from tests.engine.test_functions import ask, document

from torchwire.catalogue.layer import LayerType, Param
from torchwire.engine.introspect import read_catalogue


def layer_of(case: Case) -> LayerType:
    layer = read_catalogue().get(case.type)
    assert layer is not None
    return layer


def optional(case: Case) -> Iterator[Param]:
    """Parameters that the case leaves out and the catalogue has a default for."""
    for param in layer_of(case).params:
        if param.default is not None and param.name not in {*case.params, *case.ports}:
            yield param


def outcome(case: Case, params: dict[str, Any]) -> Any:
    network = document(case)
    network["nodes"]["f"]["params"] = params
    answer = ask("forward", network)
    return answer["nodes"]["f"]["state"], answer["nodes"]["f"]["outputs"], answer["problems"]


def written(value: Any) -> Any:
    """A default as a document holds it: a float that looks like an integer insists on being one."""
    if isinstance(value, tuple):
        return list(value)
    return {"$": repr(value)} if isinstance(value, float) and value.is_integer() else value


def check(case: Case) -> None:
    left_out = outcome(case, case.params)
    for param in optional(case):
        assert outcome(case, {**case.params, param.name: written(param.default)}) == left_out, param.name
    everything = {param.name: written(param.default) for param in optional(case)}
    assert outcome(case, {**case.params, **everything}) == left_out


SAMPLE = random.Random(8).sample(CASES, 60)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "case", [*SAMPLE, *(case for case in CASES if case.type == "arange")], ids=lambda case: case.id
)
def test_a_default_written_out_changes_nothing(case: Case) -> None:
    check(case)


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_default_written_out_changes_anything(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("params", [{"end": 10, "step": 2}, {"end": 3, "step": {"$": "0.5"}}, {"start": 2, "end": 7}])
def test_arange_counts_from_its_default(params: dict[str, Any]) -> None:
    nodes = {"f": {"type": "arange", "params": params}}
    found = ask("forward", {"format": "torchwire/1", "nodes": nodes})["nodes"]["f"]
    step = 0.5 if isinstance(params.get("step"), dict) else params.get("step", 1)
    assert found["outputs"]["output"]["values"] == torch.arange(params.get("start", 0), params["end"], step).tolist()
