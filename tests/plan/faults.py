"""Every way in which a document can be wrong without torch having a say, each in a small document.

(code, node, port or param, whether a fix is offered, document)
"""

from __future__ import annotations

from typing import Any

from tests.plan.documents import X, document

Fault = tuple[str, str | None, str | None, bool, dict[str, Any]]


INPUT = {"input": "x"}


def linear(**more: Any) -> dict[str, Any]:
    return {"type": "Linear", "params": {"out_features": 2}, "inputs": {"input": "x"}, **more}


def one(**node: Any) -> dict[str, Any]:
    """A network of an input and one node `a`."""
    return document({"x": X, "a": node})


def source(**params: Any) -> dict[str, Any]:
    """A network of an input `a`."""
    return document({"a": {"type": "Input", "params": {"shape": [2], **params}}})


def in_block(**node: Any) -> dict[str, Any]:
    """The same inside a block B, used at `use`."""
    return document(
        {"x": X, "use": {"type": "B", "inputs": {"x": "x"}}},
        blocks={"B": {"params": {"width": 4}, "nodes": {"x": {"type": "Input"}, "a": node}}},
    )


CONV = {"type": "Conv2d", "inputs": {"input": "x"}}
HEAD = document({"x": X})
NUMBERS = {"type": "arange", "params": {"end": 3}}

FAULTS: dict[str, Fault] = {
    # -- keys ---------------------------------------------------------------------------------------------------------
    "key of the document": ("unknown-key", None, "sed", True, {**HEAD, "sed": 1}),
    "key of a node": ("unknown-key", "a", "input", True, one(type="ReLU", input={"input": "x"})),
    "key of a node, nothing like it": ("unknown-key", "a", "zzz", True, one(type="ReLU", inputs={"input": "x"}, zzz=1)),
    "key with a slash": ("unknown-key", "a", "a/b~c", True, one(type="ReLU", inputs={"input": "x"}, **{"a/b~c": 1})),
    "key of a block": ("unknown-key", None, "node", True, document({"x": X}, blocks={"B": {"nodes": {}, "node": {}}})),
    "key of a node in a block": (
        "unknown-key",
        "use.a",
        "nte",
        True,
        in_block(type="ReLU", inputs={"input": "x"}, nte=""),
    ),
    # -- kinds of values ----------------------------------------------------------------------------------------------
    "name too long": ("bad-param", None, "name", True, {**HEAD, "name": "x" * 101}),
    "seed as text": ("bad-param", None, "seed", True, {**HEAD, "seed": "42"}),
    "seed below zero": ("bad-param", None, "seed", True, {**HEAD, "seed": -1}),
    "seed too large": ("bad-param", None, "seed", True, {**HEAD, "seed": 2**53}),
    "seed beyond what a patch can carry": ("bad-param", None, "seed", True, {**HEAD, "seed": 2**60}),
    "seed a fraction": ("bad-param", None, "seed", True, {**HEAD, "seed": 1.5}),
    "seed true": ("bad-param", None, "seed", True, {**HEAD, "seed": True}),
    "training as text": ("bad-param", None, "training", True, {**HEAD, "training": "true"}),
    "params of the document": ("bad-param", None, "params", True, {**HEAD, "params": [1]}),
    "blocks no object": ("bad-param", None, "blocks", True, {**HEAD, "blocks": [1]}),
    "block no object": ("bad-param", None, "blocks", True, {**HEAD, "blocks": {"B": 1}}),
    "init of the document": ("bad-init", None, "init", True, {**HEAD, "init": 5}),
    "init without a class": ("bad-init", None, "init", True, {**HEAD, "init": {"weight": {"zeros_": {}}}}),
    "canvas": ("bad-param", None, "canvas", True, {**HEAD, "canvas": 5}),
    "type no text": ("bad-param", "a", "type", True, one(type=5)),
    "call no text": ("bad-param", "a", "call", True, one(call=["x"])),
    "neither type nor call": ("missing-param", "a", "type", True, one(inputs={"input": "x"})),
    "neither type nor call, and a wrong wire": (
        "missing-param",
        "a",
        "type",
        True,
        one(inputs={"input": "x", "other": 5}),
    ),
    "both type and call": ("bad-param", "a", "call", True, document({"x": X, "b": linear(), "a": linear(call="b")})),
    "params a list": ("bad-param", "a", "params", True, one(type="ReLU", params=[], inputs={"input": "x"})),
    "inputs a list": ("bad-param", "a", "inputs", True, one(type="ReLU", inputs=["x"])),
    "repeat below zero": ("bad-param", "a", "repeat", True, one(**linear(repeat=-1))),
    "repeat as text": ("bad-param", "a", "repeat", True, one(**linear(repeat="2"))),
    "repeat too large": ("bad-param", "a", "repeat", True, one(**linear(repeat=10**9))),
    "repeat by an expression too large": ("bad-param", "a", "repeat", True, one(**linear(repeat={"$": "10 ** 9"}))),
    "when no boolean": ("bad-param", "a", "when", True, one(**linear(when="false"))),
    "attribute no text": ("bad-name", "a", "attribute", True, one(**linear(attribute=5))),
    "init of a function": ("bad-init", "a", "init", True, one(type="relu", inputs=INPUT, init={"weight": [1]})),
    "init of an Input": ("bad-init", "a", "init", True, document({"a": {**X, "init": {"value": [1]}}})),
    "init of a call": (
        "bad-init",
        "a",
        "init",
        True,
        document({"x": X, "b": linear(), "a": {"call": "b", "inputs": INPUT, "init": {"bias": [1, 2]}}}),
    ),
    "attribute of a function": ("bad-name", "a", "attribute", True, one(type="relu", inputs=INPUT, attribute="b.0")),
    "trainable of a function": ("bad-param", "a", "trainable", True, one(type="relu", inputs=INPUT, trainable=False)),
    "repeat of an Input": ("bad-param", "a", "repeat", True, document({"a": {**X, "repeat": 2}})),
    "init of a node": ("bad-init", "a", "init", True, one(**linear(init=[1]))),
    "trainable no boolean": ("bad-param", "a", "trainable", True, one(**linear(trainable="false"))),
    "position": ("bad-param", "a", "position", True, one(**linear(position=[1]))),
    "color in a block": ("bad-param", "use.a", "color", True, in_block(**linear(color=5))),
    "wire no text": ("dangling-reference", "a", "input", True, one(type="ReLU", inputs={"input": 5})),
    "wire in a list no text": (
        "dangling-reference",
        "a",
        "tensors",
        True,
        one(type="cat", inputs={"tensors": ["x", 5]}),
    ),
    "wire no reference": ("dangling-reference", "a", "input", True, one(type="ReLU", inputs={"input": "x."})),
    # -- names --------------------------------------------------------------------------------------------------------
    "node with a blank": ("bad-name", "a b", None, True, document({"a b": X})),
    "node with a keyword": ("bad-name", "class", None, True, document({"x": X, "class": linear()})),
    "node with an attribute of Module": ("bad-name", "forward", None, True, document({"x": X, "forward": linear()})),
    "node with a reserved name": ("bad-name", "F", None, True, document({"x": X, "F": linear()})),
    "node with a ligature": ("bad-name", "\ufb01rst", None, True, document({"\ufb01rst": X})),
    "node with NUL": ("bad-name", "a\0", None, True, document({"a\0": X})),
    "node with 65 letters": ("bad-name", "x" * 65, None, True, document({"x" * 65: X})),
    "node without a letter": ("bad-name", "", None, True, document({"": X})),
    "node in a block": (
        "bad-name",
        "use.to",
        None,
        True,
        document(
            {"x": X, "use": {"type": "B", "inputs": {"to": "x"}}}, blocks={"B": {"nodes": {"to": {"type": "Input"}}}}
        ),
    ),
    "block": (
        "bad-name",
        None,
        "my block",
        True,
        document({"x": X, "use": {"type": "my block"}}, blocks={"my block": {"nodes": {}}}),
    ),
    "parameter": ("bad-name", None, "my width", True, {**HEAD, "params": {"my width": 3}}),
    "parameter called i": ("bad-name", None, "i", True, {**HEAD, "params": {"i": 3}}),
    "parameter called training": ("bad-name", None, "training", True, {**HEAD, "params": {"training": 3}}),
    "parameter of a block": (
        "bad-name",
        "use",
        "i",
        True,
        document(
            {"x": X, "use": {"type": "B", "params": {"i": 2}, "inputs": {"x": "x"}}},
            blocks={
                "B": {
                    "params": {"i": 3},
                    "nodes": {"x": {"type": "Input"}, "a": linear(params={"out_features": {"$": "i"}})},
                }
            },
        ),
    ),
    "parameter and node": ("bad-name", "x", None, True, {**HEAD, "params": {"x": 3}}),
    "attribute not allowed": ("bad-name", "a", "attribute", True, one(**linear(attribute="layers.to"))),
    "attribute twice": (
        "bad-name",
        "b",
        "attribute",
        True,
        document({"x": X, "a": linear(attribute="f.0"), "b": linear(attribute="f.0")}),
    ),
    "attribute inside another": (
        "bad-name",
        "b",
        "attribute",
        True,
        document({"x": X, "a": linear(), "b": linear(attribute="a.0")}),
    ),
    "attribute around another": (
        "bad-name",
        "a",
        "attribute",
        True,
        document({"x": X, "b": linear(attribute="a.0"), "a": linear()}),
    ),
    # -- types and parameters -----------------------------------------------------------------------------------------
    "unknown type": ("unknown-type", "a", "type", True, one(type="Conv2D", inputs={"input": "x"})),
    "unknown type, nothing like it": ("unknown-type", "a", "type", True, one(type="xyzzyxyzzy", inputs={"input": "x"})),
    "excluded type": ("unknown-type", "a", "type", True, one(type="Sequential", inputs={"input": "x"})),
    "type in place": ("unknown-type", "a", "type", True, one(type="relu_", inputs={"input": "x"})),
    "uninitialised type": ("unknown-type", "a", "type", True, one(type="empty_like", inputs={"input": "x"})),
    "unknown type in a block": ("unknown-type", "use.a", "type", True, in_block(type="Relu", inputs={"input": "x"})),
    "unknown parameter": ("unknown-param", "a", "bais", True, one(**linear(params={"out_features": 2, "bais": False}))),
    "unknown parameter with a slash": (
        "unknown-param",
        "a",
        "a/b",
        True,
        one(**linear(params={"out_features": 2, "a/b": 1})),
    ),
    "device": ("unknown-param", "a", "device", True, one(**linear(params={"out_features": 2, "device": "cpu"}))),
    "unknown parameter of a block": (
        "unknown-param",
        "use",
        "widht",
        True,
        document(
            {"x": X, "use": {"type": "B", "params": {"widht": 2}}}, blocks={"B": {"params": {"width": 3}, "nodes": {}}}
        ),
    ),
    "unknown parameter in a block": (
        "unknown-param",
        "use.a",
        "outfeatures",
        True,
        in_block(**linear(params={"outfeatures": 2, "out_features": 3})),
    ),
    "parameter of another kind": ("bad-param", "a", "bias", True, one(**linear(params={"out_features": 2, "bias": 5}))),
    "integer beyond 2**53": (
        "bad-param",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": 2**53 + 1})),
    ),
    "integer of 4,000 digits": (
        "bad-param",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": 10**4000})),
    ),
    "number that is infinite": (
        "bad-param",
        "a",
        "other",
        True,
        one(type="add", params={"other": float("inf")}, inputs={"input": "x"}),
    ),
    "integer below its bound": ("bad-param", "a", "out_features", True, one(**linear(params={"out_features": -4}))),
    "integer as text": ("bad-param", "a", "out_features", True, one(**linear(params={"out_features": "4"}))),
    "integer that the input decides": (
        "bad-param",
        "a",
        "in_features",
        True,
        one(**linear(params={"in_features": "x", "out_features": 4})),
    ),
    "parameter of a layer without any": (
        "unknown-param",
        "a",
        "module",
        True,
        one(type="Identity", params={"module": linear()}, inputs={"input": "x"}),
    ),
    "range of nothing": ("bad-param", "a", "high", True, source(fill="randint", low=3, high=3)),
    "values ragged": ("bad-param", "a", "values", True, source(shape=None, fill="values", values=[[1, 2], [3]])),
    "values without any": ("missing-param", "a", "values", True, source(fill="values")),
    "fill beside a wrong dtype": ("bad-param", "a", "fill", True, source(dtype="flaot32", fill="nothing")),
    "shape beside wrong values": ("bad-param", "a", "shape", True, source(fill="values", values=[1, 2, "x"])),
    "nested layer's parameter": (
        "bad-param",
        "a",
        "module.out_features",
        True,
        one(type="weight_norm", params={"module": {"type": "Linear", "params": {"out_features": "x"}}}, inputs=INPUT),
    ),
    "nested layer's missing parameter": (
        "missing-param",
        "a",
        "module.out_features",
        True,
        one(type="weight_norm", params={"module": {"type": "Linear"}}, inputs=INPUT),
    ),
    "missing parameter": ("missing-param", "a", "kernel_size", True, one(**CONV, params={"out_channels": 2})),
    "missing parameter, no params": ("missing-param", "a", "out_channels", True, one(**CONV)),
    "missing parameter in a block": (
        "missing-param",
        "use.a",
        "out_features",
        True,
        in_block(type="Linear", inputs={"input": "x"}),
    ),
    "nested layer without a type": (
        "bad-param",
        "a",
        "norm",
        True,
        one(
            type="TransformerEncoder",
            params={
                "encoder_layer": {"type": "TransformerEncoderLayer", "params": {"nhead": 1}},
                "num_layers": 1,
                "norm": {"params": {}},
            },
            inputs={"src": "x"},
        ),
    ),
    "nested layer unknown": (
        "unknown-type",
        "a",
        "encoder_layer",
        True,
        one(type="TransformerEncoder", params={"encoder_layer": {"type": "X"}, "num_layers": 1}, inputs={"src": "x"}),
    ),
    "nested layer with wires": (
        "unknown-key",
        "a",
        "module.inputs",
        True,
        one(type="weight_norm", params={"module": {**linear()}}, inputs={"input": "x"}),
    ),
    "nested layer without an object": (
        "bad-param",
        "a",
        "module",
        True,
        one(type="weight_norm", params={"module": {"type": "Linear", "params": 5}}, inputs={"input": "x"}),
    ),
    "too deep": (
        "limit-depth",
        "a",
        "other",
        False,
        one(type="add", params={"other": eval("[" * 60 + "1" + "]" * 60)}, inputs={"input": "x"}),
    ),
    # -- expressions --------------------------------------------------------------------------------------------------
    "expression unreadable": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "1 +"}})),
    ),
    "expression with a call": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "exit()"}})),
    ),
    "expression no text": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": 5}})),
    ),
    "expression too long": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "1+" * 100 + "1"}})),
    ),
    "expression of repeat": ("bad-expression", "a", "repeat", True, one(**linear(repeat={"$": 5}))),
    "expression of repeat unreadable": ("bad-expression", "a", "repeat", True, one(**linear(repeat={"$": "1 +"}))),
    "expression of when": ("bad-expression", "a", "when", True, one(**linear(when={"$": "nope"}))),
    "expression with an unknown name": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "width"}})),
    ),
    "tower of powers": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "9**9**9"}})),
    ),
    "i without repeat": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "i"}})),
    ),
    "size in a constructor": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "x.shape[0]"}})),
    ),
    "training in a constructor": (
        "bad-expression",
        "a",
        "out_features",
        True,
        one(**linear(params={"out_features": {"$": "training"}})),
    ),
    "index unreadable": (
        "bad-expression",
        "a",
        "index",
        True,
        one(type="getitem", params={"index": ":]"}, inputs={"input": "x"}),
    ),
    "expression in a block": (
        "bad-expression",
        "use.a",
        "out_features",
        True,
        in_block(**linear(params={"out_features": {"$": "widht"}})),
    ),
    "expression in a nested layer": (
        "bad-expression",
        "a",
        "encoder_layer",
        True,
        one(
            type="TransformerEncoder",
            params={
                "encoder_layer": {"type": "TransformerEncoderLayer", "params": {"d_model": {"$": "("}, "nhead": 1}},
                "num_layers": 1,
            },
            inputs={"src": "x"},
        ),
    ),
    "default of a parameter": ("bad-expression", None, "width", False, {**HEAD, "params": {"width": {"$": "nope"}}}),
    # -- wires --------------------------------------------------------------------------------------------------------
    "unknown port": ("unknown-port", "a", "inptu", True, one(type="relu", inputs={"inptu": "x"})),
    "unknown port of an Input": (
        "unknown-port",
        "a",
        "value",
        True,
        document({"x": X, "a": {**X, "inputs": {"value": "x"}}}),
    ),
    "unknown port of a function": (
        "unknown-port",
        "a",
        "weight",
        True,
        one(type="relu", inputs={"input": "x", "weight": "x"}),
    ),
    "missing wire": ("missing-wire", "a", "input", True, one(type="ReLU")),
    "missing wire beside another": ("missing-wire", "a", "target", True, one(type="MSELoss", inputs={"input": "x"})),
    "missing wire of many": ("missing-wire", "a", "tensors", True, one(type="cat")),
    "missing wire, nothing to wire": (
        "missing-wire",
        "a",
        "input",
        True,
        document({"a": {"type": "Conv2d", "params": {"out_channels": 2, "kernel_size": 3}}}),
    ),
    "missing wire of an Output": ("missing-wire", "a", "value", True, one(type="Output")),
    "missing wire of a block": (
        "missing-wire",
        "use",
        "x",
        True,
        document({"x": X, "use": {"type": "B"}}, blocks={"B": {"nodes": {"x": {"type": "Input"}}}}),
    ),
    "missing wire in a block": ("missing-wire", "use.a", "input", True, in_block(type="ReLU")),
    "missing wire of a call": (
        "missing-wire",
        "b",
        "input",
        True,
        document({"x": X, "a": linear(), "b": {"call": "a"}}),
    ),
    "dangling wire": ("dangling-reference", "a", "input", True, one(type="ReLU", inputs={"input": "xx"})),
    "dangling wire, nothing like it": (
        "dangling-reference",
        "a",
        "input",
        True,
        one(type="ReLU", inputs={"input": "nowhere"}),
    ),
    "dangling wire in a list": (
        "dangling-reference",
        "a",
        "tensors",
        True,
        one(type="cat", inputs={"tensors": ["x", "xx"]}),
    ),
    "dangling wire to an Output": (
        "dangling-reference",
        "a",
        "input",
        True,
        document(
            {
                "x": X,
                "out": {"type": "Output", "inputs": {"value": "x"}},
                "a": {"type": "ReLU", "inputs": {"input": "out"}},
            }
        ),
    ),
    "wire out of the block": (
        "dangling-reference",
        "use.a",
        "input",
        True,
        document(
            {"outer": X, "use": {"type": "B", "inputs": {"x": "outer"}}},
            blocks={"B": {"nodes": {"x": {"type": "Input"}, "a": {"type": "ReLU", "inputs": {"input": "outer"}}}}},
        ),
    ),
    "dangling tie": (
        "dangling-reference",
        "a",
        "weight",
        True,
        one(**linear(inputs={"input": "x", "weight": "nowhere.weight"})),
    ),
    "dangling call": (
        "dangling-reference",
        "b",
        "call",
        True,
        document({"x": X, "layer": linear(), "b": {"call": "laier", "inputs": {"input": "x"}}}),
    ),
    "call of a function": (
        "dangling-reference",
        "b",
        "call",
        True,
        document(
            {"x": X, "a": {"type": "relu", "inputs": {"input": "x"}}, "b": {"call": "a", "inputs": {"input": "x"}}}
        ),
    ),
    "call of a row of copies": (
        "dangling-reference",
        "b",
        "call",
        True,
        document(
            {"x": X, "a": linear(repeat=2, params={"out_features": 3}), "b": {"call": "a", "inputs": {"input": "x"}}}
        ),
    ),
    "call of a call": (
        "dangling-reference",
        "c",
        "call",
        True,
        document(
            {
                "x": X,
                "a": linear(),
                "b": {"call": "a", "inputs": {"input": "x"}},
                "c": {"call": "b", "inputs": {"input": "x"}},
            }
        ),
    ),
    "call with a constructor's parameter": (
        "unknown-param",
        "b",
        "out_features",
        True,
        document({"x": X, "a": linear(), "b": {"call": "a", "params": {"out_features": 2}, "inputs": {"input": "x"}}}),
    ),
    "dangling size": (
        "dangling-reference",
        "a",
        "shape",
        True,
        one(type="reshape", params={"shape": [{"$": "xx.shape[0]"}, -1]}, inputs={"input": "x"}),
    ),
    "cycle of one": ("cycle", "a", "input", True, one(type="ReLU", inputs={"input": "a"})),
    "cycle of two": (
        "cycle",
        "a",
        "other",
        True,
        document(
            {
                "x": X,
                "a": {"type": "add", "inputs": {"input": "x", "other": "b"}},
                "b": {"type": "ReLU", "inputs": {"input": "a"}},
            }
        ),
    ),
    "cycle by a size": (
        "cycle",
        "a",
        None,
        False,
        document(
            {
                "x": X,
                "a": {"type": "reshape", "params": {"shape": [{"$": "b.shape[0]"}, -1]}, "inputs": {"input": "x"}},
                "b": {"type": "ReLU", "inputs": {"input": "a"}},
            }
        ),
    ),
    "cycle in a block": ("cycle", "use.a", "input", True, in_block(type="ReLU", inputs={"input": "a"})),
    "cycle through a Constant": (
        "cycle",
        "c",
        None,
        True,
        document(
            {
                "x": X,
                "a": {"type": "ReLU", "inputs": {"input": "c"}},
                "c": {"type": "Constant", "inputs": {"value": "a"}},
                "out": {"type": "Output", "inputs": {"value": "x"}},
            }
        ),
    ),
    "Parameter of itself": ("cycle", "a", "value", True, one(type="Parameter", inputs={"value": "a"})),
    "list on an Output": ("bad-wire", "a", "value", True, one(type="Output", inputs={"value": ["x", "x"]})),
    "list on a Constant": (
        "bad-wire",
        "a",
        "value",
        True,
        document({"n": NUMBERS, "a": {"type": "Constant", "inputs": {"value": ["n"]}}}),
    ),
    "reader of a module that is only called": (
        "unknown-output",
        "c",
        "input",
        True,
        document(
            {
                "x": X,
                "a": {"type": "Linear", "params": {"out_features": 2}},
                "b": {"call": "a", "inputs": {"input": "x"}},
                "c": {"type": "ReLU", "inputs": {"input": "a"}},
            }
        ),
    ),
    "reader of a module whose parameters are read": (
        "unknown-output",
        "c",
        "tensors",
        True,
        document(
            {
                "x": X,
                "a": {"type": "Linear", "params": {"in_features": 3, "out_features": 3}},
                "w": {"type": "t", "inputs": {"input": "a.weight"}},
                "c": {"type": "cat", "inputs": {"tensors": ["x", "a.output"]}},
            }
        ),
    ),
    "size of a module that is only called": (
        "unknown-output",
        "c",
        None,
        True,
        document(
            {
                "x": X,
                "a": {"type": "Linear", "params": {"out_features": 2}},
                "b": {"call": "a", "inputs": {"input": "x"}},
                "c": {"type": "reshape", "params": {"shape": [{"$": "a.shape[0]"}, -1]}, "inputs": {"input": "x"}},
            }
        ),
    ),
    "constant of an input": ("bad-wire", "a", "value", True, one(type="Constant", inputs={"value": "x"})),
    # -- blocks and limits --------------------------------------------------------------------------------------------
    "block in itself": (
        "block-recursion",
        "use.inner",
        "type",
        True,
        document({"use": {"type": "B"}}, blocks={"B": {"nodes": {"inner": {"type": "B"}}}}),
    ),
    "blocks in a circle": (
        "block-recursion",
        "use.c.b",
        "type",
        True,
        document(
            {"use": {"type": "B"}}, blocks={"B": {"nodes": {"c": {"type": "C"}}}, "C": {"nodes": {"b": {"type": "B"}}}}
        ),
    ),
    "block that nobody uses": (
        "block-recursion",
        "B.inner",
        "type",
        True,
        document({"x": X}, blocks={"B": {"nodes": {"inner": {"type": "B"}}}}),
    ),
    "nodes written": ("limit-nodes", None, None, False, document({f"n{number}": X for number in range(5001)})),
    "nodes expanded": (
        "limit-nodes",
        "a",
        None,
        False,
        document(
            {"x": X, "a": {"type": "B", "repeat": 10_000, "inputs": {"x": "x"}}},
            blocks={"B": {"nodes": {"x": {"type": "Input"}, "r": {"type": "ReLU", "inputs": {"input": "x"}}}}},
        ),
    ),
    "blocks too deep": (
        "limit-depth",
        ".".join(["b0", *(f"b{number}" for number in range(1, 33))]),
        None,
        False,
        document(
            {"b0": {"type": "B0"}},
            blocks={f"B{number}": {"nodes": {f"b{number + 1}": {"type": f"B{number + 1}"}}} for number in range(40)}
            | {"B40": {"nodes": {}}},
        ),
    ),
}
