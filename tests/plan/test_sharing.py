"""`call`, parameters as ports, tied parameters and sizes."""

from __future__ import annotations

from typing import Any

import torch
from tests.plan.documents import X, built, document, forward, found, planned, right, shape, tensor
from torch import nn


def linear(source: str | None = "x", width: int = 3, **more: Any) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "Linear", "params": {"out_features": width}, **more}
    return node if source is None else {**node, "inputs": {"input": source}}


# -- call -------------------------------------------------------------------------------------------------------------


def test_a_call_runs_the_module_again_with_the_same_weights() -> None:
    answer = right(document({"x": X, "a": linear(), "b": {"call": "a", "inputs": {"input": "a"}}}))
    torch.manual_seed(0)
    layer = nn.Linear(3, 3)
    x = torch.randn(2, 3)
    assert torch.equal(tensor(answer, "b"), layer(layer(x)))
    assert answer["totals"]["parameters"] == 12
    assert answer["nodes"]["b"]["parameter_count"] == 0


def test_a_module_that_is_only_called_is_built_and_not_run() -> None:
    nodes = {
        "x": X,
        "a": linear(None),
        "b": {"call": "a", "inputs": {"input": "x"}},
        "c": {"call": "a", "inputs": {"input": "b"}},
    }
    answer = right(document(nodes))
    assert answer["nodes"]["a"]["outputs"] == {}
    assert answer["nodes"]["a"]["inferred"] == {"in_features": 3}
    assert answer["totals"]["parameters"] == 12
    assert shape(answer, "c") == [2, 3]


def test_a_call_may_stand_before_its_module() -> None:
    answer = right(document({"x": X, "b": {"call": "a", "inputs": {"input": "x"}}, "a": linear(None)}))
    assert shape(answer, "b") == [2, 3]


def test_a_call_takes_the_arguments_of_forward_only() -> None:
    source = {"type": "Input", "params": {"shape": [5, 1, 4]}}
    attention = {
        "type": "MultiheadAttention",
        "params": {"num_heads": 2},
        "inputs": dict.fromkeys(("query", "key", "value"), "x"),
    }
    again = {"call": "a", "params": {"need_weights": False}, "inputs": dict.fromkeys(("query", "key", "value"), "a")}
    answer = right(document({"x": source, "a": attention, "b": again}))
    assert list(answer["nodes"]["a"]["outputs"]) == ["attn_output", "attn_output_weights"]
    assert list(answer["nodes"]["b"]["outputs"]) == ["attn_output"]
    again["params"] = {"num_heads": 2}
    assert found(document({"x": source, "a": attention, "b": again})) == [("unknown-param", "b", "num_heads")]


def test_a_call_with_repeat_runs_one_module_n_times() -> None:
    answer = right(document({"x": X, "a": linear(), "b": {"call": "a", "inputs": {"input": "a"}, "repeat": 3}}))
    torch.manual_seed(0)
    layer = nn.Linear(3, 3)
    value = layer(torch.randn(2, 3))
    for _ in range(3):
        value = layer(value)
    assert torch.equal(tensor(answer, "b"), value)
    assert answer["totals"]["parameters"] == 12


def test_a_call_of_a_block() -> None:
    blocks = {
        "B": {"nodes": {"x": {"type": "Input"}, "fc": linear(), "y": {"type": "Output", "inputs": {"value": "fc"}}}}
    }
    nodes = {"x": X, "a": {"type": "B", "inputs": {"x": "x"}}, "b": {"call": "a", "inputs": {"x": "a"}}}
    answer = right(document(nodes, blocks=blocks))
    torch.manual_seed(0)
    layer = nn.Linear(3, 3)
    x = torch.randn(2, 3)
    assert torch.equal(tensor(answer, "b"), layer(layer(x)))
    assert answer["totals"]["parameters"] == 12


def test_a_block_that_is_only_called() -> None:
    blocks = {"B": {"nodes": {"x": {"type": "Input"}, "fc": linear()}}}
    nodes = {"x": X, "a": {"type": "B"}, "b": {"call": "a", "inputs": {"x": "x"}}}
    answer = right(document(nodes, blocks=blocks))
    assert shape(answer, "b") == [2, 3]
    assert answer["totals"]["parameters"] == 12


def test_a_call_of_a_faulty_node_is_blocked_by_it() -> None:
    nodes = {"x": X, "a": {"type": "Linaer"}, "b": {"call": "a", "inputs": {"input": "x"}}}
    answer = forward(document(nodes))
    assert [(p["code"], p["node"]) for p in answer["problems"]] == [("unknown-type", "a")]
    assert (answer["nodes"]["b"]["state"], answer["nodes"]["b"]["blocked_by"]) == ("blocked", ["a"])


def test_a_called_module_is_not_blamed_for_what_its_caller_waits_for() -> None:
    nodes = {"x": {"type": "relu"}, "a": linear(None), "b": {"call": "a", "inputs": {"input": "x"}}}
    answer = forward(document(nodes))
    assert [(p["code"], p["node"]) for p in answer["problems"]] == [("missing-wire", "x")]


# -- parameters as ports ----------------------------------------------------------------------------------------------


def test_a_parameter_is_read_as_a_tensor() -> None:
    nodes = {"x": X, "a": linear(), "w": {"type": "t", "inputs": {"input": "a.weight"}}}
    answer = right(document(nodes))
    torch.manual_seed(0)
    assert torch.equal(tensor(answer, "w"), nn.Linear(3, 3).weight.t())


def test_a_buffer_is_read_as_a_tensor() -> None:
    nodes = {
        "x": X,
        "a": {"type": "BatchNorm1d", "inputs": {"input": "x"}},
        "m": {"type": "add", "params": {"other": 1}, "inputs": {"input": "a.running_var"}},
    }
    assert tensor(right(document(nodes)), "m").tolist() == [2.0, 2.0, 2.0]


def test_a_parameter_inside_a_block_is_read_by_its_path() -> None:
    blocks = {
        "B": {"nodes": {"x": {"type": "Input"}, "fc": linear(), "y": {"type": "Output", "inputs": {"value": "fc"}}}}
    }
    nodes = {"x": X, "a": {"type": "B", "inputs": {"x": "x"}}, "w": {"type": "exp", "inputs": {"input": "a.fc.bias"}}}
    assert shape(right(document(nodes, blocks=blocks)), "w") == [3]
    nodes["a"]["repeat"] = 2
    nodes["w"]["inputs"]["input"] = "a.1.fc.bias"
    assert shape(right(document(nodes, blocks=blocks)), "w") == [3]


def test_reading_a_parameter_orders_nothing() -> None:
    nodes = {
        "x": X,
        "w": {"type": "t", "inputs": {"input": "a.weight"}},
        "r": {"type": "relu", "inputs": {"input": "x"}},
        "a": linear("r"),
    }
    plan, problems = planned(document(nodes))
    assert problems == []
    assert plan.graph.order == ["x", "w", "r", "a"]
    assert shape(right(document(nodes)), "w") == [3, 3]


def test_a_module_reads_no_circle_through_its_own_parameter() -> None:
    nodes = {"x": X, "w": {"type": "linear", "inputs": {"input": "x", "weight": "a.weight"}}, "a": linear("w")}
    assert found(document(nodes)) == []


def test_tied_parameters_are_one() -> None:
    ids = {"type": "Input", "params": {"shape": [2], "fill": "randint", "high": 5}}
    nodes = {
        "ids": ids,
        "wte": {"type": "Embedding", "params": {"num_embeddings": 5, "embedding_dim": 4}, "inputs": {"input": "ids"}},
        "head": {
            "type": "Linear",
            "params": {"out_features": 5, "bias": False},
            "inputs": {"input": "wte", "weight": "wte.weight"},
        },
    }
    answer = right(document(nodes))
    assert answer["totals"]["parameters"] == 20
    root = built(document(nodes))
    assert root.head.weight is root.wte.weight
    assert torch.equal(tensor(answer, "head"), tensor(answer, "wte") @ root.wte.weight.detach().t())


def test_a_tie_orders_nothing() -> None:
    nodes = {
        "x": X,
        "a": linear(width=3, params={"out_features": 3, "bias": False})
        | {"inputs": {"input": "x", "weight": "z.weight"}},
        "z": linear("a", params={"out_features": 3, "bias": False}),
    }
    plan, problems = planned(document(nodes))
    assert problems == []
    assert plan.graph.order == ["x", "a", "z"]
    assert right(document(nodes))["totals"]["parameters"] == 9


def test_tying_to_a_parameter_that_does_not_exist_is_a_problem() -> None:
    nodes = {"x": X, "a": linear() | {"inputs": {"input": "x", "weigth": "b.weight"}}, "b": linear()}
    problems = [(p["code"], p["node"], p["port"]) for p in forward(document(nodes))["problems"]]
    assert ("unknown-port", "a", "weigth") in problems
    nodes = {"x": X, "a": linear() | {"inputs": {"input": "x", "weight": "b.weigth"}}, "b": linear()}
    problems = [(p["code"], p["node"], p["port"]) for p in forward(document(nodes))["problems"]]
    assert ("unknown-output", "a", "weight") in problems


def test_tying_what_does_not_fit_is_a_problem() -> None:
    nodes = {"x": X, "a": linear() | {"inputs": {"input": "x", "weight": "b.weight"}}, "b": linear(width=2)}
    problems = [(p["code"], p["node"], p["port"]) for p in forward(document(nodes))["problems"]]
    assert problems == [("bad-wire", "a", "weight")]


# -- outputs and lists ------------------------------------------------------------------------------------------------


def test_outputs_have_torch_s_names_and_the_first_is_the_node() -> None:
    source = {"type": "Input", "params": {"shape": [5, 1, 4]}}
    nodes = {"x": source, "a": {"type": "LSTM", "params": {"hidden_size": 2}, "inputs": {"input": "x"}}}
    answer = right(
        document(
            {
                **nodes,
                "r": {"type": "relu", "inputs": {"input": "a"}},
                "h": {"type": "relu", "inputs": {"input": "a.h_n"}},
            }
        )
    )
    assert shape(answer, "r") == [5, 1, 2]
    assert shape(answer, "h") == [1, 1, 2]


def test_a_tuple_is_a_list_of_references() -> None:
    source = {"type": "Input", "params": {"shape": [5, 1, 2]}}
    enc = {"type": "LSTM", "params": {"hidden_size": 2}, "inputs": {"input": "x"}}
    dec = {"type": "LSTM", "params": {"hidden_size": 2}, "inputs": {"input": "x", "hx": ["enc.h_n", "enc.c_n"]}}
    answer = right(document({"x": source, "enc": enc, "dec": dec}))
    root = built(document({"x": source, "enc": enc, "dec": dec}))
    with torch.no_grad():
        _, state = root.enc(tensor(answer, "x"))
        expected, _ = root.dec(tensor(answer, "x"), state)
    assert torch.equal(tensor(answer, "dec"), expected)


def test_list_results_are_numbered_as_the_run_gives_them() -> None:
    source = {"type": "Input", "params": {"shape": [5, 2]}}
    nodes = {"x": source, "c": {"type": "chunk", "params": {"chunks": 4}, "inputs": {"input": "x"}}}
    answer = right(document({**nodes, "r": {"type": "relu", "inputs": {"input": "c.2"}}}))
    assert list(answer["nodes"]["c"]["outputs"]) == ["0", "1", "2"]
    assert shape(answer, "r") == [1, 2]
    wrong = forward(document({**nodes, "r": {"type": "relu", "inputs": {"input": "c.3"}}}))
    assert [(p["code"], p["node"], p["port"]) for p in wrong["problems"]] == [("unknown-output", "r", "input")]


def test_one_reference_on_a_port_that_takes_many() -> None:
    for wire in ("x", ["x"], ["x", "x"]):
        answer = right(document({"x": X, "c": {"type": "cat", "inputs": {"tensors": wire}}}))
        assert shape(answer, "c") == [4 if wire == ["x", "x"] else 2, 3]


# -- sizes ------------------------------------------------------------------------------------------------------------


def test_a_size_of_a_node_and_of_a_port() -> None:
    source = {"type": "Input", "params": {"shape": [5, 1, 4]}}
    lstm = {"type": "LSTM", "params": {"hidden_size": 2, "num_layers": 3}, "inputs": {"input": "x"}}
    view = {
        "type": "reshape",
        "params": {"shape": [{"$": "lstm.h_n.shape[0]"}, {"$": "-1 * lstm.h_n.shape[1]"}]},
        "inputs": {"input": "lstm.h_n"},
    }
    assert shape(right(document({"x": source, "lstm": lstm, "y": view})), "y") == [3, 2]


def test_a_size_is_a_wire_that_orders() -> None:
    nodes = {
        "x": X,
        "y": {"type": "reshape", "params": {"shape": [{"$": "z.shape[1]"}, -1]}, "inputs": {"input": "x"}},
        "z": {"type": "relu", "inputs": {"input": "x"}},
        "out": {"type": "Output", "inputs": {"value": "y"}},
    }
    plan, problems = planned(document(nodes))
    assert problems == []
    assert plan.graph.order == ["x", "z", "y", "out"]
    assert shape(right(document(nodes)), "y") == [3, 2]


def test_training_in_a_function_s_parameters() -> None:
    nodes = {
        "x": X,
        "y": {"type": "add", "params": {"other": {"$": "10 if training else 20"}}, "inputs": {"input": "x"}},
    }
    for training, expected in ((True, 10), (False, 20)):
        answer = right(document(nodes, training=training))
        assert torch.equal(tensor(answer, "y"), tensor(answer, "x") + expected)


def test_a_size_out_of_range_is_a_problem_of_the_reader() -> None:
    nodes = {"x": X, "y": {"type": "reshape", "params": {"shape": [{"$": "x.shape[2]"}, -1]}, "inputs": {"input": "x"}}}
    assert [(p["code"], p["node"], p["param"]) for p in forward(document(nodes))["problems"]] == [
        ("bad-expression", "y", "shape")
    ]
