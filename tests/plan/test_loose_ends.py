"""What is offered for a wire from nowhere: never a node that waits for the reader itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.documents import layer
from tests.plan.documents import X, document, patched, planned

GALLERY = Path(__file__).parents[2] / "backend" / "torchwire" / "gallery"


def titles(network: dict[str, Any]) -> list[str]:
    return [fix.title for problem in planned(network)[1] for fix in problem.fixes]


def test_the_unread_output_before_it_comes_before_a_like_name_that_is_read() -> None:
    """As after removing `tanh3` from x, conv, tanh3, flat, tanh4: `tanh4` waits for `flat`."""
    network = document(
        {"x": X, "conv": layer("relu", "x"), "flat": layer("relu", "tanh3"), "tanh4": layer("tanh", "flat")}
    )
    assert titles(network) == ["Wire it to conv", "Remove this wire"]


def test_a_mistyped_name_that_nobody_reads_comes_first() -> None:
    network = document({"x": X, "first": layer("relu", "x"), "other": layer("tanh", "x"), "end": layer("exp", "frst")})
    assert titles(network) == ["Wire it to first", "Wire it to other", "Remove this wire"]


def test_a_mistyped_name_of_what_is_read_elsewhere() -> None:
    network = document({"x": X, "a": layer("relu", "x"), "end": layer("exp", "a")})
    network["nodes"]["more"] = {"type": "add", "inputs": {"input": "end", "other": "aa"}}
    assert titles(network) == ["Wire it to a", "Remove this wire"]


@pytest.mark.parametrize(
    ("file", "gone"), [("12_lenet_exercise", "tanh3"), ("12_lenet_exercise", "pool1"), ("11_lenet", "relu2")]
)
def test_a_removed_node_of_an_example_is_bridged_without_a_cycle(file: str, gone: str) -> None:
    example = json.loads((GALLERY / f"{file}.json").read_text("utf-8"))
    network = example.get("network", example)
    before = network["nodes"].pop(gone)["inputs"]["input"]
    problem = planned(network)[1][0]
    assert problem.code == "dangling-reference"
    assert problem.fixes[0].title == f"Wire it to {before}"
    assert planned(patched(network, problem.fixes[0].patch))[1] == []
