"""All benchmarks, printed and written to docs/performance.md:  make bench"""

from __future__ import annotations

from pathlib import Path

from tests.bench import analyze, edits, forward, keystrokes, large
from tests.bench.measure import machine

PERFORMANCE = Path(__file__).parents[2] / "docs" / "performance.md"
INTRODUCTION = """\
# Performance

Each figure stands beside a reference that was measured in the same run, so that the ratios hold on other machines too.
This file is written by `make bench`, which takes about four minutes and wants a machine that does nothing else.

{machine}
"""


def main() -> None:
    """Measures everything in turn."""
    text = INTRODUCTION.format(machine=machine())
    print(text, flush=True)
    for part in (forward, edits, keystrokes, analyze, large):
        found = part.measure()
        print(found, flush=True)
        text += f"\n{found}"
    PERFORMANCE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
