"""torchvision's 80 classification builders: exact counts, and equal outputs with the same weights by `names`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.oracle.sections import section_of, write_section

ROOT = Path(__file__).parents[2]
SAMPLE = ["mobilenet_v3_small", "resnet18", "shufflenet_v2_x0_5"]  # one forward pass of a second each


def oracle(*names: str) -> list[Any]:
    """What the process of its own says."""
    command = [sys.executable, "-m", "tests.reading.torchvision_oracle", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_sample_is_equal_to_the_bit() -> None:
    rows = oracle(*SAMPLE)
    assert [(row["name"], row["outcome"]) for row in rows] == [(name, "equal") for name in SAMPLE]
    assert all(row["parameters"] == row["imported"] for row in rows)


@pytest.mark.proof
def test_every_builder() -> None:
    (names,) = oracle("--list")
    assert len(names) == 80
    rows = oracle(*names)
    good = [row for row in rows if row["outcome"] in ("equal", "counted")]
    assert all(row["parameters"] == row["imported"] for row in good)
    write_section("import.md", "torchvision", table(rows))
    others = [row for row in rows if row not in good]
    assert all(row["outcome"] == "refused" and row["line"] for row in others), others
    assert len(good) >= 60


def table(rows: list[dict[str, Any]]) -> str:
    """The section of docs/import.md."""
    equal = [row for row in rows if row["outcome"] == "equal"]
    counted = [row for row in rows if row["outcome"] == "counted"]
    lines = [
        f"Of torchvision's {len(rows)} classification builders, {len(equal)} give the same output to the bit with the",
        f"same weights; {len(counted)} more are above the engine's limit of parameters: their counts and names agree.",
        "",
        "| builder | parameters | nodes written | blocks | seconds | |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        said = row["outcome"] + (f", line {row['line']}: {row['why']}" if row["outcome"] == "refused" else "")
        counts = f"{row['parameters']:,} | {row['nodes']:,} | {row['blocks']}" if "nodes" in row else " | | "
        lines.append(f"| {row['name']} | {counts} | {row['seconds']:.1f} | {said} |")
    return "\n".join(lines) + "\n"


def test_the_table_is_in_the_docs() -> None:
    text = section_of("import.md", "torchvision")
    assert text is not None
    assert text.count("\n| ") == 81
