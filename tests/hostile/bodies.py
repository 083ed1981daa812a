"""Bodies that a careless or hostile client sends. Each must get an answer in one of the two shapes, never a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.documents import LINEAR, input_, layer, network

HEAD = b'{"network": {"format": "torchwire/1", "nodes": {'


def _sent(document: Any, **more: Any) -> bytes:
    return json.dumps({"network": document, **more}).encode()


def _node(**node: Any) -> bytes:
    return _sent(network(x=input_(2, 3), n=node))


def _params(type_: str, **params: Any) -> bytes:
    return _sent(network(x=input_(2, 3), n=layer(type_, "x", **params)))


def bodies() -> dict[str, tuple[bytes, int | None]]:
    """Name -> body and the status that it must get; None is 200 or 422."""
    return {name: (body, status) for name, body, status in _all()}


def _all() -> Iterator[tuple[str, bytes, int | None]]:
    yield from _not_json()
    yield from _not_a_request()
    yield from _strange_documents()
    yield from _giants()
    yield from _towers()


def _not_json() -> Iterator[tuple[str, bytes, int | None]]:
    yield "empty", b"", 422
    yield "blank", b"  \n", 422
    yield "text", b"hello", 422
    yield "half", b'{"network": {', 422
    yield "two values", _sent(LINEAR) * 2, 422
    yield "nan", b'{"network": NaN}', 422
    yield "infinity", HEAD + b'"x": {"type": "Input", "params": {"shape": [Infinity]}}}}}', 422
    yield "minus infinity", b'{"network": -Infinity}', 422
    yield "lone surrogate", HEAD + b'"\\ud800": {}}}}', 422
    yield "lone surrogate value", b'{"network": {"format": "\\udfff", "nodes": {}}}', 422
    yield "latin-1", '{"network": "é"}'.encode("latin-1"), 422
    yield "utf-16", '{"network": {}}'.encode("utf-16"), 422
    yield "byte order mark", b"\xef\xbb\xbf" + _sent(LINEAR), 422
    yield "duplicate key", b'{"network": {}, "network": {}}', 422
    yield "duplicate node", HEAD + b'"x": {"type": "Input"}, "x": {"type": "Input"}}}}', 422
    yield "raw NUL", b'{"network": "\x00"}', 422
    yield "bytes", bytes(range(256)), 422
    yield "deep lists", b"[" * 100_000 + b"]" * 100_000, 422
    yield "deep objects", b'{"network":' * 50_000 + b"1" + b"}" * 50_000, 422
    yield "deep params", HEAD + b'"x": {"type": "Input", "params": {"shape": ' + b"[" * 900 + b"]" * 900 + b"}}}}}", 200
    yield "4,000 digits", HEAD + b'"x": {"type": "Input", "params": {"shape": [' + b"9" * 4_000 + b"]}}}}}", None
    yield "5,000 digits alone", b"9" * 5_000, 422
    yield "huge exponent", HEAD + b'"x": {"type": "Input", "params": {"shape": [1e999]}}}}}', None
    yield "comment", b'{"network": {} /* no */}', 422
    yield "trailing comma", b'{"network": {},}', 422
    yield "single quotes", b"{'network': {}}", 422


def _not_a_request() -> Iterator[tuple[str, bytes, int | None]]:
    for name, value in {"null": None, "true": True, "number": 7, "string": "x", "list": [1]}.items():
        yield f"body {name}", json.dumps(value).encode(), 422
        yield f"network {name}", _sent(value), 422
        yield f"nodes {name}", _sent({"format": "torchwire/1", "nodes": value}), 422
        yield f"node {name}", _sent({"format": "torchwire/1", "nodes": {"x": value}}), 422
    yield "no network", b"{}", 422
    yield "no nodes", _sent({"format": "torchwire/1"}), 422
    yield "unknown format", _sent({"format": "torchwire/9", "nodes": {}}), 422
    yield "unknown key", _sent(LINEAR, stopped={"node": "x", "code": "crashed", "rerun": True}), 422
    yield "a million keys", json.dumps({f"k{number}": 0 for number in range(100_000)}).encode(), 422
    yield "values is a number", _sent(LINEAR, values=1), 422
    yield "values is a word", _sent(LINEAR, values="everything"), 422
    yield "too many values", _sent(LINEAR, values=["x"] * 20_001), 422
    yield "open is deep", _sent(LINEAR, open=[[["x"]]]), 422
    yield "draw is negative", _sent(LINEAR, draw=-1), 422
    yield "draw is huge", _sent(LINEAR, draw=2**70), 422
    yield "draw is a float", _sent(LINEAR, draw=0.5), 422
    yield "profile is a word", _sent(LINEAR, profile="yes"), 422
    yield "inputs without values", _sent(LINEAR, inputs={"x": {}}), 422
    yield "inputs of another shape", _sent(LINEAR, inputs={"x": {"values": [[1, [2]], 3]}}), 200
    yield "inputs of words", _sent(LINEAR, inputs={"x": {"values": [["a", "b", "c"]] * 2}}), 200
    yield "inputs for nobody", _sent(LINEAR, inputs={"nobody": {"values": 1}}), 200


def _strange_documents() -> Iterator[tuple[str, bytes, int | None]]:
    yield "no nodes at all", _sent(network()), 200
    yield "seed huge", _sent({**LINEAR, "seed": 2**64}), 200
    yield "seed negative", _sent({**LINEAR, "seed": -1}), 200
    yield "seed text", _sent({**LINEAR, "seed": "x"}), 200
    yield "name of a megabyte", _sent({**LINEAR, "name": "x" * 1_000_000}), 200
    yield "key of a megabyte", _sent(network(**{"x" * 1_000_000: input_(1)})), 200
    yield "NUL in a name", _sent(network(**{"a\0b": input_(1)})), 200
    yield "NUL in a type", _node(type="Linear\0"), 200
    yield "dunder name", _sent(network(__class__=input_(1))), 200
    yield "keyword name", _sent(network(**{"class": input_(1)})), 200
    yield "3,500 unknown types", _sent(network(**{f"n{n}": {"type": "Q" * 150} for n in range(3_500)})), 200
    yield "6,000 nodes", _sent(network(**{f"n{number}": layer("relu", "x") for number in range(6_000)})), 200
    yield "type is a list", _node(type=["Linear"]), 200
    yield "type is a dunder", _node(type="__init__"), 200
    yield "type in place", _node(type="relu_", inputs={"input": "x"}), 200
    yield "type loads files", _node(type="load", params={"f": "/etc/passwd"}), 200
    yield "type is empty", _node(type="empty", params={"size": [1_000]}), 200
    yield "argument out", _params("relu", out="x"), 200
    yield "argument device", _params("Linear", out_features=2, device="cuda"), 200
    yield "inputs is a list", _node(type="relu", inputs=["x"]), 200
    yield "inputs is deep", _node(type="relu", inputs={"input": [[["x"]]]}), 200
    yield "wire to itself", _node(type="relu", inputs={"input": "n"}), 200
    yield "reference of a megabyte", _node(type="relu", inputs={"input": "x." * 500_000}), 200
    yield (
        "a circle of 5,000",
        _sent(network(**{f"n{number}": layer("relu", f"n{(number + 1) % 4_990}") for number in range(4_990)})),
        200,
    )
    yield "expression calls", _params("view", shape={"$": "__import__('os').system('id')"}), 200
    yield "expression attribute", _params("view", shape={"$": "().__class__.__bases__"}), 200
    yield "expression power", _params("view", shape=[{"$": "9**9**9"}]), 200
    yield "expression text", _params("view", shape=[{"$": "'x' * 10**9"}]), 200
    yield "expression tower", _params("view", shape=[{"$": "(" * 90 + "1" + ")" * 90}]), 200
    yield "expression minus tower", _params("view", shape=[{"$": "-" * 190 + "1"}]), 200
    yield "expression long", _params("view", shape=[{"$": "1+" * 5_000 + "1"}]), 200
    yield "expression division", _params("view", shape=[{"$": "1//0"}]), 200
    yield "index words", _sent(network(x=input_(2), n=layer("getitem", "x", index="import os"))), 200
    yield (
        "einsum words",
        _sent(
            network(
                x=input_(2), n={"type": "einsum", "params": {"equation": "%s%n->\0"}, "inputs": {"operands": ["x"]}}
            )
        ),
        200,
    )


def _giants() -> Iterator[tuple[str, bytes, int | None]]:
    million = 10**6
    yield "Linear of 2**53", _params("Linear", out_features=2**53), 200
    yield "Linear of 10**12 on 3 features", _params("Linear", in_features=million, out_features=million), 200
    yield "Linear negative", _params("Linear", out_features=-5), 200
    yield (
        "LSTM of 100,000 layers",
        _sent(network(x=input_(3, 1, 2), n=layer("LSTM", "x", hidden_size=2, num_layers=100_000))),
        200,
    )
    yield "LSTM of 1,000,000 steps", _sent(network(x=input_(million, 1, 2), n=layer("LSTM", "x", hidden_size=2))), 200
    yield (
        "Conv3d giant",
        _sent(network(x=input_(1, 512, 64, 64, 64), n=layer("Conv3d", "x", out_channels=512, kernel_size=63))),
        200,
    )
    yield (
        "Conv2d padding",
        _sent(network(x=input_(1, 1, 8, 8), n=layer("Conv2d", "x", out_channels=1, kernel_size=3, padding=10**9))),
        200,
    )
    yield (
        "Embedding of 2**31",
        _sent(
            network(
                x=input_(2, dtype="int64", fill="randint", low=0, high=9),
                n=layer("Embedding", "x", num_embeddings=2**31, embedding_dim=2**31),
            )
        ),
        200,
    )
    yield "shape with 0", _sent(network(x=input_(10**9, 0), n=layer("relu", "x"))), 200
    yield "shape beyond 2**63", _sent(network(x=input_(2**40, 2**40), n=layer("relu", "x"))), 200
    yield "shape negative", _sent(network(x=input_(-1, 3), n=layer("relu", "x"))), 200
    yield "rank 3,000", _sent(network(x=input_(*[1] * 3_000), n=layer("relu", "x"))), 200
    yield "expand to 10**12", _sent(network(x=input_(1, 1), n=layer("expand", "x", size=[million, million]))), 200
    yield "arange of 10**12", _sent(network(n={"type": "arange", "params": {"end": 10**12}})), 200
    yield (
        "one_hot of 10**9",
        _sent(
            network(
                x=input_(4, dtype="int64", fill="randint", low=0, high=3), n=layer("one_hot", "x", num_classes=10**9)
            )
        ),
        200,
    )
    yield (
        "interpolate by 10**6",
        _sent(network(x=input_(1, 1, 4, 4), n=layer("interpolate", "x", scale_factor=million))),
        200,
    )
    yield "pad by 10**9", _sent(network(x=input_(2, 2), n=layer("pad", "x", pad=[10**9, 10**9]))), 200
    yield "unbind of 10**7", _sent(network(x=input_(10**7), n=layer("unbind", "x"))), 200
    yield "values of every output", _sent(network(x=input_(4_000, 4_000), n=layer("relu", "x")), values="all"), 200


def _towers() -> Iterator[tuple[str, bytes, int | None]]:
    doubling = {"x": input_(1_000, 1_000)}
    for number in range(40):
        before = f"c{number - 1}" if number else "x"
        doubling[f"c{number}"] = {"type": "cat", "inputs": {"tensors": [before, before]}}
    yield "cat doubling 40 times", _sent(network(**doubling)), 200
    inner = {"in": {"type": "Input"}, "n": layer("relu", "in")}
    yield (
        "repeat 10**9",
        _sent(
            {
                **network(x=input_(2), n={"type": "B", "repeat": 10**9, "inputs": {"input": "x"}}),
                "blocks": {"B": {"nodes": {"data": {"type": "Input"}, "n": layer("relu", "data")}}},
            }
        ),
        200,
    )
    yield "repeat 10,000 of a layer", _sent(
        network(x=input_(2, 8), n={"type": "Linear", "params": {"out_features": 8}, "repeat": 10_000,
                                   "inputs": {"input": "x"}})
    ), 200  # fmt: skip
    yield (
        "blocks nested 5,000 deep",
        _sent({**network(x=input_(2), n=layer("B0", "x")), "blocks": _chain(5_000, 1)}),
        200,
    )
    yield (
        "a tower of 60 that doubles",
        _sent({**network(x=input_(2), n=layer("B0", "x")), "blocks": _chain(60, 2)}),
        200,
    )
    yield (
        "a block of itself",
        _sent({**network(x=input_(2), n=layer("B", "x")), "blocks": {"B": {"nodes": {**inner, "b": layer("B", "n")}}}}),
        200,
    )
    nested: Any = {"type": "Linear", "params": {"out_features": 2}}
    for _ in range(200):
        nested = {"type": "spectral_norm", "params": {"module": nested}}
    yield "modules nested 200 deep", _node(**nested, inputs={"input": "x"}), 200


def _chain(length: int, uses: int) -> dict[str, Any]:
    """Blocks B0, B1, ...: each uses the next one so many times."""
    blocks: dict[str, Any] = {}
    for number in range(length):
        nodes: dict[str, Any] = {"data": {"type": "Input"}}
        last = "data"
        for use in range(uses):
            nodes[f"n{use}"] = layer(f"B{number + 1}" if number + 1 < length else "relu", last)
            last = f"n{use}"
        blocks[f"B{number}"] = {"nodes": nodes}
    return blocks
