"""Expressions: a small part of Python, evaluated over its syntax tree and never by Python's own eval."""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from torchwire.graph.references import Reference

MAX_LENGTH = 200
MAX_NUMBER = 2**53
MAX_ITEMS = 10_000  # values in a list, or characters of a text, that an operator makes

Sizes = Callable[[Reference], "tuple[int, ...]"]


class ExpressionError(ValueError):
    """The expression cannot be read or evaluated; the text says why."""


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}


@dataclass(frozen=True)
class Expression:
    """A parsed expression."""

    text: str
    tree: ast.expr
    names: frozenset[str]
    sizes: tuple[Reference, ...]

    def evaluate(self, names: Mapping[str, Any], sizes: Sizes) -> Any:
        """The value. Raises ExpressionError."""
        try:
            return _Evaluation(names, sizes).value(self.tree)
        except ExpressionError:
            raise
        except ZeroDivisionError:
            raise ExpressionError("division by zero") from None
        except (TypeError, ValueError, OverflowError, IndexError) as error:
            raise ExpressionError(str(error)) from None


@lru_cache(maxsize=4096)
def parse_expression(text: str, index: bool = False) -> Expression:
    """Reads an expression, or with `index` what stands between the brackets of an index. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters, this has {len(text)}")
    if "\0" in text or not text.strip():
        raise ExpressionError("the expression is empty" if not text.strip() else "a NUL character cannot stand in it")
    try:
        with warnings.catch_warnings():  # of Python's own about literals such as "\\d"
            warnings.simplefilter("ignore")
            tree = ast.parse(f"_[{text}]" if index else text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"{_short(text)} is not an expression") from None
    if index:
        if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name) or tree.value.id != "_":
            raise ExpressionError(f"{_short(text)} is not an index")
        tree = tree.slice
    names: set[str] = set()
    sizes: dict[Reference, None] = {}
    _check(tree, names, sizes, index)
    return Expression(text, tree, frozenset(names), tuple(sizes))


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def size_reference(tree: ast.expr) -> Reference | None:
    """The node or port whose size is meant by `x.shape` or `lstm.h_n.shape`; None for anything else."""
    if not isinstance(tree, ast.Attribute) or tree.attr != "shape":
        return None
    parts: list[str] = []
    inner = tree.value
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return None
    return Reference(inner.id, ".".join(reversed(parts)) or None)


def _check(tree: ast.AST, names: set[str], sizes: dict[Reference, None], index: bool) -> None:
    """Walks the tree and refuses what is not in the language."""
    if isinstance(tree, ast.Subscript):
        reference = size_reference(tree.value)
        if reference is not None:
            sizes[reference] = None
            _check(tree.slice, names, sizes, False)
            return
        if isinstance(tree.slice, ast.Slice):
            raise ExpressionError("a slice can stand in an index only")
    elif isinstance(tree, ast.Attribute):
        raise ExpressionError(f"{ast.unparse(tree)[:40]} is not known here; sizes are written node.shape[0]")
    elif isinstance(tree, ast.Name):
        names.add(tree.id)
        return
    elif isinstance(tree, ast.Constant):
        if tree.value is Ellipsis and not index:
            raise ExpressionError("... can stand in an index only")
        if isinstance(tree.value, (complex, bytes)):
            raise ExpressionError("complex numbers and bytes are not known here")
        if isinstance(tree.value, int) and abs(tree.value) > MAX_NUMBER:
            raise ExpressionError("a number is larger than 2**53")
        if isinstance(tree.value, float) and math.isinf(tree.value):
            raise ExpressionError("a number is larger than a float holds")
        return
    elif isinstance(tree, ast.BinOp):
        if type(tree.op) not in _BINARY:
            raise ExpressionError("only + - * / // % ** are known here")
    elif isinstance(tree, ast.UnaryOp):
        if type(tree.op) not in _UNARY:
            raise ExpressionError("~ is not known here")
    elif isinstance(tree, ast.Compare):
        if any(type(op) not in _COMPARE for op in tree.ops):
            raise ExpressionError("`in` and `is` are not known here")
    elif isinstance(tree, (ast.BoolOp, ast.IfExp, ast.Tuple, ast.List)):
        pass
    elif isinstance(tree, ast.Slice):
        if not index:
            raise ExpressionError("a slice can stand in an index only")
    else:
        raise ExpressionError(
            f"{type(tree).__name__} is not known here; an expression is made of numbers, names and operators"
        )
    for child in _children(tree):
        _check(child, names, sizes, index and isinstance(tree, ast.Tuple | ast.Slice | ast.UnaryOp))


def _children(tree: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.expr):
            yield child


class _Evaluation:
    """One evaluation: names and sizes at hand."""

    def __init__(self, names: Mapping[str, Any], sizes: Sizes) -> None:
        self._names = names
        self._sizes = sizes

    def value(self, tree: ast.expr) -> Any:
        if isinstance(tree, ast.Constant):
            return tree.value
        if isinstance(tree, ast.Name):
            if tree.id not in self._names:
                known = ", ".join(name for name in self._names if name != "training")
                raise ExpressionError(f"there is no parameter {tree.id}" + (f"; there are {known}" if known else ""))
            return self._names[tree.id]
        if isinstance(tree, ast.Subscript):
            return self._subscript(tree)
        if isinstance(tree, ast.UnaryOp):
            operand = self.value(tree.operand)
            return _UNARY[type(tree.op)](_number(operand) if not isinstance(tree.op, ast.Not) else operand)
        if isinstance(tree, ast.BinOp):
            return self._binary(tree)
        if isinstance(tree, ast.BoolOp):
            return self._boolean(tree)
        if isinstance(tree, ast.Compare):
            left = self.value(tree.left)
            for op, right_tree in zip(tree.ops, tree.comparators, strict=True):
                right = self.value(right_tree)
                if not _COMPARE[type(op)](left, right):
                    return False
                left = right
            return True
        if isinstance(tree, ast.IfExp):
            return self.value(tree.body if self.value(tree.test) else tree.orelse)
        if isinstance(tree, ast.Tuple):
            return tuple(self.value(item) for item in tree.elts)
        if isinstance(tree, ast.List):
            return [self.value(item) for item in tree.elts]
        if isinstance(tree, ast.Slice):
            parts = [None if part is None else self._integer(part) for part in (tree.lower, tree.upper, tree.step)]
            return slice(*parts)
        raise ExpressionError(f"{type(tree).__name__} is not known here")

    def _integer(self, tree: ast.expr) -> int | None:
        value = self.value(tree)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise ExpressionError(f"a slice takes integers, not {_short(str(value))}")
        return value

    def _subscript(self, tree: ast.Subscript) -> Any:
        position = self.value(tree.slice)
        if isinstance(position, bool) or not isinstance(position, int):
            raise ExpressionError("the position in the brackets must be an integer")
        reference = size_reference(tree.value)
        if reference is not None:
            shape = self._sizes(reference)
            if not -len(shape) <= position < len(shape):
                raise ExpressionError(f"{reference}.shape has {len(shape)} sizes, there is no number {position}")
            return shape[position]
        holder = self.value(tree.value)
        if not isinstance(holder, (list, tuple)):
            raise ExpressionError(f"{ast.unparse(tree.value)[:40]} is not a list")
        if not -len(holder) <= position < len(holder):
            raise ExpressionError(
                f"{ast.unparse(tree.value)[:40]} has {len(holder)} values, there is no number {position}"
            )
        return holder[position]

    def _binary(self, tree: ast.BinOp) -> Any:
        left, right = self.value(tree.left), self.value(tree.right)
        if isinstance(tree.op, (ast.Add, ast.Mult)) and (_is_row(left) or _is_row(right)):
            return _rows(tree.op, left, right)
        left, right = _number(left), _number(right)
        if isinstance(tree.op, ast.Pow):
            _bound_power(left, right)
        result = _BINARY[type(tree.op)](left, right)
        if isinstance(result, complex):
            raise ExpressionError("the result is a complex number")
        return _number(result)

    def _boolean(self, tree: ast.BoolOp) -> Any:
        stop = isinstance(tree.op, ast.Or)
        value: Any = None
        for item in tree.values:
            value = self.value(item)
            if bool(value) is stop:
                return value
        return value


def _number(value: Any) -> int | float:
    if not isinstance(value, (int, float)):
        raise ExpressionError(f"{_short(str(value))} is not a number")
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise ExpressionError("a value is larger than 2**53")
    if isinstance(value, float) and math.isinf(value):
        raise ExpressionError("a value is larger than a float holds")
    return value


def _is_row(value: Any) -> bool:
    return isinstance(value, (list, tuple, str))


def _rows(op: ast.operator, left: Any, right: Any) -> Any:
    """Lists, tuples or texts joined, or one repeated. Refused before it is made where it would be too long."""
    if isinstance(op, ast.Add):
        extent = _extent(left) + _extent(right)
    else:
        row, times = (left, right) if _is_row(left) else (right, left)
        extent = _extent(row) * times if isinstance(times, int) else 0
    if extent > MAX_ITEMS:
        raise ExpressionError(f"a list or text would have more than {MAX_ITEMS:,} values")
    return _BINARY[type(op)](left, right)


def _extent(value: Any) -> int:
    """How many values there are in all, lists inside lists included."""
    if isinstance(value, str):
        return len(value)
    return 1 + sum(map(_extent, value)) if isinstance(value, (list, tuple)) else 1


def _bound_power(base: int | float, exponent: int | float) -> None:
    """Refuses a power before it is computed: 9**9**9 would never end."""
    if abs(base) > 1 and exponent > 0 and exponent * math.log2(abs(base)) > 1023:
        raise ExpressionError("a power is too large")


SIZE_IN_TEXT = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)\.shape\[")
"""Where an expression's text names a node: what renaming, copying and deleting must follow."""
