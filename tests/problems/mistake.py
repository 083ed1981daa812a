"""One mistake as a student makes it, and what must be said about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.problems.patching import applied

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS


def answer(verb: str, network: dict[str, Any], **request: Any) -> dict[str, Any]:
    """The answer of a verb."""
    found: dict[str, Any] = json.loads(VERBS[verb]({"network": network, **request}, Unwatched()))
    return found


def node(type: str, input: Any = None, *, inputs: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    """A node; `input` is wired to the port `input`."""
    made: dict[str, Any] = {"type": type}
    if params:
        made["params"] = params
    wires = ({"input": input} if input is not None else {}) | (inputs or {})
    return made | ({"inputs": wires} if wires else {})


def network(*, training: bool = False, blocks: dict[str, Any] | None = None, **nodes: Any) -> dict[str, Any]:
    """A document; nodes in the order given."""
    made: dict[str, Any] = {"format": "torchwire/1", "name": "Mistake", "seed": 1, "training": training, "nodes": nodes}
    return made | ({"blocks": blocks} if blocks else {})


def chain(*shape: int, dtype: str | None = None, training: bool = False, **layers: Any) -> dict[str, Any]:
    """A document of layers in a row behind an Input `x`; a layer is (type, params)."""
    params: dict[str, Any] = {"shape": list(shape)}
    if dtype is not None:
        params |= {"dtype": dtype} | ({"fill": "randint"} if dtype.startswith(("int", "uint")) else {})
    nodes, last = {"x": {"type": "Input", "params": params}}, "x"
    for key, (type_name, given) in layers.items():
        nodes[key] = node(type_name, last, **given)
        last = key
    return network(training=training, **nodes)


@dataclass(frozen=True)
class Mistake:
    """`says` are pieces of the message; `fixes` how many repairs are offered; `verbs` where it is found."""

    code: str
    node: str | None
    network: dict[str, Any]
    fixes: int
    says: tuple[str, ...] = ()
    param: str | None = None
    port: str | None = None
    severity: str = "error"
    verbs: tuple[str, ...] = ("analyze", "forward")
    id: str = ""
    blocked: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.id or self.code

    def problem(self, verb: str) -> dict[str, Any]:
        """The problem about it, found once and with nothing else beside it."""
        given = answer(verb, self.network)
        found = [p for p in given["problems"] if p["code"] == self.code and p["node"] == self.node]
        assert len(found) == 1, [(p["code"], p["node"], p["message"]) for p in given["problems"]]
        others = [p for p in given["problems"] if p is not found[0]]
        assert others == [], others
        assert given["ok"] == (self.severity != "error")
        if self.severity == "error" and self.node in given["nodes"]:
            assert given["nodes"][self.node]["state"] in ("error", "skipped")
        for key in self.blocked:
            assert given["nodes"][key]["state"] in ("blocked", "skipped"), key
        return found[0]

    def check(self) -> None:
        """The problem is there, is well made, and every fix makes it disappear."""
        for verb in self.verbs:
            found = self.problem(verb)
            assert found["severity"] == self.severity
            for piece in self.says:
                assert piece in found["message"], found["message"]
            assert len(found["message"].splitlines()) <= 3
            assert self.param is None or found["param"] == self.param
            assert self.port is None or found["port"] == self.port
            assert len(found["fixes"]) == self.fixes, [fix["title"] for fix in found["fixes"]]
            for fix in found["fixes"]:
                self.check_fix(verb, fix)

    def check_fix(self, verb: str, fix: dict[str, Any]) -> None:
        patch = fix["patch"]
        assert patch[0]["op"] == "test", fix["title"]
        mended = applied(self.network, patch)
        after = answer(verb, mended)
        left = [(p["code"], p["node"], p["message"]) for p in after["problems"]]
        assert not any(code == self.code and where == self.node for code, where, _ in left), (fix["title"], left)
        assert not any(p["severity"] == "error" for p in after["problems"]), (fix["title"], left)
        # everything else stands as it stood, in its place
        old, new = self.network["nodes"], mended["nodes"]
        assert list(new)[: len(old)] == list(old), fix["title"]
        changed = {key for key in old if old[key] != new[key]}
        assert len(changed) <= 1, (fix["title"], changed)
