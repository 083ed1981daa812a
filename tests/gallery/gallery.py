"""The gallery as it stands in its files, and the published figures of its networks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from torchwire.engine.progress import Unwatched
from torchwire.engine.verbs import VERBS

Entry = dict[str, Any]

GALLERY: dict[str, Entry] = {
    entry["id"]: entry
    for entry in (
        json.loads(file.read_text("utf-8"))
        for file in sorted((files("torchwire") / "gallery").iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    )
}


@dataclass(frozen=True)
class Published:
    """`giga_macs`: multiply-adds in 1e9 of one image of 224x224, three decimals; None where nobody published any."""

    parameters: int
    giga_macs: float | None = None


# The image networks: what torchvision publishes beside its ImageNet weights as `num_params` and `_ops` (GFLOPS in its
# tables), counted by FlopCounterMode. The others: what the models' own code counts.
PUBLISHED = {
    "alexnet": Published(61_100_840, 0.714),
    "vgg16": Published(138_357_544, 15.470),
    "googlenet": Published(6_624_904, 1.498),
    "resnet18": Published(11_689_512, 1.814),
    "resnet50": Published(25_557_032, 4.089),
    "resnet152": Published(60_192_808, 11.514),
    "squeezenet": Published(1_248_424, 0.819),
    "densenet121": Published(7_978_856, 2.834),
    "mobilenet_v2": Published(3_504_872, 0.301),
    "efficientnet_b0": Published(5_288_548, 0.386),
    "convnext_tiny": Published(28_589_128, 4.456),
    "vit": Published(86_567_656, 17.564),
    "bert_base": Published(108_891_648),
    "gpt2": Published(124_439_808),
    "smollm": Published(134_515_008),
    "transformer": Published(44_140_544),
    "lenet": Published(81_290),
    "dcgan_generator": Published(3_576_704),
    "dcgan": Published(3_576_704 + 2_765_568),
}

IMAGE = [id for id, figures in PUBLISHED.items() if figures.giga_macs is not None]


def answer(verb: str, id: str) -> dict[str, Any]:
    """What `analyze` or `forward` says of an example."""
    found: dict[str, Any] = json.loads(VERBS[verb]({"network": GALLERY[id]["network"]}, Unwatched()))
    return found


@cache
def analyzed(id: str) -> dict[str, Any]:
    return answer("analyze", id)
