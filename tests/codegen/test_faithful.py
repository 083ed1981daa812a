"""What is exported does what the canvas shows: state_dict and outputs to the bit, in a fresh interpreter."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.codegen.exported import check, check_scripts, export, forward
from tests.codegen.structures import structured_network
from tests.engine.cases.tools import CASES
from tests.engine.test_function_defaults import layer_of, optional, written
from tests.engine.test_functions import ask, document
from tests.oracle.module_samples import NotExpressible, samples
from tests.oracle.module_samples import document as module_document
from tests.oracle.networks import random_network

Document = dict[str, Any]

ROOT = Path(__file__).parents[2]
GALLERY = sorted((ROOT / "backend" / "torchwire" / "gallery").glob("*.json"))
CONFORMANCE = sorted((ROOT / "tests" / "conformance" / "networks").glob("*.json"))
SMALL = 6_000_000  # parameters; `make proof` runs the larger ones too
SAMPLE = 80
WHOLE = 3_000
TOGETHER = 12  # parts of a long list


def read(path: Path) -> Document:
    found: Document = json.loads(path.read_text(encoding="utf-8"))["network"]
    return found


def _small(paths: list[Path]) -> list[Document]:
    documents = [read(path) for path in paths]
    return [each for each in documents if ask("analyze", each)["totals"]["parameters"] < SMALL]


def test_the_gallery() -> None:
    check(_small(GALLERY))


def test_the_conformance_networks() -> None:
    documents = _small(CONFORMANCE)
    assert len(documents) > 15
    check(documents)


@pytest.mark.proof
@pytest.mark.parametrize("part", range(TOGETHER))
def test_each_network(part: int) -> None:
    """In a few interpreters: each takes seconds to load torch."""
    check([read(path) for path in [*GALLERY, *CONFORMANCE][part::TOGETHER]])


def _sound(documents: Iterable[Document], most_refused: int = 0) -> list[tuple[Document, str]]:
    """Those that run, with their scripts; the others have their problems and no code. Few are refused that run."""
    sound, refused = [], 0
    for network in documents:
        analysed = export(network)
        errors = [problem["code"] for problem in analysed["problems"] if problem["severity"] == "error"]
        assert (analysed["content"] is None) == bool(errors)
        refused += "not-exportable" in errors
        if not errors and not forward(network)[2]:
            sound.append((network, analysed["content"]))
    assert refused <= most_refused
    return sound


@pytest.mark.parametrize("make", [random_network, structured_network])
def test_random_networks(make: Callable[[int], Document]) -> None:
    documents = _sound(map(make, range(SAMPLE)), SAMPLE // 50)
    assert len(documents) > SAMPLE / 2
    check_scripts(documents)


@pytest.mark.proof
@pytest.mark.parametrize("make", [random_network, structured_network])
@pytest.mark.parametrize("start", range(0, WHOLE, 500))
def test_many_random_networks(make: Callable[[int], Document], start: int) -> None:
    check_scripts(_sound(map(make, range(start, start + 500)), 10))


def test_functions() -> None:
    """The expression that the engine runs and the one that the code shows are the same."""
    check([document(case) for case in CASES[::3]])


@pytest.mark.proof
def test_every_function() -> None:
    check([document(case) for case in CASES])


@pytest.mark.filterwarnings("ignore")
def test_defaults_that_are_written_out() -> None:
    """Of several forms of one function, some take no `keepdim=False`."""
    overloaded = [case for case in CASES if len(layer_of(case).positions) > 1]
    documents = []
    for case in overloaded:
        usual = {param.name: written(param.default) for param in optional(case)}
        documents.append(document(case))
        documents[-1]["nodes"]["f"]["params"] = {**case.params, **usual}
    assert len(documents) > 20
    check(documents)


def test_modules() -> None:
    check_scripts(_sound(_samples(80)))


@pytest.mark.proof
@pytest.mark.parametrize("part", range(TOGETHER))
def test_every_module(part: int) -> None:
    check_scripts(_sound(_samples(TOGETHER, part)))


def _samples(step: int, start: int = 0) -> Iterator[Document]:
    """Every so many of torch's own samples of its modules, as documents."""
    for sample in [sample for sample in samples() if not sample.fails][start::step]:
        with contextlib.suppress(NotExpressible):
            yield module_document(sample)
