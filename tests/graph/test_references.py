"""References: `node` or `node.port`."""

from __future__ import annotations

import pytest

from torchwire.graph.references import Reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv1", Reference("conv1")),
        ("lstm.h_n", Reference("lstm", "h_n")),
        ("qkv.0", Reference("qkv", "0")),
        ("layers.0.self_attn.in_proj_weight", Reference("layers", "0.self_attn.in_proj_weight")),
    ],
)
def test_parse(text: str, expected: Reference) -> None:
    assert Reference.parse(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", 5, None, ["a"], "a" * 401])
def test_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"wire|reference"):
        Reference.parse(text)
