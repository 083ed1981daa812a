"""All thirty networks: parameters, state_dict and outputs as the same network written directly in torch gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from torchwire.engine.computation import Computation
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

NETWORKS = sorted((Path(__file__).parent / "networks").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_there_are_thirty() -> None:
    assert len(NETWORKS) == 30


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_parameters_state_dict_and_outputs(path: Path) -> None:
    given = load(path)
    expected = given["expected"]
    computation = Computation({"network": given["network"]}, Unwatched())
    run = computation.forward()
    plan, shapes, problems = computation.plan, computation.shapes, computation.problems
    assert plan is not None and shapes is not None
    assert [problem.as_json() for problem in problems if problem.severity == "error"] == []
    assert list(run.root.state_dict())[:400] == expected["state_dict_keys"]
    outputs = []
    for key in plan.graph.returned:
        outputs.append(next(iter(run.outcomes[plan.graph.nodes[key].path].outputs.values())))
    assert len(outputs) == len(expected["outputs"])
    for value, wanted in zip(outputs, expected["outputs"], strict=True):
        assert list(value.shape) == wanted["shape"]
        assert str(value.dtype) == f"torch.{wanted['dtype']}"
        first = torch.tensor(wanted["first"], dtype=torch.float64)
        assert torch.allclose(value.flatten()[: len(first)].double(), first, rtol=1e-4, atol=1e-6)
        assert value.double().mean().item() == pytest.approx(wanted["mean"], rel=1e-3, abs=1e-6)
        # analyze and forward say the same of every output
    known = {key: shapes.outcomes[plan.graph.nodes[key].path].outputs for key in plan.graph.returned}
    for (key, sheets), value in zip(known.items(), outputs, strict=True):
        sheet = next(iter(sheets.values()))
        assert tuple(sheet.shape) == tuple(value.shape), key


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_analyze_gives_the_published_count(path: Path) -> None:
    given = load(path)
    answer = json.loads(VERBS["analyze"]({"network": given["network"]}, Unwatched()))
    assert answer["ok"], answer["problems"]
    assert answer["totals"]["parameters"] == given["expected"]["parameters"]
    assert answer["totals"]["unknown"] == 0
    assert all(node["state"] == "ok" for node in answer["nodes"].values())
