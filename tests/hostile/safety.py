"""The list of giants: each is answered with the limit that it breaks, by how much, and what would fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.documents import input_, layer, network
from tests.hostile.bodies import bodies


@dataclass(frozen=True)
class Giant:
    body: bytes
    code: str  # of the first error
    setting: str  # that would let it pass, or ""


def _sent(**nodes: Any) -> bytes:
    return json.dumps({"network": network(**nodes)}).encode()


_KNOWN = bodies()
MILLION = 10**6
INDEX = input_(2, dtype="int64", fill="randint", low=0, high=9)

GIANTS: dict[str, Giant] = {
    "Linear(10**6, 10**6)": Giant(
        _sent(x=input_(1, MILLION), n=layer("Linear", "x", in_features=MILLION, out_features=MILLION)),
        "limit-parameters",
        "max_parameters",
    ),
    "an Embedding of 2**31": Giant(
        _sent(x=INDEX, n=layer("Embedding", "x", num_embeddings=2**31, embedding_dim=1)),
        "limit-parameters",
        "max_parameters",
    ),
    "Conv3d with a giant kernel": Giant(
        _sent(x=input_(1, 512, 4, 4, 4), n=layer("Conv3d", "x", out_channels=512, kernel_size=63, padding=31)),
        "limit-parameters",
        "max_parameters",
    ),
    "Conv3d on a giant volume": Giant(
        _sent(x=input_(1, 1, 1_024, 1_024, 1_024), n=layer("Conv3d", "x", out_channels=1, kernel_size=3)),
        "limit-elements",
        "max_elements",
    ),
} | {
    name: Giant(_KNOWN[name][0], code, setting)
    for name, code, setting in (
        ("LSTM of 100,000 layers", "limit-layers", "max_layers"),
        ("LSTM of 1,000,000 steps", "limit-steps", "max_steps"),
        ("cat doubling 40 times", "limit-elements", "max_elements"),
        ("blocks nested 5,000 deep", "limit-nodes", "max_written_nodes"),
        ("a tower of 60 that doubles", "limit-nodes", "max_expanded_nodes"),
        ("repeat 10**9", "bad-param", ""),
        ("expression long", "bad-expression", ""),
        ("expression power", "bad-expression", ""),
        ("shape with 0", "limit-elements", "max_elements"),
        ("shape beyond 2**63", "limit-elements", "max_elements"),
        ("rank 3,000", "limit-rank", "max_rank"),
        ("3,500 unknown types", "unknown-type", ""),
        ("4,000 digits", "bad-param", ""),
        ("deep params", "limit-depth", "max_depth"),
        ("modules nested 200 deep", "limit-depth", "max_depth"),
        ("6,000 nodes", "limit-nodes", "max_written_nodes"),
        ("unbind of 10**7", "limit-outputs", "max_outputs"),
        ("values of every output", "limit-answer", "max_answer"),
        ("expand to 10**12", "limit-elements", "max_elements"),
        ("arange of 10**12", "limit-elements", "max_elements"),
        ("one_hot of 10**9", "limit-elements", "max_elements"),
        ("interpolate by 10**6", "limit-elements", "max_elements"),
        ("pad by 10**9", "limit-elements", "max_elements"),
    )
}

# What is no document: refused as a whole, with the code and where.
REFUSED = {
    "nan": "body",
    "lone surrogate": "body",
    "duplicate key": "body",
    "duplicate node": "body",
    "raw NUL": "body",
    "deep lists": "body",
    "deep objects": "body",
}
