"""A twin computes the same from the same memory, and what is done to its parameters does not reach the first."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from torchwire.engine.twin import can_be_shared, twin

MODULES = {
    "Linear": (lambda: nn.Linear(4, 3), (torch.randn(2, 4),)),
    "LSTM": (lambda: nn.LSTM(4, 3, 2, bidirectional=True), (torch.randn(5, 2, 4),)),
    "GRUCell": (lambda: nn.GRUCell(4, 3), (torch.randn(2, 4),)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(4), (torch.randn(2, 4),)),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(4, 2), (torch.randn(5, 2, 4),) * 3),
    "TransformerEncoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2, enable_nested_tensor=False),
        (torch.randn(5, 2, 4),),
    ),
    "AdaptiveLogSoftmaxWithLoss": (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(32, 10, [3, 6]),
        (torch.randn(2, 32), torch.tensor([1, 7])),
    ),
    "CrossEntropyLoss": (
        lambda: nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5, 1.0])),
        (torch.randn(2, 4), torch.tensor([1, 3])),
    ),
}


def flat(value: object) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value for tensor in flat(item)] if isinstance(value, tuple) else []


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("training", [False, True])
def test_a_twin_computes_the_same_bits(name: str, training: bool) -> None:
    make, arguments = MODULES[name]
    first = make().train(training)
    assert can_be_shared(first)
    second = twin(first, lambda new, old: None)
    assert str(second) == str(first)
    assert list(second.state_dict()) == list(first.state_dict())
    with torch.no_grad():
        torch.manual_seed(0)
        expected = flat(first(*arguments))
        torch.manual_seed(0)
        found = flat(second(*arguments))
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", MODULES)
def test_a_twin_is_changed_alone(name: str) -> None:
    first = MODULES[name][0]().train()
    before = {key: value.clone() for key, value in first.state_dict().items()}
    second = twin(first, lambda new, old: None)
    for parameter in second.parameters():
        parameter.requires_grad_(False)
        parameter.data = torch.zeros_like(parameter)
    for buffer in second.buffers():
        buffer.zero_()
    second.eval()
    assert first.training
    assert all(parameter.requires_grad for parameter in first.parameters())
    assert all(torch.equal(value, before[key]) for key, value in first.state_dict().items())


def test_weights_that_are_one_stay_one() -> None:
    first = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    first[1].weight = first[0].weight
    second = twin(first, lambda new, old: None)
    assert second[0].weight is second[1].weight
    assert second[0].weight is not first[0].weight


@pytest.mark.parametrize(
    "module",
    [
        nn.Embedding(4, 3, max_norm=1.0),
        nn.utils.parametrizations.spectral_norm(nn.Linear(3, 3)),
        nn.utils.parametrizations.weight_norm(nn.Linear(3, 3)),
    ],
)
def test_what_a_run_changes_in_secret_is_not_shared(module: nn.Module) -> None:
    assert not can_be_shared(module)
