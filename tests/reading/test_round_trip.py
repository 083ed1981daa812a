"""Back from export: the script of a network, read again, is the same network to the bit.

Parameters, weights by the same seed, names and outputs. The document itself may be written in other words: blocks come
back by their content, without parameters, and a `repeat` as its copies.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tests.reading.texts import imported, run

from torchwire.engine.progress import Unwatched
from torchwire.verbs import VERBS

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / "tests" / "conformance" / "networks", ROOT / "backend" / "torchwire" / "gallery")
FILES = {path.stem: path for place in PLACES for path in sorted(place.glob("*.json"))}
SAMPLE = ["LeNet", "MobileNetV2", "LSTM_encoder_decoder", "tied_autoencoder", "Siamese", "06_activations", "ResNet_18"]
# their weights are initialised by rules inside blocks, or by name: told as import-order
OTHER_ORDER = {"GPT_2_small", "33_gpt2", "35_smollm"}


def check(name: str) -> None:
    given = json.loads(FILES[name].read_text("utf-8"))
    network = given.get("network", given)
    script = json.loads(VERBS["export"]({"network": network, "format": "script"}, Unwatched()))["content"]
    found = imported(script)
    assert [problem["message"] for problem in found["problems"] if problem["severity"] == "error"] == []
    old, outputs = run(network)
    new, again = run(found["networks"][0])
    assert list(old.state_dict()) == list(new.state_dict())
    told = {problem["code"] for problem in found["problems"]}
    assert ("import-order" in told) == (name in OTHER_ORDER)
    if name in OTHER_ORDER:
        return
    for key, value in old.state_dict().items():
        assert torch.equal(value, new.state_dict()[key]), key
    assert len(outputs) == len(again)
    for one, other in zip(outputs, again, strict=True):
        assert torch.equal(one.nan_to_num(), other.nan_to_num())


@pytest.mark.parametrize("name", SAMPLE)
def test_a_script_is_the_network_again(name: str) -> None:
    check(name)


@pytest.mark.proof
@pytest.mark.parametrize("name", FILES)
def test_every_script_is_its_network_again(name: str) -> None:
    check(name)
