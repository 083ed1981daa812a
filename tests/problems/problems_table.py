"""docs/problems.md, written from the codes:  python -m tests.problems.problems_table > docs/problems.md"""

from __future__ import annotations

from torchwire.graph.problems import CODES

HEAD = """# Problems

What is wrong with a network is answered, not refused: each problem has a code, a severity (`error`, `warning` or
`info`), the node, port or parameter that it is about, a message with numbers, torch's own words as `detail`, and fixes:
RFC 6902 patches on the posted document that begin with `test`. `GET /api/v1/problems` gives this list. It is made by
`python -m tests.problems.problems_table`.

| code | meaning, and what to do |
|---|---|
"""


def render() -> str:
    """The page's text."""
    return HEAD + "".join(f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items())


if __name__ == "__main__":
    print(render(), end="")
