"""Where a text begins: the class or function that is the network, and how the text itself makes and calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from torchwire.reading.bounds import Refusal
from torchwire.reading.sources import SourceFile, Sources

MOST_NETWORKS = 8
_MODULE_BASES = frozenset("Module Sequential ModuleList ModuleDict".split())


@dataclass
class Entry:
    """The network of a text. The expressions are read in the top level of its file."""

    name: str
    file: SourceFile
    made: ast.Call | None = None  # LeNet(classes=10)
    called: ast.Call | None = None  # model(torch.randn(1, 1, 32, 32))
    mode: bool | None = None  # .eval() or .train()
    seed: ast.expr | None = None
    names: set[str] = field(default_factory=set)  # the variables that hold it


def find_entry(sources: Sources, name: str) -> Entry:
    """The entry of this name. Raises Refusal."""
    for path in sources.mentions(name):
        file = sources.file(path)
        if name in file.bindings:
            binding = file.bindings[name][-1]
            if isinstance(binding, ast.ImportFrom):
                continue
            return _with_hints(Entry(name, file))
    raise Refusal(f"There is no class or function {name[:60]} in the text.", 1)


def choose(sources: Sources) -> list[Entry]:
    """The networks of a text that names none: what it makes itself, then classes that no other class uses."""
    found: list[Entry] = []
    classes = {name: file for file in sources.all() for name in module_classes(file)}
    used: set[str] = set()
    for name, file in classes.items():
        node = file.bindings[name][-1]
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in classes and part.id != name:
                used.add(part.id)
    made: dict[str, None] = {}  # the last one that is made comes first
    for file in sources.all():
        for statement, _ in file.entries:
            if isinstance(statement, ast.ClassDef | ast.FunctionDef):
                continue
            for call in _calls(statement):
                called = call.func.id if isinstance(call.func, ast.Name) else None
                if called is not None and called in classes:
                    made.pop(called, None)
                    made[called] = None
    order = [*reversed(made), *(name for name in reversed(list(classes)) if name not in used and name not in made)]
    free = [name for name in dict.fromkeys(order) if name not in used or name in made]
    found += [_with_hints(Entry(name, classes[name])) for name in free[:MOST_NETWORKS]]
    if not found:
        for file in sources.all():
            for statement, _ in file.entries:
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    text = ast.unparse(statement.value)[:200]
                    if isinstance(statement.value, ast.Call) and ("Sequential(" in text or text.startswith("nn.")):
                        found.insert(0, _with_hints(Entry(statement.targets[0].id, file)))
    return found[:MOST_NETWORKS]


def module_classes(file: SourceFile) -> list[str]:
    """The classes of a file that derive, directly or not, from nn.Module."""
    found: dict[str, None] = {}
    for statement in file.statements:
        if isinstance(statement, ast.ClassDef):
            bases = {ast.unparse(base).rpartition(".")[2] for base in statement.bases}
            forward = any(isinstance(part, ast.FunctionDef) and part.name == "forward" for part in statement.body)
            if any(base in _MODULE_BASES or base in found for base in bases) or (bases and forward):
                found[statement.name] = None
    return list(found)


def _calls(statement: ast.AST) -> Iterator[ast.Call]:
    for part in ast.walk(statement):
        if isinstance(part, ast.Call):
            yield part


def _with_hints(entry: Entry) -> Entry:
    """Looks for an instantiation, a call, a mode and a seed at the top level."""
    entry.names.add(entry.name)
    for statement, _ in entry.file.entries:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.Import | ast.ImportFrom):
            continue
        for call in _calls(statement):
            empty = entry.made is None or (not entry.made.args and not entry.made.keywords)
            if isinstance(call.func, ast.Name) and call.func.id == entry.name and empty:
                entry.made = call
        if isinstance(statement, ast.Assign) and _root(statement.value, entry):
            entry.names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    for statement, _ in entry.file.entries:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            continue
        for call in _calls(statement):
            function = call.func
            method = function.attr if isinstance(function, ast.Attribute) else ""
            if method in ("eval", "train") and isinstance(function, ast.Attribute) and _root(function.value, entry):
                value = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else True
                entry.mode = False if method == "eval" else bool(value)
            elif method == "manual_seed" and call.args:
                entry.seed = entry.seed or call.args[0]
            elif call.args and _is_model(function, entry):
                entry.called = entry.called or call
    return entry


def _root(value: ast.expr, entry: Entry) -> bool:
    """Whether the expression is the network itself: Net(), Net().to(device), model.eval()."""
    while True:
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            value = value.func.value
        elif isinstance(value, ast.Call):
            return isinstance(value.func, ast.Name) and value.func.id == entry.name
        else:
            return isinstance(value, ast.Name) and value.id in entry.names and value.id != entry.name


def _is_model(function: ast.expr, entry: Entry) -> bool:
    """Whether calling it runs the network."""
    if isinstance(function, ast.Call):
        return _root(function, entry)
    return isinstance(function, ast.Name) and function.id in entry.names and function.id != entry.name


def argument_values(call: ast.Call | None) -> tuple[list[ast.expr], dict[str, ast.expr]]:
    """The arguments of a call as expressions."""
    if call is None:
        return [], {}
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    return [argument for argument in call.args if not isinstance(argument, ast.Starred)], named
