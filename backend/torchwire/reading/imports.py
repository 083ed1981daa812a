"""Names of a file's top level, and what `import` binds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Refusal
from torchwire.reading.builtin_names import BUILTINS
from torchwire.reading.sources import CONVENTIONAL, SourceFile
from torchwire.reading.values import Frame, Library, Unknown

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

# never looked for among the files of the text
_OUTSIDE = frozenset(
    "torch math typing collections functools dataclasses itertools enum abc copy warnings numpy os sys re".split()
)


def global_name(it: Evaluator, name: str, file: SourceFile) -> Any:
    """The value of a name of a file's top level, a builtin, or what convention says it is."""
    found = _bound(it, name, file)
    if found is not None or name in file.known:
        return found
    if name in BUILTINS:
        return Library(f"builtins.{name}")
    if name == "__name__":
        return "__main__"
    for star in file.stars:
        target = _source(it, star, file)
        if isinstance(target, SourceFile):
            found = _bound(it, name, target)
            if found is not None:
                return found
        elif target == "torch.nn" and it.catalogue.get(name) is not None:
            return Library(f"torch.nn.{name}")
        elif target in ("math", "torch.nn.functional", "typing"):
            return Library(f"{target}.{name}")
    if name in CONVENTIONAL:
        path = CONVENTIONAL[name]
        it.notes.here(it, "import-assumed", f"{name} is not defined in the text; it is taken as {path}.")
        return Library(path)
    return Unknown(name, f"{name} is not defined in the text.")


def _bound(it: Evaluator, name: str, file: SourceFile) -> Any:
    """What the file binds the name to; None for nothing."""
    pending = [statement for statement in file.bindings.get(name, ()) if id(statement) not in file.done]
    limit = it.limits.get(file.path)
    if limit is not None:  # what stands further below is not there yet, unless nothing else is
        pending = [each for each in pending if each.lineno < limit] or ([] if name in file.known else pending)
    if name in file.reading or not pending:
        return file.known.get(name)
    file.reading.add(name)
    line, where, hint, scope = it.line, it.file, it.hint, it.recording.scope
    it.recording.scope = None
    it.outside += 1
    it.recording.outside = True
    try:
        frame = Frame(file, None, file.known)
        for statement in pending:
            file.done.add(id(statement))
            it.limits[file.path] = statement.lineno
            if name in file.otherwise.get(id(statement), ()):
                told = f"{name} is taken from the `try`: whether that goes well is not known here."
                it.notes.add("import-assumed", told, "info", statement.lineno, file.path)
            it.execute([statement], frame)
    finally:
        if limit is None:
            it.limits.pop(file.path, None)
        else:
            it.limits[file.path] = limit
        it.outside -= 1
        it.recording.outside = it.outside > 0
        file.reading.discard(name)
        it.line, it.file, it.hint, it.recording.scope = line, where, hint, scope
    return file.known.get(name)


def imported(it: Evaluator, node: ast.Import | ast.ImportFrom, alias: ast.alias, file: SourceFile) -> Any:
    """What one name of an import statement stands for."""
    if isinstance(node, ast.Import):
        name = alias.name if alias.asname else alias.name.split(".")[0]
        return _find(it, name, file) or Library(name)
    target = _source(it, node, file)
    if isinstance(target, SourceFile):
        if alias.name in target.bindings or target.stars:
            return global_name(it, alias.name, target)
        inner = it.sources.find(f"{target.module}.{alias.name}")
        if inner is not None:
            return inner
        return Unknown(alias.name, f"{alias.name} is not in {target.path}.", node.lineno)
    inner = _find(it, f"{target}.{alias.name}", file) if target else it.sources.find(alias.name, file)
    if inner is not None:
        return inner
    if node.level:
        return Unknown(alias.name, f"{alias.name} comes from a file that is not part of the text.")
    return Library(f"{target}.{alias.name}")


def _source(it: Evaluator, node: ast.ImportFrom, file: SourceFile) -> SourceFile | str:
    """The file that `from ... import` names, or the dotted name of something outside the text."""
    name = node.module or ""
    if node.level:
        parts = file.package.split(".") if file.package else []
        parts = parts[: len(parts) - node.level + 1]
        name = ".".join([*parts, *([name] if name else [])])
    return _find(it, name, file) or name


def _find(it: Evaluator, name: str, file: SourceFile) -> SourceFile | None:
    return None if not name or name.split(".")[0] in _OUTSIDE else it.sources.find(name, file)


def everything(it: Evaluator, node: ast.ImportFrom, file: SourceFile) -> dict[str, Any]:
    """`from x import *` inside a function."""
    target = _source(it, node, file)
    if not isinstance(target, SourceFile):
        raise Refusal("`import *` inside a function.")
    return {name: global_name(it, name, target) for name in target.bindings if not name.startswith("_")}
