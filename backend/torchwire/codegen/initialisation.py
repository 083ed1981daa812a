"""`init`: functions of torch.nn.init, module by module where the rules of a graph say so."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from torchwire.codegen.facts import Inner
from torchwire.codegen.literals import call, exact, literal, name, pack


def by_function(tensor: ast.expr, init: Mapping[str, Any]) -> ast.stmt:
    """`nn.init.normal_(self.fc.weight, std=0.02)`."""
    function, arguments = next(iter(init.items()))
    keywords = [(key, literal(value)) for key, value in arguments.items()]
    return ast.Expr(call(f"nn.init.{function}", [tensor], keywords))


def by_values(tensor: ast.expr, values: list[Any]) -> ast.stmt:
    """`self.fc.bias.copy_(torch.tensor([1.0, 0.0]))`."""
    copied = ast.Expr(call(ast.Attribute(tensor, "copy_"), [exact(values)]))
    return ast.With([ast.withitem(call("torch.no_grad"))], [copied])


def rules(root: ast.expr, init: Mapping[str, Any], inside: Sequence[Inner]) -> list[ast.stmt]:
    """`{"Conv2d.weight": {...}}` over all modules of `root`; a rule that meets no module has no line."""
    by_type: dict[str, list[tuple[str, Any]]] = {}
    for target, rule in init.items():
        type_name, _, tensor = target.rpartition(".")
        by_type.setdefault(type_name, []).append((tensor, rule))
    module = ast.Name("module")
    branches: list[tuple[list[str], list[ast.stmt]]] = []  # classes, and what is done to them
    for type_name, of_type in by_type.items():
        body: list[ast.stmt] = []
        met = [inner for inner in inside if inner.name == type_name]
        for tensor, rule in of_type:
            with_it = [inner for inner in met if tensor in inner.tensors]
            if not with_it:
                continue
            place = ast.Attribute(module, tensor)
            statement = by_values(place, rule) if isinstance(rule, list) else by_function(place, rule)
            body.append(statement if len(with_it) == len(met) else _where_it_is(tensor, met, statement))
        if body and branches and ast.dump(ast.Module(branches[-1][1], [])) == ast.dump(ast.Module(body, [])):
            branches[-1][0].append(type_name)
        elif body:
            branches.append(([type_name], body))
    if not branches:
        return []
    chain: list[ast.stmt] = []
    for type_names, body in reversed(branches):
        chain = [ast.If(_is_one_of(module, type_names, inside), body, chain)]
    return [ast.For(module, call(ast.Attribute(root, "modules")), chain, [])]


def _is_one_of(module: ast.expr, type_names: list[str], inside: Sequence[Inner]) -> ast.expr:
    """Exactly of one of the classes: `isinstance` says so unless a module inside derives from one (out_proj of
    attention)."""
    exactly = [each for each in type_names if any(each in inner.bases for inner in inside)]
    others = [name(f"nn.{each}") for each in type_names if each not in exactly]
    tests: list[ast.expr] = [call("isinstance", [module, pack(others)])] if others else []
    tests += [ast.Compare(call("type", [module]), [ast.Is()], [name(f"nn.{each}")]) for each in exactly]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)


def _where_it_is(tensor: str, met: Sequence[Inner], statement: ast.stmt) -> ast.stmt:
    place: ast.expr = ast.Attribute(ast.Name("module"), tensor)
    if any(tensor not in inner.tensors | inner.absent for inner in met):
        place = call("getattr", [ast.Name("module"), ast.Constant(tensor), ast.Constant(None)])
    return ast.If(ast.Compare(place, [ast.IsNot()], [ast.Constant(None)]), [statement], [])
