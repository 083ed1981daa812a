"""Every example: said in two sentences, small enough to see, without a fault; and the published figures."""

from __future__ import annotations

import re
import time
from itertools import groupby
from typing import Any

import pytest
from tests.conftest import LiveServer
from tests.gallery.gallery import GALLERY, IMAGE, PUBLISHED, analyzed, answer

from torchwire.engine.refusal import is_heavy, is_long
from torchwire.settings import deadline

# What an example exists to show, by its id.
SHOWN = {"my_model": ["implicit-dim"]}
# One node for every activation and every loss of torch: the notebook's rows N10 and N11.
LARGE = {"activations", "losses"}


def told(found: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in found["problems"] if problem["severity"] != "info"]


@pytest.mark.parametrize("id", GALLERY)
def test_an_example_is_said_in_two_sentences(id: str) -> None:
    entry = GALLERY[id]
    sentences = re.findall(r"[.?!](?=\s+[A-Z\d]|$)", entry["about"])
    assert 2 <= len(sentences) <= 3
    assert 100 <= len(entry["about"]) <= 220
    assert len(entry["title"]) <= 45
    named = set(re.findall(r"`(\w+)`", entry["about"]))
    graphs = [entry["network"], *(entry["network"].get("blocks") or {}).values()]
    keys = {key for graph in graphs for key in graph["nodes"]}
    words = {"repeat", "when", "call", "init", "h_n", "dim"}
    assert named <= keys | words, "the words name a node that is not there"


def test_families_stand_together() -> None:
    families = [family for family, _ in groupby(entry["family"] for entry in GALLERY.values())]
    assert len(families) == len(set(families))


@pytest.mark.parametrize("id", GALLERY)
def test_an_example_is_seen_at_a_glance(id: str) -> None:
    network = GALLERY[id]["network"]
    assert (len(network["nodes"]) > 30) == (id in LARGE)
    assert all(len(block["nodes"]) <= 30 for block in (network.get("blocks") or {}).values())
    # the page lays out whatever has no places; a sheet of one node after another is better in a grid
    assert all(("position" in node) == (id in LARGE) for node in network["nodes"].values())


@pytest.mark.parametrize("id", GALLERY)
def test_analyze_finds_no_fault(id: str) -> None:
    found = analyzed(id)
    assert told(found) == SHOWN.get(id, [])
    assert {node["state"] for node in found["nodes"].values()} == {"ok"}
    assert found["totals"]["unknown"] == 0


@pytest.mark.parametrize("id", PUBLISHED)
def test_counts_are_the_published_ones(id: str) -> None:
    totals = analyzed(id)["totals"]
    assert totals["parameters"] == totals["trainable"] == PUBLISHED[id].parameters
    if id in IMAGE:
        assert GALLERY[id]["network"]["nodes"]["image"]["params"]["shape"] == [1, 3, 224, 224]
        assert round(totals["macs"] / 1e9, 3) == PUBLISHED[id].giga_macs


@pytest.mark.parametrize("id", GALLERY)
def test_figures_in_the_words_are_right(id: str) -> None:
    """A number with thousands in the words is the count of the network or of one of its nodes."""
    found = analyzed(id)
    counts = [found["totals"]["parameters"], *(node["parameter_count"] for node in found["nodes"].values())]
    for text in re.findall(r"\d{1,3}(?:,\d{3})+", GALLERY[id]["about"]):
        assert int(text.replace(",", "")) in counts


@pytest.mark.parametrize("id", [id for id in GALLERY if id not in PUBLISHED or PUBLISHED[id].parameters < 5e6])
def test_forward_of_the_small_ones(id: str) -> None:
    check_forward(id, answer("forward", id))


@pytest.mark.proof
def test_the_server_runs_every_example() -> None:
    """Within the default limits; and the work, told without what else the machine does, within the default deadline."""
    server = LiveServer(workers=1, deadline_ms=60_000, heavy_deadline_ms=60_000)
    with server.client() as client:
        for id, entry in GALLERY.items():
            check_forward(id, client.post("/forward", json={"network": entry["network"]}).raise_for_status().json())
    server.close()
    for id in GALLERY:
        totals = analyzed(id)["totals"]
        long = is_heavy(totals["parameters"]) or is_long(totals["macs"] or 0)
        before = time.process_time()
        answer("forward", id)
        assert time.process_time() - before < deadline("forward", long), id


def check_forward(id: str, found: dict[str, Any]) -> None:
    assert told(found) == SHOWN.get(id, []), id
    for key, node in found["nodes"].items():
        assert node["state"] == "ok", (id, key)
        for output in node["outputs"].values():
            summary = output["summary"]
            # a mask of -inf is meant
            assert summary is None or (summary["nan"] == 0 and (summary["inf"] == 0 or key == "future")), (id, key)
