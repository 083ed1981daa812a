"""Python's syntax tree as text, laid out as `ruff format` lays it out with its default settings.

Only what generated code is made of is known here. A statement whose long form ruff would break in a way that is not
known here is left on its line, marked `# fmt: skip`; only expressions of a document can be that long.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from torchwire.codegen.expressions import chain, expression
from torchwire.codegen.layout import INDENT, WIDTH, Doc, Group, brackets, flat, joined, rendered


def text(node: ast.expr) -> str:
    """An expression on one line."""
    return flat(expression(node))


def statements(body: Iterable[ast.stmt], indent: int = 0) -> str:
    """Statements as lines, each ending in a line end."""
    return "".join(f"{line}\n" for statement in body for line in _statement(statement, indent))


def _statement(node: ast.stmt, indent: int) -> Iterator[str]:
    if isinstance(node, ast.If):
        yield from _if(node, indent, "if")
    elif isinstance(node, ast.For):
        head: Doc = ("for ", expression(node.target, top=True), " in ", expression(node.iter), ":")
        yield from _compound(head, node.body, indent)
    elif isinstance(node, ast.With):
        yield from _compound(("with ", expression(node.items[0].context_expr), ":"), node.body, indent)
    else:
        yield from _simple(node, indent)


def _if(node: ast.If, indent: int, word: str) -> Iterator[str]:
    yield from _compound((word, " ", expression(node.test), ":"), node.body, indent)
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        yield from _if(node.orelse[0], indent, "elif")
    elif node.orelse:
        yield from _compound("else:", node.orelse, indent)


def _compound(head: Doc, body: list[ast.stmt], indent: int) -> Iterator[str]:
    yield " " * indent + _kept(flat(head), indent)
    for statement in body:
        yield from _statement(statement, indent + INDENT)


def _kept(line: str, indent: int) -> str:
    """A line that has to stay one."""
    return line if indent + len(line) <= WIDTH else f"{line}  # fmt: skip  # noqa: E501"


def _simple(node: ast.stmt, indent: int) -> Iterator[str]:
    comment: str | None = getattr(node, "comment", None)
    head, value = _parts(node)
    whole: Doc = (head, expression(value, top=True)) if value is not None else head
    line = flat(whole)
    inset = " " * indent
    if comment and indent + len(line) + len(comment) + 4 <= WIDTH:
        yield f"{inset}{line}  # {comment}"
        return
    if comment:
        yield f"{inset}# {comment}"
    if indent + len(line) <= WIDTH or value is None:
        yield inset + _kept(line, indent)
        return
    laid_out = inset + (rendered((head, _breakable(value)), indent) if _can_break(value) else line)
    lines = laid_out.split("\n")
    if not _can_break(value):
        yield inset + _kept(line, indent)
    elif any(len(each) > WIDTH for each in lines):
        yield from _too_long(lines, inset + line)
    else:
        yield from lines


def _too_long(lines: list[str], line: str) -> Iterator[str]:
    """Where even the broken form has lines that are too long: names and texts that nothing can break."""
    for each in lines:
        yield each if len(each) <= WIDTH else f"{each}  # noqa: E501"


def _parts(node: ast.stmt) -> tuple[Doc, ast.expr | None]:
    """What stands before the expression of a statement, and that."""
    if isinstance(node, ast.Assign):
        head: list[Doc] = []
        for target in node.targets:
            head += [expression(target, top=True), " = "]
        return tuple(head), node.value
    if isinstance(node, ast.Return):
        return ("return " if node.value is not None else "return"), node.value
    if isinstance(node, ast.Expr):
        return "", node.value
    if isinstance(node, ast.Import):
        return "import " + ", ".join(_alias(alias) for alias in node.names), None
    if isinstance(node, ast.ImportFrom):
        return f"from {node.module} import " + ", ".join(_alias(alias) for alias in node.names), None
    if isinstance(node, ast.Pass):
        return "pass", None
    raise TypeError(f"no layout for {type(node).__name__}")


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _can_break(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp) and len(chain(value)) > 3:
        return True
    if isinstance(value, (ast.BinOp, ast.Compare, ast.BoolOp)):  # ruff would break inside a bracket here
        return not any(isinstance(part, _BRACKETED) for part in ast.walk(value))
    return isinstance(value, (ast.Call, ast.List, ast.Tuple, ast.Dict, ast.IfExp, ast.ListComp))


_BRACKETED = (ast.Call, ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.Subscript)


def _breakable(value: ast.expr) -> Doc:
    if isinstance(value, (ast.BinOp, ast.Compare, ast.BoolOp, ast.IfExp)):
        return brackets("(", Group(expression(value)), ")")
    return expression(value)


def signature(name: str, params: list[str], returns: str, indent: int) -> str:
    """`def name(...) -> ...:` in as many lines as it needs."""
    doc: Doc = (f"def {name}", brackets("(", Group(joined(list(params))), ")"), f" -> {returns}:")
    return " " * indent + rendered(doc, indent)
