"""Several files, an entry, arguments, inputs, notebooks, JSON; and what is asked for."""

from __future__ import annotations

import json

import pytest
from tests.reading.mistakes import net
from tests.reading.texts import LENET, analysed, imported

from torchwire.reading import entries

FILES = {
    "net/layers.py": (
        "import torch.nn as nn\nWIDTH = 4\n"
        "class Double(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)\n"
        "    def forward(self, x):\n        return self.b(self.a(x))\n"
    ),
    "net/model.py": (
        "from torch import nn\nfrom .layers import Double, WIDTH\n"
        "class Net(nn.Module):\n    def __init__(self, depth):\n        super().__init__()\n"
        "        self.layers = nn.ModuleList([Double(WIDTH) for _ in range(depth)])\n"
        "    def forward(self, x):\n        for layer in self.layers:\n            x = layer(x)\n        return x\n"
        "def deep():\n    return Net(depth=3)\n"
    ),
}


def test_files_import_from_each_other_and_a_function_builds_the_network() -> None:
    found = imported(FILES, entry="deep", inputs={"x": {"shape": [2, 4]}})
    assert found["problems"] == []
    (network,) = found["networks"]
    assert {name: node["type"] for name, node in network["nodes"].items()} == {
        "x": "Input", "layers_0": "Double", "layers_1": "Double", "layers_2": "Double", "out": "Output",
    }  # fmt: skip
    assert list(network["blocks"]) == ["Double"]
    assert analysed(network)["totals"]["parameters"] == 6 * 20


def test_of_many_networks_eight_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look walks through the whole top level: for every class of a long text that took all its time."""
    net = "class N{0}(nn.Module):\n    def forward(self, x):\n        return x + {0}\n"
    text = "from torch import nn\n" + "".join(net.format(number) for number in range(100))
    looked: list[str] = []
    look = entries._with_hints

    def counted(entry: entries.Entry) -> entries.Entry:
        looked.append(entry.name)
        return look(entry)

    monkeypatch.setattr(entries, "_with_hints", counted)
    found = imported(text, inputs={"x": {"shape": [2]}})
    last = [f"N{number}" for number in range(99, 91, -1)]
    assert [network["name"] for network in found["networks"]] == looked == last


def test_a_missing_argument_is_asked_for_and_taken_from_the_request() -> None:
    asked = imported(FILES, entry="Net", inputs={"x": {"shape": [2, 4]}})
    assert asked["networks"] == []
    assert [(each["kind"], each["of"], each["name"]) for each in asked["questions"]] == [("argument", "Net", "depth")]
    found = imported(FILES, entry="Net", arguments={"Net": {"depth": 1}}, inputs={"x": {"shape": [2, 4]}})
    assert analysed(found["networks"][0])["totals"]["parameters"] == 40


def test_arguments_inputs_seed_and_mode_come_from_the_text() -> None:
    made = "torch.manual_seed(7)\nmodel = LeNet()\nmodel.train()\n"
    text = f"{LENET}\n{made}images = torch.rand(4, 1, 32, 32)\nprint(model(images))\n"
    found = imported(text)
    assert (found["problems"], found["questions"]) == ([], [])
    (network,) = found["networks"]
    assert (network["seed"], network["training"]) == (7, True)
    assert network["nodes"]["x"]["params"] == {"shape": [4, 1, 32, 32], "fill": "rand"}


def test_a_notebook_is_its_code_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# not Python at all ("]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install torch\n"]},
        {"cell_type": "code", "source": LENET.splitlines(keepends=True)},
    ]
    found = imported(json.dumps({"cells": cells}), format="notebook")
    assert analysed(found["networks"][0])["totals"]["parameters"] == 81_290
    assert imported("{}", format="notebook")["problems"][0]["code"] == "import-syntax"


def test_json_is_a_document_with_its_problems() -> None:
    document = {
        "format": "torchwire/1",
        "name": "N",
        "nodes": {"a": {"type": "Input", "params": {"shape": [1]}, "z": 1}},
    }
    found = imported(json.dumps(document), format="json")
    assert found["networks"] == [document]
    assert [problem["code"] for problem in found["problems"]] == ["unknown-key"]
    assert imported('{"format": "other"}', format="json")["networks"] == []


def test_conventional_names_are_taken_and_told_by_line() -> None:
    text = "class Net(nn.Module):\n    def forward(self, x):\n        return torch.functional.relu(F.gelu(x))\n"
    found = imported(text, inputs={"x": {"shape": [2]}})
    told = {(problem["line"], problem["message"].split()[0]) for problem in found["problems"]}
    assert {problem["code"] for problem in found["problems"]} == {"import-assumed"}
    assert told == {(1, "nn"), (3, "torch"), (3, "F"), (3, "torch.functional")}
    assert [node["type"] for node in found["networks"][0]["nodes"].values()] == ["Input", "gelu", "relu", "Output"]


@pytest.mark.parametrize(
    ("forward", "types"),
    [
        ("return torch.flatten(x, 1)", ["flatten"]),
        ("return x.flatten(1)", ["flatten"]),
        ("return x @ x.t()", ["t", "matmul"]),
        ("x += 1\n        return x", ["add"]),
        ("a, b = x.chunk(2, dim=1)\n        return a * b", ["chunk", "mul"]),
        ("return x.max(dim=1)[0]", ["max"]),
        ("return x[:, -1].view(x.size(0), -1)", ["getitem", "view"]),
    ],
)
def test_every_spelling_is_the_catalogues_entry(forward: str, types: list[str]) -> None:
    found = imported(net(forward), inputs={"x": {"shape": [2, 4]}})
    assert found["problems"] == []
    nodes = found["networks"][0]["nodes"].values()
    assert [node["type"] for node in nodes][1:-1] == types
    assert analysed(found["networks"][0])["ok"]
