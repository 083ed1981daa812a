"""One call: of a module, or of a function by the expression that the engine runs (`LayerType.code`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import takewhile

from torchwire.catalogue.layer import LayerType
from torchwire.codegen.literals import call, literal

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
# methods that take their sizes one by one as well as in a tuple
_SPREAD = frozenset("view reshape permute expand repeat tile flip".split())
# arguments that people give by position
_BY_POSITION = {
    "arange": ("start", "end", "step"),
    "linspace": ("start", "end", "steps"),
    "logspace": ("start", "end", "steps"),
    "eye": ("n", "m"),
    "full": ("size", "fill_value"),
    "flatten": ("start_dim", "end_dim"),
    "chunk": ("chunks",),
    **dict.fromkeys(("zeros", "ones", "rand", "randn"), ("size",)),
}
_SIZED = frozenset({"zeros", "ones", "rand", "randn"})

Given = dict[str, ast.expr]


def module_call(module: ast.expr, layer: LayerType, given: Given) -> ast.expr:
    """`self.lstm(x, (h, c))`. The first ports by position, the rest by keyword."""
    optional = {port.name: port.optional for port in layer.inputs}
    keywords_follow = any(param.forward for param in layer.params)
    args, rest = _leading(layer, given, lambda port: not (optional[port] and keywords_follow))
    order = [port.name for port in layer.inputs] + [param.name for param in layer.params if param.forward]
    return call(module, args, [(key, rest[key]) for key in order if key in rest])


def _leading(layer: LayerType, given: Given, by_position: Callable[[str], bool]) -> tuple[list[ast.expr], Given]:
    """The ports that torch takes first, and what is left to be given by keyword."""
    ways = [layer.forward] if layer.form == "module" else layer.positions
    ports = {port.name for port in layer.inputs}
    rest = dict(given)
    args = []
    for names in zip(*ways, strict=False):
        port = names[0]
        if len(set(names)) > 1 or port not in ports or port not in rest or not by_position(port):
            break
        args.append(rest.pop(port))
    return args, rest


def function_call(layer: LayerType, given: Given) -> ast.expr:
    """The function's expression with the arguments in their places."""
    if not _DOTTED.fullmatch(layer.code):
        return _expression(layer, given)
    order = [port.name for port in layer.inputs]
    order += [param.name for param in layer.params if param.name not in order]
    if layer.code.startswith("input."):
        rest = dict(given)
        method = ast.Attribute(rest.pop("input"), layer.code.removeprefix("input."))
        args = [rest.pop(key) for key in _in_a_row(_BY_POSITION.get(layer.type, ()), rest)]
        return call(method, args, [(key, rest[key]) for key in order if key in rest])
    args, rest = _leading(layer, given, lambda port: True)
    by_position = _BY_POSITION.get(layer.type, ())
    if layer.type == "arange" and "start" not in rest:
        by_position = ("end",) if "step" not in rest else ()
    args += [rest.pop(key) for key in _in_a_row(by_position, rest)]
    if layer.type in _SIZED and args and isinstance(args[0], ast.Tuple) and args[0].elts:
        args = args[0].elts
    if "tensors" in given and args and isinstance(args[0], ast.Tuple):
        args[0] = ast.List(args[0].elts)
    return call(layer.code, args, [(key, rest[key]) for key in order if key in rest])


def _in_a_row(keys: tuple[str, ...], given: Given) -> list[str]:
    return list(takewhile(given.__contains__, keys))


def _expression(layer: LayerType, given: Given) -> ast.expr:
    defaults = {param.name: param.default for param in layer.params}
    filled = _Filled(layer, given, defaults)
    found: ast.expr = filled.visit(deepcopy(ast.parse(layer.code, mode="eval").body))
    return found


class _Filled(ast.NodeTransformer):
    """Names of ports and parameters replaced by arguments; defaults that nobody gave are left away at the end."""

    def __init__(self, layer: LayerType, given: Given, defaults: dict[str, object]) -> None:
        self._layer = layer
        self._given = given
        self._defaults = defaults
        self._names = {port.name for port in layer.inputs} | set(defaults)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._given:
            return self._given[node.id]
        return literal(self._defaults.get(node.id)) if node.id in self._names else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        args = list(node.args)
        while args and isinstance(args[-1], ast.Name) and args[-1].id in self._names - set(self._given):
            args.pop()
        made: list[ast.expr] = []
        for argument in args:
            if isinstance(argument, ast.Starred):
                many = self.visit(argument.value)
                made += many.elts if isinstance(many, ast.Tuple) else [ast.Starred(many)]
            else:
                made.append(self.visit(argument))
        keywords = [
            (str(keyword.arg), self.visit(keyword.value))
            for keyword in node.keywords
            if not (isinstance(keyword.value, ast.Name) and self._left_out(keyword.value.id))
        ]
        if self._layer.type in _SPREAD and len(made) == 1 and isinstance(made[0], ast.Tuple) and made[0].elts:
            made = list(made[0].elts)
        return call(self.visit(node.func), made, keywords)

    def _left_out(self, name: str) -> bool:
        # meshgrid warns where its `indexing` is left out
        return name not in self._given and not isinstance(self._defaults.get(name), str)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        index = self.visit(node.slice)
        if isinstance(index, ast.Tuple) and len(index.elts) == 1 and "index" in self._given:
            index = index.elts[0]
        return ast.Subscript(self.visit(node.value), index)
