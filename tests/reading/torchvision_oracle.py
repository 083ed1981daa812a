"""torchvision's classification builders, read from their source files and compared with what torchvision builds.

A process of its own, because of the operators that the registry's torchvision expects beside a torch without GPUs:
python -m tests.reading.torchvision_oracle resnet18 swin_t   writes one JSON line for each.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import torch
from tests.reading.texts import analysed, imported

from torchwire.engine.computation import Computation
from torchwire.engine.progress import Unwatched
from torchwire.settings import settings

_PATTERNS = ("models/*.py", "ops/__init__.py", "ops/misc.py", "ops/stochastic_depth.py", "utils.py")


def load() -> Any:
    """torchvision, beside a torch that has none of its operators."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

    torchvision.kept = library  # it would go with its last reference
    return torchvision


def files(torchvision: Any) -> dict[str, str]:
    """The source files that the classification models are made of."""
    root = Path(torchvision.__file__).parent
    found = [path for pattern in _PATTERNS for path in sorted(root.glob(pattern))]
    return {f"torchvision/{path.relative_to(root).as_posix()}": path.read_text("utf-8") for path in found}


def compare(torchvision: Any, sources: dict[str, str], name: str) -> dict[str, Any]:
    """What came of one builder."""
    began = time.perf_counter()
    shape = [1, 3, 299, 299] if name == "inception_v3" else [1, 3, 224, 224]
    inputs = {argument: {"shape": shape} for argument in ("x", "input")}
    found = imported(sources, seconds=60, entry=name, inputs=inputs)
    row: dict[str, Any] = {"name": name, "seconds": time.perf_counter() - began, "told": len(found["problems"])}
    errors = [problem for problem in found["problems"] if problem["severity"] == "error"]
    if errors:
        first = errors[0]
        return row | {"outcome": "refused", "line": first["line"], "why": f"{first['file']}: {first['message']}"}
    network = found["networks"][0]
    model = torchvision.models.get_model(name).eval()
    row["parameters"] = sum(parameter.numel() for parameter in model.parameters())
    answer = analysed(network)
    row["imported"] = answer["totals"]["parameters"]
    row["nodes"] = len(network["nodes"]) + sum(len(block["nodes"]) for block in network.get("blocks", {}).values())
    row["blocks"] = len(network.get("blocks", {}))
    if not answer["ok"]:
        return row | {"outcome": "wrong", "why": answer["problems"][0]["message"]}
    theirs = model.state_dict()
    if set(found["names"]) != set(theirs):
        return row | {"outcome": "names", "why": str(sorted(set(found["names"]) ^ set(theirs))[:3])}
    if row["parameters"] > settings().max_parameters:
        return row | {"outcome": "counted"}  # the engine computes no network of this size
    computation = Computation({"network": network}, Unwatched())
    run = computation.forward()
    plan = computation.plan
    assert plan is not None
    ours = run.root.state_dict()
    with torch.no_grad():
        for source, target in found["names"].items():
            theirs[source].copy_(ours[target])
        image = run.outcomes[plan.graph.kind("input")[0].path].outputs["output"]
        expected = model(image)
    output = next(iter(run.outcomes[plan.graph.nodes[plan.graph.returned[0]].path].outputs.values()))
    row["difference"] = float((output - expected).abs().max())
    return row | {"outcome": "equal" if torch.equal(output, expected) else "different"}


def main(names: list[str]) -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    torchvision = load()
    if names == ["--list"]:
        print(json.dumps(torchvision.models.list_models(module=torchvision.models)))
        return
    sources = files(torchvision)
    for name in names:
        print(json.dumps(compare(torchvision, sources, name)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
