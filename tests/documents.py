"""Small network documents for the tests of workers, API and commands."""

from __future__ import annotations

from typing import Any


def network(**nodes: dict[str, Any]) -> dict[str, Any]:
    """A document of these nodes."""
    return {"format": "torchwire/1", "name": "Test", "seed": 1, "nodes": nodes}


def input_(*shape: int, **params: Any) -> dict[str, Any]:
    return {"type": "Input", "params": {"shape": list(shape), **params}}


def layer(type_: str, source: str, **params: Any) -> dict[str, Any]:
    return {"type": type_, "params": params, "inputs": {"input": source}}


LINEAR = network(x=input_(2, 3), fc=layer("Linear", "x", out_features=2))

LENET = network(
    image=input_(1, 1, 32, 32),
    conv1=layer("Conv2d", "image", out_channels=6, kernel_size=5),
    relu1=layer("relu", "conv1"),
    pool1=layer("MaxPool2d", "relu1", kernel_size=2),
    conv2=layer("Conv2d", "pool1", out_channels=16, kernel_size=5),
    relu2=layer("relu", "conv2"),
    pool2=layer("MaxPool2d", "relu2", kernel_size=2),
    flat=layer("flatten", "pool2", start_dim=1),
    fc1=layer("Linear", "flat", out_features=120),
    fc2=layer("Linear", "fc1", out_features=84),
    fc3=layer("Linear", "fc2", out_features=10),
)

# half a million million multiply-adds in one call of torch, which lets the interpreter go meanwhile
RUNAWAY = network(
    x=input_(4_096, 4_096, fill="ones"),
    before=layer("amax", "x"),
    # little is made before it and stands beside it, so that it is reached and summarised in no time
    slow={"type": "einsum", "inputs": {"operands": ["x"] * 8}, "params": {"equation": "ab,bc,cd,de,ef,fg,gh,hi->ai"}},
    after=layer("sum", "slow", dim=0),
)

# 40 thousand million: some seconds, for which there is the long deadline
LONG = network(
    x=input_(4_096, 2_400, fill="ones"),
    y=input_(2_400, 4_096, fill="ones"),
    slow={"type": "matmul", "inputs": {"input": "x", "other": "y"}},
)

# every tensor is within the limits, all of them together are 1.5 GiB
HOG = network(
    x=input_(1, 8_192, 8_192, fill="ones"),
    small=layer("sum", "x"),
    a=layer("exp", "x"),
    b=layer("exp", "a"),
    c=layer("exp", "b"),
    d=layer("exp", "c"),
    e=layer("exp", "d"),
)

# 192 million parameters: the long deadline, one at a time
LARGE = network(
    x=input_(1, 8_000),
    fc1=layer("Linear", "x", out_features=8_000),
    fc2=layer("Linear", "fc1", out_features=8_000),
    fc3=layer("Linear", "fc2", out_features=8_000),
)
