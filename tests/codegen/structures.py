"""Networks of blocks as people nest them: parameters, expressions, conditions, repeats, calls, ties, own tensors.

The random networks of tests/oracle have few of these; here every network has many, and most run.
"""

from __future__ import annotations

import random
from typing import Any

Document = dict[str, Any]


def structured_network(number: int) -> Document:
    """The network of this number: always the same one."""
    rng = random.Random(f"structures {number}")
    return _Author(rng).document()


def _expr(text: str) -> dict[str, str]:
    return {"$": text}


class _Author:
    """Every value is a batch of rows, (batch, width): so all nodes fit, and widths are what blocks differ in."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._blocks: dict[str, Any] = {}

    def document(self) -> Document:
        rng = self._rng
        blocks = [self._block(f"Part{number}") for number in range(rng.choice((1, 2, 2, 3)))]
        nodes: dict[str, Any] = {"x": {"type": "Input", "params": {"shape": [rng.choice((2, 3)), rng.choice((4, 6))]}}}
        if rng.random() < 0.4:
            nodes["cond"] = {"type": "Input", "params": {"shape": nodes["x"]["params"]["shape"], "fill": "rand"}}
        params = {"width": 4, "depth": 2, "slope": 0.5} if rng.random() < 0.5 else {}
        self._fill(nodes, params, blocks, rng.randint(2, 6), top=True)
        document: Document = {
            "format": "torchwire/1",
            "name": "Structured",
            "seed": rng.randrange(2**32),
            "training": rng.random() < 0.4,
            "params": params,
            "nodes": nodes,
            "blocks": self._blocks,
        }
        if rng.random() < 0.4:
            document["init"] = self._init()
        return document

    def _init(self) -> dict[str, Any]:
        rules = {
            "Linear.weight": {"normal_": {"std": 0.1}},
            "Linear.bias": {"zeros_": {}},
            "LayerNorm.weight": {"ones_": {}},
        }
        keys = self._rng.sample(list(rules), self._rng.randint(1, 3))
        return {key: rules[key] for key in keys}

    def _block(self, name: str) -> str:
        """A block over x, with an optional input and parameters."""
        rng = self._rng
        nodes: dict[str, Any] = {"x": {"type": "Input"}}
        params = {"width": 4, "depth": 2, "slope": 0.25, "skip": True}
        if rng.random() < 0.3:
            params["hidden"] = _expr("width * 2")  # type: ignore[assignment]
        if rng.random() < 0.4:
            optional = {"type": "Input"} if rng.random() < 0.3 else {"type": "Input", "when": _expr("skip")}
            nodes = {"side": optional, **nodes} if rng.random() < 0.3 else {**nodes, "side": optional}
        self._fill(nodes, params, list(self._blocks), rng.randint(1, 5), top=False)
        block: dict[str, Any] = {"params": params, "nodes": nodes}
        if rng.random() < 0.25:
            block["init"] = self._init()
        self._blocks[name] = block
        return name

    def _fill(self, nodes: dict[str, Any], params: dict[str, Any], blocks: list[str], steps: int, top: bool) -> None:
        rng = self._rng
        last = "x"
        for number in range(steps):
            key = f"n{number}"
            made = self._node(key, last, nodes, params, blocks)
            if rng.random() < 0.2 and "width" in params and "call" not in made:
                made["when"] = _expr(rng.choice(("width > 4", "depth == 2", "width == 4 and depth > 1")))
            nodes[key] = made
            if rng.random() < 0.85:
                last = key
        ends = [last] if top or rng.random() < 0.8 else [last, "x"]
        if not top or rng.random() < 0.7:
            for number, end in enumerate(ends):
                nodes[f"out{number}"] = {"type": "Output", "inputs": {"value": end}}

    def _node(
        self, key: str, last: str, nodes: dict[str, Any], params: dict[str, Any], blocks: list[str]
    ) -> dict[str, Any]:
        rng = self._rng
        kind = rng.choice(
            "linear linear layernorm norm relu dropout block block block add call tie constant own view repeat".split()
        )
        wire = {"input": last}
        modules = [name for name, node in nodes.items() if node.get("type") == "Linear" and "repeat" not in node]
        if kind == "linear":
            width: Any = _expr(rng.choice(("width", "width * 2", "4"))) if "width" in params else rng.choice((4, 6))
            node: dict[str, Any] = {"type": "Linear", "params": {"out_features": width}, "inputs": wire}
            if rng.random() < 0.3:
                node["init"] = {"weight": {"uniform_": {"a": -0.5, "b": 0.5}}}
            if rng.random() < 0.2:
                node["trainable"] = False
            if rng.random() < 0.3:
                node["attribute"] = f"layers.{sum('layers.' in n.get('attribute', '') for n in nodes.values())}"
            return node
        if kind == "layernorm":
            return {"type": "LayerNorm", "inputs": wire}
        if kind == "norm":
            return {"type": "BatchNorm1d", "inputs": wire}
        if kind == "dropout":
            return {"type": rng.choice(("dropout", "Dropout")), "params": {"p": 0.5}, "inputs": wire}
        if kind == "block" and blocks:
            return self._use(rng.choice(blocks), last, nodes, params)
        if kind == "add":
            other = rng.choice(list(nodes))
            return (
                {"type": "add", "inputs": {"input": last, "other": other}}
                if other != last
                else self._relu(wire, params)
            )
        if kind == "call" and modules:
            return {"call": rng.choice(modules), "inputs": wire}
        if kind == "tie" and modules:
            source = rng.choice(modules)
            return {**{k: v for k, v in nodes[source].items() if k in ("type", "params")},
                    "inputs": {**wire, "weight": f"{source}.weight"}}  # fmt: skip
        if kind == "constant":
            return {"type": "mul", "inputs": {"input": last, "other": self._tensor(nodes, "Constant")}}
        if kind == "own":
            return {"type": "add", "inputs": {"input": last, "other": self._tensor(nodes, "Parameter")}}
        if kind == "view":
            return {"type": "view", "params": {"shape": [_expr(f"{last}.shape[0]"), -1]}, "inputs": wire}
        if kind == "repeat":
            count: Any = _expr("depth") if "depth" in params and rng.random() < 0.5 else rng.choice((1, 2, 3))
            return rng.choice(
                (
                    {"type": "LayerNorm", "inputs": wire, "repeat": count},
                    {"type": "relu", "inputs": wire, "repeat": count},
                    {"type": "Linear", "params": {"out_features": _expr("4 + 2 * i")}, "inputs": wire, "repeat": count},
                    {"type": "mul", "params": {"other": _expr("1 + i")}, "inputs": wire, "repeat": count},
                    {"type": "dropout", "params": {"p": _expr("0.1 * i")}, "inputs": wire, "repeat": count},
                )
            )
        return self._relu(wire, params)

    def _relu(self, wire: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        if "slope" in params and self._rng.random() < 0.5:
            return {"type": "leaky_relu", "params": {"negative_slope": _expr("slope")}, "inputs": wire}
        return {"type": self._rng.choice(("relu", "tanh", "Sigmoid")), "inputs": wire}

    def _tensor(self, nodes: dict[str, Any], kind: str) -> str:
        rng = self._rng
        key = f"t{len(nodes)}"
        fill: Any = rng.choice(("randn", "ones", "arange", {"normal_": {"std": 0.1}}))
        if kind == "Constant" and rng.random() < 0.4:
            nodes[f"{key}a"] = {"type": "ones", "params": {"size": [1, 1]}}
            nodes[key] = {"type": "Constant", "inputs": {"value": f"{key}a"}}
        else:
            nodes[key] = {"type": kind, "params": {"shape": [1, 1], "fill": fill}}
        return key

    def _use(self, name: str, last: str, nodes: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        rng = self._rng
        block = self._blocks[name]
        node: dict[str, Any] = {"type": name, "inputs": {"x": last}}
        given: dict[str, Any] = {}
        if rng.random() < 0.5:
            given["width"] = _expr("width + 2") if "width" in params and rng.random() < 0.5 else rng.choice((4, 6, 8))
        if rng.random() < 0.3:
            given["depth"] = rng.choice((1, 2, 3))
        if "side" in block["nodes"]:
            if "when" not in block["nodes"]["side"] or rng.random() < 0.5:
                node["inputs"]["side"] = last
            else:
                given["skip"] = False
        if rng.random() < 0.3:
            node["repeat"] = rng.choice((1, 2, 3))
            if rng.random() < 0.5:
                given["width"] = _expr("4 + 2 * i")
        if rng.random() < 0.2:
            node["trainable"] = False
        if given:
            node["params"] = given
        return node
