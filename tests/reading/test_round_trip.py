"""Back from export: the script of a network, read again, is the same network to the bit, and of the same form.

Parameters, weights by the same seed, names and outputs; and canonical(import(export(network))) == canonical(network).
The document itself may be written in other words: blocks come back by their content, without parameters, and a `repeat`
as its copies.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.oracle.networks import random_network
from tests.reading.canonical import canonical
from tests.reading.texts import analysed, imported, run

from torchwire.engine.progress import Unwatched
from torchwire.verbs import VERBS

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / "tests" / "conformance" / "networks", ROOT / "backend" / "torchwire" / "gallery")
FILES = {path.stem: path for place in PLACES for path in sorted(place.glob("*.json"))}
SAMPLE = ["LeNet", "MobileNetV2", "LSTM_encoder_decoder", "tied_autoencoder", "Siamese", "06_activations", "ResNet_18"]


def exported(network: dict[str, Any]) -> str:
    found: str = json.loads(VERBS["export"]({"network": network, "format": "script"}, Unwatched()))["content"]
    return found


def check(name: str) -> None:
    given = json.loads(FILES[name].read_text("utf-8"))
    network = given.get("network", given)
    script = exported(network)
    found = imported(script)
    assert [problem["message"] for problem in found["problems"] if problem["severity"] == "error"] == []
    assert canonical(found["networks"][0]) == canonical(network)
    old, outputs = run(network)
    new, again = run(found["networks"][0])
    assert list(old.state_dict()) == list(new.state_dict())
    assert "import-order" not in {problem["code"] for problem in found["problems"]}
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


def check_random(number: int) -> None:
    network = random_network(number)
    if not analysed(network)["ok"]:
        return  # it has a mistake on purpose, and code for none of it
    found = imported(exported(network))
    assert [problem["message"] for problem in found["problems"] if problem["severity"] == "error"] == []
    assert canonical(found["networks"][0]) == canonical(network)


@pytest.mark.parametrize("number", range(0, 40, 4))
def test_a_random_network_comes_back(number: int) -> None:
    check_random(number)


@pytest.mark.proof
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_networks_come_back(hundred: int) -> None:
    for number in range(hundred * 100, hundred * 100 + 100):
        check_random(number)
