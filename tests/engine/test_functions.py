"""Every function and tensor method against the same thing written in torch, to the bit."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from tests.engine.cases import layers, losses, numbers, tensors  # noqa: F401  (they fill CASES)
from tests.engine.cases.tools import CASES, Case

from torchwire.catalogue.functions import FUNCTIONS
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

SEED = 11


def literal(value: Any) -> Any:
    """A tensor's values as a document holds them."""
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value


def source(tensor: torch.Tensor) -> dict[str, Any]:
    dtype = str(tensor.dtype).removeprefix("torch.")
    params = {"shape": list(tensor.shape), "dtype": dtype, "fill": "values", "values": literal(tensor.tolist())}
    return {"type": "Input", "params": params}


def document(case: Case) -> dict[str, Any]:
    """The network of one case: an Input per tensor (the first is called x), and the node f."""
    nodes: dict[str, Any] = {}
    wires: dict[str, Any] = {}
    for port, value in case.ports.items():
        keys = []
        for tensor in value if isinstance(value, list) else [value]:
            keys.append("x" if not nodes else f"x{len(nodes)}")
            nodes[keys[-1]] = source(tensor)
        wires[port] = keys if isinstance(value, list) else keys[0]
    nodes["f"] = {"type": case.type, "params": case.params, "inputs": wires}
    return {"format": "torchwire/1", "name": "case", "seed": SEED, "training": case.training, "nodes": nodes}


def ask(verb: str, network: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(VERBS[verb]({"network": network, "values": "all"}, Unwatched()))
    return answer


def expected(case: Case) -> dict[str, torch.Tensor]:
    given = {
        port: [tensor.clone() for tensor in value] if isinstance(value, list) else value.clone()
        for port, value in case.ports.items()
    }
    if case.type == "getitem" and "index" in given and not isinstance(given["index"], list):
        given["index"] = [given["index"]]
    torch.manual_seed(SEED)
    with torch.no_grad():
        result = case.direct(**given)
    results = [result] if isinstance(result, torch.Tensor) else list(result)
    names = case.outputs or ("output",)
    assert len(names) == len(results), "the case names another number of outputs than torch gives"
    return dict(zip(names, results, strict=True))


def bits(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor's bits, every NaN alike."""
    if not tensor.is_floating_point():
        return tensor.contiguous()
    whole = {2: torch.int16, 4: torch.int32, 8: torch.int64}[tensor.element_size()]
    return torch.where(tensor.isnan(), torch.full_like(tensor, float("nan")), tensor).contiguous().view(whole)


def read(output: dict[str, Any]) -> torch.Tensor:
    special = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}

    def number(value: Any) -> Any:
        return [number(item) for item in value] if isinstance(value, list) else special.get(value, value)

    dtype = getattr(torch, output["dtype"])
    return torch.tensor(number(output["values"]), dtype=dtype).reshape(output["shape"])


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.filterwarnings("ignore")  # torch warns in the direct expression too
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case_equals_torch(case: Case) -> None:
    network = document(case)
    want = expected(case)
    answer = ask("forward", network)
    assert answer["problems"] == [] or all(p["severity"] != "error" for p in answer["problems"]), answer["problems"]
    node = answer["nodes"]["f"]
    assert node["state"] == "ok"
    assert list(node["outputs"]) == list(want)
    for name, tensor in want.items():
        output = node["outputs"][name]
        assert (output["shape"], output["dtype"]) == (list(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        assert torch.equal(bits(read(output)), bits(tensor)), f"{name}: {output['values']} is not {tensor}"
    shapes = ask("analyze", network)["nodes"]["f"]
    assert shapes["state"] == "ok", "analyze finds a fault where forward runs"
    for name, output in shapes["outputs"].items():
        if output["shape"] is not None:  # only values decide it
            assert (output["shape"], output["dtype"]) == (list(want[name].shape), node["outputs"][name]["dtype"])
            assert list(shapes["outputs"]) == list(want)


def test_every_function_has_a_case() -> None:
    assert {entry.name for entry in FUNCTIONS} == {case.type for case in CASES}


def test_analyze_judges_all_but_what_values_decide() -> None:
    """A shape that analyze leaves open is one that no reading of shapes could tell."""
    unjudged = set()
    for case in CASES:
        outputs = ask("analyze", document(case))["nodes"]["f"]["outputs"]
        if any(output["shape"] is None for output in outputs.values()):
            unjudged.add(case.type)
    assert unjudged == {"getitem", "one_hot", "repeat_interleave", "masked_select", "nonzero", "ctc_loss"}
