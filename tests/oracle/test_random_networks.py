"""Random networks, right and wrong, against the same network run directly in torch, to the bit."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import orjson
import pytest
import torch
from tests.oracle.networks import random_network
from tests.oracle.reference import Reference, Run
from tests.oracle.sections import write_section

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

SAMPLE = 600
WHOLE = 20_000
FEATURES = ("training", "block", "repeat", "shared", "tied", "several outputs")


def numbers(values: Any) -> Any:
    if isinstance(values, list):
        return [numbers(item) for item in values]
    return float(values) if isinstance(values, str) else values


def tensor(entry: dict[str, Any]) -> torch.Tensor:
    made = torch.tensor(numbers(entry["values"]), dtype=getattr(torch, entry["dtype"]))
    return made.reshape(entry["shape"])


def same(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Equal to the bit, NaNs included."""
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return False
    return (
        bool(torch.equal(found, wanted))
        or found.numpy().tobytes() == wanted.contiguous().numpy().tobytes()
        or (
            bool(torch.equal(found.isnan(), wanted.isnan()))
            and bool(torch.equal(found.nan_to_num(math.pi), wanted.nan_to_num(math.pi)))
        )
    )


def compare(document: dict[str, Any]) -> str:
    """Compares one network; what became of it: ok, error (a node fails in torch), invalid (a wrong document)."""
    answer = orjson.loads(VERBS["forward"]({"network": document, "values": "all", "parameters": "all"}, Unwatched()))
    run = Reference(document).run()
    states = {key: node["state"] for key, node in answer["nodes"].items() if key in run.states}
    different = {
        key: (found, run.states[key])
        for key, found in states.items()
        if found != run.states[key] and not (run.states[key] == "error" and told_at_another_use(document, answer, key))
    }
    assert not different and set(states) == set(run.states), f"(found, wanted) {different}"
    for key, outputs in run.outputs.items():
        found = answer["nodes"][key]["outputs"]
        assert list(found) == list(outputs), key
        for name, wanted in outputs.items():
            assert same(tensor(found[name]), wanted), f"{key}.{name}"
    parameters(answer, document, run)
    analyzed = orjson.loads(VERBS["analyze"]({"network": document}, Unwatched()))
    agree(answer, analyzed)
    if answer["ok"]:
        return "ok"
    codes = {problem["code"] for problem in answer["problems"] if problem["severity"] == "error"}
    return "invalid" if codes & {"unknown-type", "missing-wire", "dangling-reference", "unknown-param"} else "error"


def told_at_another_use(document: dict[str, Any], answer: dict[str, Any], key: str) -> bool:
    """Whether a use of a block waits for another one, at which the fault of their common definition is told."""
    node = answer["nodes"][key]
    uses = {
        name for name, other in document["nodes"].items() if other.get("type") == document["nodes"][key].get("type")
    }
    roots = [root.partition(".")[0] for root in node["blocked_by"]]
    return (
        node["state"] == "blocked"
        and document["nodes"][key].get("type") in document.get("blocks", {})
        and bool(roots)
        and all(root in uses - {key} and answer["nodes"][root]["state"] == "error" for root in roots)
    )


def parameters(answer: dict[str, Any], document: dict[str, Any], run: Run) -> None:
    """Every module that ran has these weights, running statistics included, and the count is theirs."""
    for path, module in run.modules.items():
        key = path.partition(".")[0]
        entry = answer["nodes"][key]
        if entry["state"] != "ok" or any(node.get("call") == key for node in document["nodes"].values()):
            continue  # a call that fails may have counted its batch before it raised
        for kind, tensors in (("parameters", module.named_parameters()), ("buffers", module.named_buffers())):
            for name, wanted in tensors:
                full = f"{path}.{name}".removeprefix(f"{key}.")
                assert same(tensor(entry[kind][full]), wanted.detach()), f"{path}.{name}"
    if run.complete:
        unique = {
            id(parameter): parameter.numel() for module in run.modules.values() for parameter in module.parameters()
        }
        assert answer["totals"]["parameters"] == sum(unique.values()), "the total of parameters"


def agree(answer: dict[str, Any], analyzed: dict[str, Any]) -> None:
    """`analyze` never contradicts `forward`."""
    for key, node in answer["nodes"].items():
        for name, entry in analyzed["nodes"][key]["outputs"].items():
            if entry["shape"] is not None and name in node["outputs"]:
                assert entry["shape"] == node["outputs"][name]["shape"], f"{key}.{name}"
                assert entry["dtype"] == node["outputs"][name]["dtype"], f"{key}.{name}"
        if node["state"] == "ok":
            assert analyzed["nodes"][key]["state"] == "ok", key
    if not analyzed["ok"]:
        assert not answer["ok"], "analyze finds an error that forward does not"


def outcomes(first: int, count: int) -> tuple[Counter[str], list[str]]:
    """Counts by outcome and by feature, and every difference."""
    found: Counter[str] = Counter()
    different: list[str] = []
    for number in range(first, first + count):
        document = random_network(number)
        try:
            found[compare(document)] += 1
        except AssertionError as error:
            different.append(f"network {number}: {str(error)[:300]}\n{orjson.dumps(document).decode()}")
        for feature in features(document):
            found[feature] += 1
    return found, different


def features(document: dict[str, Any]) -> set[str]:
    nodes = list(document["nodes"].values())
    inner = [node for block in document.get("blocks", {}).values() for node in block["nodes"].values()]
    found = {"training"} if document["training"] else set()
    found |= {"block"} if inner else set()
    found |= {"repeat"} if any("repeat" in node for node in nodes) else set()
    found |= {"shared"} if any("call" in node for node in nodes + inner) else set()
    found |= {"tied"} if any("weight" in node.get("inputs", {}) for node in nodes + inner) else set()
    found |= {"several outputs"} if any(node.get("type") in ("LSTM", "GRU", "chunk") for node in nodes) else set()
    return found


@pytest.mark.parametrize("part", range(6))
def test_a_sample_of_random_networks(part: int) -> None:
    found, different = outcomes(part * SAMPLE // 6, SAMPLE // 6)
    assert not different, different[0]
    assert found["ok"] >= 0.4 * SAMPLE / 6
    assert found["error"] + found["invalid"] >= 0.1 * SAMPLE / 6


@pytest.mark.proof
def test_all_random_networks() -> None:
    found: Counter[str] = Counter()
    different: list[str] = []
    step = WHOLE // 20
    with ProcessPoolExecutor(2, get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        for counted, faults in pool.map(outcomes, range(0, WHOLE, step), [step] * 20):
            found += counted
            different += faults
    assert not different, "\n".join([fault.partition("\n")[0] for fault in different] + different[:1])
    assert found["ok"] >= 0.4 * WHOLE
    write_section("oracle.md", "random networks", render(found))


def render(found: Counter[str]) -> str:
    """The section of docs/oracle.md."""
    rows = [
        ("valid: every output, parameter and running statistic equal to the bit", "ok"),
        ("a node fails in torch: the same node is the error, the rest equal to the bit", "error"),
        ("a wrong document: the fault on its node, the rest equal to the bit", "invalid"),
    ]
    table = "".join(f"| {what} | {found[name]:,} |\n" for what, name in rows)
    counted = ", ".join(f"{name} {found[name]:,}" for name in FEATURES)
    return (
        "## Oracle 2: random networks\n\n"
        f"{WHOLE:,} networks drawn at random, each run by Torchwire and directly in torch "
        f"(`tests/oracle/reference.py`), {datetime.date.today().isoformat()}.\n\n"
        f"| outcome | networks |\n|---|---|\n{table}\nAmong them: {counted}.\n"
    )
