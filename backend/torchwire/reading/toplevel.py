"""What a file's top level does beside binding names: torch changed for everybody, functions called for their effect.

The top level is not run; of such statements a network may see something all the same, and they are told.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from torchwire.reading.sources import SourceFile
from torchwire.reading.values import Library

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_EVERYWHERE = frozenset("set_default_dtype set_default_tensor_type".split())
_HARMLESS = ("torch.backends.", "torch.multiprocessing", "torch.distributed")
_CHANGES = frozenset("append extend insert update setdefault pop remove clear add".split())


def tell(it: Evaluator, file: SourceFile) -> None:
    """Notes on the statements of this file."""
    for statement, main in file.entries:
        it.budget.take()
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            function = statement.value.func
            name = function.attr if isinstance(function, ast.Attribute) else ""
            if name in _EVERYWHERE and "float32" not in (text := ast.unparse(statement)) and "FloatTensor" not in text:
                told = f"`{text[:80]}` is not read: layers and constants are float32 here unless they say so."
                it.notes.add("import-unsupported", told, "error", statement.lineno, file.path)
            elif isinstance(function, ast.Name) and not main and _has_effect(file, function.id):
                told = f"{function.id}() is called for what it changes; a file's top level is not run."
                it.notes.add("import-ignored", told, "warning", statement.lineno, file.path)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                _replaced(it, file, statement, target)


def _replaced(it: Evaluator, file: SourceFile, statement: ast.Assign, target: ast.expr) -> None:
    """Tells of `F.relu = ...`."""
    path: list[str] = []
    while isinstance(target, ast.Attribute):
        path.insert(0, target.attr)
        target = target.value
    if not path or not isinstance(target, ast.Name):
        return
    found = file.known.get(target.id) or _imported(file, target.id)
    if isinstance(found, Library):
        full = ".".join([found.path, *path])
        if full.startswith("torch.") and not full.startswith(_HARMLESS):
            told = f"{full[:80]} is replaced by the text; here it stays torch's own."
            it.notes.add("import-unsupported", told, "error", statement.lineno, file.path)


def _imported(file: SourceFile, name: str) -> Library | None:
    for statement in file.bindings.get(name, ()):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                if (alias.asname or alias.name.split(".")[0]) == name:
                    root = f"{statement.module}." if isinstance(statement, ast.ImportFrom) else ""
                    return Library(root + (alias.name if alias.asname or root else name))
    return None


def _has_effect(file: SourceFile, name: str) -> bool:
    """Whether a function of the file changes what names of its top level mean."""
    function = next((each for each in file.bindings.get(name, ()) if isinstance(each, ast.FunctionDef)), None)
    if function is None:
        return False
    own = {argument.arg for argument in function.args.args}
    own |= {part.id for part in ast.walk(function) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    for part in ast.walk(function):
        if isinstance(part, ast.Global):
            return True
        target: ast.expr | None = None
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _CHANGES:
            target = part.func.value
        elif isinstance(part, ast.Subscript | ast.Attribute) and isinstance(part.ctx, ast.Store):
            target = part.value
        if isinstance(target, ast.Name) and target.id not in own and target.id in file.bindings:
            return True
    return False
