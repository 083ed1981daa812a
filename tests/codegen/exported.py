"""Exports run as somebody else would run them: in a fresh interpreter that knows torch alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import torch

from torchwire.engine.computation import Computation
from torchwire.engine.forward import ForwardPass
from torchwire.engine.progress import Unwatched
from torchwire.plan.tree import Plan
from torchwire.verbs import VERBS

Document = dict[str, Any]

_RUNNER = """
import io, json, sys, torch, warnings
warnings.simplefilter("ignore")
for script in json.load(sys.stdin):
    said, sys.stdout = sys.stdout, io.StringIO()
    names = {"__name__": "__main__"}
    exec(compile(open(script + ".py", encoding="utf-8").read(), script, "exec"), names)
    printed, sys.stdout = sys.stdout.getvalue(), said
    assert type(names["outputs"]) is tuple and isinstance(names["model"], torch.nn.Module)
    assert not any(name.partition(".")[0] == "torchwire" for name in sys.modules)
    found = {"outputs": names["outputs"], "state": names["model"].state_dict(), "printed": printed}
    found["trainable"] = {name: each.requires_grad for name, each in names["model"].named_parameters()}
    torch.save(found, script + ".pt")
"""


def export(document: Document, format: str = "script") -> dict[str, Any]:
    """The answer of the verb, a text format."""
    answer: dict[str, Any] = orjson.loads(VERBS["export"]({"network": document, "format": format}, Unwatched()))
    return answer


def code(document: Document, format: str = "script") -> str:
    """The text of an export that must succeed."""
    answer = export(document, format)
    assert answer["content"] is not None, answer["problems"]
    text: str = answer["content"]
    return text


def run(scripts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What each script leaves: outputs, state_dict, what it printed. All run in one interpreter, each on its own."""
    with tempfile.TemporaryDirectory(prefix="torchwire-") as folder:
        paths = {name: str(Path(folder, f"s{number}")) for number, name in enumerate(scripts)}
        for name, text in scripts.items():
            Path(paths[name] + ".py").write_text(text, encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [sys.executable, "-I", "-c", _RUNNER],
            input=json.dumps(list(paths.values())),
            capture_output=True,
            text=True,
            env=environment,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return {name: torch.load(path + ".pt") for name, path in paths.items()}


def forward(document: Document) -> tuple[Plan, ForwardPass, list[str]]:
    """The canvas: the plan, its run, the codes of its errors."""
    computation = Computation({"network": document}, Unwatched())
    done = computation.forward()
    assert computation.plan is not None
    return computation.plan, done, [p.code for p in computation.problems if p.severity == "error"]


def results(plan: Plan, done: ForwardPass) -> list[torch.Tensor]:
    """What the network returns, as the canvas shows it; an absent node stands for what its first port receives."""
    found = []
    for key in plan.graph.returned:
        node, port = plan.graph.nodes[key], None
        while not node.present and node.kind != "input" and node.wires.get(node.first_port or ""):
            if port is not None and port not in node.first_outputs:
                break  # only its first output is what its first port receives
            reference = node.wires[node.first_port or ""][0]
            node, port = plan.graph.nodes[reference.node], reference.port
        if node.present:
            outputs = done.outcomes[node.path].outputs
            found.append(outputs[port] if port in outputs else next(iter(outputs.values())))
    return found


def same(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Equal to the bit, NaNs included."""
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return False
    if torch.equal(found, wanted):
        return True
    return found.contiguous().numpy().tobytes() == wanted.contiguous().numpy().tobytes() or (
        torch.equal(found.isnan(), wanted.isnan()) and torch.equal(found.nan_to_num(3.25), wanted.nan_to_num(3.25))
    )


def compare(document: Document, left: Mapping[str, Any]) -> None:
    """What a script left against the canvas: names and shapes of the state, what is trained, outputs to the bit."""
    plan, done, errors = forward(document)
    assert errors == []
    state = done.root.state_dict()
    assert list(left["state"]) == list(state)
    idle = (
        bool(plan.graph.idle) and plan.training
    )  # what no Output needs runs on the canvas only, and may keep statistics
    for name, wanted in state.items():
        assert left["state"][name].shape == wanted.shape, name
        assert idle or same(left["state"][name], wanted), name
    assert left["trainable"] == {name: each.requires_grad for name, each in done.root.named_parameters()}
    wanted_outputs = results(plan, done)
    assert len(left["outputs"]) == len(wanted_outputs)
    for number, (found, wanted) in enumerate(zip(left["outputs"], wanted_outputs, strict=True)):
        assert same(found, wanted), f"output {number} of {plan.graph.returned}"


def check(documents: Sequence[Document]) -> list[str]:
    """Exports, runs and compares all of them; their scripts."""
    scripts = [code(document) for document in documents]
    check_scripts(list(zip(documents, scripts, strict=True)))
    return scripts


def check_scripts(exported: Sequence[tuple[Document, str]]) -> None:
    """Runs the scripts of documents, and compares each with its document."""
    scripts = {str(number): script for number, (_, script) in enumerate(exported)}
    left = run(scripts)
    for number, (document, _) in enumerate(exported):
        compare(document, left.pop(str(number)))
    lint(scripts)


def lint(scripts: Mapping[str, str]) -> None:
    """ruff has nothing to say, under its own defaults and our rules."""
    with tempfile.TemporaryDirectory(prefix="torchwire-") as folder:
        for name, text in scripts.items():
            Path(folder, f"s{name}.py").write_text(text, encoding="utf-8")
        ruff = [sys.executable, "-m", "ruff"]
        layout = subprocess.run([*ruff, "format", "--isolated", "--diff", folder], capture_output=True, text=True)
        assert layout.returncode == 0, layout.stdout[:3000]
        # SIM300: a document may well have its 1 on the left of a comparison
        rules = ["--select", "E,F,I,B,UP,SIM,C4,PIE", "--ignore", "SIM300", "--output-format", "concise"]
        found = subprocess.run([*ruff, "check", "--isolated", *rules, folder], capture_output=True, text=True)
        assert found.returncode == 0, found.stdout[:3000]
