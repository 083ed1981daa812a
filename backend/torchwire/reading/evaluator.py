"""The evaluator: statements, names, decisions. It walks the syntax tree; nothing of the text is compiled or run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torchwire.catalogue.catalogue import Catalogue
from torchwire.plan.asking import Torch
from torchwire.reading import attributes, calls, contexts, exceptions, expressions, imports, memory, operators
from torchwire.reading.bounds import MAX_DEPTH, Bounded, Budget, Raised, Refusal, Undecided
from torchwire.reading.known import Known
from torchwire.reading.modules import Modules
from torchwire.reading.notes import Notes
from torchwire.reading.recording import Recording
from torchwire.reading.sources import SourceFile, Sources, bound_names
from torchwire.reading.symbols import Symbol, evaluate
from torchwire.reading.tensors import Tensors
from torchwire.reading.values import (
    Class,
    Device,
    DTypeOf,
    Frame,
    Library,
    Module,
    Object,
    Operation,
    Pieces,
    Shape,
    Tensor,
    Unknown,
    Walk,
)


class Return(Exception):
    """A return statement, on its way out of a function."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _Loop(Exception):
    """break or continue."""

    def __init__(self, again: bool) -> None:
        super().__init__()
        self.again = again


class Evaluator:
    """Reads the parts of a text that one network needs.

    Does: statements, names, truth, sizes. Does not: choose the entry, write the document.
    """

    def __init__(self, sources: Sources, catalogue: Catalogue, torch: Torch, budget: Budget, notes: Notes) -> None:
        self.sources = sources
        self.catalogue = catalogue
        self.budget = budget
        self.notes = notes
        self.known: Known = Known(self, torch)
        self.recording = Recording()
        self.modules: Modules = Modules(self)
        self.tensors = Tensors(self)
        self.file: SourceFile | None = None
        self.line = 0
        self.depth = 0
        self.training = False
        self.seed: Any = None
        self.hint: str | None = None
        self.limits: dict[str, int] = {}  # by file, the line of its top level that is being read
        self.outside = 0  # statements of a file's top level that are being read, one for the sake of another
        self.returned: tuple[int, str] | None = None  # where the last return was
        self.strict = False  # nothing of a decorator may be missing

    # -- statements --------------------------------------------------------------------------------------------------

    def execute(self, body: list[ast.stmt], frame: Frame) -> None:
        """Runs statements. Raises Return, _Loop, Refusal.

        A statement that cannot be read is told, what it binds is Unknown from there on, and the next one follows.
        """
        for statement in body:
            self.budget.take()
            self.line, self.file = statement.lineno, frame.file
            try:
                self._statement(statement, frame)
            except (Bounded, Undecided, Raised):
                raise
            except Refusal as refusal:
                self.place(refusal)
                if self.strict:
                    raise
                unknown = self.tell(refusal)
                for name in bound_names(statement):
                    if isinstance(frame.names.get(name), Library) and _changes_only(statement, name):
                        continue  # F.relu = ...: the rest of F is as it was
                    if name in frame.names or not _changes_only(statement, name):
                        self.bind(frame, name, unknown)
                if isinstance(statement, ast.Return):
                    raise Return(unknown) from None

    def _statement(self, statement: ast.stmt, frame: Frame) -> None:
        handler = _STATEMENTS.get(type(statement))
        if handler is None:
            raise Refusal(f"`{type(statement).__name__.lower()}` cannot be part of a network.")
        handler(self, statement, frame)

    def place(self, refusal: Refusal) -> Refusal:
        """Says where a refusal happened, unless it knows."""
        if refusal.line is None:
            refusal.line = self.line
            refusal.file = self.file.path if self.file else None
        return refusal

    def tell(self, refusal: Refusal) -> Unknown:
        """Reports a refusal; what stands in the place of the value."""
        if not getattr(refusal, "told", False):
            self.notes.refused(self.place(refusal))
        return Unknown("", refusal.message, refusal.line)

    def _expression(self, node: ast.Expr, frame: Frame) -> None:
        if isinstance(node.value, ast.Constant):
            return  # a docstring
        self.evaluate(node.value, frame)

    def _assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self._hinted(node.targets[0], node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def _hinted(self, target: ast.expr, value: ast.expr, frame: Frame) -> Any:
        """The value, whose node is named after the variable when that is assigned only here."""
        name = target.id if isinstance(target, ast.Name) else None
        self.hint = name if name in frame.once else None
        try:
            return self.evaluate(value, frame)
        finally:
            self.hint = None

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> None:
        if node.value is not None:
            self.assign(node.target, self._hinted(node.target, node.value, frame), frame)

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> None:
        loaded = ast.copy_location(_loaded(node.target), node.target)
        old = self.evaluate(loaded, frame)
        right = self.evaluate(node.value, frame)
        sign = operators.SIGNS[type(node.op)]
        if isinstance(old, list) and sign == "+":
            added = self.items(right)
            self.budget.size(len(old) + len(added))
            old.extend(added)
            self.assign(node.target, old, frame)
            return
        if isinstance(old, Module) and old.kind == "ModuleList" and sign == "+":
            self.call(self.modules.load(old, "extend"), [right], {})
            return
        if isinstance(old, Tensor):
            memory.check_writable(self.tensors, old)
        result = operators.binary(self, sign, old, right)
        if isinstance(old, Tensor) and isinstance(result, Tensor):
            self.tensors.overwrite(old, result)
            if isinstance(node.target, ast.Subscript):
                holder = self.evaluate(node.target.value, frame)
                if isinstance(holder, Tensor):  # what was written into the part is in the whole
                    return
            result = old
        self.assign(node.target, result, frame)

    def _if(self, node: ast.If, frame: Frame) -> None:
        self.execute(node.body if self.truth(self.evaluate(node.test, frame)) else node.orelse, frame)

    def _for(self, node: ast.For, frame: Frame) -> None:
        values = self.items(self.evaluate(node.iter, frame), node.target)
        for value in values:
            self.budget.take()
            self.assign(node.target, value, frame)
            try:
                self.execute(node.body, frame)
            except _Loop as signal:
                if not signal.again:
                    return
        self.execute(node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> None:
        while self.truth(self.evaluate(node.test, frame)):
            self.budget.take()
            try:
                self.execute(node.body, frame)
            except _Loop as signal:
                if not signal.again:
                    return
            self.line, self.file = node.lineno, frame.file
        self.execute(node.orelse, frame)

    def _function(self, node: ast.FunctionDef, frame: Frame) -> None:
        frame.names[node.name] = calls.define(self, node, frame)

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        frame.names[node.name] = calls.define_class(self, node, frame)

    def _return(self, node: ast.Return, frame: Frame) -> None:
        value = None if node.value is None else self.evaluate(node.value, frame)
        self.returned = (node.lineno, frame.file.path)
        raise Return(value)

    def _raise(self, node: ast.Raise, frame: Frame) -> None:
        text = ast.unparse(node.exc)[:160] if node.exc is not None else "again"
        raise Raised(f"The text raises {text}.", kind=exceptions.kind(self, node, frame))

    def _try(self, node: ast.Try, frame: Frame) -> None:
        before = len(self.recording.operations)
        try:
            try:
                self.execute(node.body, frame)
            except Raised as raised:
                handler = exceptions.handler(self, node, raised, frame)
                if handler is None:
                    raise
                if handler.name:
                    frame.names[handler.name] = Unknown(handler.name, "an exception", node.lineno)
                self.execute(handler.body, frame)
            else:
                if node.handlers and len(self.recording.operations) > before:
                    told = "What is tried here is taken to go well: only a run can tell what torch raises."
                    self.notes.add("import-decided", told, "warning", node.lineno, frame.file.path)
                self.execute(node.orelse, frame)
        finally:
            self.execute(node.finalbody, frame)

    def _with(self, node: ast.With, frame: Frame) -> None:
        leave: list[Any] = []
        for item in node.items:
            value = contexts.enter(self, item, frame, leave)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, frame)
        try:
            self.execute(node.body, frame)
        finally:
            for method in reversed(leave):
                self.call(method, [None, None, None], {})

    def _assert(self, node: ast.Assert, frame: Frame) -> None:
        value = self.evaluate(node.test, frame)
        if isinstance(value, Symbol):
            try:
                value = self.concrete(value)
            except Undecided:
                return
        if not isinstance(value, Unknown | Tensor) and not self.truth(value):
            raise Raised(f"`assert {ast.unparse(node.test)[:120]}` does not hold.", kind="AssertionError")

    def _import(self, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        for alias in node.names:
            if alias.name == "*":
                frame.names.update(imports.everything(self, node, frame.file))  # type: ignore[arg-type]
                continue
            name = alias.asname or alias.name.split(".")[0]
            frame.names[name] = imports.imported(self, node, alias, frame.file)

    def _delete(self, node: ast.Delete, frame: Frame) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                frame.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                attributes.delete(self, self.evaluate(target.value, frame), target.attr)
            elif isinstance(target, ast.Subscript):
                holder, key = self.evaluate(target.value, frame), self.evaluate(target.slice, frame)
                attributes.delete_item(self, holder, key)

    def _global(self, node: ast.Global | ast.Nonlocal, frame: Frame) -> None:
        for name in node.names:
            outer = frame.outer if isinstance(node, ast.Nonlocal) else None
            while outer is not None and name not in outer.names:
                outer = outer.outer
            frame.outside[name] = outer

    def _pass(self, node: ast.stmt, frame: Frame) -> None:
        return

    def _break(self, node: ast.stmt, frame: Frame) -> None:
        raise _Loop(isinstance(node, ast.Continue))

    # -- names -------------------------------------------------------------------------------------------------------

    def bind(self, frame: Frame, name: str, value: Any) -> None:
        if name in frame.outside:
            outer = frame.outside[name]
            (outer.names if outer is not None else frame.file.known)[name] = value
        else:
            frame.names[name] = value

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        """target = value."""
        if isinstance(target, ast.Name):
            self.bind(frame, target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Attribute):
            attributes.store(self, self.evaluate(target.value, frame), target.attr, value)
        elif isinstance(target, ast.Subscript):
            holder = self.evaluate(target.value, frame)
            attributes.store_item(self, holder, self.evaluate(target.slice, frame), value)
        else:
            raise Refusal("This kind of assignment cannot be read.")

    def _unpack(self, targets: list[ast.expr], value: Any, frame: Frame) -> None:
        star = next((n for n, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        if isinstance(value, Unknown):
            for target in targets:
                self.assign(target.value if isinstance(target, ast.Starred) else target, value, frame)
            return
        values = self.items(value, count=len(targets) if star is None else None)
        if star is None:
            if len(values) != len(targets):
                raise Raised(f"{len(values)} values are unpacked into {len(targets)} names.")
            for target, item in zip(targets, values, strict=True):
                self.assign(target, item, frame)
            return
        after = len(targets) - star - 1
        if len(values) < star + after:
            raise Raised(f"{len(values)} values are unpacked into {len(targets) - 1} names and more.")
        for target, item in zip(targets[:star], values[:star], strict=True):
            self.assign(target, item, frame)
        starred = targets[star]
        assert isinstance(starred, ast.Starred)
        self.assign(starred.value, values[star : len(values) - after], frame)
        for target, item in zip(targets[star + 1 :], values[len(values) - after :], strict=True):
            self.assign(target, item, frame)

    def lookup(self, name: str, frame: Frame) -> Any:
        """The value of a name, from the inside out."""
        inner: Frame | None = frame
        while inner is not None:
            if name in inner.outside and inner.outside[name] is None:
                break
            if name in inner.names:
                return inner.names[name]
            inner = inner.outer
        return imports.global_name(self, name, frame.file)

    # -- values ------------------------------------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        """The value of an expression. Raises Refusal."""
        self.budget.take()
        handler = expressions.HANDLERS.get(type(node))
        if handler is None:
            raise Refusal(f"`{ast.unparse(node)[:60]}` cannot be part of a network.", getattr(node, "lineno", None))
        return handler(self, node, frame)

    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """function(*args, **kwargs). Raises Refusal."""
        if self.depth >= MAX_DEPTH:
            raise Bounded(f"Calls are nested more than {MAX_DEPTH} deep. Does a function call itself for ever?")
        self.depth += 1
        line, file, hint = self.line, self.file, self.hint
        try:
            return calls.call(self, function, args, kwargs)
        except RecursionError:
            raise Bounded("The text is nested too deeply.") from None
        except Refusal as refusal:
            self.place(refusal)
            raise
        finally:
            self.depth -= 1
            self.line, self.file, self.hint = line, file, hint

    def truth(self, value: Any) -> bool:
        """bool(value). Raises Refusal where only a run can tell."""
        if isinstance(value, Symbol):
            return bool(self.decide(value))
        if isinstance(value, Tensor):
            found = self.known.values(value)
            if found is not None and not isinstance(found, list):
                return bool(found)
            raise Refusal("A decision hangs on a tensor's values: the network has one way through only.")
        if isinstance(value, Unknown):
            raise self.unreadable(value)
        if isinstance(value, Module | Object):
            for name in ("__bool__", "__len__"):
                own = attributes.method(self, value, name)
                if own is not None:
                    return bool(self.plain(self.call(own, [], {})))
        if isinstance(value, Module):
            return bool(value.children) if value.kind in ("Sequential", "ModuleList", "ModuleDict") else True
        if isinstance(value, Pieces | Shape):
            return len(self.items(value)) > 0
        if value is None or isinstance(value, bool | int | float | str | list | tuple | dict | set | range):
            return bool(value)
        return True

    def unreadable(self, value: Unknown) -> Refusal:
        """The refusal of something that was told before."""
        refusal = Refusal(f"It hangs on {value.name or 'something'} that could not be read: {value.why}")
        refusal.told = value.line is not None  # type: ignore[attr-defined]
        return refusal

    def decide(self, value: Any) -> Any:
        """A size as the number that it has for the given inputs; told, for another input may decide otherwise."""
        if not isinstance(value, Symbol):
            return value
        found = self.concrete(value)
        if value.mentions("training"):
            self.notes.decided(self, f"was decided for {'train' if self.training else 'eval'} mode")
        if any(isinstance(source, Operation) for source, _ in value.sources()):
            self.notes.decided(self, "was decided for the shape of the inputs")
        return found

    def concrete(self, value: Any) -> Any:
        """The number behind a size, for the given inputs. Raises Undecided."""
        if not isinstance(value, Symbol):
            return value
        try:
            return evaluate(value, self.known.size, self.training)
        except ArithmeticError as error:
            raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None

    def plain(self, value: Any) -> Any:
        """A constant where one is needed: a number, text, None."""
        if isinstance(value, Symbol):
            return self.decide(value)
        if isinstance(value, Tensor):
            found = self.known.values(value)
            if found is not None and not isinstance(found, list):
                return found
        if isinstance(value, Unknown):
            raise self.unreadable(value)
        if value is None or isinstance(value, bool | int | float | str):
            return value
        raise Refusal(f"A number or text is expected, not a {operators.type_name(value)}.")

    def key(self, value: Any) -> Any:
        """A value as the key of a dict."""
        self.budget.take(10)
        if isinstance(value, tuple):
            return tuple(self.key(item) for item in value)
        if isinstance(value, Symbol | Tensor):
            return self.plain(value)
        if isinstance(value, list | dict | set):
            raise Raised(f"A {operators.type_name(value)} cannot be a key.")
        return value

    def items(self, value: Any, target: ast.expr | None = None, count: int | None = None) -> list[Any]:
        """The values that a loop over `value` gives; `count` are expected where that is not known."""
        if isinstance(value, list | tuple | set | str | dict):
            self.budget.size(len(value))
            return list(value)
        if isinstance(value, Walk):
            values, value.values = value.values, []
            self.budget.size(len(values))
            return values
        if isinstance(value, range):
            return list(operators.check_range(self, value))
        if isinstance(value, Shape):
            if count is not None and not self.known.computed(value.tensor):
                return [Symbol("size", (*value.tensor.reference, n)) for n in range(count)]
            return list(self.shape_items(value))
        if isinstance(value, Pieces):
            return self.tensors.pieces(value, count)
        if isinstance(value, Tensor):
            return self.tensors.rows(value, count)
        if isinstance(value, Module):
            return self.modules.items(value)
        if isinstance(value, Class) and value.form == "enum":
            return calls.enum_members(self, value)
        if isinstance(value, Unknown):
            raise self.unreadable(value)
        raise Refusal(f"A {operators.type_name(value)} cannot be walked through.")

    def shape_items(self, shape: Shape) -> tuple[Any, ...]:
        """The sizes of `x.shape`, one expression each."""
        rank = len(self.known.shape(shape.tensor))
        return tuple(Symbol("size", (*shape.tensor.reference, n)) for n in range(rank))

    def dtype(self, value: Any) -> Any:
        """A dtype's name: of `x.dtype`, `torch.float32`, or text."""
        if isinstance(value, DTypeOf):
            return self.known.dtype(value.tensor)
        if isinstance(value, Library) and value.path.startswith("torch."):
            name = value.path.removeprefix("torch.")
            return DTYPE_ALIASES.get(name, name)
        return value

    def find_method(self, value: Any, name: str) -> Any:
        """A method of the text's own class, bound; None where there is none."""
        return attributes.method(self, value, name)

    def is_plain(self, value: Any) -> bool:
        return not isinstance(value, Tensor | Module | Unknown | Pieces | Device)


DTYPE_ALIASES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "FloatTensor": "float32",
    "LongTensor": "int64",
    "DoubleTensor": "float64",
    "BoolTensor": "bool",
    "cfloat": "complex64",
}


def _loaded(target: ast.expr) -> ast.expr:
    """The target of `+=` as something to read."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load(), lineno=target.lineno, col_offset=0)
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load(), lineno=target.lineno, col_offset=0)
    assert isinstance(target, ast.Subscript)
    return ast.Subscript(target.value, target.slice, ast.Load(), lineno=target.lineno, col_offset=0)


def _changes_only(statement: ast.stmt, name: str) -> bool:
    """Whether the statement changes what a name means (self.x = ..., names.append(x)) without binding it."""
    return not any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(statement)
    ) and not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


_STATEMENTS: dict[type[ast.stmt], Callable[[Evaluator, Any, Frame], None]] = {
    ast.Expr: Evaluator._expression,
    ast.Assign: Evaluator._assign,
    ast.AnnAssign: Evaluator._annotated,
    ast.AugAssign: Evaluator._augmented,
    ast.If: Evaluator._if,
    ast.For: Evaluator._for,
    ast.While: Evaluator._while,
    ast.FunctionDef: Evaluator._function,
    ast.ClassDef: Evaluator._class,
    ast.Return: Evaluator._return,
    ast.Raise: Evaluator._raise,
    ast.Try: Evaluator._try,
    ast.With: Evaluator._with,
    ast.Assert: Evaluator._assert,
    ast.Import: Evaluator._import,
    ast.ImportFrom: Evaluator._import,
    ast.Delete: Evaluator._delete,
    ast.Global: Evaluator._global,
    ast.Nonlocal: Evaluator._global,
    ast.Pass: Evaluator._pass,
    ast.Break: Evaluator._break,
    ast.Continue: Evaluator._break,
}
