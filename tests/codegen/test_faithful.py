"""What is exported does what the canvas shows: state_dict and outputs to the bit, in a fresh interpreter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.codegen.exported import check, export, forward
from tests.oracle.networks import random_network

ROOT = Path(__file__).parents[2]
GALLERY = sorted((ROOT / "backend" / "torchwire" / "gallery").glob("*.json"))
CONFORMANCE = sorted((ROOT / "tests" / "conformance" / "networks").glob("*.json"))
# a hundred million parameters or a minute of convolutions: `make proof` runs them
LARGE = ("09_bert_base", "27_vit", "28_gpt2", "BERT_base_encoder", "GPT_2_small", "ViT_B_16", "VGG_16", "AlexNet")
SAMPLE = 150
WHOLE = 3_000


def network(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["network"]
    return found


def _small(paths: list[Path]) -> list[dict[str, Any]]:
    return [network(path) for path in paths if path.stem not in LARGE]


def test_the_gallery() -> None:
    check(_small(GALLERY))


def test_the_conformance_networks() -> None:
    check(_small(CONFORMANCE))


@pytest.mark.proof
@pytest.mark.parametrize("path", [p for p in (*GALLERY, *CONFORMANCE) if p.stem in LARGE], ids=lambda path: path.stem)
def test_large_networks(path: Path) -> None:
    check([network(path)])


def _sound(numbers: range) -> list[dict[str, Any]]:
    """The random networks of these numbers that run; the others are refused, never exported wrongly."""
    sound = []
    for number in numbers:
        document = random_network(number)
        analysed = export(document)
        errors = [problem["code"] for problem in analysed["problems"] if problem["severity"] == "error"]
        assert (analysed["content"] is None) == bool(errors)
        assert "not-exportable" not in errors, analysed["problems"]
        if not errors and not forward(document)[2]:
            sound.append(document)
    return sound


def test_random_networks() -> None:
    documents = _sound(range(SAMPLE))
    assert len(documents) > SAMPLE / 2
    check(documents)


@pytest.mark.proof
@pytest.mark.parametrize("start", range(0, WHOLE, 500))
def test_many_random_networks(start: int) -> None:
    check(_sound(range(start, start + 500)))
