"""Every code is produced by a test, and no other code is ever produced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.engine import test_limits
from tests.engine.diagnosis import (
    test_convolution,
    test_loss,
    test_normalisation,
    test_sequences,
    test_shapes,
    test_width,
)
from tests.plan.faults import FAULTS
from tests.problems import test_unused
from tests.problems.mistake import answer
from tests.problems.problems_table import render
from tests.reading.mistakes import TOLD

from torchwire.graph.problems import CODES

ROOT = Path(__file__).parents[2]
FAMILIES = (
    test_convolution,
    test_loss,
    test_normalisation,
    test_sequences,
    test_shapes,
    test_width,
    test_limits,
    test_unused,
)
MISTAKES = [mistake for family in FAMILIES for mistake in family.MISTAKES]

# told by test_unused, by test_limits.test_values_beyond_one_answer, by tests/engine/test_computation.py for each way to
# be ended, and by tests/codegen/test_refusals.py
ELSEWHERE = {"unused-block", "limit-answer", "limit-time", "limit-memory", "crashed", "not-exportable"}


def test_every_code_is_produced() -> None:
    produced = {mistake.code for mistake in MISTAKES} | {fault[0] for fault in FAULTS.values()} | ELSEWHERE
    produced |= {code for _, code, _ in TOLD.values()}  # of imports: tests/reading/test_told.py
    assert set(CODES) - produced == set()


def test_no_code_is_made_up() -> None:
    """Every code written in the source is in CODES."""
    written = set()
    for path in (ROOT / "backend" / "torchwire").rglob("*.py"):
        if path.parts[-2] in ("graph", "plan", "engine", "diagnosis", "reading", "verbs"):
            written |= set(re.findall(r'Problem\(\s*(?:code=)?"([a-z-]+)"', path.read_text("utf-8")))
    assert len(written) > 50
    assert written - set(CODES) == set()


@pytest.mark.parametrize("name", FAULTS)
def test_wrong_documents_are_answered(name: str) -> None:
    """Both verbs tell the fault that reading the document found, by known codes, and agree."""
    code, node, _, _, given = FAULTS[name]
    verdicts = []
    for verb in ("analyze", "forward"):
        found = answer(verb, given)
        assert (code, node) in {(problem["code"], problem["node"]) for problem in found["problems"]}
        assert {problem["code"] for problem in found["problems"]} <= set(CODES)
        verdicts.append(found["ok"])
    assert verdicts[0] == verdicts[1]


def test_the_page_is_current() -> None:
    """If not: python -m tests.problems.problems_table > docs/problems.md"""
    assert (ROOT / "docs" / "problems.md").read_text("utf-8") == render()
