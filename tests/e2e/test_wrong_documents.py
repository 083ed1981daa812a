"""Documents that are wrong in every place: the engine answers them, and the page shows them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.driver import Canvas

# Each breaks one key of a node. What must hold: the page stands, and the node can be looked at from every side.
NODES: dict[str, Any] = {
    "type_number": {"type": 3},
    "type_list": {"type": ["Linear"]},
    "type_object": {"type": {"a": 1}},
    "no_type": {},
    "type_null": {"type": None},
    "type_of_object": {"type": "constructor"},
    "call_number": {"call": 5},
    "call_object": {"call": {"a": 1}},
    "call_itself": {"call": "call_itself"},
    "params_list": {"type": "Linear", "params": [1]},
    "params_text": {"type": "Linear", "params": "x", "inputs": "y"},
    "param_object": {"type": "Linear", "params": {"out_features": {"x": 1}}},
    "inputs_list": {"type": "Linear", "inputs": []},
    "input_number": {"type": "Linear", "inputs": {"input": 5}},
    "input_nested": {"type": "Linear", "inputs": {"input": [["e"], {"a": 1}, None]}},
    "input_object": {"type": "cat", "inputs": {"tensors": {"a": "b"}}},
    "input_dots": {"type": "Linear", "inputs": {"input": "..."}},
    "position_text": {"type": "ReLU", "position": "no"},
    "position_short": {"type": "ReLU", "position": [1]},
    "repeat_object": {"type": "ReLU", "repeat": {"a": 1}},
    "when_object": {"type": "ReLU", "when": {"a": 1}},
    "names": {"type": "ReLU", "attribute": 5, "note": {"a": 1}, "color": [1], "collapsed": {}},
    "init_object": {"type": "Linear", "init": {"weight": {"normal_": 5}}, "trainable": "no"},
    "fill_object": {"type": "Input", "params": {"shape": {"a": 1}, "fill": {"normal_": {}}}},
    "values_text": {"type": "Input", "params": {"fill": "values", "values": {"a": 1}}},
    "module_number": {"type": "TransformerEncoder", "params": {"encoder_layer": {"type": 5, "params": []}}},
}


@pytest.mark.parametrize("names", [list(NODES)[:13], list(NODES)[13:]], ids=["first", "second"])
def test_every_node_of_a_wrong_document_can_be_looked_at(canvas: Canvas, names: list[str]) -> None:
    canvas.open({"format": "torchwire/1", "nodes": {name: NODES[name] for name in names}})
    for name in names:
        canvas.page.keyboard.press("Escape")
        canvas.page.evaluate("name => document.querySelector(`[data-id='${name}']`).focus()", name)
        canvas.page.keyboard.press("Space")
        expect(canvas.page.get_by_label("Name of the node")).to_have_value(name)
        for tab in ("Output", "Parameters", "Learn", "Settings"):
            canvas.tab(tab)
    expect(canvas.page.get_by_test_id("boundary")).to_have_count(0)


def test_a_head_of_wrong_kinds_is_shown(canvas: Canvas) -> None:
    wrong: dict[str, Any] = {"name": {"a": 1}, "seed": {"a": 1}, "training": "x", "params": [1], "canvas": 5, "init": 5}
    canvas.open({"format": "torchwire/1", "nodes": {"a": {"type": "Input"}}, **wrong})
    canvas.page.reload()
    canvas.ready()
    expect(canvas.node("a")).to_be_visible()
    expect(canvas.page.get_by_test_id("document-name")).to_have_value("")
    for blocks in ([], {"B": 3}):
        canvas.open({"format": "torchwire/1", "nodes": {"b": {"type": "B"}}, "blocks": blocks})
        canvas.select("b")
        canvas.tab("Settings")
        expect(canvas.problems().first).to_contain_text("lock")
