"""Exceptions of the text: which `except` takes one."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Raised, Refusal
from torchwire.reading.values import Class, Frame, Library, Object

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_SAID = re.compile(r"Python would raise (\w+)")


def kind(it: Evaluator, node: ast.Raise, frame: Frame) -> Any:
    """The class of what is raised: a Class of the text, a builtin's name; None where it is not known."""
    if node.exc is None:
        return None
    value = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    try:
        found = it.evaluate(value, frame)
    except Refusal:
        return None
    if isinstance(found, Object):
        return found.cls
    if isinstance(found, Class):
        return found
    return found.path.removeprefix("builtins.") if isinstance(found, Library) else None


def handler(it: Evaluator, node: ast.Try, raised: Raised, frame: Frame) -> ast.ExceptHandler | None:
    """The handler that takes it; None for none of them. Raises Refusal where that cannot be said."""
    said = _SAID.search(raised.message)
    what = raised.kind if raised.kind is not None else said.group(1) if said else None
    for each in node.handlers:
        if each.type is None:
            return each
        names = each.type.elts if isinstance(each.type, ast.Tuple) else [each.type]
        for name in names:
            wanted = it.evaluate(name, frame)
            if not isinstance(wanted, Class | Library):
                wanted = Library(f"builtins.{ast.unparse(name)}")
            taken = _is_kind(what, wanted)
            if taken is None and len(node.handlers) > 1:
                return None
            if taken is not False:
                if taken is None:
                    told = f"It is taken for a {ast.unparse(name)[:60]}: {raised.message}"
                    it.notes.add("import-decided", told, "warning", each.lineno, frame.file.path)
                return each
    return None


def _is_kind(what: Any, wanted: Any) -> bool | None:
    """Whether the exception is of this class; None where nobody knows."""
    if isinstance(wanted, Class):
        return wanted in what.mro if isinstance(what, Class) else False
    name = wanted.path.removeprefix("builtins.") if isinstance(wanted, Library) else ""
    if name in ("Exception", "BaseException"):
        return True
    if isinstance(what, Class):
        bases = [base for base in what.mro if isinstance(base, Library)]
        return any(_is_kind(base.path.removeprefix("builtins."), wanted) for base in bases)
    one, other = (getattr(builtins, each, None) if isinstance(each, str) else None for each in (what, name))
    if isinstance(one, type) and isinstance(other, type):
        return issubclass(one, other)
    return None if what is None else what == name
