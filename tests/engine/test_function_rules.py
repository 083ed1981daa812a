"""What the document format says about functions, beyond what each computes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from tests.engine.test_functions import ask, read

X = {"type": "Input", "params": {"shape": [2, 3], "fill": "values", "values": [[-1, 2, -3], [4, -5, 6]]}}
x = torch.tensor([[-1.0, 2.0, -3.0], [4.0, -5.0, 6.0]])


def network(training: bool = False, **nodes: Any) -> dict[str, Any]:
    return {"format": "torchwire/1", "name": "rules", "training": training, "nodes": {"x": X, **nodes}}


def node(type: str, params: dict[str, Any] | None = None, **inputs: Any) -> dict[str, Any]:
    return {"type": type, "params": params or {}, "inputs": inputs}


def problems(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["node"], problem["code"]) for problem in answer["problems"]]


@pytest.mark.parametrize(
    "f, direct",
    [
        (node("relu", {"inplace": True}, input="x"), F.relu),
        (node("elu", {"inplace": True, "alpha": 2}, input="x"), lambda x: F.elu(x, 2.0)),
        (node("dropout", {"inplace": True, "training": True}, input="x"), None),
    ],
)
def test_inplace_is_computed_out_of_place(f: dict[str, Any], direct: Any) -> None:
    answer = ask("forward", network(f=f))
    assert answer["nodes"]["f"]["state"] == "ok"
    assert torch.equal(read(answer["nodes"]["x"]["outputs"]["output"]), x)
    got = read(answer["nodes"]["f"]["outputs"]["output"])
    torch.manual_seed(0)
    want = direct(x) if direct else F.dropout(x, training=True)
    assert torch.equal(got, want)


def test_two_numbers_are_no_tensor() -> None:
    answer = ask("forward", network(f=node("add", {"input": 1, "other": 2})))
    assert problems(answer) == [("f", "torch-error")]
    assert "wire a tensor" in answer["problems"][0]["message"]


@pytest.mark.parametrize(
    "f",
    [
        node("add", {"other": 1}, input="x", other="x"),
        node("getitem", {"index": "0"}, input="x", index="x"),
        node("clamp", {"min": 0}, input="x", min="x"),
    ],
)
def test_a_number_and_a_wire_for_one_argument(f: dict[str, Any]) -> None:
    for verb in ("analyze", "forward"):
        answer = ask(verb, network(f=f))
        assert problems(answer) == [("f", "bad-param")]
        value, wire = answer["problems"][0]["fixes"]
        assert value["patch"][0]["op"] == wire["patch"][0]["op"] == "test"
        assert [fix["patch"][-1]["op"] for fix in (value, wire)] == ["remove", "remove"]
        assert value["patch"][-1]["path"].startswith("/nodes/f/params/")
        assert wire["patch"][-1]["path"].startswith("/nodes/f/inputs/")


@pytest.mark.parametrize("f, port", [
    (node("add", {"other": 1}), "input"),
    (node("masked_fill", {"value": 0}, input="x"), "mask"),
    (node("masked_fill", input="x", mask="x"), "value"),
    (node("getitem", input="x"), "index"),
    (node("cat", {"dim": 1}), "tensors"),
    (node("where", {"input": 0, "other": 1}), "condition"),
])  # fmt: skip
def test_a_missing_argument_is_named(f: dict[str, Any], port: str) -> None:
    answer = ask("forward", network(f=f))
    assert [(problem["code"], problem["port"]) for problem in answer["problems"]] == [("missing-wire", port)]


@pytest.mark.parametrize("f", [
    node("zeros", {"size": [10**6, 10**6]}),
    node("arange", {"end": 10**12}),
    node("rand", {"size": [10**12]}),
    node("eye", {"n": 10**6}),
    node("full", {"size": [2**53], "fill_value": 1}),
    node("linspace", {"start": 0, "end": 1, "steps": 10**12}),
    node("repeat", {"repeats": [10**6, 10**6]}, input="x"),
    node("expand", {"size": [10**10, 2, 3]}, input="x"),
    node("tile", {"dims": [10**6, 10**6]}, input="x"),
    node("pad", {"pad": [0, 10**12]}, input="x"),
    node("repeat_interleave", {"repeats": 10**12}, input="x"),
    node("multinomial", {"num_samples": 10**12, "replacement": True}, input="abs"),
])  # fmt: skip
def test_what_is_too_large_is_told_before_it_is_allocated(f: dict[str, Any]) -> None:
    nodes = {"abs": node("abs", input="x"), "f": f, "after": node("relu", input="f")}
    answer = ask("forward", network(**nodes))
    assert ("f", "limit-elements") in problems(answer)
    assert answer["nodes"]["f"]["state"] == answer["nodes"]["after"]["state"] == "skipped"
    assert answer["nodes"]["f"]["outputs"]["output"]["shape"]
    assert ask("analyze", network(**nodes))["nodes"]["f"]["outputs"] == answer["nodes"]["f"]["outputs"]


def test_a_list_has_the_ports_that_the_run_gives() -> None:
    chunk = node("chunk", {"chunks": 4, "dim": 1}, input="wide")
    nodes = {"wide": node("ones", {"size": [2, 5]}), "c": chunk}
    for verb in ("analyze", "forward"):
        answer = ask(verb, network(**nodes, last=node("relu", input="c.2"), none=node("relu", input="c.3")))
        assert list(answer["nodes"]["c"]["outputs"]) == ["0", "1", "2"]
        assert answer["nodes"]["last"]["outputs"]["output"]["shape"] == [2, 1]
        assert problems(answer) == [("none", "unknown-output")]


def test_max_has_one_output_or_two() -> None:
    whole = {"m": node("max", input="x"), "f": node("relu", input="m")}
    assert ask("forward", network(**whole))["nodes"]["f"]["outputs"]["output"]["values"] == 6
    row = {"m": node("max", {"dim": 1}, input="x"), "f": node("relu", input="m.values")}
    assert ask("forward", network(**row))["nodes"]["f"]["outputs"]["output"]["values"] == [2, 6]
    wrong = {"m": node("max", input="x"), "f": node("relu", input="m.indices")}
    for verb in ("analyze", "forward"):
        assert problems(ask(verb, network(**wrong))) == [("f", "unknown-output")]


def test_a_mask_is_computed_once_in_init() -> None:
    nodes = {
        "ones": node("ones", {"size": [3, 3]}),
        "tril": node("tril", input="ones"),
        "mask": {"type": "Constant", "inputs": {"value": "tril"}},
        "f": node("mul", input="x", other="mask_row"),
        "mask_row": node("getitem", {"index": "1"}, input="mask"),
    }
    answer = ask("forward", network(**nodes))
    assert answer["ok"], answer["problems"]
    assert torch.equal(read(answer["nodes"]["f"]["outputs"]["output"]), x * torch.ones(3, 3).tril()[1])


@pytest.mark.parametrize(
    "name", ["relu_", "add_", "empty", "empty_like", "zero_", "__add__", "backward", "numpy", "item"]
)
def test_what_is_not_offered(name: str) -> None:
    assert problems(ask("forward", network(f=node(name, input="x")))) == [("f", "unknown-type")]


@pytest.mark.parametrize("param", ["out", "device", "layout", "requires_grad", "generator", "memory_format"])
def test_arguments_that_are_not_offered(param: str) -> None:
    answer = ask("forward", network(f=node("zeros_like", {param: "cpu"}, input="x")))
    assert problems(answer) == [("f", "unknown-param")]


def test_a_fault_stays_where_it_is() -> None:
    nodes = {
        "good": node("relu", input="x"),
        "bad": node("matmul", input="x", other="x"),
        "after": node("relu", input="bad"),
        "also": node("sum", {"dim": 0}, input="good"),
    }
    answer = ask("forward", network(**nodes))
    states = {key: entry["state"] for key, entry in answer["nodes"].items()}
    assert states == {"x": "ok", "good": "ok", "bad": "error", "after": "blocked", "also": "ok"}
    assert {problem["node"] for problem in answer["problems"]} == {"bad"}


def test_a_random_function_draws_in_its_place() -> None:
    """The run follows the document's order, and shapes draw nothing."""
    nodes = {"a": node("rand", {"size": [2]}), "b": node("randn_like", input="x"), "c": node("bernoulli", input="a")}
    answer = ask("forward", {**network(**nodes), "seed": 5})["nodes"]
    torch.manual_seed(5)
    a, b = torch.rand(2), torch.randn_like(x)
    for key, want in {"a": a, "b": b, "c": torch.bernoulli(a)}.items():
        assert torch.equal(read(answer[key]["outputs"]["output"]), want)


def test_a_kernel_that_torch_never_gets_through_is_refused() -> None:
    """Run as it stands, it is a loop of 10**12 steps."""
    nodes = {"f": node("max_pool1d", {"kernel_size": 10**12}, input="x")}
    for verb in ("analyze", "forward"):
        assert problems(ask(verb, network(**nodes))) == [("f", "pool-size")]
