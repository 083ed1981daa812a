"""Oracle 1: torch's own module samples give torch's shapes, dtypes and values to the bit; what must fail fails there."""

from __future__ import annotations

import json
import random
import warnings
from functools import cache
from typing import Any

import pytest
import torch
from tests.oracle.module_samples import NotExpressible, Sample, document, expected, samples

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

SAMPLED = 300


@cache
def every() -> list[Sample]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return samples()


def some() -> list[Sample]:
    """At least one sample of each class in each mode, every case that must fail, others up to SAMPLED; always the same."""
    good = [sample for sample in every() if not sample.fails]
    random.Random(1).shuffle(good)
    first = list({(sample.type, sample.training): sample for sample in reversed(good)}.values())
    seen = {sample.id for sample in first}
    others = [sample for sample in good if sample.id not in seen]
    return [*first, *others[: max(0, SAMPLED - len(first))], *(sample for sample in every() if sample.fails)]


def run(network: dict[str, Any]) -> dict[str, Any]:
    """The answer's entry of the layer, and its problems."""
    body = json.dumps({"network": network, "values": "all"})
    answer = json.loads(VERBS["forward"](json.loads(body), Unwatched()))
    assert all(problem["node"] == "layer" for problem in answer["problems"]), answer["problems"]
    return {**answer["nodes"]["layer"], "problems": answer["problems"]}


def tensor_of(output: dict[str, Any]) -> torch.Tensor:
    """The tensor that an answer's output writes down."""
    dtype = getattr(torch, output["dtype"])

    def number(value: Any) -> Any:
        if isinstance(value, list):
            return [number(item) for item in value]
        return float(value) if isinstance(value, str) and dtype.is_floating_point else value

    return torch.tensor(number(output["values"]), dtype=dtype).reshape(output["shape"])


def same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Equal shapes, dtypes and bits; of NaN, JSON only says that it is one."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not a.is_floating_point():
        return torch.equal(a, b)
    nan = a.isnan()
    equal = torch.equal(nan, b.isnan()) and torch.equal(a[~nan], b[~nan])
    return equal and torch.equal(torch.signbit(a[~nan]), torch.signbit(b[~nan]))


def check(sample: Sample) -> str | None:
    """What is wrong with the engine's answer to this sample; None where it agrees with torch."""
    try:
        network = document(sample)
    except NotExpressible:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = run(network)
        try:
            wanted = expected(sample)
        except Exception as error:
            if not sample.fails:
                raise
            errors = [problem for problem in answer["problems"] if problem["severity"] == "error"]
            if answer["state"] == "error" and errors:
                return None
            return f"{sample.id} must fail, but is {answer['state']}; torch says: {error}"
    if answer["state"] != "ok":
        return f"{sample.id}: {answer['problems']}"
    found = [tensor_of(output) for output in answer["outputs"].values()]
    if len(found) != len(wanted):
        return f"{sample.id}: outputs {list(answer['outputs'])}, torch gives {len(wanted)}"
    for port, a, b in zip(answer["outputs"], found, wanted, strict=True):
        if not same_bits(a, b):
            return f"{sample.id}.{port}: {a.dtype} {tuple(a.shape)}, torch gives {b.dtype} {tuple(b.shape)}:\n{a}\n{b}"
    return None


@pytest.mark.parametrize("sample", some(), ids=lambda sample: sample.id)
def test_a_sample_agrees_with_torch(sample: Sample) -> None:
    assert check(sample) is None


@pytest.mark.proof
def test_every_sample_agrees_with_torch() -> None:
    faults = [fault for sample in every() if (fault := check(sample)) is not None]
    assert not faults, "\n".join(faults[:20]) + f"\n{len(faults)} in all"
