"""No text of a document changes the shape of its code: it stays text."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from tests.codegen.exported import code, lint, run

TEXTS = {
    "quotes": "\"\"\" + ''' \" ' print(1)",
    "lines": "a\nimport os\r\nb\u2028c\u2029d\x85e\x0cf",
    "braces": "{{ 1 }} {% raw %} {name} ${x} %(y)s {# #}",
    "backslashes": "\\\\ \\n \\x41 \\N{DASH} \\",
    "comments": "# fmt: off  # noqa  # type: ignore",
    "marks": "\u202e\u200b\ufeff\x7f\x00\x1b[31m",
    "brackets": ")]} ; exit() #",
}


def hostile(text: str) -> dict[str, Any]:
    """The same text in every place of a document that takes any."""
    return {
        "format": "torchwire/1",
        "name": text[:100],
        "seed": 1,
        "params": {"word": text},
        "nodes": {
            "x": {"type": "Input", "params": {"shape": [2, 3]}, "note": text, "color": text},
            "part": {"type": "Part", "inputs": {"x": "x"}, "params": {"label": text}},
            "out": {"type": "Output", "inputs": {"value": "part"}, "note": text},
        },
        "blocks": {
            "Part": {
                "params": {"label": text, "sure": {"$": json.dumps(text.encode("unicode_escape").decode()[:90])}},
                "note": text,
                "nodes": {
                    "x": {"type": "Input"},
                    "fc": {"type": "Linear", "params": {"out_features": {"$": "3 if label == 'no' else 4"}},
                           "inputs": {"input": "x"}},
                    "out": {"type": "Output", "inputs": {"value": "fc"}},
                },
            }
        },
        "canvas": {"notes": [text]},
    }  # fmt: skip


class _Blank(ast.NodeTransformer):
    def __init__(self, known: set[str]) -> None:
        self.known = known

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = "Part" if node.name == "Part" else "Network"  # it is made of the letters of the document's name
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("Network") if node.id not in self.known else node


def shape(text: str) -> str:
    """The syntax tree without its texts."""
    tree = ast.parse(text)
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)} - {"Part"}
    known = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - classes
    return ast.dump(_Blank(known).visit(tree))


@pytest.mark.parametrize("name", TEXTS)
def test_the_tree_is_that_of_the_harmless_twin(name: str) -> None:
    scripts = {kind: code(hostile(text)) for kind, text in (("hostile", TEXTS[name]), ("harmless", "plain text"))}
    assert shape(scripts["hostile"]) == shape(scripts["harmless"])
    left = run(scripts)
    assert left["hostile"]["printed"] == left["harmless"]["printed"]
    lint(scripts)


@pytest.mark.parametrize("name", TEXTS)
def test_other_formats_stay_what_they_are(name: str) -> None:
    document = hostile(TEXTS[name])
    book = json.loads(code(document, "notebook"))
    assert [cell["cell_type"] for cell in book["cells"]] == ["markdown", *["code"] * 5]
    assert json.loads(code(document, "json")) == document
    table = code(document, "table").splitlines()
    assert len(table) == 10
    assert all(line.count("|") == 6 for line in table[2:8])
    assert len(code(document, "csv").splitlines()) == 5


def test_a_word_in_a_formula_stays_in_quotes() -> None:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [2, 3]}},
        "y": {"type": "einsum", "params": {"equation": "ij -> ji"}, "inputs": {"operands": ["x"]}},
    }
    assert 'torch.einsum("ij -> ji", x)' in code({"format": "torchwire/1", "seed": 1, "nodes": nodes})
