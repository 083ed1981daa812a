"""Expressions: one function for each kind of node of the syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes, calls, operators
from torchwire.reading.bounds import Refusal
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import Frame, Tensor, Unknown, Walk

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def _constant(it: Evaluator, node: ast.Constant, frame: Frame) -> Any:
    value = node.value
    if isinstance(value, str):
        it.budget.text(len(value))
    if isinstance(value, bytes | complex):
        raise Refusal("Bytes and complex numbers cannot be part of a network.")
    if isinstance(value, int) and abs(value) > 2**64:
        raise Refusal("A number that is too large.")
    return value


def _name(it: Evaluator, node: ast.Name, frame: Frame) -> Any:
    return it.lookup(node.id, frame)


def _attribute(it: Evaluator, node: ast.Attribute, frame: Frame) -> Any:
    value = it.evaluate(node.value, frame)
    it.line, it.file = node.lineno, frame.file
    return attributes.load(it, value, node.attr)


def _subscript(it: Evaluator, node: ast.Subscript, frame: Frame) -> Any:
    holder = it.evaluate(node.value, frame)
    key = it.evaluate(node.slice, frame)
    return attributes.load_item(it, holder, key)


def _slice(it: Evaluator, node: ast.Slice, frame: Frame) -> Any:
    return slice(*(None if part is None else it.evaluate(part, frame) for part in (node.lower, node.upper, node.step)))


def _items(it: Evaluator, elements: list[ast.expr], frame: Frame) -> list[Any]:
    found: list[Any] = []
    for element in elements:
        if isinstance(element, ast.Starred):
            found += it.items(it.evaluate(element.value, frame))
            it.budget.size(len(found))
        else:
            found.append(it.evaluate(element, frame))
    return found


def _list(it: Evaluator, node: ast.List, frame: Frame) -> Any:
    return _items(it, node.elts, frame)


def _tuple(it: Evaluator, node: ast.Tuple, frame: Frame) -> Any:
    return tuple(_items(it, node.elts, frame))


def _set(it: Evaluator, node: ast.Set, frame: Frame) -> Any:
    return {it.key(item) for item in _items(it, node.elts, frame)}


def _dict(it: Evaluator, node: ast.Dict, frame: Frame) -> Any:
    found: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            more = it.evaluate(value, frame)
            if isinstance(more, Unknown):
                return more
            if not isinstance(more, dict):
                raise Refusal(f"`**` of a {operators.type_name(more)}.")
            found.update(more)
        else:
            found[it.key(it.evaluate(key, frame))] = it.evaluate(value, frame)
        it.budget.size(len(found))
    return found


def _binary(it: Evaluator, node: ast.BinOp, frame: Frame) -> Any:
    hint, it.hint = it.hint, None
    left, right = it.evaluate(node.left, frame), it.evaluate(node.right, frame)
    it.line, it.file, it.hint = node.lineno, frame.file, hint
    return operators.binary(it, operators.SIGNS[type(node.op)], left, right)


def _unary(it: Evaluator, node: ast.UnaryOp, frame: Frame) -> Any:
    value = it.evaluate(node.operand, frame)
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Call) and isinstance(value, Tensor):
        given = node.operand.args[:1]
        if given and isinstance(given[0], ast.UnaryOp) and isinstance(given[0].op, ast.USub):
            smallest = it.tensors.min_pool(value)
            if smallest is not None:
                return smallest
    return operators.unary(it, node.op, value)


def _boolean(it: Evaluator, node: ast.BoolOp, frame: Frame) -> Any:
    stop = isinstance(node.op, ast.Or)
    value: Any = None
    for item in node.values:
        value = it.evaluate(item, frame)
        if item is not node.values[-1] and it.truth(value) is stop:
            return value
    return value


def _compare(it: Evaluator, node: ast.Compare, frame: Frame) -> Any:
    left = it.evaluate(node.left, frame)
    result: Any = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = it.evaluate(right_node, frame)
        result = operators.compare(it, op, left, right)
        if len(node.ops) > 1 and not it.truth(result):
            return False
        left = right
    return result


def _choice(it: Evaluator, node: ast.IfExp, frame: Frame) -> Any:
    test = it.evaluate(node.test, frame)
    if isinstance(test, Symbol) and _is_number(node.body) and _is_number(node.orelse):
        yes, no = it.evaluate(node.body, frame), it.evaluate(node.orelse, frame)
        if all(isinstance(value, int | float | Symbol) and not isinstance(value, bool) for value in (yes, no)):
            return Symbol("if", (test, yes, no))
    return it.evaluate(node.body if it.truth(test) else node.orelse, frame)


_SIMPLE = (
    ast.Constant, ast.Name, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Load, ast.Subscript,
)  # fmt: skip


def _is_number(node: ast.expr) -> bool:
    """Whether reading the expression changes nothing, so that both ways may be read."""
    return all(isinstance(part, _SIMPLE) for part in ast.walk(node))


def _call(it: Evaluator, node: ast.Call, frame: Frame) -> Any:
    hint, it.hint = it.hint, None
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return calls.plain_super(it, frame)
    function = it.evaluate(node.func, frame)
    args = _items(it, node.args, frame)
    kwargs: dict[str, Any] = {}
    for keyword in node.keywords:
        value = it.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict):
            kwargs.update({str(key): item for key, item in value.items()})
        else:
            raise Refusal(f"`**` of a {operators.type_name(value)}.")
    it.line, it.file, it.hint = node.lineno, frame.file, hint
    if isinstance(function, Unknown) and not function.name:
        function.name = ast.unparse(node.func)[:60]
    return it.call(function, args, kwargs)


def _lambda(it: Evaluator, node: ast.Lambda, frame: Frame) -> Any:
    return calls.define(it, node, frame)


def _comprehension(it: Evaluator, node: Any, frame: Frame) -> Any:
    inner = Frame(frame.file, frame, owner=frame.owner, this=frame.this, within=True)
    found: list[Any] = []
    table: dict[Any, Any] = {}

    def level(number: int) -> None:
        if number == len(node.generators):
            if isinstance(node, ast.DictComp):
                table[it.key(it.evaluate(node.key, inner))] = it.evaluate(node.value, inner)
                it.budget.take()
            else:
                found.append(it.evaluate(node.elt, inner))
            return
        generator = node.generators[number]
        for value in it.items(it.evaluate(generator.iter, inner), generator.target):
            it.budget.take()
            it.assign(generator.target, value, inner)
            if all(it.truth(it.evaluate(test, inner)) for test in generator.ifs):
                level(number + 1)
        it.budget.size(len(found))

    level(0)
    if isinstance(node, ast.DictComp):
        return table
    if isinstance(node, ast.GeneratorExp):
        return Walk(found)
    return {it.key(item) for item in found} if isinstance(node, ast.SetComp) else found


_FORMAT = re.compile(r"[<>^=+\- ]?0?\d{0,2}(,|_)?(\.\d{1,2})?[dfgesx%]?")


def _formatted(it: Evaluator, node: ast.JoinedStr, frame: Frame) -> Any:
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        value = it.evaluate(part.value, frame)
        text += format_value(it, value, _formatted(it, part.format_spec, frame) if part.format_spec else "")  # type: ignore[arg-type]
        it.budget.text(len(text))
    return text


def format_value(it: Evaluator, value: Any, spec: str) -> str:
    """A value in a string, with the usual formats of numbers."""
    if not spec:
        return calls.text_of(it, value)
    plain = it.plain(value)
    if not _FORMAT.fullmatch(spec):
        raise Refusal("A format that is not read.")
    try:
        return format(plain, spec)
    except (ValueError, TypeError):
        raise Refusal("A format that does not fit its value.") from None


def _walrus(it: Evaluator, node: ast.NamedExpr, frame: Frame) -> Any:
    value = it.evaluate(node.value, frame)
    while frame.within and frame.outer is not None:
        frame = frame.outer
    it.assign(node.target, value, frame)
    return value


def _yield(it: Evaluator, node: ast.Yield, frame: Frame) -> Any:
    inner: Frame | None = frame
    while inner is not None and inner.yields is None:
        inner = inner.outer
    if inner is None or inner.yields is None:
        raise Refusal("`yield` outside a function.")
    inner.yields.append(None if node.value is None else it.evaluate(node.value, frame))
    it.budget.size(len(inner.yields))
    return None


def _yield_from(it: Evaluator, node: ast.YieldFrom, frame: Frame) -> Any:
    if frame.yields is None:
        raise Refusal("`yield` outside a function.")
    frame.yields += it.items(it.evaluate(node.value, frame))
    it.budget.size(len(frame.yields))
    return None


HANDLERS: dict[type[ast.expr], Callable[[Evaluator, Any, Frame], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.JoinedStr: _formatted,
    ast.NamedExpr: _walrus,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
