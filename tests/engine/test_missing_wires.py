"""What is offered for a port without a wire fits there: applied, the network runs."""

from __future__ import annotations

from typing import Any

import pytest
from tests.problems.mistake import answer, network, node
from tests.problems.patching import applied


def fixes(given: dict[str, Any], verb: str = "analyze") -> list[str]:
    """The titles of the fixes of each port's missing wire, after all of them have been applied, each by itself."""
    titles = []
    problems = [problem for problem in answer(verb, given)["problems"] if problem["code"] == "missing-wire"]
    assert problems
    for problem in problems:
        assert len(problem["fixes"]) <= 3
        for fix in problem["fixes"]:
            after = answer("forward", applied(given, fix["patch"]))
            assert after["problems"] == [], (fix["title"], after["problems"])
            titles.append(fix["title"])
    return list(dict.fromkeys(titles))


IDS = node("Input", shape=[2, 5], fill="randint", high=9)
X = node("Input", shape=[2, 8])

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an embedding reads integers": (
        network(ids=IDS, x=X, e=node("Embedding", num_embeddings=9, embedding_dim=3)),
        ["Wire ids to input"],
    ),
    "a width": (
        network(x=X, fc=node("Linear", "x", out_features=5), end=node("Linear", in_features=8, out_features=2)),
        ["Wire x to input"],
    ),
    "the nearest that nobody reads": (
        network(x=X, a=node("relu", "x"), b=node("relu", "a"), c=node("relu", "x"), end=node("Linear", out_features=2)),
        ["Wire c to input", "Wire b to input", "Wire a to input"],
    ),
    "another output than the first": (
        network(x=node("Input", shape=[7, 2, 8]), rnn=node("LSTM", "x", hidden_size=4),
                end=node("view", shape=[1, 8])),
        ["Wire rnn.h_n to input", "Wire rnn.c_n to input"],
    ),
    "a target is not the prediction": (
        network(x=X, y=node("Input", shape=[2, 3]), fc=node("Linear", "x", out_features=3),
                act=node("relu", "fc"), loss=node("MSELoss", "act")),
        ["Wire y to target"],
    ),
    "a target that is the input": (
        network(x=X, fc=node("Linear", "x", out_features=8), loss=node("MSELoss", "fc")),
        ["Wire x to target"],
    ),
    "no target yet": (
        network(x=X, fc=node("Linear", "x", out_features=3), loss=node("MSELoss", "fc")),
        ["Add an Input and wire it to target"],
    ),
    "no classes yet": (
        network(x=X, fc=node("Linear", "x", out_features=3), loss=node("CrossEntropyLoss", "fc")),
        ["Add an Input and wire it to target"],
    ),
    "no probabilities yet": (
        network(x=X, fc=node("sigmoid", "x"), loss=node("BCELoss", "fc")),
        ["Add an Input and wire it to target"],
    ),
    "prediction and target": (
        network(x=X, y=node("Input", shape=[2, 3]), fc=node("Linear", "x", out_features=3), loss=node("MSELoss")),
        ["Wire fc to input and wire y to target"],
    ),
    "self-attention": (
        network(x=node("Input", shape=[5, 2, 16]), y=node("Input", shape=[5, 2, 16]), q=node("relu", "x"),
                a=node("MultiheadAttention", inputs={"query": "x"}, num_heads=4)),
        ["Wire x to key and value", "Wire q to key and value", "Wire y to key and value"],
    ),
    "attention without any wire": (
        network(x=node("Input", shape=[5, 2, 16]), other=node("Input", shape=[5]),
                a=node("MultiheadAttention", embed_dim=16, num_heads=4)),
        ["Wire x to query, key and value"],
    ),
    "the memory of a decoder": (
        network(
            x=node("Input", shape=[5, 2, 16]), y=node("Input", shape=[3, 2, 16]),
            encoder=node("TransformerEncoderLayer", inputs={"src": "x"}, nhead=2, dim_feedforward=8),
            side=node("relu", "y"),
            decoder=node("TransformerDecoderLayer", inputs={"tgt": "y"}, nhead=2, dim_feedforward=8),
        ),
        ["Wire encoder to memory", "Wire side to memory", "Wire x to memory"],
    ),
    "the target of a transformer": (
        network(
            x=node("Input", shape=[5, 2, 16]), y=node("Input", shape=[3, 2, 16]), z=node("Input", shape=[3, 4, 16]),
            t=node("Transformer", inputs={"src": "x"}, d_model=16, nhead=2, num_encoder_layers=1,
                   num_decoder_layers=1, dim_feedforward=8),
        ),
        ["Wire y to tgt", "Wire x to tgt"],
    ),
    "never a cycle": (
        network(x=X, a=node("relu", "c"), b=node("relu", "a"), c=node("relu")),
        ["Wire x to input"],
    ),
    "one that stands later": (
        network(c=node("relu"), x=X),
        ["Wire x to input"],
    ),
    "a second operand": (
        network(x=X, y=node("Input", shape=[3, 5]), fc=node("Linear", "x", out_features=8), s=node("add", "fc")),
        ["Wire x to other", "Wire fc to other"],
    ),
    "a list": (
        network(x=X, all=node("cat")),
        ["Wire x to tensors"],
    ),
    "a call": (
        network(x=X, y=node("Input", shape=[2, 3]), fc=node("Linear", "x", out_features=4), again={"call": "fc"}),
        ["Wire x to input"],
    ),
    "nothing fits": (
        network(x=X, fc=node("Linear", in_features=5, out_features=4)),
        ["Add an Input and wire it to input"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_offered_fits(name: str) -> None:
    given, titles = CASES[name]
    assert fixes(given) == titles


def test_a_block() -> None:
    given = network(
        x=node("Input", shape=[2, 3, 8, 8]), y=node("Input", shape=[2, 8]), use={"type": "B"},
        blocks={"B": {"nodes": {
            "input": node("Input"), "conv": node("Conv2d", "input", in_channels=3, out_channels=4, kernel_size=3),
        }}},
    )  # fmt: skip
    assert fixes(given) == ["Wire x to input"]


def test_inside_a_block() -> None:
    inner = {
        "a": node("Input"),
        "b": node("Input"),
        "e": node("Embedding", num_embeddings=9, embedding_dim=2),
        "s": node("add", "e", inputs={"other": "b"}),
    }
    given = network(
        ids=IDS, x=node("Input", shape=[2, 1, 2]), use={"type": "B", "inputs": {"a": "ids", "b": "x"}},
        blocks={"B": {"nodes": inner}},
    )  # fmt: skip
    assert fixes(given) == ["Wire a to input"]


def test_where_shapes_are_not_known_the_nearest_is_offered() -> None:
    given = network(
        x=X, bad=node("Linear", "x", in_features=7, out_features=5), act=node("relu", "bad"),
        end=node("Linear", in_features=5, out_features=2),
    )  # fmt: skip
    (problem,) = [problem for problem in answer("analyze", given)["problems"] if problem["code"] == "missing-wire"]
    assert [fix["title"] for fix in problem["fixes"]] == ["Wire act to input"]


def test_the_message_says_what_the_output_is() -> None:
    given = network(ids=IDS, x=X, e=node("Embedding", num_embeddings=9, embedding_dim=3))
    (problem,) = answer("analyze", given)["problems"]
    assert problem["message"] == (
        "Nothing is wired to input of e (Embedding). The nearest output that fits is ids (2 x 5, int64)."
    )


def test_a_trial_leaves_no_trace() -> None:
    """The rest of the answer is that of the network in which the node has no say."""
    given = network(x=X, y=node("Input", shape=[2, 3]), fc=node("Linear", out_features=4), end=node("relu", "fc"))
    found = answer("analyze", given)
    assert found["nodes"]["fc"]["inferred"] == {} and found["nodes"]["fc"]["state"] == "error"
    assert found["nodes"]["fc"]["parameter_count"] is None
    assert found["nodes"]["end"]["state"] == "blocked"
