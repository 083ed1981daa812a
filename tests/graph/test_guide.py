"""docs/network-document.md: its example runs as it stands, and its table of keys is complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.plan.documents import right, shape

from torchwire.graph.models import Block, Network, Node

GUIDE = (Path(__file__).parents[2] / "docs" / "network-document.md").read_text(encoding="utf-8")


def test_the_example_runs() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE, re.S)
    assert shape(right(json.loads(example)), "out") == [5, 3]


def test_every_key_is_listed() -> None:
    for what, model in (("the document", Network), ("a block", Block), ("a node", Node)):
        (row,) = re.findall(rf"^\| {what} \| (.*) \|$", GUIDE, re.M)
        assert set(re.findall(r"`(\w+)`", row)) == set(model.model_fields)
