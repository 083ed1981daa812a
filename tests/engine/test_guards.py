"""What torch would read beyond its tensors is refused; states of an editor that once went wrong are answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS


def answer(nodes: dict[str, Any], verb: str = "forward") -> dict[str, Any]:
    network = {"format": "torchwire/1", "nodes": nodes}
    found: dict[str, Any] = json.loads(VERBS[verb]({"network": network}, Unwatched()))
    return found


def given(values: Any, dtype: str = "int64") -> dict[str, Any]:
    return {"type": "Input", "params": {"fill": "values", "values": values, "dtype": dtype}}


@pytest.mark.parametrize("kind", ["CTCLoss", "ctc_loss"])
@pytest.mark.parametrize(("label", "state"), [(3, "ok"), (4, "error"), (-1, "error"), (2**40, "error")])
def test_labels_outside_the_classes_are_refused(kind: str, label: int, state: str) -> None:
    nodes = {
        "p": {"type": "Input", "params": {"shape": [5, 1, 4], "fill": "zeros"}},
        "t": given([[label]]),
        "n": given([5]),
        "m": given([1]),
        "loss": {
            "type": kind,
            "inputs": {"log_probs": "p", "targets": "t", "input_lengths": "n", "target_lengths": "m"},
        },
    }
    assert answer(nodes)["nodes"]["loss"]["state"] == state


@pytest.mark.parametrize(("offsets", "state"), [([0, 2], "ok"), ([0, -40], "error"), ([0, 3, 1], "error")])
def test_offsets_that_fall_are_refused(offsets: list[int], state: str) -> None:
    bag = {"type": "EmbeddingBag", "params": {"num_embeddings": 9, "embedding_dim": 2}}
    nodes = {"x": given([1, 2, 3, 4]), "o": given(offsets), "bag": {**bag, "inputs": {"input": "x", "offsets": "o"}}}
    assert answer(nodes)["nodes"]["bag"]["state"] == state


@pytest.mark.parametrize("wrapper", ["spectral_norm", "weight_norm"])
def test_a_wrapped_layer_is_looked_at_too(wrapper: str) -> None:
    bag = {"type": "EmbeddingBag", "params": {"num_embeddings": 9, "embedding_dim": 2}}
    wires = {"input": "x", "offsets": "o"}
    nodes = {"x": given([1, 2, 3, 4]), "bag": {"type": wrapper, "params": {"module": bag}, "inputs": wires}}
    assert answer({"o": given([0, 2]), **nodes})["nodes"]["bag"]["state"] == "ok"
    assert answer({"o": given([0, -40]), **nodes})["nodes"]["bag"]["state"] == "error"


@pytest.mark.parametrize("kind", ["EmbeddingBag", "embedding_bag"])
@pytest.mark.parametrize("mode", ["sum", "max"])
@pytest.mark.parametrize(
    ("indices", "offsets", "last", "state"),
    [
        ([1, 2], [], False, "error"),
        ([1, 2], [0], True, "error"),
        ([1, 2], [0], False, "ok"),
        ([], [], False, "ok"),
    ],
)
def test_indices_without_a_bag_are_refused(
    kind: str, mode: str, indices: list[int], offsets: list[int], last: bool, state: str
) -> None:
    """torch ends the process there."""
    params: dict[str, Any] = {"include_last_offset": last, "mode": mode}
    nodes = {"x": given(indices), "o": given(offsets), "w": {"type": "Input", "params": {"shape": [9, 2]}}}
    wires = {"input": "x", "offsets": "o"}
    if kind == "EmbeddingBag":
        params |= {"num_embeddings": 9, "embedding_dim": 2}
    else:
        wires["weight"] = "w"
    nodes["bag"] = {"type": kind, "params": params, "inputs": wires}
    assert answer(nodes)["nodes"]["bag"]["state"] == state


@pytest.mark.parametrize("known", [True, False], ids=["shapes-known", "only-values-tell"])
@pytest.mark.parametrize(("keys", "values", "state"), [(6, 6, "ok"), (6, 5, "error"), (5, 6, "error")])
def test_attention_to_keys_without_values_is_refused(keys: int, values: int, state: str, known: bool) -> None:
    """meta refuses it; the CPU's kernel, where no shape was known before the run, would read on."""
    sizes = {"query": 5, "key": keys, "value": values}
    nodes: dict[str, Any] = {name: {"type": "Input", "params": {"shape": [2, 3, n, 4]}} for name, n in sizes.items()}
    ports = {name: name for name in sizes}
    if not known:
        nodes["all"] = {"type": "eq", "inputs": {"input": "value", "other": "value"}}
        nodes["row"] = {"type": "masked_select", "inputs": {"input": "value", "mask": "all"}}
        nodes["again"] = {"type": "view", "params": {"shape": [2, 3, -1, 4]}, "inputs": {"input": "row"}}
        ports["value"] = "again"
    nodes["a"] = {"type": "scaled_dot_product_attention", "inputs": ports}
    assert answer(nodes)["nodes"]["a"]["state"] == state


@pytest.mark.parametrize("verb", ["forward", "analyze"])
@pytest.mark.parametrize(("heads", "state"), [(2, "ok"), (0, "error")])
def test_grouped_attention_without_a_head_is_refused(heads: int, state: str, verb: str) -> None:
    """torch ends the process there."""
    nodes: dict[str, Any] = {"q": {"type": "Input", "params": {"shape": [1, 4, 5, 4]}}}
    nodes["k"] = {"type": "Input", "params": {"shape": [1, heads, 5, 4]}}
    wires = {"query": "q", "key": "k", "value": "k"}
    nodes["a"] = {"type": "scaled_dot_product_attention", "params": {"enable_gqa": True}, "inputs": wires}
    assert answer(nodes, verb)["nodes"]["a"]["state"] == state


@pytest.mark.parametrize("verb", ["forward", "analyze"])
@pytest.mark.parametrize("off", [{"when": False}, {"repeat": 0}])
def test_a_bypassed_node_without_its_source_is_answered(verb: str, off: dict[str, Any]) -> None:
    x = {"type": "Input", "params": {"shape": [2, 3]}}
    nodes = {
        "x": x,
        "a": {"type": "relu", "inputs": {"input": "nope"}, **off},
        "b": {"type": "tanh", "inputs": {"input": "a"}},
    }
    found = answer(nodes, verb)
    assert found["nodes"]["x"]["state"] == "ok" and found["nodes"]["b"]["state"] != "ok"


@pytest.mark.parametrize("verb", ["forward", "analyze"])
def test_a_circle_in_what_a_constant_is_computed_from_is_answered(verb: str) -> None:
    one = {"a": {"type": "relu", "inputs": {"input": "a"}}, "c": {"type": "Constant", "inputs": {"value": "a"}}}
    assert "cycle" in [problem["code"] for problem in answer(one, verb)["problems"]]


@pytest.mark.parametrize(
    "bad", [{"position": "bad"}, {"position": [1, 2, 3]}, {"note": 5}, {"collapsed": 1}, {"color": 5}], ids=str
)
def test_what_is_only_the_editors_does_not_stop_a_node(bad: dict[str, Any]) -> None:
    x = {"type": "Input", "params": {"shape": [2, 3]}}
    found = answer({"x": x, "a": {"type": "relu", "inputs": {"input": "x"}, **bad}})
    assert found["ok"] and found["nodes"]["a"]["state"] == "ok"
    assert [problem["severity"] for problem in found["problems"]] == ["warning"]


@pytest.mark.parametrize("kind", ["Upsample", "interpolate", "UpsamplingNearest2d"])
@pytest.mark.parametrize("how", [{"scale_factor": 1e9}, {"size": [2**32, 2**32]}])
def test_an_image_beyond_any_memory_is_refused_before_tables_of_its_sides_are_written(
    kind: str, how: dict[str, Any]
) -> None:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [1, 1, 4, 4]}},
        "up": {"type": kind, "params": how, "inputs": {"input": "x"}},
    }
    for verb in ("analyze", "forward"):
        given = answer(nodes, verb)
        assert [(problem["code"], problem["node"]) for problem in given["problems"]] == [("limit-elements", "up")]
        assert given["nodes"]["up"]["state"] == "skipped"
