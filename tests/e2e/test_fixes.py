"""Mistakes that people make, mended by one click on the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.documents import input_, layer, network
from tests.e2e.driver import Canvas

pytestmark = pytest.mark.browser

FEATURES = network(x=input_(2, 8), bad=layer("Linear", "x", in_features=5, out_features=4), out=layer("ReLU", "bad"))

# row of the list of mistakes: document, code, words of the fix
ROWS: dict[str, tuple[dict[str, Any], str, str]] = {
    "1 in_features": (FEATURES, "linear-in-features", "8"),
    "4 in_channels": (
        network(x=input_(1, 1, 28, 28), bad=layer("Conv2d", "x", in_channels=3, out_channels=4, kernel_size=3)),
        "conv-in-channels",
        "1",
    ),
    "15 num_features": (
        network(x=input_(2, 32, 4, 4), bad=layer("BatchNorm2d", "x", num_features=16)),
        "norm-num-features",
        "32",
    ),
    "16 rank of a batch norm": (
        network(x=input_(2, 32), bad=layer("BatchNorm2d", "x")),
        "norm-rank",
        "BatchNorm1d",
    ),
    "18 normalized_shape": (
        network(x=input_(2, 16, 32), bad=layer("LayerNorm", "x", normalized_shape=[64])),
        "layer-norm-shape",
        "32",
    ),
    "23 input_size": (
        network(x=input_(5, 1, 32), bad=layer("LSTM", "x", input_size=28, hidden_size=16)),
        "rnn-input-size",
        "32",
    ),
    "41 softmax without a dim": (network(x=input_(2, 8), bad=layer("Softmax", "x")), "implicit-dim", "dim"),
    "missing wire": (network(x=input_(2, 8), bad={"type": "ReLU"}), "missing-wire", "x"),
    "unknown type": (network(x=input_(2, 8), bad=layer("Linaer", "x", out_features=4)), "unknown-type", "Linear"),
}


@pytest.mark.parametrize("row", ROWS)
def test_one_click_mends_it(canvas: Canvas, row: str) -> None:
    document, code, words = ROWS[row]
    canvas.open(document)
    problem = canvas.problems(code)
    expect(problem).to_have_count(1)
    expect(problem).to_have_attribute("data-node", "bad")
    expect(canvas.node("bad").locator(".badge")).to_have_count(1)
    problem.get_by_test_id("fix").filter(has_text=words).first.click()
    expect(canvas.problems(code)).to_have_count(0)
    canvas.expect_state("bad", "ok")
    expect(canvas.node("bad").locator(".badge.error")).to_have_count(0)
    # it is one step, and can be taken back
    canvas.page.get_by_test_id("undo").click()
    expect(canvas.problems(code)).to_have_count(1)


def test_a_bad_name_is_mended_with_its_wires(canvas: Canvas) -> None:
    document = network(**{"x": input_(2, 8), "my layer": layer("ReLU", "x"), "out": layer("Tanh", "my layer")})
    canvas.open(document)
    problem = canvas.problems("bad-name").first
    problem.get_by_test_id("fix").first.click()
    expect(canvas.problems("bad-name")).to_have_count(0)
    canvas.expect_state("out", "ok")
    [renamed] = set(canvas.keys()) - {"x", "out"}
    assert renamed.isidentifier()
    assert canvas.all_wires() == {f"x to input of {renamed}", f"{renamed} to input of out"}


def test_a_fix_is_beside_the_field_too(canvas: Canvas) -> None:
    canvas.open(FEATURES)
    canvas.select("bad")
    canvas.tab("Settings")
    canvas.row("in_features").get_by_role("button", name="8").first.click()
    canvas.expect_state("bad", "ok")
    expect(canvas.problems()).to_have_count(0)


def test_several_faults_are_told_at_once_and_the_rest_stays_live(canvas: Canvas) -> None:
    nodes = {**FEATURES["nodes"], "side": layer("Tanh", "x"), "lost": {"type": "ReLU"}}
    canvas.open(network(**nodes))
    canvas.expect_state("bad", "error")
    canvas.expect_state("out", "blocked")
    canvas.expect_state("lost", "error")
    canvas.expect_state("side", "ok")
    expect(canvas.page.get_by_test_id("total-problems")).to_contain_text("2 problems")
    expect(canvas.output("side")).to_contain_text("tensor([[")


def test_a_broken_wire_is_kept_and_told(canvas: Canvas) -> None:
    document = network(x=input_(2, 8), relu=layer("ReLU", "gone"))
    canvas.open(document)
    expect(canvas.problems().first).to_contain_text("gone")
    canvas.expect_state("relu", "error")
    assert canvas.document()["nodes"]["relu"]["inputs"] == {"input": "gone"}
