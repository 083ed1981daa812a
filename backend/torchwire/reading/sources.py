"""The files of a text: parsed, and what each name of a file is bound to. Names are read when somebody needs them.

A file's top level is not run from top to bottom: of `weights = download()` nothing happens unless a network needs
`weights`. Statements that bind the same name are read together, in their order.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from torchwire.reading.bounds import MAX_FILES, MAX_SOURCE, MAX_TREE, Bounded, Refusal

CONVENTIONAL = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "np": "numpy",
    "numpy": "numpy",
    "math": "math",
    "Tensor": "torch.Tensor",
    "OrderedDict": "collections.OrderedDict",
    "partial": "functools.partial",
    "functools": "functools",
    "dataclass": "dataclasses.dataclass",
    "init": "torch.nn.init",
    "Parameter": "torch.nn.Parameter",
    "Module": "torch.nn.Module",
    "Variable": "torch.autograd.Variable",
    **{name: f"typing.{name}" for name in "Any Callable Dict List Optional Sequence Tuple Type Union".split()},
}
"""What a name means that the text leaves undefined: notebooks are like that."""


@dataclass(eq=False)
class SourceFile:
    """One file: its statements by the names that they bind."""

    path: str  # "models/resnet.py"
    statements: list[ast.stmt]
    bindings: dict[str, list[ast.stmt]] = field(default_factory=dict)
    stars: list[ast.ImportFrom] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    reading: set[str] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    otherwise: dict[int, set[str]] = field(default_factory=dict)  # statement -> names that its `except` binds
    entries: list[tuple[ast.stmt, bool]] = field(default_factory=list)  # top-level statements, those of main included

    @property
    def exported(self) -> str | None:
        """The name of the network that was exported as this file, as its docstring says it."""
        first = self.statements[0] if self.statements else None
        if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
            return None
        text = " ".join(str(first.value.value)[:1_000].split())
        name, said, rest = text.rpartition(", exported from Torchwire.")
        return name if said and not rest and name != "A network" else None

    @property
    def package(self) -> str:
        """The dotted name of the folder that it lies in."""
        parts = self.path.split("/")[:-1]
        return ".".join(parts)

    @property
    def module(self) -> str:
        """Its own dotted name."""
        name = self.path.removesuffix(".py").replace("/", ".")
        return name.removesuffix(".__init__") if name.endswith(".__init__") else name


class Sources:
    """Every file of one request."""

    def __init__(self, files: Mapping[str, str]) -> None:
        if len(files) > MAX_FILES:
            raise Bounded(f"{len(files):,} files; at most {MAX_FILES} are read.")
        if (size := sum(map(len, files.values()))) > MAX_SOURCE:
            raise Bounded(f"{size:,} characters of source; at most {MAX_SOURCE:,} are read.")
        self._texts = {_clean(path): text for path, text in files.items()}
        self._parsed: dict[str, SourceFile] = {}

    def paths(self) -> list[str]:
        return list(self._texts)

    def renewed(self) -> Sources:
        """The same files, nothing of them read yet."""
        made = Sources({})
        made._texts = self._texts
        made._parsed = {
            path: SourceFile(
                path, file.statements, file.bindings, file.stars, entries=file.entries, otherwise=file.otherwise
            )
            for path, file in self._parsed.items()
        }
        return made

    def mentions(self, name: str) -> list[str]:
        """The paths of the files whose text has this word."""
        return [path for path, text in self._texts.items() if name in text]

    def main(self) -> SourceFile:
        """The only file, or the first."""
        return self.file(next(iter(self._texts)))

    def file(self, path: str) -> SourceFile:
        """A file, parsed at its first use. Raises Refusal where it is no Python."""
        found = self._parsed.get(path)
        if found is None:
            found = self._parsed[path] = parse(path, self._texts[path])
        return found

    def find(self, module: str, near: SourceFile | None = None) -> SourceFile | None:
        """The file of a dotted module name: from the root of the files, or of any folder of theirs."""
        tail = module.replace(".", "/")
        for candidate in (f"{tail}.py", f"{tail}/__init__.py"):
            if candidate in self._texts:
                return self.file(candidate)
            near_by = f"{near.path.rpartition('/')[0]}/{candidate}" if near and "/" in near.path else candidate
            if near_by in self._texts:
                return self.file(near_by)
        matches = [path for path in self._texts if path.endswith((f"/{tail}.py", f"/{tail}/__init__.py"))]
        return self.file(min(matches, key=len)) if matches else None

    def all(self) -> Iterator[SourceFile]:
        for path in self._texts:
            yield self.file(path)


def _clean(path: str) -> str:
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", "."))


def parse(path: str, text: str) -> SourceFile:
    """Raises Refusal with a line where the text is no Python."""
    text = _without_magics(text.removeprefix("\ufeff"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's own about literals such as "\d"
            tree = ast.parse(text)
    except SyntaxError as error:
        told = f"This is no Python: {error.msg}."
        raise _Syntax(told, error.lineno, path) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise _Syntax(
            "This is no Python that can be read: it is nested too deeply, or has NUL bytes.", 1, path
        ) from None
    _bound_depth(tree, path)
    file = SourceFile(path, tree.body)
    for statement in tree.body:
        _bind(file, statement)
    return file


class _Syntax(Refusal):
    code = "import-syntax"


def _without_magics(text: str) -> str:
    """Notebook lines such as `%matplotlib inline` and `!pip install` as comments."""
    if "%" not in text and "!" not in text:
        return text
    lines = text.split("\n")
    return "\n".join(f"#{line}" if line.lstrip().startswith(("%", "!")) and _is_magic(line) else line for line in lines)


def _is_magic(line: str) -> bool:
    word = line.lstrip()[1:].lstrip("%").split(" ")[0]
    return bool(word) and (word[0].isalpha() or word[0] == "_")


def _bound_depth(tree: ast.AST, path: str) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(MAX_TREE):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    line = next((getattr(node, "lineno", None) for node in level if hasattr(node, "lineno")), 1)
    raise _Syntax(f"An expression is nested more than {MAX_TREE} levels deep.", line, path)


def _bind(file: SourceFile, statement: ast.stmt, main: bool = False) -> None:
    file.entries.append((statement, main))
    if isinstance(statement, ast.If):
        if _is_main(statement.test):
            for inner in statement.body:
                _bind(file, inner, True)
            return
        # whatever its test says: a name bound in one branch is found by reading the whole statement
    elif isinstance(statement, ast.Try | ast.With):
        handlers = statement.handlers if isinstance(statement, ast.Try) else []
        other = {name for handler in handlers for part in handler.body for name in bound_names(part)}
        for inner in statement.body:
            file.otherwise[id(inner)] = other
            _bind(file, inner, main)
        return
    elif isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names):
        file.stars.append(statement)
        return
    for name in bound_names(statement):
        if not main or name not in file.bindings:
            file.bindings.setdefault(name, []).append(statement)


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def bound_names(statement: ast.stmt) -> list[str]:
    """The names that a statement binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in statement.names]
    found: list[str] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Call) and isinstance(statement, ast.Expr):
            target: ast.expr = node.func  # model.eval(), names.append(x): they change what the name means
            while isinstance(target, ast.Attribute | ast.Subscript):
                target = target.value
            if isinstance(target, ast.Name) and node is statement.value and target.id != getattr(node.func, "id", ""):
                found.append(target.id)
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            while isinstance(target, ast.Attribute | ast.Subscript):
                target = target.value
                if isinstance(target, ast.Name):
                    found.append(target.id)
    return list(dict.fromkeys(found))


def notebook(text: str) -> str:
    """The code cells of a notebook, one behind the other. Raises Refusal where it is none."""
    try:
        cells = json.loads(text)["cells"]
        parts = [
            "".join(cell["source"]) if isinstance(cell["source"], list) else cell["source"]
            for cell in cells
            if cell.get("cell_type") == "code"
        ]
        return "\n\n".join(str(part) for part in parts if not str(part).lstrip().startswith("%%"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _Syntax("This is no notebook: a JSON object with `cells` is expected.", 1) from None
