"""Random networks as documents: chains, branches, several outputs, blocks, repeats, shared modules, ties, mistakes."""

from __future__ import annotations

import random
from typing import Any

import torch
from tests.oracle.kinds import BY_TYPE, KINDS

Document = dict[str, Any]
WEIGHTED = [kind for kind in KINDS for _ in range(3 if kind.make else 1)]


class Author:
    """Writes one graph, running every step for real on the way so that most of what it writes is right."""

    def __init__(self, rng: random.Random, training: bool, slips: float) -> None:
        self._rng = rng
        self._training = training
        self._slips = slips  # the chance to keep a step that torch refuses
        self.nodes: dict[str, dict[str, Any]] = {}
        self.values: dict[str, torch.Tensor | None] = {}  # by reference; None: it failed
        self._modules: dict[str, Any] = {}

    def add_input(self, key: str, node: dict[str, Any], value: torch.Tensor) -> None:
        self.nodes[key] = node
        self.values[key] = value

    def write(self, steps: int, names: dict[str, int]) -> None:
        for _ in range(steps):
            number = len(self.nodes)
            if self._modules and self._rng.random() < 0.12:
                self._call(f"again{number}")
            else:
                self._step(f"n{number}", names)

    def pick(self) -> str:
        keys = list(self.values)
        return self._rng.choice(keys[-4:] if self._rng.random() < 0.7 else keys)

    def _step(self, key: str, names: dict[str, int]) -> None:
        rng = self._rng
        for _ in range(12):
            kind = rng.choice(WEIGHTED)
            inputs: dict[str, Any] = {}
            if kind.many:
                inputs[kind.many] = [self.pick() for _ in range(rng.choice((1, 2, 2, 3)))]
            else:
                same = self.pick()
                inputs = {port: same if rng.random() < 0.6 else self.pick() for port in kind.ports}
            first = next(iter(inputs.values()))
            value = self.values[first[0] if isinstance(first, list) else first]
            params = kind.draw(rng, list(value.shape) if value is not None else [2, 3])
            module, outputs = self._try(kind.type, params, inputs)
            if outputs is None and rng.random() > self._slips:
                continue
            if params.get("inplace") and not self._alone(inputs["input"]):
                continue
            node: dict[str, Any] = {"type": kind.type}
            if params:
                node["params"] = {
                    name: {"$": "width"}
                    if name in ("out_features", "hidden_size") and value == names.get("width")
                    else value
                    for name, value in params.items()
                }
            node["inputs"] = inputs
            if kind.type == "Linear" and rng.random() < 0.15:
                self._tie(node, module)
            self.nodes[key] = node
            if params.get("inplace"):
                del self.values[inputs["input"]]  # overwritten: nobody may read it any more
            elif module is not None:
                self._modules[key] = (kind, module)
            self._keep(key, kind.outputs, outputs)
            return

    def _alone(self, reference: str) -> bool:
        """Whether the tensor is a layer's own and nobody reads it: then it may be overwritten."""
        made = self.nodes.get(reference, {}).get("type") in ("Linear", "Conv1d", "Conv2d", "LayerNorm", "Embedding")
        return made and not any(reference in _references(node) for node in self.nodes.values())

    def _tie(self, node: dict[str, Any], module: Any) -> None:
        for key, (kind, other) in self._modules.items():
            if kind.type == "Linear" and module is not None and other.weight.shape == module.weight.shape:
                node["inputs"] = {**node["inputs"], "weight": f"{key}.weight"}
                return

    def _call(self, key: str) -> None:
        target = self._rng.choice(list(self._modules))
        kind, module = self._modules[target]
        inputs = {port: self.pick() for port in kind.ports}
        outputs = self._run(kind, module, {}, inputs)
        if outputs is None and self._rng.random() > self._slips:
            return
        self.nodes[key] = {"call": target, "inputs": inputs}
        self._keep(key, kind.outputs, outputs)

    def _try(self, name: str, params: dict[str, Any], inputs: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
        kind = BY_TYPE[name]
        module = None
        if kind.make is not None:
            first = self.values[next(iter(inputs.values()))]
            try:
                known = {**{k: f(tuple(first.shape)) for k, f in kind.infers if k not in params}, **params}  # type: ignore[union-attr]
                module = kind.make(known).train(self._training)
            except Exception:
                return None, None
        return module, self._run(kind, module, params, inputs)

    def _run(self, kind: Any, module: Any, params: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any] | None:
        wires: dict[str, Any] = {}
        for port, value in inputs.items():
            tensors = [self.values[reference] for reference in (value if isinstance(value, list) else [value])]
            if any(tensor is None for tensor in tensors):
                return None
            wires[port] = tuple(tensors) if isinstance(value, list) else tensors[0]
        try:
            outputs: dict[str, Any] = kind.run(module, params, wires, self._training)
        except Exception:
            return None
        return None if any(value.numel() > 4000 for value in outputs.values()) else outputs

    def _keep(self, key: str, names: tuple[str, ...], outputs: dict[str, Any] | None) -> None:
        if outputs is None:
            self.values[key] = None
            return
        for number, (name, value) in enumerate(outputs.items()):
            self.values[key if number == 0 and name != "0" else f"{key}.{name}"] = value


def _source(rng: random.Random) -> tuple[dict[str, Any], torch.Tensor]:
    batch = rng.choice((1, 2, 3))
    shape = rng.choice(
        ([batch, rng.randint(2, 6)], [batch, rng.randint(2, 5), 4], [batch, rng.choice((1, 2, 4)), 6, 5])
    )
    if rng.random() < 0.15:
        node = {"type": "Input", "params": {"shape": [batch, 3], "fill": "randint", "low": 0, "high": 9}}
        return node, torch.zeros(batch, 3, dtype=torch.int64)
    params: dict[str, Any] = {"shape": shape}
    dtype = "float32"
    if rng.random() < 0.1:
        params["dtype"] = dtype = "float64"
    if rng.random() < 0.3:
        params["fill"] = rng.choice(("rand", "ones", "zeros"))
    return {"type": "Input", "params": params}, torch.ones(shape, dtype=getattr(torch, dtype))


def random_network(number: int) -> Document:
    """The network of this number: always the same one."""
    rng = random.Random(f"torchwire {number}")
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(number)
        return _network(rng)


def _network(rng: random.Random) -> Document:
    training = rng.random() < 0.4
    slips = rng.choice((0.0, 0.0, 0.0, 0.3, 0.6))
    document: Document = {"format": "torchwire/1", "name": "Random", "seed": rng.randrange(2**32), "training": training}
    author = Author(rng, training, slips)
    for number in range(rng.choice((1, 1, 2))):
        author.add_input(f"x{number}", *_source(rng))
    author.write(rng.randint(1, 5), {})
    if rng.random() < 0.45:
        _use_blocks(rng, document, author, slips)
        author.write(rng.randint(0, 3), {})
    nodes = author.nodes
    if rng.random() < 0.15:
        _switch_off(rng, nodes)
    if rng.random() < 0.6:
        for number in range(rng.choice((1, 1, 2))):
            nodes[f"out{number}"] = {"type": "Output", "inputs": {"value": author.pick()}}
    if slips and rng.random() < 0.5:
        _break(rng, nodes)
    if rng.random() < 0.25 and not any("inplace" in node.get("params", {}) for node in nodes.values()):
        keys = list(nodes)
        rng.shuffle(keys)
        nodes = {key: nodes[key] for key in keys}
    document["nodes"] = nodes
    return document


def _use_blocks(rng: random.Random, document: Document, author: Author, slips: float) -> None:
    given = author.pick()
    value = author.values[given]
    if value is None:
        return
    inner = Author(rng, document["training"], slips)
    inner.add_input("x", {"type": "Input"}, value)
    inner.write(rng.randint(1, 4), {"width": 4})
    result = inner.pick()
    block = {
        "params": {"width": 4},
        "nodes": {**inner.nodes, "result": {"type": "Output", "inputs": {"value": result}}},
    }
    document["blocks"] = {"Part": block}
    made = inner.values[result]
    node: dict[str, Any] = {"type": "Part", "inputs": {"x": given}}
    if made is not None and made.shape == value.shape and made.dtype == value.dtype and rng.random() < 0.6:
        node["repeat"] = rng.choice((1, 2, 3))
    elif rng.random() < 0.3:
        node["params"] = {"width": rng.choice((4, 5))}
    author.nodes["part"] = node
    author.values["part"] = made if "params" not in node else None
    if rng.random() < 0.4:
        author.nodes["part2"] = {"type": "Part", "inputs": {"x": given}}
        author.values["part2"] = made


def _switch_off(rng: random.Random, nodes: dict[str, dict[str, Any]]) -> None:
    """A function that nobody reads by a port's name: while off, its name stands for its first wire."""
    read = {reference for node in nodes.values() for reference in _references(node) if "." in reference}
    free = [
        key
        for key, node in nodes.items()
        if node.get("type") in ("relu", "tanh", "mul", "add", "dropout")
        and not any(r.startswith(f"{key}.") for r in read)
    ]
    if free:
        nodes[rng.choice(free)]["when"] = False


def _references(node: dict[str, Any]) -> list[str]:
    return [r for value in node.get("inputs", {}).values() for r in (value if isinstance(value, list) else [value])]


def _break(rng: random.Random, nodes: dict[str, dict[str, Any]]) -> None:
    """A mistake that no torch is needed for."""
    free = [key for key, node in nodes.items() if node.get("type") in BY_TYPE and "when" not in node]
    called = {node.get("call") for node in nodes.values()} | {
        reference.partition(".")[0]
        for node in nodes.values()
        if "weight" in node.get("inputs", {})
        for reference in _references(node)
    }
    free = [key for key in free if key not in called and "weight" not in nodes[key]["inputs"]]
    if not free:
        return
    node = nodes[rng.choice(free)]
    port = next(iter(node["inputs"]))
    mistake = rng.choice(("type", "wire", "dangling", "param"))
    if mistake == "type":
        node["type"] = "Convolution"
    elif mistake == "wire":
        del node["inputs"][port]
    elif mistake == "dangling":
        node["inputs"][port] = ["nowhere"] if isinstance(node["inputs"][port], list) else "nowhere"
    else:
        node["params"] = {**node.get("params", {}), "nonsense": 1}
