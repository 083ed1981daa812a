"""Modules of more layers than are built: shapes and counts are those of torch, found from short ones."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, chain, network, node

from torchwire.engine.memory import Memory
from torchwire.settings import settings

MOST = settings().max_layers
X = node("Input", shape=[5, 2, 16])
LAYER = node("TransformerEncoderLayer", d_model=16, nhead=4, dim_feedforward=8)


def _recurrent(kind: str, **params: Any) -> Any:
    return lambda layers: chain(5, 2, 16, m=(kind, {"hidden_size": 4, "num_layers": layers, **params}))


def _with_states(layers: int) -> dict[str, Any]:
    state = node("Input", shape=[layers * 2, 2, 4])
    params = {"hidden_size": 4, "num_layers": layers, "bidirectional": True}
    return network(x=X, h=state, m=node("GRU", inputs={"input": "x", "hx": "h"}, **params))


def _transformer(encoder: int, decoder: int) -> dict[str, Any]:
    params = {"d_model": 16, "nhead": 4, "dim_feedforward": 8}
    counts = {"num_encoder_layers": encoder, "num_decoder_layers": decoder}
    return network(x=X, m=node("Transformer", inputs={"src": "x", "tgt": "x"}, **params, **counts))


# by the number of layers
DESIGNS: dict[str, Any] = {
    "RNN": _recurrent("RNN"),
    "LSTM": _recurrent("LSTM", bidirectional=True, proj_size=2, bias=False),
    "states": _with_states,
    "TransformerEncoder": lambda layers: network(
        x=X, m=node("TransformerEncoder", inputs={"src": "x"}, num_layers=layers, encoder_layer=LAYER)
    ),
    "Transformer": lambda layers: _transformer(layers, layers + 3),
    "wrapped": lambda layers: network(
        x=X,
        m=node(
            "spectral_norm",
            "x",
            name="weight_ih_l0",
            module=node("RNN", input_size=16, hidden_size=4, num_layers=layers),
        ),
    ),
}


def facts(found: dict[str, Any]) -> Any:
    outputs = {name: (output["shape"], output["dtype"]) for name, output in found["nodes"]["m"]["outputs"].items()}
    entry = found["nodes"]["m"]
    return outputs, entry["parameter_count"], entry["macs"], entry["inferred"], found["totals"]


def afresh(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The answer where nothing is remembered of the one before."""
    for name in ("computation._remembered", "shapes._steps"):
        monkeypatch.setattr(f"torchwire.engine.{name}", Memory(1))
    return answer("analyze", given)


@pytest.mark.parametrize("name", DESIGNS)
def test_torch_says_the_same_of_the_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = DESIGNS[name](9)
    whole = afresh(given, monkeypatch)
    assert whole["ok"], whole["problems"]
    monkeypatch.setattr("torchwire.engine.tall.LONG", 6)
    assert afresh(given, monkeypatch) == whole
    for module in ("tall", "limits"):
        monkeypatch.setattr(f"torchwire.engine.{module}.settings", lambda: _Few)
    short = afresh(given, monkeypatch)
    assert [problem["code"] for problem in short["problems"]] == ["limit-layers"]
    assert short["nodes"]["m"]["state"] == "skipped"
    assert facts(short) == facts(whole)


class _Few:
    max_layers = 6
    max_outputs = settings().max_outputs


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize("name", [name for name in DESIGNS if name != "wrapped"])
def test_over_the_limit_all_shapes_and_counts_are_there(name: str, verb: str) -> None:
    given = DESIGNS[name](MOST + 44)
    given["nodes"]["after"] = node("relu", "m")
    for _ in range(2):  # the second time from memory
        found = answer(verb, given)
        entry = found["nodes"]["m"]
        assert [problem["code"] for problem in found["problems"]] == ["limit-layers"]
        assert (entry["state"], entry["blocked_by"]) == ("skipped", [])
        assert entry["parameter_count"] == found["totals"]["parameters"] > 0 and found["totals"]["unknown"] == 0
        after = found["nodes"]["after"]
        assert after["outputs"]["output"]["shape"] == next(iter(entry["outputs"].values()))["shape"]
        assert after["state"] == ("ok" if verb == "analyze" else "skipped")


def test_a_wrong_width_is_told_beside_the_limit() -> None:
    given = chain(5, 2, 3, m=("LSTM", {"input_size": 7, "hidden_size": 4, "num_layers": 10**6}))
    found = answer("analyze", given)
    assert [problem["code"] for problem in found["problems"]] == ["limit-layers", "rnn-input-size"]
    assert found["nodes"]["m"]["parameter_count"] == 4 * 4 * (7 + 4 + 2) + (10**6 - 1) * 4 * 4 * (4 + 4 + 2)


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize(
    "layer", [("unbind", {}), ("split", {"split_size_or_sections": 2}), ("chunk", {"chunks": 4000})]
)
def test_many_outputs_have_their_shapes(layer: tuple[str, dict[str, Any]], verb: str) -> None:
    kind, params = layer
    port = "tensor" if kind == "split" else "input"
    last = {"unbind": "4000", "split": "2000", "chunk": "2000"}[kind]
    nodes = {
        "x": node("Input", shape=[4001, 3]),
        "m": node(kind, inputs={port: "x"}, **params),
        "end": node("relu", f"m.{last}"),
    }
    found = answer(verb, network(**nodes))
    assert [problem["code"] for problem in found["problems"]] == ["limit-outputs"]
    assert f"would give {int(last) + 1:,} tensors" in found["problems"][0]["message"]
    assert found["nodes"]["m"]["state"] == "skipped" and len(found["nodes"]["m"]["outputs"]) == int(last) + 1
    assert found["nodes"]["end"]["outputs"]["output"]["shape"] == ([3] if kind == "unbind" else [1, 3])
