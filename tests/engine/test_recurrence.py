"""What two short sequences tell of a long one is what torch says of the whole."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from torchwire.engine import verdict
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.sheet import Sheet

CASES = list(itertools.product(("RNN", "GRU", "LSTM"), (1, 2), (False, True), (False, True), (2, 3)))


@pytest.mark.parametrize(("type_name", "layers", "bidirectional", "batch_first", "rank"), CASES)
def test_sizes_strides_and_counts(
    type_name: str, layers: int, bidirectional: bool, batch_first: bool, rank: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: dict[str, Any] = {"num_layers": layers, "bidirectional": bidirectional, "batch_first": batch_first}
    if type_name == "LSTM":
        options["proj_size"] = 2
    with torch.device("meta"):
        module = getattr(torch.nn, type_name)(3, 4, **options)
    layer = read_catalogue().get(type_name)
    assert layer is not None
    shape = (21, 3) if rank == 2 else ((2, 21, 3) if batch_first else (21, 2, 3))
    arguments = {"input": Sheet.contiguous(shape, torch.float32)}
    found = verdict.judge(("few", options.items().__repr__()), layer, module, None, arguments, False, False)
    monkeypatch.setattr("torchwire.engine.recurrence.LONG", 1000)
    whole = verdict.judge(("whole", options.items().__repr__()), layer, module, None, arguments, False, False)
    assert found.outputs is not None
    assert found == whole
