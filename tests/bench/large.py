"""Large designs: a decoder of 70 billion parameters, ResNet-152 beside torchinfo, a chain of a thousand layers.

python -m tests.bench.large: milliseconds that torchinfo takes for ResNet-152, in a process that asked it for LeNet
before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from tests.bench.measure import Connection, median, network, table
from tests.conftest import LiveServer

TIMES = 5
TEXT = """\
## Large designs

Median of {times}, over HTTP, `POST /analyze`. Cold: the first request of a new server after LeNet. Edited: one
parameter of the network has a value that was never asked. torchinfo builds ResNet-152 on the meta device and
summarises it there, in a new process each time, after LeNet. Goals: 70 billion parameters in under 1,000 ms;
ResNet-152 cold at most as long as torchinfo, edited at most a tenth of it; the edited chain under 30 ms.

{table}"""

Document = dict[str, Any]


def resnet152() -> Document:
    """ResNet-50 of the conformance networks, with more blocks a stage: 60,192,808 parameters."""
    document = network("ResNet_50")
    for stage, blocks in (("layer2", 8), ("layer3", 36)):
        document["nodes"][stage]["repeat"] = blocks
    return document


def chain(layers: int = 1_000) -> Document:
    """Linear layers, one after the other."""
    nodes: Document = {"x": {"type": "Input", "params": {"shape": [2, 16]}}}
    for number in range(layers):
        source = f"fc{number - 1}" if number else "x"
        nodes[f"fc{number}"] = {"type": "Linear", "params": {"out_features": 16}, "inputs": {"input": source}}
    return {"format": "torchwire/1", "name": "Chain", "seed": 0, "nodes": nodes}


def decoder() -> Document:
    """80 blocks of Llama's kind, 8,192 wide, 64 heads over 8 keys: 70,553,706,496 parameters."""

    def linear(source: str, width: int) -> Document:
        return {"type": "Linear", "params": {"out_features": width, "bias": False}, "inputs": {"input": source}}

    def norm(source: str) -> Document:
        return {"type": "RMSNorm", "params": {"eps": 1e-5}, "inputs": {"x": source}}

    def heads(source: str, count: int) -> tuple[Document, Document]:
        shape = [{"$": "x.shape[0]"}, {"$": "x.shape[1]"}, count, 128]
        return (
            {"type": "view", "params": {"shape": shape}, "inputs": {"input": source}},
            {"type": "transpose", "params": {"dim0": 1, "dim1": 2}, "inputs": {"input": f"{source}_heads"}},
        )

    block: Document = {"x": {"type": "Input"}, "norm1": norm("x")}
    for name, count in (("q", 64), ("k", 8), ("v", 8)):
        block[name] = linear("norm1", count * 128)
        block[f"{name}_heads"], block[f"{name}_first"] = heads(name, count)
    block |= {
        "attention": {
            "type": "scaled_dot_product_attention",
            "params": {"is_causal": True, "enable_gqa": True},
            "inputs": {"query": "q_first", "key": "k_first", "value": "v_first"},
        },
        "back": {"type": "transpose", "params": {"dim0": 1, "dim1": 2}, "inputs": {"input": "attention"}},
        "joined": {"type": "flatten", "params": {"start_dim": 2}, "inputs": {"input": "back"}},
        "o": linear("joined", 8_192),
        "add1": {"type": "add", "inputs": {"input": "x", "other": "o"}},
        "norm2": norm("add1"),
        "gate": linear("norm2", 28_672),
        "active": {"type": "silu", "inputs": {"input": "gate"}},
        "up": linear("norm2", 28_672),
        "product": {"type": "mul", "inputs": {"input": "active", "other": "up"}},
        "down": linear("product", 8_192),
        "add2": {"type": "add", "inputs": {"input": "add1", "other": "down"}},
        "y": {"type": "Output", "inputs": {"value": "add2"}},
    }
    nodes = {
        "words": {"type": "Input", "params": {"shape": [1, 512], "fill": "randint", "high": 128_256}},
        "embed": {
            "type": "Embedding",
            "params": {"num_embeddings": 128_256, "embedding_dim": 8_192},
            "inputs": {"input": "words"},
        },
        "layers": {"type": "Layer", "repeat": 80, "inputs": {"x": "embed"}},
        "norm": norm("layers"),
        "head": linear("norm", 128_256),
    }
    return {
        "format": "torchwire/1",
        "name": "Decoder",
        "seed": 0,
        "nodes": nodes,
        "blocks": {"Layer": {"params": {}, "nodes": block}},
    }


def edit_resnet(document: Document, number: int) -> None:
    document["nodes"]["fc"]["params"]["out_features"] = 900 + number


def edit_chain(document: Document, number: int) -> None:
    document["nodes"]["fc500"]["params"]["out_features"] = 17 + number


def edit_decoder(document: Document, number: int) -> None:
    document["nodes"]["head"]["params"]["out_features"] = 128_000 + number


def ask(document: Document, edit: Any, parameters: int) -> tuple[float, float]:
    """Milliseconds of the first analyze of a new server, and the median of five after an edit each."""
    server = LiveServer(workers=1)
    connection = Connection(server.url)
    try:
        connection.ask("POST", "/analyze", json.dumps({"network": network("LeNet")}).encode())
        cold, answer = connection.ask("POST", "/analyze", json.dumps({"network": document}).encode())
        assert json.loads(answer)["totals"]["parameters"] == parameters
        edited = []
        for number in range(5):
            edit(document, number)
            edited.append(connection.ask("POST", "/analyze", json.dumps({"network": document}).encode())[0])
        return cold, median(edited)
    finally:
        connection.close()
        server.close()


def measure(times: int = TIMES) -> str:
    """Each design on servers of its own, in turn with torchinfo in processes of its own."""
    designs = {
        "decoder of 70 billion parameters": (decoder, edit_decoder, 70_553_706_496),
        "ResNet-152": (resnet152, edit_resnet, 60_192_808),
        "1,000 Linear layers": (chain, edit_chain, 272_000),
    }
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in designs}
    info = []
    for _ in range(times):
        info.append(float(subprocess.check_output([sys.executable, "-m", "tests.bench.large"], env=one_thread())))
        for name, (make, edit, parameters) in designs.items():
            took[name].append(ask(make(), edit, parameters))
    reference = median(info)
    rows = []
    for name, found in took.items():
        cold, edited = median([one for one, _ in found]), median([other for _, other in found])
        beside = [f"{cold / reference:.2f}", f"{edited / reference:.2f}"] if name == "ResNet-152" else ["", ""]
        rows.append([name, f"{cold:.0f}", f"{edited:.1f}", *beside])
    rows.append(["torchinfo of ResNet-152", f"{reference:.0f}", "", "1.00", ""])
    heads = ["design", "cold ms", "edited ms", "cold against torchinfo", "edited against torchinfo"]
    return TEXT.format(times=times, table=table(heads, rows))


def one_thread() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def torchinfo_milliseconds() -> float:
    """torchinfo's summary of ResNet-152, built for it on the meta device."""
    import torch
    import torchinfo
    from tests.bench.reference import LeNet, resnet

    torch.set_num_threads(1)
    torchinfo.summary(LeNet().to("meta"), input_size=(1, 1, 32, 32), device="meta", verbose=0)
    start = time.perf_counter()
    with torch.device("meta"):
        model = resnet([3, 8, 36, 3], wide=True)
    found = torchinfo.summary(model, input_size=(2, 3, 96, 96), device="meta", verbose=0)
    assert found.total_params == 60_192_808
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    print(torchinfo_milliseconds())
