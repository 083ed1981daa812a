"""Constructor arguments: literals, expressions as the document has them, and what the input decided.

An inferred value is written as a number where it is the same in every use of the block. Where it differs, a parameter
or an expression of the block that has that value everywhere stands for it, else it becomes an argument of the class.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from torchwire.catalogue.layer import LayerType
from torchwire.codegen.literals import call, literal
from torchwire.codegen.refusal import Refused
from torchwire.codegen.scope import Names, Scope, has_expression
from torchwire.codegen.uses import Class, Seat
from torchwire.graph.expressions import ExpressionError
from torchwire.plan import evaluate
from torchwire.plan.tree import Copy, Nested
from torchwire.plan.values import DType

# constructor arguments that people give by position, the widths above all
_BY_POSITION = frozenset(
    """in_features out_features in1_features in2_features in_channels out_channels num_features normalized_shape
    num_channels num_groups num_embeddings embedding_dim input_size hidden_size embed_dim num_heads d_model nhead
    encoder_layer decoder_layer num_layers module""".split()
)

_NEAR = 50  # nodes that are looked at for the expression behind an inferred value

Row = tuple[Any, ...]  # a value for each copy of a repeated node


@dataclass
class Loop:
    """What runs along with the copies of a repeated node: names, and what they take in turn."""

    names: list[str]
    values: list[ast.expr]
    counted: bool = False


class Arguments:
    """Decides the arguments of every constructor of a class; what differs from use to use lands in `cls.extras`."""

    def __init__(self, cls: Class, classes: Mapping[str, Class], scope: Scope, names: Names) -> None:
        self._cls = cls
        self._classes = classes
        self._scope = scope
        self._names = names
        self._arguments: dict[str, str] = {}  # what differs -> its name as an argument

    # -- constructors ------------------------------------------------------------------------------------------------

    def construct(self, seat: Seat, loop: Loop) -> ast.expr:
        """The expression that makes the module of a node, or one of its copies. Raises Refused."""
        if seat.kind == "block":
            return self._block(seat, loop)
        layer = seat.first.layer
        assert layer is not None
        copies = list(seat.copies())
        given = [(copy, copy.params, copy.nested) for copy in copies]
        return self._module(seat, layer, seat.spec.params, given, loop)

    def _module(
        self,
        seat: Seat,
        layer: LayerType,
        raws: Mapping[str, Any],
        given: Sequence[tuple[Copy, Mapping[str, Any], Mapping[str, Nested]]],
        loop: Loop,
    ) -> ast.expr:
        """`given`: of each copy, the copy, its arguments and its nested modules."""
        args: list[ast.expr] = []
        keywords: list[tuple[str, ast.expr]] = []
        by_position = True
        for param in layer.params:
            if param.forward:
                continue
            found: ast.expr
            if any(param.name in nested for _, _, nested in given):
                raw = raws[param.name]
                inner = [(copy, nested[param.name]) for copy, _, nested in given]
                found = self._module(
                    seat,
                    inner[0][1].layer,
                    raw.get("params") or {},
                    [(copy, made.params, made.nested) for copy, made in inner],
                    loop,
                )
            elif any(param.name in params for _, params, _ in given):
                if param.name == "inplace":  # out of place: the same bits, and nobody's input is overwritten
                    continue
                values = [params.get(param.name) for _, params, _ in given]
                dtype = next(
                    (params["dtype"] for _, params, _ in given if isinstance(params.get("dtype"), DType)), None
                )
                if param.name not in raws:
                    found = self._inferred(seat, param.name, values, loop)
                elif has_expression(raws[param.name]):
                    known = [(copy, value) for (copy, _, _), value in zip(given, values, strict=True)]
                    found = self._said(seat, param, raws[param.name], known, loop)
                else:
                    found = literal(values[0], dtype)
            else:
                by_position = False
                continue
            if param.name == "normalized_shape" and isinstance(found, ast.Tuple) and len(found.elts) == 1:
                found = found.elts[0]
            by_position = by_position and param.name in _BY_POSITION
            if by_position:
                args.append(found)
            else:
                keywords.append((param.name, found))
        return call(layer.code, args, keywords)

    def _said(self, seat: Seat, param: Any, raw: Any, known: list[tuple[Copy, Any]], loop: Loop) -> ast.expr:
        """An argument with expressions, kept where Python gives the very value that the plan made of it."""
        for copy, value in known:
            names = {key: each for key, each in copy.names.items() if key != "training"}
            found = evaluate.evaluate(raw, names)[0]
            if not alike(found, value):
                if all(repr(other) == repr(value) for _, other in known):
                    return literal(value)
                raise Refused(
                    f"{param.name} of {seat.key} is given by an expression whose value is no number.", seat.first.path
                )
        if _names_copy(raw):
            loop.counted = True
        return self._scope.argument(param, raw, known[0][1])

    def _block(self, seat: Seat, loop: Loop) -> ast.expr:
        cls = self._classes[seat.spec.type or ""]
        copies = list(seat.copies())
        keywords: list[tuple[str, ast.expr]] = []
        for extra, by_use in cls.extras.items():
            values = [by_use.get(id(copy.graph)) for copy in copies]
            keywords.append((extra, self._inferred(seat, extra, values, loop)))
        for param in cls.spec.params:
            raw = seat.spec.params.get(param)
            if param not in seat.spec.params:
                continue
            if has_expression(raw):
                loop.counted = loop.counted or _names_copy(raw)
                keywords.append((cls.arguments[param], self._scope.value(raw)))
            else:
                keywords.append((cls.arguments[param], literal(_frozen(raw))))
        return call(cls.name, keywords=keywords)

    # -- inferred values ---------------------------------------------------------------------------------------------

    def _inferred(self, seat: Seat, wanted: str, values: list[Any], loop: Loop) -> ast.expr:
        """The expression of what the input decided; `values` of every copy in every use."""
        rows: list[Row] = []
        rest = iter(values)
        for _, node in seat.present:
            rows.append(tuple(next(rest) for _ in node.copies))
        known = [value for row in rows for value in row if value is not None]
        same = len({repr(value) for value in known}) <= 1
        expression = self._candidate(seat, rows, same)
        if expression is not None:
            return expression
        if same:
            return literal(known[0] if known else None)
        if len({repr(row) for row in rows}) == 1:
            return self._along(wanted, _in_a_row(rows[0]), loop)
        if all(len({repr(value) for value in row if value is not None}) <= 1 for row in rows):
            scalars = [next((value for value in row if value is not None), None) for row in rows]
            return ast.Name(self._extra(seat, wanted, scalars))
        return self._along(wanted, ast.Name(self._extra(seat, wanted, list(rows))), loop)

    def _along(self, wanted: str, values: ast.expr, loop: Loop) -> ast.expr:
        for taken, other in zip(loop.names, loop.values, strict=True):
            if ast.dump(other) == ast.dump(values):
                return ast.Name(taken)
        fresh = self._names.fresh(wanted.rpartition(".")[2])
        loop.names.append(fresh)
        loop.values.append(values)
        return ast.Name(fresh)

    def _extra(self, seat: Seat, wanted: str, values: list[Any]) -> str:
        """The name of the class's argument that has this value in each use; an argument that fits is shared."""
        by_use = {id(use): value for (use, _), value in zip(seat.present, values, strict=True) if value is not None}
        for known, theirs in self._cls.extras.items():
            if all(theirs.get(use, value) == value for use, value in by_use.items()):
                theirs.update(by_use)
                return known
        fresh = self._names.fresh(wanted)
        self._cls.extras[fresh] = by_use
        return fresh

    def _candidate(self, seat: Seat, rows: list[Row], same: bool) -> ast.expr | None:
        """A parameter or an expression of the class that has this value in every copy of every use."""

        def fits(value_in: Callable[[Mapping[str, Any]], Any]) -> bool:
            for (use, _), row in zip(seat.present, rows, strict=True):
                try:
                    found = value_in(use.names)
                except (ExpressionError, KeyError):
                    return False
                if isinstance(found, bool) or any(
                    value is not None and repr(value) not in (repr(found), repr((found,))) for value in row
                ):
                    return False
            return True

        for raw in self._upstream(seat):
            if fits(lambda names, raw=raw: evaluate.evaluate(raw, names)[0]):  # type: ignore[misc]
                return self._tupled(self._scope.value(raw), rows)
        fitting = [key for key in self._cls.spec.params if fits(lambda names, key=key: names[key])]  # type: ignore[misc]
        if fitting and (len(fitting) == 1 or not same):
            return self._tupled(self._scope.name(fitting[0], None), rows)
        return None

    @staticmethod
    def _tupled(found: ast.expr, rows: list[Row]) -> ast.expr:
        return ast.Tuple([found]) if isinstance(rows[0][0] if rows[0] else None, tuple) else found

    def _upstream(self, seat: Seat) -> Iterator[Any]:
        """Expressions of the layers before a node, the nearest first: one of them usually decides its width."""
        seen = {seat.key}
        todo = [seat]
        while self._cls.spec.params and todo and len(seen) < _NEAR:
            for references in todo.pop(0).first.wires.values():
                for reference in references:
                    source = self._cls.seats.get(reference.node)
                    if source is None or source.key in seen:
                        continue
                    seen.add(source.key)
                    todo.append(source)
                    raws = source.spec.params.values() if source.kind in ("module", "block") else ()
                    yield from (raw for raw in raws if evaluate.is_expression(raw) and not _names_copy(raw))


def _names_copy(raw: Any) -> bool:
    return any("i" in expression.names for expression in evaluate.expressions(raw))


def alike(found: Any, value: Any) -> bool:
    """Whether code that computes `found` gives torch what the plan gives it."""
    if isinstance(found, (list, tuple)):
        found = tuple(found)
        return isinstance(value, tuple) and len(value) == len(found) and all(map(alike, found, value))
    if isinstance(value, tuple):
        return len(value) == 1 and alike(found, value[0])
    if isinstance(found, bool) or isinstance(value, bool) or isinstance(found, str) or found is None:
        return type(found) is type(value) and bool(found == value)
    return isinstance(found, (int, float)) and isinstance(value, (int, float)) and (found == value or found != found)


def _frozen(raw: Any) -> Any:
    if isinstance(raw, list):
        return tuple(map(_frozen, raw))
    return raw


def _in_a_row(row: Row) -> ast.expr:
    """The values of the copies in turn; a range where they are one."""
    steps = {b - a for a, b in pairwise(row)} if all(type(value) is int for value in row) else set()
    if len(steps) == 1 and len(row) > 2:
        step = steps.pop()
        if step:
            bounds = [row[0], row[-1] + (1 if step > 0 else -1)]
            ends = [*bounds, step] if step != 1 else bounds
            return call("range", [literal(end) for end in ends])
    return ast.Tuple([literal(value) for value in row])
