"""Operators on values: Python's own on constants, nodes on tensors, expressions on sizes."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import MAX_INTEGER, MAX_ITEMS, Raised, Refusal
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import DTypeOf, Library, Module, Object, Shape, Tensor, Unknown

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
FUNCTIONS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "//": "floor_divide",
    "%": "remainder",
    "**": "pow",
    "@": "matmul",
    "&": "bitwise_and",
    "|": "bitwise_or",
    "^": "bitwise_xor",
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
_PLAIN: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SYMBOLIC = frozenset("+ - * / // % ** == != < <= > >=".split())
_NUMBER = (bool, int, float)


def binary(it: Evaluator, sign: str, left: Any, right: Any) -> Any:
    """left sign right."""
    it.budget.take()
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    if isinstance(left, Shape):
        left = it.shape_items(left)
    if isinstance(right, Shape):
        right = it.shape_items(right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _tensors(it, sign, left, right)
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        if sign in _SYMBOLIC and isinstance(left, (*_NUMBER, Symbol)) and isinstance(right, (*_NUMBER, Symbol)):
            return _simple(sign, left, right) or Symbol(sign, (left, right))
        if sign == "*" and isinstance(left, list | tuple | str):
            right = it.decide(right)
        elif sign in ("==", "!="):
            return sign == "!="
        else:
            raise Refusal(f"`{sign}` between a size and a {type_name(right if isinstance(left, Symbol) else left)}.")
    if isinstance(left, _NUMBER) and isinstance(right, _NUMBER):
        return _numbers(sign, left, right)
    if sign in ("==", "!="):
        return equal(it, left, right) is (sign == "==")
    return _containers(it, sign, left, right)


def _simple(sign: str, left: Any, right: Any) -> Symbol | None:
    """1 * x, x * 1, x // 1, x + 0 as x: loops over sizes begin so."""
    for one, other in ((left, right), (right, left)):
        neutral = {"*": 1, "//": 1, "+": 0}.get(sign)
        if type(one) is int and one == neutral and isinstance(other, Symbol) and (sign != "//" or one is right):
            return other
    return None


def _numbers(sign: str, left: Any, right: Any) -> Any:
    if sign == "**" and abs(left) > 1 and isinstance(right, int) and right * abs(left).__trunc__().bit_length() > 256:
        raise Refusal("A power that is too large.")
    if sign == "<<" and isinstance(right, int) and right > 64:
        raise Refusal("A shift that is too large.")
    if sign not in _PLAIN:
        raise Refusal(f"`{sign}` between numbers.")
    try:
        result = _PLAIN[sign](left, right)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None
    if isinstance(result, complex) or (isinstance(result, int) and abs(result) > MAX_INTEGER):
        raise Refusal("A number that is too large, or complex.")
    return result


def _containers(it: Evaluator, sign: str, left: Any, right: Any) -> Any:
    if sign == "+" and isinstance(left, list | tuple | str) and isinstance(right, list | tuple | str):
        if isinstance(left, str) != isinstance(right, str) or isinstance(left, list) != isinstance(right, list):
            raise Raised(f"Python cannot add a {type_name(left)} and a {type_name(right)}.")
        (it.budget.text if isinstance(left, str) else it.budget.size)(len(left) + len(right))
        return tuple(left) + tuple(right) if isinstance(left, tuple) else left + right  # type: ignore[operator]
    if sign == "*":
        if isinstance(right, list | tuple | str):
            left, right = right, left
        if isinstance(left, list | tuple | str) and isinstance(right, int):
            (it.budget.text if isinstance(left, str) else it.budget.size)(len(left) * max(right, 0))
            return left * right
    if sign == "%" and isinstance(left, str):
        return percent(it, left, right)
    if isinstance(left, set) and isinstance(right, set) and sign in ("|", "&", "-", "^"):
        return _PLAIN[sign](left, right) if sign != "-" else left - right
    if sign == "|" and isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if sign == "|":  # of types, in an annotation that is read as a value
        return left
    if sign in ("<", "<=", ">", ">=") and type(left) is type(right) and isinstance(left, str | tuple | list):
        try:
            return _PLAIN[sign](left, right)
        except TypeError as error:
            raise Raised(f"Python would raise TypeError: {error}.") from None
    if isinstance(left, Object):
        method = it.find_method(left, _DUNDERS.get(sign, ""))
        if method is not None:
            return it.call(method, [right], {})
    raise Refusal(f"`{sign}` between a {type_name(left)} and a {type_name(right)}.")


_DUNDERS = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__"}


def percent(it: Evaluator, text: str, values: Any) -> str:
    """`"layer%d" % 3`, with the plain conversions."""
    items = list(values) if isinstance(values, tuple) else [values]
    parts = text.split("%")
    out, index = parts[0], 1
    while index < len(parts):
        part = parts[index]
        if part == "" and index + 1 < len(parts):
            out += "%" + parts[index + 1]
            index += 2
            continue
        if not part or part[0] not in "dsif" or not items:
            raise Refusal("A `%` conversion other than %d and %s.")
        item = it.plain(items.pop(0))
        out += (str(int(item)) if part[0] in "di" else str(item)) + part[1:]
        index += 1
    it.budget.text(len(out))
    return out


def _tensors(it: Evaluator, sign: str, left: Any, right: Any) -> Any:
    if sign not in FUNCTIONS:
        raise Refusal(f"`{sign}` on a tensor.")
    if left is None or right is None:
        if sign in ("==", "!="):
            return sign == "!="
        raise Raised(f"`{sign}` between a tensor and None.")
    if sign == "@":
        return it.tensors.call("matmul", [left, right], {})
    second = "exponent" if sign == "**" else "other"
    return it.tensors.operation(FUNCTIONS[sign], {"input": left, second: right})


def unary(it: Evaluator, op: ast.unaryop, value: Any) -> Any:
    """-x, +x, ~x, not x."""
    if isinstance(value, Unknown):
        return value
    if isinstance(op, ast.Not):
        return Symbol("not", (value,)) if isinstance(value, Symbol) else not it.truth(value)
    if isinstance(value, Tensor):
        if isinstance(op, ast.UAdd):
            return value
        return it.tensors.operation("neg" if isinstance(op, ast.USub) else "bitwise_not", {"input": value})
    if isinstance(value, Symbol) and not isinstance(op, ast.Invert):
        return Symbol("-", (value,)) if isinstance(op, ast.USub) else value
    if isinstance(value, _NUMBER):
        if isinstance(op, ast.USub):
            return -value
        if isinstance(op, ast.UAdd):
            return +value
        if isinstance(value, int):
            return ~int(value)
    raise Refusal(f"This operator on a {type_name(value)}.")


def compare(it: Evaluator, op: ast.cmpop, left: Any, right: Any) -> Any:
    """One comparison."""
    if isinstance(op, ast.Is | ast.IsNot):
        return identical(left, right) is isinstance(op, ast.Is)
    if isinstance(op, ast.In | ast.NotIn):
        return contains(it, right, left) is isinstance(op, ast.In)
    return binary(it, SIGNS[type(op)], left, right)


def identical(left: Any, right: Any) -> bool:
    """`is`. None, True and False are themselves; an Unknown is never None."""
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Library) or isinstance(right, Library) or type(left) in (int, str):
        return bool(left == right)
    return left is right


def contains(it: Evaluator, holder: Any, item: Any) -> bool:
    """item in holder."""
    if isinstance(holder, str) and isinstance(item, str):
        return item in holder
    if isinstance(holder, dict):
        return it.key(item) in holder
    if isinstance(holder, Module | Object):
        own = it.find_method(holder, "__contains__")
        if own is not None:
            return it.truth(it.call(own, [item], {}))
    if isinstance(holder, Module):
        return item in holder.children
    if isinstance(holder, set | range):
        return it.key(item) in holder
    return any(equal(it, item, other) for other in it.items(holder))


def equal(it: Evaluator, left: Any, right: Any) -> bool:
    """`==` of values that are no tensors."""
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return bool(it.decide(left) == it.decide(right))
    if isinstance(left, DTypeOf) or isinstance(right, DTypeOf):
        return bool(it.dtype(left) == it.dtype(right))
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if isinstance(left, list) != isinstance(right, list) or len(left) != len(right):
            return False
        it.budget.size(len(left))
        return all(equal(it, a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, (*_NUMBER, str, set, range, Library)) or left is None:
        return bool(left == right) if not isinstance(right, Object | Module) else False
    if isinstance(left, dict) and isinstance(right, dict):
        return set(left) == set(right) and all(equal(it, left[key], right[key]) for key in left)
    return left is right


def type_name(value: Any) -> str:
    """How a message calls it."""
    names = {"NoneType": "None", "Symbol": "size", "Library": "name of a library", "Pieces": "list of tensors"}
    name = type(value).__name__
    return names.get(name, name.lower() if name in ("Tensor", "Module", "Function", "Class", "Object") else name)


def check_range(it: Evaluator, values: range) -> range:
    """Raises Bounded for a range that is too long."""
    if len(values) > MAX_ITEMS:
        it.budget.size(len(values), "range")
    return values
