"""The published JSON Schema: valid itself, up to date, true of the thirty networks, and as strict as the reader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from torchwire.graph.document import read_network
from torchwire.graph.faults import TAKES
from torchwire.graph.models import Block, Network, Node
from torchwire.graph.schema import document_schema

ROOT = Path(__file__).parents[2]
NETWORKS = sorted((ROOT / "tests" / "conformance" / "networks").glob("*.json"))
VALIDATOR = jsonschema.Draft202012Validator(document_schema())


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(document_schema())
    assert document_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_published_file_is_up_to_date() -> None:
    """If not: python -m torchwire.graph.schema > docs/network.schema.json"""
    made = subprocess.run([sys.executable, "-m", "torchwire.graph.schema"], capture_output=True, check=True).stdout
    assert (ROOT / "docs" / "network.schema.json").read_bytes() == made


def test_every_key_is_described_and_has_its_words() -> None:
    for model in (Network, Block, Node):
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"
            assert name in TAKES or name == "format"


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_the_thirty_networks(path: Path) -> None:
    VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8"))["network"])


def test_there_are_thirty() -> None:
    assert len(NETWORKS) == 30


def with_node(**node: Any) -> dict[str, Any]:
    return {"format": "torchwire/1", "nodes": {"a": node}}


@pytest.mark.parametrize(
    "document",
    [
        with_node(type="ReLU", x=1),
        with_node(type=5),
        with_node(type="ReLU", params=[1]),
        with_node(type="ReLU", inputs={"input": 1}),
        with_node(type="ReLU", inputs={"input": ["a", 1]}),
        with_node(type="ReLU", repeat=-1),
        with_node(type="ReLU", repeat=10_001),
        with_node(type="ReLU", repeat="3"),
        with_node(type="ReLU", repeat={"$": "1", "x": 1}),
        with_node(type="ReLU", when=1),
        with_node(type="ReLU", attribute=""),
        with_node(type="ReLU", init=1),
        with_node(type="ReLU", trainable="no"),
        with_node(type="ReLU", position=[1]),
        with_node(type="ReLU", note=1),
        with_node(type="ReLU", collapsed=1),
        with_node(type="ReLU", color=1),
        with_node(type="ReLU", call="a"),
        with_node(),
        {**with_node(type="ReLU"), "seed": -1},
        {**with_node(type="ReLU"), "seed": 2**53},
        {**with_node(type="ReLU"), "seed": True},
        {**with_node(type="ReLU"), "name": "x" * 101},
        {**with_node(type="ReLU"), "training": 0},
        {**with_node(type="ReLU"), "blocks": 5},
        {**with_node(type="ReLU"), "blocks": {"B": 5}},
        {**with_node(type="ReLU"), "x": 5},
        {"format": "torchwire/1", "nodes": {"a b": {"type": "ReLU"}}},
    ],
    ids=lambda document: json.dumps(document)[24:90],
)
def test_what_the_schema_refuses_the_reader_reports(document: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(document)
    _, problems = read_network(document)
    assert problems


@pytest.mark.parametrize(
    "document",
    [
        with_node(type="ReLU", repeat=3.0),
        with_node(type="ReLU", params=None, inputs=None, repeat=None, when=None, attribute=None, init=None),
        with_node(type="ReLU", position=[1, 2.5], note="n", collapsed=True, color="#fff"),
        with_node(call="a"),
        {**with_node(type="ReLU"), "seed": 2**53 - 1, "blocks": None, "canvas": {"frames": []}},
        {**with_node(type="ReLU"), "seed": 42.0},
    ],
    ids=lambda document: json.dumps(document)[24:90],
)
def test_what_the_schema_allows_the_reader_takes(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)
    assert read_network(document)[1] == []
