"""POST /forward of LeNet against building and running the same LeNet directly in torch, and GET /health beside them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import torch
from tests.bench.measure import Connection, median, percentile, table
from tests.bench.reference import lenet
from tests.conftest import LiveServer

ROUNDS, WARM = 400, 40
GOAL = 3  # POST /forward takes at most so many times what torch takes
TEXT = """\
## The forward pass of LeNet

{rounds} rounds, each asking all in turn, every time with another seed so that no answer can be remembered; shapes do
not depend on it, and are. The edit gives fc1 a width that was never asked before: plan and shapes are found anew. One
thread of torch on both sides. Goal: at most {goal} times torch.

{table}"""
README = Path(__file__).parents[2] / "README.md"


def document() -> str:
    """The README's request; its seed stands in it once."""
    [request] = re.findall(r"-d '\n(\{.*?\})'", README.read_text("utf-8"), flags=re.DOTALL)
    assert request.count('"seed": 0') == 1
    return request


def measure(rounds: int = ROUNDS) -> str:
    """Every round asks torch, the server (twice: another seed, another width) and /health once."""
    request = document()
    server = LiveServer(workers=1)
    connection = Connection(server.url)
    times: dict[str, list[float]] = {"torch": [], "forward": [], "edit": [], "health": []}
    try:
        for seed in range(rounds + WARM):
            start = time.perf_counter()
            wanted = lenet(seed)
            direct = (time.perf_counter() - start) * 1000
            forward, answer = connection.ask(
                "POST", "/forward", request.replace('"seed": 0', f'"seed": {seed}').encode()
            )
            edit, _ = connection.ask(
                "POST", "/forward", request.replace('"out_features": 120', f'"out_features": {121 + seed}').encode()
            )
            health, _ = connection.ask("GET", "/health")
            if seed >= WARM:
                times["torch"].append(direct)
                times["forward"].append(forward)
                times["edit"].append(edit)
                times["health"].append(health)
            elif seed == 0:
                found = json.loads(answer)
                assert found["totals"]["parameters"] == 81_290
                values = found["nodes"]["fc3"]["outputs"]["output"]["values"]
                assert torch.equal(torch.tensor(values), wanted), "the two do not compute the same"
    finally:
        connection.close()
        server.close()
    return report(times)


def report(times: dict[str, list[float]]) -> str:
    base = median(times["torch"])
    names = {
        "torch": "built and run directly in torch, in process",
        "forward": "`POST /forward` over HTTP",
        "edit": "`POST /forward` after an edit of fc1's width",
        "health": "`GET /health` over HTTP, which does nothing",
    }
    rows = [
        [name, f"{median(times[key]):.2f}", f"{percentile(times[key], 0.95):.2f}", f"{median(times[key]) / base:.2f}"]
        for key, name in names.items()
    ]
    heads = ["LeNet", "p50 ms", "p95 ms", "p50 against torch"]
    return TEXT.format(rounds=len(times["torch"]), goal=GOAL, table=table(heads, rows))
