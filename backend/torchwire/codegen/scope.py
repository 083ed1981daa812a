"""The names inside one class, and expressions of the document in them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from torchwire.catalogue.layer import Param
from torchwire.codegen.literals import literal
from torchwire.codegen.refusal import Refused
from torchwire.codegen.uses import Class
from torchwire.graph.expressions import parse_expression, size_reference
from torchwire.graph.references import Reference
from torchwire.plan.evaluate import Deferred, expressions, is_expression

_AVOIDED = frozenset(
    # what generated code calls, and what ruff takes for 1 and 0
    "self torch nn F Tensor math range enumerate zip isinstance super getattr tuple l O I".split()
)


def has_expression(raw: Any, index: bool = False) -> bool:
    """Whether a value of `params` holds an expression."""
    return any(True for _ in expressions(raw, index))


class Names:
    """Fresh names for one function."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = set(taken) | _AVOIDED

    def fresh(self, wanted: str) -> str:
        name = wanted
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


class Scope:
    """What expressions mean inside a function of the class: `__init__`, or (in_forward) `forward`."""

    def __init__(self, cls: Class, arguments: Mapping[str, str], training: bool) -> None:
        self._cls = cls
        self._arguments = arguments  # parameter -> its name as an argument of __init__
        self._training = training
        self.used: dict[str, None] = {}  # parameters that forward() reads
        self.counter = "i"

    def expression(self, tree: ast.expr, values: Any = None) -> ast.expr:
        """An expression's tree in this scope; `values` knows what stands for a reference (None: no sizes can be)."""
        return _Translation(self, values).visit(deepcopy(tree))

    def name(self, text: str, values: Any) -> ast.expr:
        forward = values is not None and values.in_forward
        if text == "training":
            return ast.Attribute(ast.Name("self"), "training") if forward else ast.Constant(self._training)
        if text == "i" and text not in self._cls.spec.params:
            return ast.Name(self.counter)
        if forward:
            self.used[text] = None
            return ast.Attribute(ast.Name("self"), text)
        return ast.Name(self._arguments[text])

    def value(self, raw: Any, values: Any = None, index: bool = False) -> ast.expr:
        """A value of `params` that holds expressions."""
        if is_expression(raw):
            return self.expression(parse_expression(raw["$"], index).tree, values)
        if index and isinstance(raw, str):
            return self.expression(parse_expression(raw, True).tree, values)
        if isinstance(raw, list):
            return ast.Tuple([self.value(item, values) for item in raw])
        if isinstance(raw, dict) and has_expression(raw):
            raise Refused("An expression stands inside an object of settings.")
        return literal(raw)

    def argument(self, param: Param, raw: Any, converted: Any, values: Any = None) -> ast.expr:
        """An argument whose value holds expressions; `converted` is what the plan made of it, or Deferred."""
        index = param.kind == "index"
        found = self.value(raw, values, index)
        if param.kind in ("ints", "shape", "floats") and not isinstance(found, (ast.Tuple, ast.List)):
            single = isinstance(converted, Deferred) or (isinstance(converted, tuple) and len(converted) == 1)
            if single:
                return ast.Tuple([found])
        return found


class _Translation(ast.NodeTransformer):
    """Names and sizes replaced by what stands for them."""

    def __init__(self, scope: Scope, values: Any) -> None:
        self._scope = scope
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._scope.name(node.id, self._values)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        reference = size_reference(node.value)
        if reference is None:
            return self.generic_visit(node)  # type: ignore[return-value]
        position = self.visit(node.slice)
        return ast.Subscript(ast.Attribute(self._values.value(reference), "shape"), position)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return literal(node.value) if isinstance(node.value, (int, float, str)) else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if any(isinstance(part, (ast.Tuple, ast.List)) for part in (node.left, *node.comparators)):
            raise Refused("An expression compares lists.")  # a list of the document is a tuple in code
        ops: list[ast.cmpop] = []
        for op, right in zip(node.ops, node.comparators, strict=True):
            none = isinstance(right, ast.Constant) and right.value is None
            if none and isinstance(op, (ast.Eq, ast.NotEq)):
                op = ast.Is() if isinstance(op, ast.Eq) else ast.IsNot()
            ops.append(op)
        return ast.Compare(self.visit(node.left), ops, [self.visit(right) for right in node.comparators])


def reads(raw: Any, index: bool = False) -> list[Reference]:
    """The sizes that a value of `params` names."""
    return [reference for expression in expressions(raw, index) for reference in expression.sizes]
