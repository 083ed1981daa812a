"""Calls: functions and classes of the text, bound and run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes, library
from torchwire.reading.bounds import Asked, Bounded, Raised, Refusal, Undecided
from torchwire.reading.sources import bound_names
from torchwire.reading.symbols import Symbol as _Symbol
from torchwire.reading.values import (
    Builtin,
    Class,
    Frame,
    Function,
    Library,
    Method,
    Module,
    Object,
    Partial,
    Shape,
    Super,
    Tensor,
    Unknown,
    Walk,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def call(it: Evaluator, function: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """function(*args, **kwargs)."""
    if isinstance(function, Function):
        return _run(it, function, args, kwargs)
    if isinstance(function, Method):
        return it.call(function.function, [function.this, *args], kwargs)
    if isinstance(function, Builtin):
        return function.run(args, kwargs)
    if isinstance(function, Partial):
        return it.call(function.function, [*function.args, *args], {**function.kwargs, **kwargs})
    if isinstance(function, Class):
        return instantiate(it, function, args, kwargs)
    if isinstance(function, Module):
        return it.modules.call(function, args, kwargs)
    if isinstance(function, Library):
        return library.call(it, function.path, args, kwargs)
    if isinstance(function, Object):
        method = attributes.method(it, function, "__call__")
        if method is not None:
            return it.call(method, args, kwargs)
    if isinstance(function, Unknown):
        return it.tensors.placeholder(function, args, kwargs)
    raise Refusal(f"A {type(function).__name__.lower()} cannot be called.")


# -- functions -----------------------------------------------------------------------------------------------------


def define(it: Evaluator, node: ast.FunctionDef | ast.Lambda, frame: Frame, owner: Class | None = None) -> Any:
    """The value of a def or lambda, decorators applied."""
    defaults: dict[str, Any] = {}
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    pairs = list(zip(positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True))
    pairs += [(a, d) for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None]
    for argument, default in pairs:
        try:
            defaults[argument.arg] = it.evaluate(default, frame)
        except Bounded:
            raise
        except Refusal as refusal:
            defaults[argument.arg] = Unknown(argument.arg, refusal.message)
    name = node.name if isinstance(node, ast.FunctionDef) else "lambda"
    made: Any = Function(node, frame, name, defaults, owner)
    if isinstance(node, ast.FunctionDef):
        for decorator in reversed(node.decorator_list):
            made = _decorated(it, decorator, made, frame)
    return made


def _decorated(it: Evaluator, decorator: ast.expr, made: Any, frame: Frame) -> Any:
    text = ast.unparse(decorator)
    if isinstance(made, Function) and text in ("staticmethod", "classmethod", "property"):
        made.kind = text
        return made
    if isinstance(made, Function) and text.rpartition(".")[2] == "cached_property":
        made.kind = "property"
        return made
    if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "getter", "deleter"):
        prop = it.evaluate(decorator.value, frame)
        if not isinstance(prop, Function) or not isinstance(made, Function):
            raise Refusal(f"`@{text[:60]}` of something that is no property.")
        if decorator.attr == "setter":
            prop.setter, made.frame = made, prop.frame
        elif decorator.attr == "getter":
            made.kind, made.setter = "property", prop.setter
            return made
        return prop
    if text.split("(")[0].rpartition(".")[2] in _HARMLESS:
        return made
    strict, it.strict = it.strict, True
    try:
        found = it.call(it.evaluate(decorator, frame), [made], {})
    except Bounded:
        raise
    except Refusal as refusal:
        found = Unknown("", refusal.message)
    finally:
        it.strict = strict
    if isinstance(found, Unknown):
        line, it.line = it.line, decorator.lineno
        text = f"The decorator {text[:60]} could not be read; what it decorates is taken as it stands."
        it.notes.here(it, "import-ignored", text)
        it.line = line
        return made
    return found


_HARMLESS = frozenset(
    """abstractmethod no_grad inference_mode enable_grad unused ignore export script script_if_tracing wraps override
    final lru_cache cache compile jit torch_compile _overload_method overload""".split()
)


def _run(it: Evaluator, function: Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from torchwire.reading.evaluator import Return

    node = function.node
    frame = Frame(function.frame.file, function.frame, owner=function.owner)
    bind(it, function, args, kwargs, frame.names)
    if function.owner is not None and args:
        frame.this = args[0]
    elif function.frame.owner is not None:
        frame.owner, frame.this = function.frame.owner, function.frame.this
    if isinstance(node, ast.Lambda):
        return it.evaluate(node.body, frame)
    once, generator = _traits(node)
    frame.once = once
    if generator:
        frame.yields = []
    try:
        it.execute(node.body, frame)
    except Return as signal:
        return signal.value if frame.yields is None else Walk(frame.yields)
    return None if frame.yields is None else Walk(frame.yields)


def _traits(node: ast.FunctionDef) -> tuple[frozenset[str], bool]:
    """The names that a function assigns exactly once, outside loops; and whether it yields."""
    found = getattr(node, "_traits", None)
    if found is None:
        counts: dict[str, int] = {argument.arg: 1 for argument in [*node.args.args, *node.args.kwonlyargs]}
        generator = False
        todo: list[tuple[ast.AST, int]] = [(statement, 1) for statement in node.body]
        while todo:
            part, weight = todo.pop()
            if isinstance(part, ast.FunctionDef | ast.ClassDef | ast.Lambda):
                continue
            generator = generator or isinstance(part, ast.Yield | ast.YieldFrom)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                counts[part.id] = counts.get(part.id, 0) + weight
            inner = 2 if isinstance(part, ast.For | ast.While) else weight
            todo += [(child, inner) for child in ast.iter_child_nodes(part)]
        found = (frozenset(name for name, count in counts.items() if count == 1), generator)
        node._traits = found  # type: ignore[attr-defined]
    return found


def bind(it: Evaluator, function: Function, args: list[Any], kwargs: dict[str, Any], names: dict[str, Any]) -> None:
    """Arguments by the names of the function's parameters. Raises Raised as Python would, Asked for what is missing."""
    spec = function.node.args
    positional = [argument.arg for argument in [*spec.posonlyargs, *spec.args]]
    rest = dict(kwargs)
    for name, value in zip(positional, args, strict=False):
        if name in rest:
            raise Raised(f"{function.name}() gets {name} twice.")
        names[name] = value
    if len(args) > len(positional):
        if spec.vararg is None:
            raise Raised(f"{function.name}() takes {len(positional)} arguments, {len(args)} are given.")
        names[spec.vararg.arg] = tuple(args[len(positional) :])
    elif spec.vararg is not None:
        names[spec.vararg.arg] = ()
    missing = []
    for name in [*positional[len(args) :], *(argument.arg for argument in spec.kwonlyargs)]:
        if name in rest:
            names[name] = rest.pop(name)
        elif name in function.defaults:
            names[name] = function.defaults[name]
        else:
            missing.append(name)
    if missing:
        owner = function.owner.name if function.owner and function.name == "__init__" else function.name
        raise Asked(f"{owner} needs {', '.join(missing)}.", owner, missing)
    if spec.kwarg is not None:
        names[spec.kwarg.arg] = rest
    elif rest:
        raise Raised(f"{function.name}() has no parameter {next(iter(rest))[:60]}.")


# -- classes -------------------------------------------------------------------------------------------------------


def define_class(it: Evaluator, node: ast.ClassDef, frame: Frame) -> Class:
    """The class; its body is read later, name by name."""
    bases: list[Any] = []
    for base in node.bases:
        bases.append(it.evaluate(base.value if isinstance(base, ast.Subscript) else base, frame))
    body: dict[str, list[ast.stmt]] = {}
    for statement in node.body:
        for name in bound_names(statement):
            body.setdefault(name, []).append(statement)
    made = Class(node.name, node, frame, bases, body)
    made.mro = _mro(made)
    for decorator in node.decorator_list:
        text = ast.unparse(decorator).split("(")[0].rpartition(".")[2]
        if text == "dataclass":
            made.form = "dataclass"
        elif text not in _HARMLESS | {"total_ordering", "unique"}:
            it.notes.here(it, "import-ignored", f"The decorator {text[:60]} of a class is not read.")
    for keyword in node.keywords:
        name = ast.unparse(keyword.value).rpartition(".")[2]
        if keyword.arg == "metaclass" and name not in ("ABCMeta", "EnumMeta"):
            told = f"The metaclass {name[:60]} of {made.name} is not read."
            it.notes.add("import-unsupported", told, "warning", node.lineno, frame.file.path)
    for base in made.mro[1:]:
        if isinstance(base, Class) and base.form and not made.form:
            made.form = base.form
        elif isinstance(base, Library):
            form = {"enum.Enum": "enum", "enum.IntEnum": "enum", "typing.NamedTuple": "namedtuple"}.get(base.path)
            made.form = form or made.form
        elif isinstance(base, Unknown) and base.name:
            it.notes.here(it, "import-unsupported", f"The base class {base.name} of {made.name} is not known.", "error")
    return made


def _mro(cls: Class) -> list[Any]:
    """The order in which attributes are looked for (C3)."""
    lists = [list(base.mro) if isinstance(base, Class) else [base] for base in cls.bases]
    lists.append(list(cls.bases))
    found: list[Any] = [cls]
    while any(lists):
        lists = [each for each in lists if each]
        for each in lists:
            head = each[0]
            if not any(_same(head, other) for rest in lists for other in rest[1:]):
                break
        else:
            raise Raised(f"The bases of {cls.name} have no order in which they agree.")
        found.append(head)
        lists = [[item for item in each if not _same(item, head)] for each in lists]
    return found


def _same(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, Library) and one == other)


def instantiate(it: Evaluator, cls: Class, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """cls(*args, **kwargs)."""
    if cls.form == "enum":
        wanted = args[0] if args else None
        for member in enum_members(it, cls):
            if member is wanted or attributes.equal_plain(member.attributes["value"], wanted):
                return member
        raise Raised(f"{cls.name} has no such member.")
    if cls.is_module():
        return it.modules.construct(cls, args, kwargs)
    made = Object(cls)
    if cls.form in ("dataclass", "namedtuple") and attributes.class_attribute(it, cls, "__init__") is None:
        fill_fields(it, cls, made, args, kwargs)
        return made
    init = attributes.method(it, made, "__init__")
    if init is not None:
        it.call(init, args, kwargs)
    elif args or kwargs:
        if any(isinstance(base, Unknown) for base in cls.mro):
            return Unknown(cls.name, f"a base class of {cls.name} is not known")
        raise Raised(f"{cls.name}() takes no arguments.")
    return made


def fill_fields(it: Evaluator, cls: Class, made: Object, args: list[Any], kwargs: dict[str, Any]) -> None:
    """A dataclass's own __init__."""
    fields: dict[str, tuple[Class, ast.AnnAssign]] = {}
    for base in reversed(cls.mro):
        if isinstance(base, Class):
            for statement in base.node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    fields[statement.target.id] = (base, statement)
    names = list(fields)
    if len(args) > len(names):
        raise Raised(f"{cls.name}() takes {len(names)} arguments, {len(args)} are given.")
    given = dict(zip(names, args, strict=False)) | kwargs
    for name in kwargs:
        if name not in fields:
            raise Raised(f"{cls.name}() has no parameter {name[:60]}.")
    missing = []
    for name, (base, statement) in fields.items():
        if name in given:
            made.attributes[name] = given[name]
        elif statement.value is None:
            missing.append(name)
        else:
            value = it.evaluate(statement.value, base.frame)
            if isinstance(value, Partial) and value.function == Library("dataclasses.field"):
                factory = value.kwargs.get("default_factory")
                value = it.call(factory, [], {}) if factory is not None else value.kwargs.get("default")
            made.attributes[name] = value
    if missing:
        raise Asked(f"{cls.name} needs {', '.join(missing)}.", cls.name, missing)
    post = attributes.method(it, made, "__post_init__")
    if post is not None:
        it.call(post, [], {})


def enum_members(it: Evaluator, cls: Class) -> list[Any]:
    names = [name for name, statements in cls.body.items() if isinstance(statements[0], ast.Assign)]
    return [attributes.class_attribute(it, cls, name) for name in names if not name.startswith("_")]


def plain_super(it: Evaluator, frame: Frame) -> Any:
    """super() without arguments."""
    inner: Frame | None = frame
    while inner is not None and inner.owner is None:
        inner = inner.outer
    if inner is None or inner.owner is None:
        raise Raised("super() outside a method.")
    return Super(inner.owner, inner.this)


def text_of(it: Evaluator, value: Any) -> str:
    """str(value), for names of layers and messages."""
    if isinstance(value, str):
        return value
    if isinstance(value, _Symbol):
        try:
            return str(it.concrete(value))
        except Undecided:
            return "?"
    if isinstance(value, Shape):
        return "torch.Size([...])"
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list | tuple | dict | set | range):
        it.budget.size(len(value))
        if isinstance(value, range):
            return str(value)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{text_of(it, k)}: {text_of(it, v)}" for k, v in value.items()) + "}"
        inner = ", ".join(text_of(it, item) if not isinstance(item, str) else repr(item) for item in value)
        it.budget.text(len(inner))
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, Class | Function):
        return value.name
    if isinstance(value, Library):
        return value.path
    if isinstance(value, Object) and value.cls.form == "enum":
        return f"{value.cls.name}.{value.attributes['name']}"
    if isinstance(value, Tensor | Module | Unknown | Object):
        return f"<{type(value).__name__.lower()}>"
    raise Refusal(f"The text of a {type(value).__name__.lower()}.")
