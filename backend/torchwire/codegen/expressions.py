"""Expressions of Python's syntax tree as documents that may break, as `ruff format` breaks them."""

from __future__ import annotations

import ast
import math

from torchwire.codegen.layout import SOFT, SPACE, Doc, Group, Indent, brackets, joined

# how tightly an expression binds, as in Python's grammar
_TEST, _OR, _AND, _NOT, _COMPARE, _BITOR, _BITXOR, _BITAND, _ARITH, _TERM, _UNARY, _POWER, _ATOM = range(13)

_OPERATORS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _ARITH),
    ast.Sub: ("-", _ARITH),
    ast.Mult: ("*", _TERM),
    ast.Div: ("/", _TERM),
    ast.FloorDiv: ("//", _TERM),
    ast.Mod: ("%", _TERM),
    ast.MatMult: ("@", _TERM),
    ast.Pow: ("**", _POWER),
    ast.BitAnd: ("&", _BITAND),
    ast.BitXor: ("^", _BITXOR),
    ast.BitOr: ("|", _BITOR),
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_SIGNS: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}


def expression(node: ast.expr, top: bool = False) -> Doc:
    """Its layout; `top`: it stands alone in its statement, where a tuple needs no brackets."""
    if isinstance(node, ast.Tuple) and top and node.elts:  # without brackets, where nothing breaks
        return _bare_tuple(node)
    return _docs(node)[0]


def _bare_tuple(node: ast.Tuple) -> Doc:
    items = [expression(item) for item in node.elts]
    if len(items) == 1:
        return ("(", items[0], ",)")
    parts: list[Doc] = []
    for number, item in enumerate(items):
        parts += [", ", item] if number else [item]
    return tuple(parts)


def _inside(node: ast.expr, least: int) -> Doc:
    """An operand, in brackets where it binds less tightly than needed."""
    doc, binding = _docs(node)
    return doc if binding >= least else brackets("(", doc, ")")


def _docs(node: ast.expr) -> tuple[Doc, int]:
    """The layout of an expression and how tightly it binds."""
    if isinstance(node, ast.Constant):
        negative = (
            isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and str(node.value)[0] == "-"
        )
        return constant(node.value), _UNARY if negative else _ATOM
    if isinstance(node, ast.Name):
        return node.id, _ATOM
    if isinstance(node, ast.Attribute):
        value: Doc = _inside(node.value, _ATOM)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, (int, float)):
            value = ("(", value, ")")
        return (value, ".", node.attr), _ATOM
    if isinstance(node, ast.Subscript):
        return (_inside(node.value, _ATOM), "[", _index(node.slice), "]"), _ATOM
    if isinstance(node, ast.Call):
        return (_inside(node.func, _ATOM), _arguments(node)), _ATOM
    if isinstance(node, ast.Starred):
        return ("*", _inside(node.value, _BITOR)), _ATOM
    if isinstance(node, (ast.List, ast.Tuple)):
        return _sequence(node), _ATOM
    if isinstance(node, ast.Dict):
        items: list[Doc] = [
            (expression(key), ": ", expression(value))
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        ]
        return brackets("{", joined(items), "}") if items else "{}", _ATOM
    if isinstance(node, ast.ListComp):
        return brackets("[", Group(_comprehension(node)), "]"), _ATOM
    return _operation(node)


def _sequence(node: ast.List | ast.Tuple) -> Doc:
    opening, closing = "[]" if isinstance(node, ast.List) else "()"
    items = [expression(item) for item in node.elts]
    if not items:
        return opening + closing
    if len(items) == 1 and isinstance(node, ast.Tuple):
        return Group((opening, Indent((SOFT, items[0], ",")), SOFT, closing))
    return brackets(opening, joined(items), closing)


def _arguments(node: ast.Call) -> Doc:
    items = [expression(argument) for argument in node.args]
    for keyword in node.keywords:
        items.append((f"{keyword.arg}=", expression(keyword.value)))
    return brackets("(", Group(joined(items)), ")") if items else "()"


def _comprehension(node: ast.ListComp) -> Doc:
    generator = node.generators[0]
    loop: Doc = ("for ", expression(generator.target, top=True), " in ", _inside(generator.iter, _OR))
    return (Group(expression(node.elt)), SPACE, loop)


def _operation(node: ast.expr) -> tuple[Doc, int]:
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            return ("not ", _inside(node.operand, _NOT)), _NOT
        # -(x**2): Python needs no brackets there, readers do
        least = _ATOM if isinstance(node.operand, ast.BinOp) else _UNARY
        return (_SIGNS[type(node.op)], _inside(node.operand, least)), _UNARY
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.Compare):
        parts: list[Doc] = [_inside(node.left, _BITOR)]
        for op, right in zip(node.ops, node.comparators, strict=True):
            parts += [SPACE, f"{_COMPARISONS[type(op)]} ", _inside(right, _BITOR)]
        return Group(tuple(parts)), _COMPARE
    if isinstance(node, ast.BoolOp):
        word, binding = ("and", _AND) if isinstance(node.op, ast.And) else ("or", _OR)
        operands: list[Doc] = []
        for number, value in enumerate(node.values):
            operand = _inside(value, binding + 1)
            operands += [SPACE, f"{word} ", operand] if number else [operand]
        return Group(tuple(operands)), binding
    if isinstance(node, ast.IfExp):
        doc: Doc = (
            _inside(node.body, _OR),
            SPACE,
            "if ",
            _inside(node.test, _OR),
            SPACE,
            "else ",
            expression(node.orelse),
        )
        return Group(doc), _TEST
    raise TypeError(f"no layout for {type(node).__name__}")


def _binary(node: ast.BinOp) -> tuple[Doc, int]:
    sign, binding = _OPERATORS[type(node.op)]
    if isinstance(node.op, ast.Pow):
        left, right = _inside(node.left, _ATOM), _inside(node.right, _UNARY)
        if _is_simple(node.left) and _is_simple(node.right):
            return (left, sign, right), _POWER
        return Group((left, SPACE, f"{sign} ", right)), _POWER
    first, *rest = chain(node)
    parts: list[Doc] = [_inside(first, binding)] if isinstance(first, ast.expr) else []
    for item in rest:
        if isinstance(item, ast.expr):
            parts.append(_inside(item, binding + 1))
        else:
            parts += [SPACE, f"{_OPERATORS[type(item)][0]} "]
    return Group(tuple(parts)), binding


def chain(node: ast.BinOp) -> list[ast.expr | ast.operator]:
    """a + b - c as operands and operators: they break together."""
    binding = _OPERATORS[type(node.op)][1]
    parts: list[ast.expr | ast.operator] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and _OPERATORS[type(left.op)][1] == binding != _POWER:
        parts = [left.op, left.right, *parts]
        left = left.left
    return [left, *parts] if parts else [node.left, node.op, node.right]


def _is_simple(node: ast.expr) -> bool:
    """An operand of ** around which no spaces stand."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant) and not isinstance(node.op, ast.Not)
    if isinstance(node, ast.Attribute):
        return _is_simple(node.value) and not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)))


def _index(node: ast.expr) -> Doc:
    if isinstance(node, ast.Tuple) and node.elts:
        items = [_slice(item) if isinstance(item, ast.Slice) else expression(item) for item in node.elts]
        if len(items) == 1:
            return (items[0], ",")
        parts: list[Doc] = []
        for number, item in enumerate(items):
            parts += [", ", item] if number else [item]
        return tuple(parts)
    return _slice(node) if isinstance(node, ast.Slice) else expression(node)


def _slice(node: ast.Slice) -> Doc:
    given = [part for part in (node.lower, node.upper, node.step) if part is not None]
    space = "" if all(map(_is_plain, given)) else " "
    parts: list[Doc] = []
    if node.lower is not None:
        parts += [expression(node.lower), space]
    parts.append(":")
    if node.upper is not None:
        parts += [space, expression(node.upper)]
    if node.step is not None:
        parts += [space if node.upper is not None else "", ":", space, expression(node.step)]
    return tuple(parts)


def _is_plain(node: ast.expr) -> bool:
    """A bound of a slice around which no spaces stand."""
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.op, ast.Not) and _is_plain(node.operand)
    return isinstance(node, (ast.Name, ast.Constant))


# -- literals ---------------------------------------------------------------------------------------------------------


def constant(value: object) -> str:
    """A number, a text, True, False, None or an ellipsis."""
    if value is Ellipsis:
        return "..."
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and (math.isinf(value) or math.isnan(value)):
        raise ValueError("infinities and NaN have no literal")
    return repr(value)


def quoted(value: str) -> str:
    """A text in the quotes that need fewer escapes, double ones where it makes no difference; ASCII alone."""
    quote = "'" if value.count('"') > value.count("'") else '"'
    escaped = "".join(_escaped(char, quote) for char in value)
    return f"{quote}{escaped}{quote}"


def _escaped(char: str, quote: str) -> str:
    if char in ("\\", quote):
        return "\\" + char
    plain = char.encode("unicode_escape").decode("ascii")
    return plain if len(plain) > 1 and char != "\\" else char
