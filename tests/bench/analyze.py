"""POST /analyze of large networks, first asked of a new server, against torch building them on the meta device."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bench.measure import Connection, median, network, table
from tests.conftest import LiveServer

NAMES = {"ResNet_18": 11_689_512, "ResNet_50": 25_557_032, "GPT_2_small": 124_439_808}
TIMES = 3
TEXT = """\
## Shapes of large networks

Median of {times}. A new process builds and runs the network on the meta device, after LeNet there: what torch loads at
its first use does not count. A new server is asked `POST /analyze` of the same network as its first request, and again
with another seed.

{table}"""


def measure(times: int = TIMES) -> str:
    """Each network on servers of its own, in turn with torch in processes of its own."""
    rows = []
    for name, parameters in NAMES.items():
        first, again, torch = [], [], []
        for _ in range(times):
            torch.append(float(subprocess.check_output([sys.executable, "-m", "tests.bench.reference", name])))
            cold, warm = ask(name, parameters)
            first.append(cold)
            again.append(warm)
        figures = [median(torch), median(first), median(again)]
        rows.append(
            [
                name.replace("_", " "),
                f"{parameters:,}",
                *(f"{figure:.0f}" for figure in figures),
                f"{figures[1] / figures[0]:.2f}",
                f"{figures[2] / figures[0]:.2f}",
            ]
        )
    heads = [
        "network",
        "parameters",
        "torch ms",
        "first analyze ms",
        "again ms",
        "first against torch",
        "again against torch",
    ]
    return TEXT.format(times=times, table=table(heads, rows))


def ask(name: str, parameters: int) -> tuple[float, float]:
    """Milliseconds of the first analyze that a new server answers, and of one more with another seed."""
    server = LiveServer(workers=1)
    connection = Connection(server.url)
    try:
        asked = network(name)
        found = []
        for seed in (0, 1):
            body = json.dumps({"network": {**asked, "seed": seed}}).encode()
            milliseconds, answer = connection.ask("POST", "/analyze", body)
            assert json.loads(answer)["totals"]["parameters"] == parameters
            found.append(milliseconds)
    finally:
        connection.close()
        server.close()
    return found[0], found[1]
