"""What is kept from one forward pass to the next changes no byte of an answer, and saves work."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.documents import LENET, input_, layer, network
from tests.engine.edits import edited
from tests.oracle.networks import random_network

from torchwire.engine import computation
from torchwire.engine.memory import Memory
from torchwire.engine.progress import Unwatched
from torchwire.engine.reuse import Kept
from torchwire.engine.verbs import VERBS

NETWORKS = Path(__file__).parents[1] / "conformance" / "networks"


class Desk:
    """Asks for forward passes, each with the memory that the desk has and without one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, size: int = 64 * 2**20) -> None:
        self.memory: Memory[Kept] = Memory(size, Kept.bytes)
        self._patch = monkeypatch

    def ask(self, document: dict[str, Any], memory: Memory[Kept] | None, **options: Any) -> bytes:
        self._patch.setattr(computation, "kept_here", lambda: memory)
        request = {"network": copy.deepcopy(document), "values": "all", "parameters": "all", **options}
        return VERBS["forward"](request, Unwatched())

    def check(self, document: dict[str, Any], **options: Any) -> None:
        """The same bytes with the memory as without."""
        warm = self.ask(document, self.memory, **options)
        cold = self.ask(document, None, **options)
        assert warm == cold, first_difference(json.loads(warm), json.loads(cold))

    def misses(self, document: dict[str, Any]) -> int:
        before = self.memory.misses
        self.ask(document, self.memory)
        return self.memory.misses - before


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def first_difference(one: Any, other: Any, path: str = "") -> str:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((text for key in one if (text := first_difference(one[key], other[key], f"{path}/{key}"))), "")
    return "" if one == other else f"{path}: {str(one)[:200]} with, {str(other)[:200]} without"


def edit_and_check(desk: Desk, number: int, edits: int) -> None:
    rng = random.Random(number)
    document = random_network(number)
    history = [document]
    for _ in range(edits):
        # back to a former state now and then, as undo does
        document = edited(history[-1] if rng.random() < 0.7 else rng.choice(history), rng)
        history.append(document)
        desk.check(document, **rng.choice(({}, {}, {"draw": 2}, {"open": list(document.get("blocks") or {})})))


@pytest.mark.parametrize("number", range(0, 400, 10))
def test_edits_of_random_networks(number: int, desk: Desk) -> None:
    edit_and_check(desk, number, 6)


@pytest.mark.proof
@pytest.mark.parametrize("first", range(0, 2_000, 50))
def test_many_edits_of_random_networks(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch, 2**20)  # small, so that what is found is not always what was kept last
    for number in range(first, first + 50):
        edit_and_check(desk, number, 8)


@pytest.mark.parametrize(
    "name",
    ["LeNet", "RNN_cell_unrolled", "Transformer_layers", "tied_autoencoder", "Llama_block", "seq2seq_GRU", "VAE"],
)
@pytest.mark.parametrize("training", [False, True])
def test_edits_of_known_networks(name: str, training: bool, desk: Desk) -> None:
    document = json.loads((NETWORKS / f"{name}.json").read_text())
    document = {**document.get("network", document), "training": training}
    rng = random.Random(name)
    desk.check(document)
    for _ in range(4):
        desk.check(document)
        document = edited(document, rng)
        desk.check(document)


def test_an_edit_at_the_end_builds_and_runs_the_end_alone(desk: Desk) -> None:
    first = desk.misses(LENET)
    assert first > 10
    assert desk.misses(LENET) <= 3  # pools and flatten, which have no weights to keep
    changed = copy.deepcopy(LENET)
    changed["nodes"]["relu2"]["type"] = "gelu"
    assert desk.misses(changed) <= 9


def test_equal_tensors_stay_two(desk: Desk) -> None:
    """Attention of a tensor to itself takes a kernel that attention to its equal does not take."""
    attention = {"type": "MultiheadAttention", "params": {"embed_dim": 8, "num_heads": 2, "batch_first": True}}

    def both(key: str) -> dict[str, Any]:
        wires = {"query": "a", "key": key, "value": key}
        return network(
            x=input_(2, 3, 8, fill="ones"),
            y=input_(2, 3, 8, fill="ones"),
            a=layer("LayerNorm", "x"),
            b=layer("LayerNorm", "x"),
            c=layer("LayerNorm", "y"),
            attention={**attention, "inputs": wires},
        )

    for key in ("a", "b", "c", "a", "c", "b"):
        desk.check(both(key))


def test_a_tensor_that_is_given_back_stays_one(desk: Desk) -> None:
    """`float` of a float32 is the tensor itself: attention of the two takes the kernel of attention to itself."""
    attention = {"type": "MultiheadAttention", "params": {"embed_dim": 4, "num_heads": 1, "batch_first": True}}
    document = network(
        x=input_(3, 2, 4, fill="rand"),
        same=layer("float", "x"),
        attention={**attention, "inputs": {"query": "x", "key": "same", "value": "x"}},
    )
    desk.check(document)
    desk.check({**document, "init": {"MultiheadAttention.in_proj_weight": {"constant_": {"val": 0.5}}}})


def test_a_frozen_layer_is_computed_as_torch_computes_it(desk: Desk) -> None:
    document = network(
        x=input_(3, 2, 4),
        gru=layer("GRU", "x", hidden_size=2, batch_first=True),
        conv=layer("Conv1d", "gru", out_channels=2, kernel_size=1),
    )
    document["seed"] = 2164792839  # numbers of which the two kernels give other last bits
    for trainable in (True, False, True):
        document["nodes"]["gru"]["trainable"] = trainable
        desk.check({**document, "training": True})


def test_running_statistics_over_a_wire_are_not_kept(desk: Desk) -> None:
    document = network(
        x=input_(4, 3),
        mean={"type": "Constant", "params": {"shape": [3], "fill": "zeros"}},
        var={"type": "Constant", "params": {"shape": [3], "fill": "ones"}},
        before=layer("exp", "mean"),
        norm={
            "type": "batch_norm",
            "inputs": {"input": "x", "running_mean": "mean", "running_var": "var"},
            "params": {"training": True},
        },
        after={"type": "add", "inputs": {"input": "norm", "other": "mean"}},
    )
    for _ in range(3):
        desk.check(document)
        desk.check({**document, "training": True})


def test_running_statistics_of_a_layer_start_anew(desk: Desk) -> None:
    document = network(
        x=input_(4, 3), norm=layer("BatchNorm1d", "x"), again={"call": "norm", "inputs": {"input": "norm"}}
    )
    for training in (True, False, True, True, False):
        desk.check({**document, "training": training})


def test_dropout_goes_on_in_the_random_stream(desk: Desk) -> None:
    document = network(
        x=input_(2, 8),
        fc=layer("Linear", "x", out_features=8),
        first=layer("Dropout", "fc", p=0.5),
        second=layer("dropout", "first", p=0.25),
        noise=layer("rand_like", "second"),
    )
    for p in (0.5, 0.5, 0.3, 0.5):
        document["nodes"]["first"]["params"]["p"] = p
        for draw in (0, 1):
            desk.check({**document, "training": True}, draw=draw)


def test_a_memory_that_is_too_small_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (10_000, 100_000, 400_000):
        desk = Desk(monkeypatch, size)
        for _ in range(3):
            desk.check(LENET)
        assert desk.memory.weight <= size


def test_warnings_are_told_again(desk: Desk) -> None:
    document = network(
        x=input_(4, 3), y=input_(4, 1), loss={"type": "mse_loss", "inputs": {"input": "x", "target": "y"}}
    )
    for _ in range(3):
        desk.check(document)
