"""Which name was meant."""

from __future__ import annotations

from torchwire.graph.nearest import nearest


def test_another_case_is_the_likeliest() -> None:
    assert nearest("conv2d", ["Conv3d", "conv1d", "Conv2d"], 3)[0] == "Conv2d"


def test_a_slip_is_found() -> None:
    assert nearest("kernal_size", ["stride", "kernel_size"]) == ["kernel_size"]
    assert nearest("xyzzy", ["stride", "kernel_size"]) == []


def test_in_a_large_network_too() -> None:
    names = [f"layer{number}" for number in range(5000)] + ["attention"]
    assert nearest("atention", names) == ["attention"]
