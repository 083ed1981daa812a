"""A document run directly in torch, by the rules of the format and nothing else: a second opinion, 200 lines long.

It shares no code with Torchwire. Expressions are evaluated by Python itself: the documents come from the generator.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import torch
from tests.oracle.kinds import BY_TYPE, Kind
from torch import nn

Nodes = dict[str, dict[str, Any]]


class Failed:
    """In place of outputs."""


FAILED = Failed()


@dataclass
class Run:
    """What the direct run gives: by key of the document's own graph."""

    states: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, torch.Tensor]] = field(default_factory=dict)
    modules: dict[str, nn.Module] = field(default_factory=dict)  # by path
    complete: bool = True  # every module could be constructed


def evaluated(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, dict) and set(value) == {"$"}:
        return eval(value["$"], {"__builtins__": {}}, names)
    if isinstance(value, list):
        return [evaluated(item, names) for item in value]
    return value


def references(node: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for value in node.get("inputs", {}).values():
        found += value if isinstance(value, list) else [value]
    return found


def is_parameter(nodes: Nodes, reference: str) -> bool:
    """`fc.weight`: a tensor of the module, which orders nothing."""
    source, _, port = reference.partition(".")
    return port in ("weight", "bias") and nodes.get(source, {}).get("type") == "Linear"


class Reference:
    """Runs one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._blocks = document.get("blocks", {})
        self._training = document.get("training", False)
        self._arguments: dict[str, dict[str, Any] | None] = {}  # constructor arguments by path; None: not known
        self.result = Run()

    def run(self) -> Run:
        nodes = self._document["nodes"]
        names = dict(self._document.get("params", {}))
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tests take warnings for errors; what torch warns of, it computes
            with torch.random.fork_rng():
                torch.manual_seed(0)
                self._dry(nodes, names, {key: self._input(node, True) for key, node in self._inputs(nodes)}, "")
            torch.manual_seed(self._document["seed"])
            self._construct(nodes, names, "")
            arguments = {key: self._input(node) for key, node in self._inputs(nodes)}
            for module in self.result.modules.values():
                module.train(self._training)
            scope = self._run(nodes, names, arguments, "", top=True)
        for key, value in scope.items():
            if isinstance(value, dict):
                self.result.outputs[key] = value
        return self.result

    # -- shapes first: what the inputs decide ------------------------------------------------------------------------

    def _dry(self, nodes: Nodes, names: dict[str, Any], arguments: dict[str, Any], path: str) -> dict[str, Any]:
        scope: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        order, idle = self._order(nodes, names)
        waiting = [*order, *idle]
        while waiting:  # a module is inferred where it stands, so before whoever calls it, if that can be
            key = next(
                (
                    key
                    for key in waiting
                    if nodes[key].get("call") not in waiting and not self._waits(nodes, names, key, waiting)
                ),
                waiting[0],
            )
            if all(self._waits(nodes, names, each, waiting) or nodes[each].get("call") in waiting for each in waiting):
                # whoever stands in a circle of calls is inferred from the call
                key = next(each for each in waiting if not self._waits(nodes, names, each, waiting))
            waiting.remove(key)
            node = nodes[key]
            if node.get("type") == "Input":
                scope[key] = {"output": arguments[key]}
                continue
            wires = self._wires(nodes, names, node, scope, kept)
            scope[key] = self._dry_node(nodes, names, key, node, wires, path, kept, waiting)
        return scope

    def _waits(self, nodes: Nodes, names: dict[str, Any], key: str, waiting: list[str]) -> bool:
        for reference in references(nodes[key]):
            if is_parameter(nodes, reference):
                continue
            source = reference.partition(".")[0]
            while source in nodes and not evaluated(nodes[source].get("when", True), names):
                source = references(nodes[source])[0].partition(".")[0]
            if source in waiting:
                return True
        return False

    def _dry_node(
        self,
        nodes: Nodes,
        names: dict[str, Any],
        key: str,
        node: dict[str, Any],
        wires: Any,
        path: str,
        kept: dict[str, Any],
        waiting: list[str],
    ) -> Any:
        if node.get("type") == "Output":
            return wires if isinstance(wires, Failed) else {"output": wires["value"]}
        if "call" in node:
            target = kept.get(node["call"])
            if target is None and node["call"] in waiting and not isinstance(wires, Failed):
                spec = nodes[node["call"]]
                params = {name: evaluated(value, names) for name, value in spec.get("params", {}).items()}
                place = path + spec.get("attribute", node["call"])
                target = kept[node["call"]] = self._dry_module(BY_TYPE[spec["type"]], params, wires, place)
            if target is None or isinstance(wires, Failed):
                return FAILED
            return self._call(BY_TYPE[nodes[node["call"]]["type"]], target, {}, wires)
        result: Any = FAILED
        count = evaluated(node["repeat"], names) if "repeat" in node else 1
        for number in range(count):
            place = f"{path}{node.get('attribute', key)}" + (f".{number}" if "repeat" in node else "")
            inner_names = {**names, "i": number} if "repeat" in node else names
            if node["type"] in self._blocks:
                block = self._blocks[node["type"]]
                inner = {
                    **block.get("params", {}),
                    **{k: evaluated(v, inner_names) for k, v in node.get("params", {}).items()},
                }
                first = next(k for k, n in block["nodes"].items() if n.get("type") == "Input")
                given = {first: FAILED if isinstance(wires, Failed) else wires[first]}
                result = self._returned(block["nodes"], self._dry(block["nodes"], inner, given, f"{place}."))
            else:
                kind = BY_TYPE.get(node["type"])
                if kind is None:
                    return FAILED
                params = (
                    evaluated(node.get("params", {}), {})
                    if not node.get("params")
                    else {name: evaluated(value, inner_names) for name, value in node["params"].items()}
                )
                module = self._dry_module(kind, params, wires, place)
                if kind.make and module is None:
                    result = FAILED
                else:
                    kept[key] = module
                    result = FAILED if isinstance(wires, Failed) else self._call(kind, module, params, wires)
            if isinstance(result, Failed):
                wires = FAILED
            elif number + 1 < count:
                port = BY_TYPE[node["type"]].ports[0] if node["type"] in BY_TYPE else first
                wires = {**wires, port: next(iter(result.values()))}
        return result

    def _dry_module(self, kind: Kind, params: dict[str, Any], wires: Any, place: str) -> nn.Module | None:
        if kind.make is None:
            return None
        known = dict(self._arguments.get(place) or params)
        for name, infer in kind.infers:
            if name not in known:
                try:
                    first = wires[kind.ports[0]]
                    known[name] = infer(tuple(first.shape))
                except (TypeError, IndexError, AttributeError):
                    self._arguments[place] = None
                    return None
        self._arguments[place] = known
        try:
            return kind.make(known).train(self._training)
        except Exception:
            return None

    # -- construction ------------------------------------------------------------------------------------------------

    def _construct(self, nodes: Nodes, names: dict[str, Any], path: str) -> None:
        for key, node in nodes.items():
            if not evaluated(node.get("when", True), names):
                continue
            count = evaluated(node["repeat"], names) if "repeat" in node else 1
            for number in range(count):
                place = f"{path}{node.get('attribute', key)}" + (f".{number}" if "repeat" in node else "")
                inner_names = {**names, "i": number} if "repeat" in node else names
                if node.get("type") in self._blocks:
                    block = self._blocks[node["type"]]
                    given = {k: evaluated(v, inner_names) for k, v in node.get("params", {}).items()}
                    self._construct(block["nodes"], {**block.get("params", {}), **given}, f"{place}.")
                elif node.get("type") in BY_TYPE and BY_TYPE[node["type"]].make is not None:
                    self._module(BY_TYPE[node["type"]], place)
        for key, node in nodes.items():
            for port, reference in node.get("inputs", {}).items():
                if port == "weight" and node.get("type") == "Linear":
                    source = self.result.modules.get(path + reference.partition(".")[0])
                    module = self.result.modules.get(path + key)
                    if source is not None and module is not None:
                        module.weight = source.weight  # type: ignore[assignment]

    def _module(self, kind: Kind, place: str) -> None:
        arguments = self._arguments.get(place)
        if arguments is None:
            self.result.complete = False
            return
        state = torch.get_rng_state()
        try:
            assert kind.make is not None
            self.result.modules[place] = kind.make(arguments)
        except Exception:
            torch.set_rng_state(state)
            self.result.complete = False

    # -- the run -----------------------------------------------------------------------------------------------------

    def _run(self, nodes: Nodes, names: dict[str, Any], arguments: dict[str, Any], path: str, top: bool = False) -> Any:
        scope: dict[str, Any] = {}
        order, idle = self._order(nodes, names)
        for key in [*order, *(idle if top else [])]:
            node = nodes[key]
            if node.get("type") == "Input":
                scope[key], state = {"output": arguments[key]}, "ok"
            else:
                wires = self._wires(nodes, names, node, scope, self.result.modules, path)
                if isinstance(wires, Failed):
                    scope[key], state = FAILED, "error" if self._faulty(nodes, node) else "blocked"
                else:
                    scope[key] = self._run_node(nodes, names, key, node, wires, path)
                    target = nodes.get(node.get("call", ""))
                    unbuilt = (
                        target is not None and path + target.get("attribute", node["call"]) not in self.result.modules
                    )
                    fault = "blocked" if unbuilt else "error"  # the fault is where the module stands
                    state = fault if isinstance(scope[key], Failed) else "ok"
            if top:
                self.result.states[key] = state
        return scope

    def _run_node(
        self, nodes: Nodes, names: dict[str, Any], key: str, node: dict[str, Any], wires: Any, path: str
    ) -> Any:
        if node.get("type") == "Output":
            return {"output": wires["value"]}
        if "call" in node:
            kind = BY_TYPE[nodes[node["call"]]["type"]]
            module = self.result.modules.get(path + nodes[node["call"]].get("attribute", node["call"]))
            return FAILED if module is None else self._call(kind, module, {}, wires)
        result: Any = FAILED
        count = evaluated(node["repeat"], names) if "repeat" in node else 1
        for number in range(count):
            place = f"{path}{node.get('attribute', key)}" + (f".{number}" if "repeat" in node else "")
            inner_names = {**names, "i": number} if "repeat" in node else names
            if node["type"] in self._blocks:
                block = self._blocks[node["type"]]
                port = next(k for k, n in block["nodes"].items() if n.get("type") == "Input")
                given = {k: evaluated(v, inner_names) for k, v in node.get("params", {}).items()}
                inner = self._run(block["nodes"], {**block.get("params", {}), **given}, wires, f"{place}.")
                result = self._returned(block["nodes"], inner)
            else:
                kind = BY_TYPE[node["type"]]
                port = kind.many or kind.ports[0]
                module = self.result.modules.get(place)
                if kind.make and module is None:
                    return FAILED
                params = {name: evaluated(value, inner_names) for name, value in node.get("params", {}).items()}
                result = self._call(kind, module, params, wires)
            if isinstance(result, Failed):
                return FAILED
            wires = {**wires, port: next(iter(result.values()))}
        return result

    def _call(self, kind: Kind, module: Any, params: dict[str, Any], wires: Any) -> Any:
        try:
            return kind.run(module, params, wires, self._training)
        except Exception:
            return FAILED

    @staticmethod
    def _returned(nodes: Nodes, scope: dict[str, Any]) -> Any:
        found = {key: scope[key] for key, node in nodes.items() if node.get("type") == "Output"}
        if any(isinstance(value, Failed) for value in found.values()):
            return FAILED
        return {key: value["output"] for key, value in found.items()}

    # -- wires and order ---------------------------------------------------------------------------------------------

    def _faulty(self, nodes: Nodes, node: dict[str, Any]) -> bool:
        """Whether the fault is the node's own: a port without a wire, a wire from nowhere, a type that nobody knows."""
        kind = BY_TYPE.get(node.get("type", ""))
        if (
            kind is None
            and node.get("type") not in self._blocks
            and "call" not in node
            and node.get("type") != "Output"
        ):
            return True
        if kind is not None and any(port not in node.get("inputs", {}) for port in kind.ports):
            return True
        if kind is not None and "nonsense" in node.get("params", {}):
            return True
        return any(reference.partition(".")[0] not in nodes for reference in references(node))

    def _wires(
        self,
        nodes: Nodes,
        names: dict[str, Any],
        node: dict[str, Any],
        scope: dict[str, Any],
        modules: Any,
        path: str = "",
    ) -> Any:
        if self._faulty(nodes, node):
            return FAILED
        found: dict[str, Any] = {}
        for port, value in node.get("inputs", {}).items():
            if port == "weight" and node.get("type") == "Linear":
                continue
            tensors = [
                self._tensor(nodes, names, reference, scope)
                for reference in (value if isinstance(value, list) else [value])
            ]
            if any(isinstance(tensor, Failed) for tensor in tensors):
                return FAILED
            found[port] = tuple(tensors) if isinstance(value, list) else tensors[0]
        return found

    def _tensor(self, nodes: Nodes, names: dict[str, Any], reference: str, scope: dict[str, Any]) -> Any:
        key, _, port = reference.partition(".")
        while not evaluated(nodes[key].get("when", True), names):
            first = next(iter(nodes[key]["inputs"].values()))
            key, _, port = (first[0] if isinstance(first, list) else first).partition(".")
        outputs = scope.get(key, FAILED)
        if isinstance(outputs, Failed):
            return FAILED
        return outputs[port] if port in outputs else next(iter(outputs.values())) if not port else FAILED

    def _order(self, nodes: Nodes, names: dict[str, Any]) -> tuple[list[str], list[str]]:
        waits = {
            key: {r.partition(".")[0] for r in references(node) if not is_parameter(nodes, r)} & set(nodes)
            for key, node in nodes.items()
        }
        order: list[str] = []
        while True:
            ready = next((key for key in nodes if key not in order and waits[key] <= set(order)), None)
            if ready is None:
                break
            order.append(ready)
        outputs = [key for key, node in nodes.items() if node.get("type") == "Output"]
        needed = set(outputs) or set(nodes)
        for key in reversed(order):
            if key in needed:
                needed |= waits[key]
        needed |= {key for key, node in nodes.items() if node.get("type") == "Input"}
        present = [key for key in order if evaluated(nodes[key].get("when", True), names)]
        return [key for key in present if key in needed], [key for key in present if key not in needed]

    @staticmethod
    def _inputs(nodes: Nodes) -> list[tuple[str, dict[str, Any]]]:
        return [(key, node) for key, node in nodes.items() if node.get("type") == "Input"]

    @staticmethod
    def _input(node: dict[str, Any], dry: bool = False) -> torch.Tensor:
        params = node["params"]
        shape = params["shape"]
        if params.get("fill") == "randint":
            return (
                torch.zeros(shape, dtype=torch.int64)
                if dry
                else torch.randint(params.get("low", 0), params["high"], shape)
            )
        dtype = getattr(torch, params.get("dtype", "float32"))
        made: torch.Tensor = getattr(torch, params.get("fill", "randn"))(shape, dtype=dtype)
        return made
