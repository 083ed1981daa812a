"""Names: what is allowed, compared with the installed torch and Python."""

from __future__ import annotations

import keyword

import pytest
from torch import nn

from torchwire.graph.names import MODULE_ATTRIBUTES, RESERVED, fresh_name, name_fault, pointer


def test_the_attributes_of_module_are_the_installed_torch_s() -> None:
    public = {name for name in dir(nn.Module()) if not name.startswith("_")}
    assert public == MODULE_ATTRIBUTES


@pytest.mark.parametrize("name", sorted({*keyword.kwlist, *MODULE_ATTRIBUTES, "self", "torch", "nn", "F", "math"}))
def test_what_has_another_meaning_is_refused(name: str) -> None:
    assert name_fault(name) is not None


def test_the_reserved_names_are_the_contract_s() -> None:
    assert {"self", "torch", "nn", "F", "math"} == RESERVED


@pytest.mark.parametrize("name", ["a", "A", "conv1", "fc_2", "x" * 64, "match", "case", "print", "list", "i", "input"])
def test_allowed(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1a",
        "_a",
        "__proto__",
        "a-b",
        "a b",
        "a.b",
        "x" * 65,
        "\ufb01rst",
        "\u00e9t\u00e9",
        "a\n",
        "a\0",
        "0",
        "a\u0301",
        "\u03b1",
    ],
)
def test_refused(name: str) -> None:
    assert name_fault(name) is not None


@pytest.mark.parametrize(
    "base", ["a b", "1", "", "forward", "class", "\ufb01", "__proto__", "x" * 200, "torch", "conv", "é"]
)
def test_a_fresh_name_is_allowed_and_free(base: str) -> None:
    taken = {"conv", "conv1", "a_b"}
    name = fresh_name(base, taken)
    assert name_fault(name) is None
    assert name not in taken


def test_a_pointer_escapes() -> None:
    assert pointer("nodes", "a/b~c") == "/nodes/a~1b~0c"
