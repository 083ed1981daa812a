"""No silent loss: what cannot be represented is told by line, and the rest arrives."""

from __future__ import annotations

import pytest
from tests.reading.mistakes import TOLD, net
from tests.reading.texts import imported


@pytest.mark.parametrize("name", TOLD)
def test_it_is_told_with_its_line(name: str) -> None:
    text, code, line = TOLD[name]
    inputs = {} if code == "import-shape" else {"x": {"shape": [1, 2]}}
    found = imported(text, seconds=3, inputs=inputs)
    told = {problem["line"] for problem in found["problems"] if problem["code"] == code}
    assert told == {line or None}, found["problems"]
    others = [problem for problem in found["problems"] if problem["severity"] == "error" and problem["code"] != code]
    assert others == []


def test_what_nobody_knows_is_a_node_and_the_rest_arrives() -> None:
    text = net("return self.fc(torch.fft.fft(F.relu(x)))", "self.fc = nn.Linear(2, 3)")
    found = imported(text, inputs={"x": {"shape": [1, 2]}})
    nodes = found["networks"][0]["nodes"]
    assert [node.get("type") for node in nodes.values()] == ["Input", "relu", "fft", "Linear", "Output"]
    assert nodes["fc"]["inputs"] == {"input": "fft"}


def test_a_statement_that_cannot_be_read_costs_only_itself() -> None:
    text = net(
        "y = self.a(x)\n        z = open('/etc/passwd').read()\n        return self.b(y)", "self.a = nn.Linear(2, 3)"
    )
    text = text.replace("nn.Linear(2, 3)\n", "nn.Linear(2, 3); self.b = nn.Linear(3, 4)\n")
    found = imported(text, inputs={"x": {"shape": [1, 2]}})
    assert [(problem["line"], problem["severity"]) for problem in found["problems"]] == [(10, "error")]
    assert list(found["networks"][0]["nodes"]) == ["x", "a", "b", "out"]
