"""Every text of the list is read as torch runs it, to the bit, or told by line. No loss is silent."""

from __future__ import annotations

import random
import sys
import types
import warnings
from typing import Any

import pytest
import torch
from tests.reading.adversarial import CASES
from tests.reading.texts import imported, run

X = torch.linspace(-1.3, 1.7, 8).reshape(2, 4)
SAMPLE = random.Random(7).sample(sorted(CASES), 60)


def tensors(value: Any) -> list[torch.Tensor]:
    """Those in a result, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [found for part in parts for found in tensors(part)]


def torchs(text: str, monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """What torch gives for the source: the network made with seed 0, in eval mode. Those that change torch are told."""
    module = types.ModuleType("text_of_the_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    torch.manual_seed(0)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's about names that it gives up
        exec(compile(text, "text", "exec"), module.__dict__)  # the oracle: a text of ours, in the test's own process
        torch.manual_seed(0)
        network = module.Net().eval()
        return tensors(network(X.clone()))


def check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, code, line = CASES[name]
    found = imported(text, inputs={"x": {"shape": [2, 4], "fill": "values", "values": X.tolist()}})
    told = {(problem["code"], problem["line"]) for problem in found["problems"]}
    if code:
        assert (code, line) in told
        return
    assert not [problem for problem in found["problems"] if problem["severity"] == "error"]
    _, ours = run(found["networks"][0])
    theirs = torchs(text, monkeypatch)
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.dtype == other.dtype
        assert torch.equal(one, other)


@pytest.mark.parametrize("name", SAMPLE)
def test_it_is_what_torch_runs_or_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(name, monkeypatch)


@pytest.mark.proof
@pytest.mark.parametrize("name", CASES)
def test_each_of_them_is_what_torch_runs_or_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(name, monkeypatch)
