"""The gallery's image networks beside torchvision's own, where that is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from tests.gallery.beside import compare, sampled
from tests.gallery.gallery import IMAGE, analyzed
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

# Where torchvision's builder has another name, or options.
TORCHVISION: dict[str, tuple[str, dict[str, Any]]] = {
    "vit": ("vit_b_16", {}),
    "googlenet": ("googlenet", {"aux_logits": False, "init_weights": False}),
    "squeezenet": ("squeezenet1_0", {}),
}


@pytest.fixture(scope="module")
def torchvision() -> Iterator[Callable[..., nn.Module]]:
    """A model of torchvision by name. Its package is built for GPUs: beside a CPU's torch two operators are missing."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    models = pytest.importorskip("torchvision.models", reason="torchvision is no dependency; here it is an oracle")
    yield lambda name, **options: models.get_model(name, weights=None, **options)


@pytest.mark.parametrize("id", sampled(IMAGE))
def test_as_in_torchvision(id: str, torchvision: Callable[..., nn.Module]) -> None:
    name, options = TORCHVISION.get(id, (id, {}))
    compare(id, torchvision(name, **options))


@pytest.mark.parametrize("id", IMAGE)
def test_multiply_adds_as_in_torchvision(id: str, torchvision: Callable[..., nn.Module]) -> None:
    name, options = TORCHVISION.get(id, (id, {}))
    with torch.device("meta"):
        model = torchvision(name, **options)
        counter = FlopCounterMode(display=False)
        with counter, torch.no_grad():
            model(torch.empty(1, 3, 224, 224))
    assert analyzed(id)["totals"]["macs"] == counter.get_total_flops() // 2
