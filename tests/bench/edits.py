"""What the memory of weights and outputs saves: five edits of LeNet and ResNet-18, with it and without.

python -m tests.bench.edits TIMES: the figures as JSON, in a process of its own with one thread.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from tests.bench.measure import median, network, table

TIMES = 9
TEXT = """\
## What an edit does not change

Milliseconds of one forward pass in a worker after an edit, without HTTP; median of {times}. Each time the memories of
weights and outputs are empty, the network before the edit is asked, then the network after it; shapes of layers are
remembered in both columns, whole documents in neither. A hit is a module, a tensor or the outputs of a layer that was
not computed again. A change of a width changes how much is drawn from torch's one random stream, and with it every
later weight and the inputs; the `init` of a whole network comes last, so that ResNet-18 hardly gains there. The goal is
30 % on one of the edits.

{table}"""

Document = dict[str, Any]
Edit = Callable[[Document, int], None]


def lenet() -> Document:
    """LeNet with a dropout before its last layer."""
    document = network("LeNet")
    return with_dropout(document, "fc3")


def resnet18() -> Document:
    return with_dropout(network("ResNet_18"), "fc")


def with_dropout(document: Document, before: str) -> Document:
    nodes: Document = {}
    for key, node in document["nodes"].items():
        if key == before:
            nodes["drop"] = {"type": "Dropout", "params": {"p": 0.5}, "inputs": dict(node["inputs"])}
            node["inputs"] = {"input": "drop"}
        nodes[key] = node
    return {**document, "nodes": nodes}


def _set(key: str, name: str, first: float, step: float) -> Edit:
    def edit(document: Document, number: int) -> None:
        document["nodes"][key].setdefault("params", {})[name] = first + step * number

    return edit


def _type(key: str, *types: str) -> Edit:
    def edit(document: Document, number: int) -> None:
        document["nodes"][key]["type"] = types[number % len(types)]

    return edit


EDITS: dict[str, tuple[Callable[[], Document], dict[str, Edit]]] = {
    "LeNet": (
        lenet,
        {
            "last layer's width": _set("fc3", "out_features", 11, 1),
            "first layer's width": _set("conv1", "out_channels", 7, 1),
            "stride": _set("pool2", "stride", 3, 0),
            "dropout p": _set("drop", "p", 0.1, 0.01),
            "an activation": _type("relu3", "gelu", "silu", "tanh"),
        },
    ),
    "ResNet-18": (
        resnet18,
        {
            "last layer's width": _set("fc", "out_features", 900, 1),
            "first layer's width": _set("conv1", "kernel_size", 5, 0),
            "stride": _set("maxpool", "stride", 1, 0),
            "dropout p": _set("drop", "p", 0.1, 0.01),
            "an activation": _type("relu", "GELU", "SiLU", "Tanh"),
        },
    ),
}


def measure(times: int = TIMES) -> str:
    command = [sys.executable, "-m", "tests.bench.edits", str(times)]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    rows = []
    for name, edit, kept, plain, hits, asked in json.loads(subprocess.check_output(command, env=env)):
        rows.append(
            [name, edit, f"{plain:.1f}", f"{kept:.1f}", f"{1 - kept / plain:.0%}", f"{hits / max(asked, 1):.0%}"]
        )
    return TEXT.format(times=times, table=table(["network", "edit", "without ms", "with ms", "saved", "hits"], rows))


def compute(times: int) -> list[tuple[Any, ...]]:
    """(network, edit, median with, median without, hits, look-ups)."""
    import torch

    from torchwire.engine import computation
    from torchwire.engine.memory import Memory
    from torchwire.engine.progress import Unwatched
    from torchwire.engine.reuse import Kept
    from torchwire.engine.verbs import VERBS

    torch.set_num_threads(1)

    def ask(document: Document, memory: Memory[Kept] | None) -> float:
        computation._remembered.clear()  # whole documents: asked a second time, they would not be laid out again
        with patch.object(computation, "kept_here", lambda: memory):
            start = time.perf_counter()
            VERBS["forward"]({"network": document}, Unwatched())
            return (time.perf_counter() - start) * 1000

    rows = []
    for name, (base, edits) in EDITS.items():
        for title, edit in edits.items():
            took: dict[bool, list[float]] = {True: [], False: []}
            hits = asked = 0
            for number in range(times):
                before = base()
                after = copy.deepcopy(before)
                edit(after, number)
                ask(after, None)  # what torch says of the new shapes is known from here on
                for keeps in (False, True):
                    memory = Memory(256 * 2**20, Kept.bytes) if keeps else None
                    ask(before, memory)
                    counted = (memory.hits, memory.misses) if memory is not None else (0, 0)
                    milliseconds = ask(after, memory)
                    took[keeps].append(milliseconds)
                    if memory is not None:
                        hits += memory.hits - counted[0]
                        asked += memory.hits - counted[0] + memory.misses - counted[1]
            rows.append((name, title, median(took[True]), median(took[False]), hits, asked))
    return rows


if __name__ == "__main__":
    print(json.dumps(compute(int(sys.argv[1]))))
