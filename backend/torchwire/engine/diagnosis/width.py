"""Rows 1, 3, 4, 15, 18, 23, 25, 28: a parameter that the input decides was given another value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from torchwire.engine.diagnosis import linear, repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.inferred import infer

_WIDTHS = {
    "in_features": ("linear-in-features", "features"),
    "in1_features": ("linear-in-features", "features"),
    "in2_features": ("linear-in-features", "features"),
    "in_channels": ("conv-in-channels", "channels"),
    "num_features": ("norm-num-features", "channels"),
    "num_channels": ("norm-num-channels", "channels"),
    "input_size": ("rnn-input-size", "features"),
    "normalized_shape": ("layer-norm-shape", "features in the last dimension"),
    "embed_dim": ("attention-embed-dim", "features"),
    "d_model": ("transformer-d-model", "features"),
}
_PORTS = {"in1_features": "input1", "in2_features": "input2", "embed_dim": "query"}


def wrong_widths(case: Case) -> Iterator[tuple[str, str, Any, Any]]:
    """Every such parameter: (name, port, what it was given, what the input has)."""
    shapes = {port: sheet.shape for port in case.arguments if (sheet := case.sheet(port)) is not None}
    optional = case.layer.type.startswith("InstanceNorm")  # without weights it takes any number of channels
    for name in _WIDTHS:
        given = case.owner.params.get(name)
        if given is None or case.layer.form != "module":
            continue
        wanted = infer(case.layer.type, name, shapes)
        port = next(
            port for port in (_PORTS.get(name), "input", "x", "src", "tgt", *shapes, "") if port in (*shapes, "")
        )
        if isinstance(given, tuple) and port:
            wanted = shapes[port][-len(given) :]
        if wanted is None or wanted == given or (optional and not case.param("affine")):
            continue
        yield name, port, given, wanted


def width(case: Case) -> Problem | None:
    """The parameter does not say what the input has."""
    return next(_widths(case), None)


def _widths(case: Case) -> Iterator[Problem]:
    for name, port, given, wanted in wrong_widths(case):
        if name == "num_features" and case.layer.type.startswith("InstanceNorm"):
            continue
        one = isinstance(given, tuple) and len(given) == 1
        yield _problem(case, name, port, given[0] if one else given, wanted[0] if one else wanted)


def beside(case: Case, problem: Problem) -> list[Problem]:
    """The other parameters and ports of the layer with the same fault as this one."""
    found = [*_widths(case), *_memory_widths(case)]
    return [other for other in found if other.code == problem.code and _place(other) != _place(problem)]


def widths(case: Case) -> list[Problem]:
    """Every width of the layer that was given wrongly."""
    return [] if linear.unflattened(case) is not None else list(_widths(case))


def _place(problem: Problem) -> tuple[str | None, str | None]:
    return problem.port, problem.param


def _problem(case: Case, name: str, port: str, given: Any, wanted: Any) -> Problem:
    code, what = _WIDTHS[name]
    shape = case.shape(port) or ()
    message = (
        f"{case.title} gets {repairs.shown(wanted)} {what} from {case.source(port)} "
        f"({named(shape, case.layer.type, bool(case.param('batch_first')))}) but {name} is {repairs.shown(given)}."
    )
    fixes: list[Fix] = []
    if name == "in_features":
        hint, more = _where_from(case, given, wanted)
        message += hint
        fixes += more
    if name == "embed_dim":
        fixes += _attention(case, given, wanted)
    elif name == "d_model":
        fixes += repairs.insertion(case, port, [("Linear", {"out_features": given})])
        if wanted % (case.param("nhead") or 1) == 0:
            fixes += repairs.set_width(case, name, wanted)
    else:
        fixes += repairs.set_width(case, name, wanted)
        fixes += _input_channels(case, name, given)
    return Problem(code, message, port=port, param=name, detail=case.detail, fixes=tuple(fixes))


def _attention(case: Case, given: int, wanted: int) -> list[Fix]:
    ports = [port for port in ("query", "key", "value") if case.sheet(port) is not None]
    fits = wanted % (case.param("num_heads") or 1) == 0
    same = len({case.source(port) for port in ports}) == 1
    fixes = repairs.set_width(case, "embed_dim", wanted) if fits and same else []
    if len(ports) == 3 and same:
        # one projection, read by all three
        first = repairs.insertion(case, "query", [("Linear", {"out_features": given})])
        name = first[0].patch[-1]["value"] if first else ""
        others = [repairs.rewire(case, port, name, "") for port in ports[1:]]
        fixes += repairs.then(first, *others, title=f"Insert Linear before {case.node.key}")
    return fixes


def _input_channels(case: Case, name: str, given: Any) -> list[Fix]:
    """Row 4: the picture may be what is wrong: grey where colour was meant."""
    source = case.feeder("input")
    if name != "in_channels" or source is None or source.kind != "input" or not source.copies:
        return []
    shape = source.copies[0].params.get("shape")
    own = source.spec.params.get("shape")
    if not shape or not isinstance(own, list) or source.copies[0].params.get("fill") in ("values", "sample"):
        return []
    place = len(shape) - case.spatial - 1
    return repairs.set_on(source, "shape", [*shape[:place], given, *shape[place + 1 :]]) if place >= 0 else []


def _where_from(case: Case, given: int, wanted: int) -> tuple[str, list[Fix]]:
    """Rows 1, 3 and 25: how the number came about, and what else would mend it."""
    source = case.feeder("input")
    kind = case.type_of(source)
    before = next((case.output_of(node) for node in case.upstream("input") if node is not source), None)
    if source is not None and kind in ("Flatten", "flatten") and before is not None:
        start = source.spec.params.get("start_dim", 1 if kind == "Flatten" else 0)
        whole = math.prod(before.shape[1:])
        if start == 0 and whole == given:
            return (
                f"\n{source.key} begins at dimension 0, so it has swallowed the batch of {before.shape[0]}.",
                repairs.set_on(source, "start_dim", 1),
            )
        if whole == wanted:
            return f"\n{wanted} = {' x '.join(map(str, before.shape[1:]))}, flattened by {source.key}.", []
    for node in case.upstream("input"):
        if case.type_of(node) in ("LSTM", "GRU", "RNN"):
            if _bidirectional(case, node) and wanted == 2 * given:
                return f"\n{node.key} is bidirectional: it gives 2 x {given} features, one {given} per direction.", []
            break
        if case.type_of(node) not in ("getitem", "Dropout", "dropout", "LayerNorm", "relu", "ReLU", "tanh", "Tanh"):
            break
    return "", []


def _bidirectional(case: Case, node: Any) -> bool:
    holder = case.graph.nodes.get(node.target) if node.target else node
    return bool(holder and holder.copies and holder.copies[0].params.get("bidirectional"))


def wrapped_width(case: Case) -> Problem | None:
    """Rows 1, 4 and 15 inside spectral_norm and weight_norm: the module that they wrap."""
    path: tuple[str, ...] = ("module",)
    inner = case.owner.nested.get("module")
    while inner is not None:
        owner = replace(case.owner, params=inner.params, nested=inner.nested)
        within = replace(case, layer=inner.layer, owner=owner)
        for name, port, given, wanted in wrong_widths(within):
            told = _problem(within, name, port, given, wanted)
            place = (*path, name)
            fixes = [*repairs.drop_nested(case, place), *repairs.set_nested(case, place, wanted)]
            return replace(
                told,
                message=told.message.replace(f"({inner.layer.type}", f"({case.layer.type} of {inner.layer.type}", 1),
                param=".".join(place),
                fixes=tuple(fixes + list(told.fixes) if fixes else fixes),
            )
        path, inner = (*path, "module"), inner.nested.get("module")
    return None


def nested_width(case: Case) -> Problem | None:
    """Row 28: TransformerEncoder(encoder_layer with another d_model)."""
    for name in ("encoder_layer", "decoder_layer"):
        nested = case.owner.nested.get(name)
        port = "src" if name == "encoder_layer" else "tgt"
        shape = case.shape(port)
        if nested is None or not shape or nested.params.get("d_model") in (None, shape[-1]):
            continue
        given = nested.params["d_model"]
        first = bool(nested.params.get("batch_first"))
        fixes = repairs.insertion(case, port, [("Linear", {"out_features": given})])
        if shape[-1] % nested.params.get("nhead", 1) == 0:
            fixes = repairs.set_nested(case, (name, "d_model"), shape[-1]) + fixes
        return Problem(
            "transformer-d-model",
            f"{case.title} gets {shape[-1]} features from {case.source(port)} "
            f"({named(shape, case.layer.type, first)}) but d_model of {name} is {given}.",
            port=port,
            param=name,
            detail=case.detail,
            fixes=tuple(fixes),
        )
    return None


def memory_width(case: Case) -> Problem | None:
    """Row 28: key, value and memory must be as wide as the layer."""
    return next(_memory_widths(case), None)


def _memory_widths(case: Case) -> Iterator[Problem]:
    wide = case.param("embed_dim") or case.param("d_model")
    if wide is None and "decoder_layer" in case.owner.nested:
        wide = case.owner.nested["decoder_layer"].params.get("d_model")
    expected = {
        "key": case.param("kdim") or wide,
        "value": case.param("vdim") or wide,
        "memory": wide,
        "tgt": wide,
    }
    if wide is None or case.layer.form != "module":
        return
    for port, size in expected.items():
        shape = case.shape(port)
        if shape and shape[-1] != size:
            yield Problem(
                "attention-width",
                f"{case.title} gets {shape[-1]} features from {case.source(port)} on {port}, "
                f"but it computes with {size}.",
                port=port,
                detail=case.detail,
                fixes=tuple(repairs.insertion(case, port, [("Linear", {"out_features": size})])),
            )


RULES = (width, wrapped_width, nested_width, memory_width)
