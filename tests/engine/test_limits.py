"""What is too large is named and skipped, shapes are shown, and nothing of that size is ever allocated."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.problems.mistake import Mistake, answer, chain, network, node

DOUBLED = {f"x{i + 1}": node("cat", inputs={"tensors": [f"x{i}", f"x{i}"]}) for i in range(40)}
LAYER = node("TransformerEncoderLayer", d_model=16, nhead=4, dim_feedforward=16)
FORWARD = ("forward",)

# told by the shape pass: not even torch's meta device may be touched
HOPELESS = [
    Mistake(
        "limit-layers",
        "rnn",
        chain(5, 2, 3, rnn=("LSTM", {"hidden_size": 4, "num_layers": 100_000})),
        1,
        says=("num_layers of rnn (LSTM) is 100,000, 99,744 over the limit of 256",),
        param="num_layers",
    ),
    Mistake(
        "limit-layers",
        "e",
        id="encoder",
        fixes=1,
        says=("1,000,000",),
        network=network(
            x=node("Input", shape=[5, 2, 16]),
            e=node("TransformerEncoder", inputs={"src": "x"}, num_layers=10**6, encoder_layer=LAYER),
        ),
    ),
    Mistake(
        "limit-layers",
        "t",
        id="decoder",
        fixes=1,
        says=("num_decoder_layers",),
        network=network(
            x=node("Input", shape=[5, 2, 16]),
            t=node(
                "Transformer",
                inputs={"src": "x", "tgt": "x"},
                d_model=16,
                nhead=4,
                dim_feedforward=16,
                num_encoder_layers=1,
                num_decoder_layers=10**6,
            ),
        ),
    ),
    Mistake(
        "limit-outputs", "parts", chain(10**6, parts=("unbind", {})), 0, says=("1,000,000 tensors", "999,000 over")
    ),
    Mistake("limit-outputs", "parts", chain(10**6, parts=("chunk", {"chunks": 10**6})), 0, id="chunk"),
    Mistake(
        "limit-rank", "x", chain(*[1] * 3000, r=("ReLU", {})), 0, says=("3,000 dimensions, 2,984 over the limit of 16",)
    ),
    Mistake("limit-elements", "x", chain(2**40, 2**40, r=("ReLU", {})), 0, id="input", says=("1099511627776",)),
    Mistake(
        "limit-elements",
        "fc",
        chain(2, 3, fc=("Linear", {"in_features": 10**12, "out_features": 10**12})),
        0,
        id="linear",
    ),
    Mistake(
        "limit-elements",
        "c",
        chain(1, 1, 8, 8, 8, c=("Conv3d", {"out_channels": 10**9, "kernel_size": 10**6})),
        0,
        id="conv3d",
    ),
    Mistake("limit-elements", "r", chain(8, 8, r=("repeat", {"repeats": [10**9, 10**9]})), 0, id="repeat"),
    Mistake("limit-elements", "p", chain(1, 1, 8, 8, p=("pad", {"pad": [10**9] * 4})), 0, id="pad"),
    Mistake("limit-elements", "u", chain(1, 1, 8, 8, u=("Upsample", {"scale_factor": 10**9})), 0, id="upsample"),
    Mistake("limit-elements", "z", network(z=node("zeros", size=[2**40, 2**40])), 0, id="zeros"),
]

# shapes are found, only the forward pass is refused
REFUSED = [
    Mistake(
        "limit-parameters",
        "e",
        chain(3, dtype="int64", e=("Embedding", {"num_embeddings": 2**31, "embedding_dim": 16}), r=("ReLU", {})),
        1,
        says=("34,359,738,368 parameters", "34,109,738,368 over the limit of 250,000,000"),
        verbs=FORWARD,
        blocked=("r",),
    ),
    Mistake(
        "limit-parameters",
        "b",
        id="second",
        fixes=1,
        says=("249,000,001 are left",),
        verbs=FORWARD,
        network=chain(
            2,
            1,
            a=("Linear", {"in_features": 1, "out_features": 999_999, "bias": False}),
            b=("Linear", {"out_features": 10**6}),
        ),
    ),
    Mistake(
        "limit-elements",
        "x",
        chain(10**9, 0, r=("ReLU", {})),
        0,
        id="empty",
        verbs=FORWARD,
        says=("no elements but 1,000,000,000 places",),
    ),
    Mistake(
        "limit-elements",
        "x",
        chain(100_000, 1000, r=("ReLU", {})),
        0,
        id="large-input",
        verbs=FORWARD,
        says=("100,000,000 elements", "2 times smaller"),
        blocked=("r",),
    ),
    Mistake(
        "limit-elements",
        "x25",
        id="doubled",
        fixes=0,
        verbs=FORWARD,
        blocked=("x26", "x40"),
        network=network(x0=node("Constant", shape=[2, 2], fill="zeros"), **DOUBLED),
    ),
    Mistake(
        "limit-elements",
        "o",
        chain(3, dtype="int64", o=("one_hot", {"num_classes": 10**9})),
        0,
        id="one_hot",
        verbs=FORWARD,
    ),
    Mistake("limit-elements", "r", chain(1, 1, r=("expand", {"size": [10**6, 10**6]})), 0, id="expand", verbs=FORWARD),
    Mistake("limit-elements", "a", network(a=node("arange", end=10**12)), 0, id="arange", verbs=FORWARD),
    Mistake(
        "limit-elements",
        "u",
        chain(1, 1, 8, 8, u=("interpolate", {"size": [10**5, 10**5]})),
        0,
        id="interpolate",
        verbs=FORWARD,
    ),
    Mistake(
        "limit-elements",
        "c",
        network(c=node("Constant", shape=[10**5, 10**5], fill="zeros")),
        0,
        id="constant",
        verbs=FORWARD,
    ),
    Mistake(
        "limit-elements",
        "p",
        network(p=node("Parameter", shape=[10**5, 10**5], fill="zeros")),
        0,
        id="parameter",
        verbs=FORWARD,
    ),
    Mistake(
        "limit-rank",
        "x",
        chain(*[1] * 20, r=("ReLU", {}), f=("Flatten", {})),
        0,
        id="rank",
        verbs=FORWARD,
        says=("20 dimensions, 4 over the limit of 16",),
        blocked=("r", "f"),
    ),
    Mistake(
        "limit-steps",
        "rnn",
        chain(10**6, 1, 3, rnn=("GRU", {"hidden_size": 4})),
        0,
        verbs=FORWARD,
        says=("1,000,000 time steps", "Sequences of 100,000 steps would fit"),
    ),
]

MISTAKES = HOPELESS + REFUSED


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_limits(mistake: Mistake) -> None:
    mistake.check()
    for verb in mistake.verbs:
        assert answer(verb, mistake.network)["nodes"][mistake.node]["state"] == "skipped"


@pytest.mark.parametrize("mistake", [m for m in REFUSED if m.code != "limit-parameters"], ids=str)
def test_every_shape_is_there(mistake: Mistake) -> None:
    given = mistake.network
    shapes = [
        {
            key: [output["shape"] for output in entry["outputs"].values()]
            for key, entry in answer(verb, given)["nodes"].items()
        }
        for verb in ("analyze", "forward")
    ]
    assert shapes[0] == shapes[1]
    assert all(shapes[0].values())


def test_what_cannot_run_is_not_built_either_where_it_is_too_large() -> None:
    given = chain(2, 3, fc=("Linear", {"in_features": 10**6, "out_features": 10**6}))
    found = answer("forward", given)
    assert [problem["code"] for problem in found["problems"]] == ["linear-in-features", "limit-parameters"]
    assert found["nodes"]["fc"]["state"] == "error"


def test_a_sum_over_the_limit_is_told_once() -> None:
    wide = node("Linear", out_features=10_000, in_features=10_000, bias=False)
    layers = {f"l{i}": {**wide, "inputs": {"input": f"l{i - 1}" if i else "x"}} for i in range(5)}
    found = answer("forward", network(x=node("Input", shape=[1, 10_000]), **layers))
    (told,) = found["problems"]
    assert (told["code"], told["node"]) == ("limit-parameters", "l2")
    assert "500,000,000 parameters, 250,000,000 over the limit of 250,000,000" in told["message"]
    assert [found["nodes"][key]["state"] for key in layers] == ["skipped"] * 5


def test_values_beyond_one_answer() -> None:
    found = answer("forward", chain(4000, 1000, a=("ReLU", {}), b=("ReLU", {}), c=("sum", {})), values="all")
    told = [(p["code"], p["node"]) for p in found["problems"]]
    assert told == [("limit-answer", "b")]
    assert "4,000,000 values of b" in found["problems"][0]["message"]
    assert found["nodes"]["a"]["outputs"]["output"]["values"] is not None
    assert found["nodes"]["b"]["outputs"]["output"]["values"] is None
    assert found["nodes"]["c"]["outputs"]["output"]["values"] is not None


def test_layers_before_a_limit_keep_their_values() -> None:
    given = chain(2, 3, a=("Linear", {"out_features": 10**6}), b=("Linear", {"out_features": 10**6}), c=("ReLU", {}))
    given["nodes"]["side"] = node("relu", "x")
    given["nodes"]["first"] = node("zeros", size=[2])
    nodes = answer("forward", given)["nodes"]
    assert nodes["first"]["state"] == "ok"
    # what is drawn after the module that was not built has no values, for they would be others
    assert [nodes[key]["state"] for key in ("x", "a", "b", "c", "side")] == ["skipped"] * 5
    assert nodes["c"]["outputs"]["output"]["shape"] == [2, 10**6]


def decoder(layers: int, width: int) -> dict[str, Any]:
    """A decoder of Llama's shape: 80 layers of 8,192 are 70 billion parameters."""
    block = {
        "params": {"width": width},
        "nodes": {
            "h": {"type": "Input"},
            **{
                key: node("Linear", "h", in_features={"$": "width"}, out_features={"$": out}, bias=False)
                for key, out in (("q", "width"), ("k", "width // 8"), ("v", "width // 8"), ("gate", "width * 7 // 2"))
            },
            "o": node("Linear", "q", out_features={"$": "width"}, bias=False),
            "up": node("Linear", "o", out_features={"$": "width * 7 // 2"}, bias=False),
            "both": node("mul", "gate", inputs={"other": "up"}),
            "down": node("Linear", "both", out_features={"$": "width"}, bias=False),
            "sum": node("add", "down", inputs={"other": "h"}),
            "out": {"type": "Output", "inputs": {"value": "sum"}},
        },
    }
    return network(
        blocks={"Layer": block},
        words={"type": "Input", "params": {"shape": [1, 2048], "dtype": "int64", "fill": "randint", "high": 100}},
        embed=node("Embedding", "words", num_embeddings=128_256, embedding_dim=width),
        layers={"type": "Layer", "repeat": layers, "params": {"width": width}, "inputs": {"h": "embed"}},
        head=node("Linear", "layers", out_features=128_256, bias=False),
    )


_MEASURE = """
import json, sys
from pathlib import Path
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS
requests = json.load(sys.stdin)
VERBS["forward"]({"network": requests[0]["network"]}, Unwatched())
def peak():  # KiB of this process alone: getrusage also counts what the one that started it had
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
before = peak()
answers = [json.loads(VERBS[r["verb"]]({"network": r["network"]}, Unwatched())) for r in requests[1:]]
grown = peak() - before
print(json.dumps([grown, [a["totals"]["parameters"] for a in answers], [a["ok"] for a in answers]]))
"""


def test_nothing_of_that_size_is_allocated() -> None:
    """All of the above, and 70 billion parameters, in one process: its memory does not grow by what they would take."""
    requests: list[dict[str, Any]] = [{"verb": "forward", "network": chain(4, 8, fc=("Linear", {"out_features": 8}))}]
    requests += [
        {"verb": verb, "network": m.network}
        for m in MISTAKES
        if str(m) != "doubled"  # what runs before its limit is allowed 2**26 elements
        for verb in ("analyze", "forward")
    ]
    requests += [{"verb": verb, "network": decoder(80, 8192)} for verb in ("analyze", "forward")]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE], input=json.dumps(requests), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    grown, parameters, ok = json.loads(done.stdout)
    assert parameters[-1] == parameters[-2] == int(80 * 12.75 * 8192**2) + 2 * 128_256 * 8192
    assert ok[-2:] == [True, False]
    assert grown < 400 * 1024  # KiB
