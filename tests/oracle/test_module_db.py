"""Oracle 1: torch's own module samples give torch's shapes, dtypes and values to the bit; what must fail fails."""

from __future__ import annotations

import json
import random
import warnings
from functools import cache
from typing import Any

import pytest
import torch
from tests.oracle.module_samples import (
    EQUAL,
    FAILED,
    NOT_EXPRESSIBLE,
    NotExpressible,
    Sample,
    document,
    expected,
    samples,
)
from tests.oracle.module_table import Table
from tests.oracle.sections import write_section

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

SAMPLED = 300


@cache
def every(dtype: torch.dtype = torch.float32) -> list[Sample]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return samples(dtype)


def some() -> list[Sample]:
    """One sample of each class in each mode, others up to SAMPLED, every case that must fail; always the same."""
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


def check(sample: Sample) -> str:
    """Compares the engine's answer with torch: EQUAL, FAILED or NOT_EXPRESSIBLE. Raises AssertionError."""
    try:
        network = document(sample)
    except NotExpressible:
        return NOT_EXPRESSIBLE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = run(network)
        try:
            wanted = expected(sample)
        except Exception as error:
            if not sample.fails:
                raise
            assert answer["state"] == "error", f"{sample.id} is {answer['state']}; torch says: {error}"
            assert any(problem["severity"] == "error" for problem in answer["problems"]), sample.id
            return FAILED
    # some cases fail in one mode only: BatchNorm takes eps=0 in eval
    assert answer["state"] == "ok", f"{sample.id}: {answer['problems']}"
    found = {port: tensor_of(output) for port, output in answer["outputs"].items()}
    assert len(found) == len(wanted), f"{sample.id}: outputs {list(found)}, torch gives {len(wanted)}"
    for (port, ours), theirs in zip(found.items(), wanted, strict=True):
        assert same_bits(ours, theirs), f"{sample.id}.{port}:\n{ours}\ntorch gives\n{theirs}"
    return EQUAL


@pytest.mark.parametrize("sample", some(), ids=lambda sample: sample.id)
def test_a_sample_agrees_with_torch(sample: Sample) -> None:
    assert check(sample) in (EQUAL, FAILED, NOT_EXPRESSIBLE)


def test_nearly_all_of_module_db_is_expressible() -> None:
    outside = [sample.id for sample in every() if not _expressible(sample)]
    assert len(every()) > 3700 and len(outside) <= 4, outside


def _expressible(sample: Sample) -> bool:
    try:
        document(sample)
    except NotExpressible:
        return False
    return True


@pytest.mark.proof
def test_every_sample_agrees_with_torch() -> None:
    """All dtypes of module_db that a document can write in Inputs and compute with on CPU."""
    table = Table()
    faults = []
    for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
        for sample in every(dtype):
            try:
                table.add(sample, check(sample))
            except AssertionError as fault:
                faults.append(str(fault)[:500])
    assert not faults, "\n".join(faults[:20]) + f"\n{len(faults)} in all"
    write_section("oracle.md", "module_db", table.render())
