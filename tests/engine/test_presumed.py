"""Layers behind a wrong width are counted as if it were right; nothing else is said of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

LENET = json.loads((Path(__file__).parents[1] / "conformance" / "networks" / "LeNet.json").read_text())["network"]


def broken(**params: Any) -> dict[str, Any]:
    network = copy.deepcopy(LENET)
    network["nodes"]["fc1"]["params"] |= params
    return network


@pytest.mark.parametrize("verb", ["analyze", "forward"])
def test_lenet_with_a_wrong_width_is_counted_whole(verb: str) -> None:
    answer = json.loads(VERBS[verb]({"network": broken(in_features=400), "parameters": "all"}, Unwatched()))
    assert answer["totals"]["parameters"] == answer["totals"]["trainable"] == 60_170
    assert answer["totals"]["unknown"] == 0
    assert answer["totals"]["macs"] == 2 * 242_016
    fc2 = answer["nodes"]["fc2"]
    assert (fc2["state"], fc2["blocked_by"], fc2["parameter_count"]) == ("blocked", ["fc1"], 10_164)
    assert fc2["outputs"] == {} and fc2["inferred"] == {} and fc2["macs"] is None
    assert fc2["parameters"]["weight"]["shape"] == [84, 120]
    assert fc2["parameters"]["weight"]["values"] is None
    assert "(fc2): Linear(in_features=120, out_features=84, bias=True)" in answer["repr"]
    assert [problem["node"] for problem in answer["problems"]] == ["fc1"]


def test_behind_another_fault_a_count_is_unknown() -> None:
    network = broken(out_features=-3)
    answer = json.loads(VERBS["analyze"]({"network": network}, Unwatched()))
    assert answer["totals"]["unknown"] >= 1
    assert answer["nodes"]["fc2"]["parameter_count"] is None
