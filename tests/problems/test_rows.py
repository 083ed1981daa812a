"""Every row of the mistakes is told where it is, with a fix, and the first fix mends it."""

from __future__ import annotations

import pytest
from tests.problems.mistake import answer
from tests.problems.patching import applied
from tests.problems.rows import ROWS, Row


def test_no_row_is_left_out() -> None:
    assert {row.row for row in ROWS} == set(range(1, 53))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_first_fix_mends_it(row: Row) -> None:
    for verb in row.verbs:
        before = answer(verb, row.network)
        told = [problem for problem in before["problems"] if (problem["code"], problem["node"]) == (row.code, row.node)]
        assert told, [(problem["code"], problem["node"], problem["message"]) for problem in before["problems"]]
        assert told[0]["fixes"], told[0]["message"]
        after = answer(verb, applied(row.network, told[0]["fixes"][0]["patch"]))
        left = [(problem["code"], problem["node"], problem["message"]) for problem in after["problems"]]
        assert not [entry for entry in left if entry[:2] == (row.code, row.node)], (told[0]["fixes"][0]["title"], left)
        assert after["ok"], (told[0]["fixes"][0]["title"], left)
