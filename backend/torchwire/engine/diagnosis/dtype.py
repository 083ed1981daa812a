"""Row 33: dtypes that do not go together."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.sheet import dtype_name
from torchwire.graph.problems import Problem

_CASTS = {"float32": "float", "float64": "double", "float16": "half", "bfloat16": "bfloat16"}
_WEIGHTED = ("Linear", "Bilinear", "Conv", "RNN", "LSTM", "GRU", "MultiheadAttention", "Transformer")


def weights(case: Case) -> Problem | None:
    """The weights are float32 unless `dtype` says otherwise; the input is not."""
    if case.layer.form != "module" or not case.layer.type.startswith(_WEIGHTED) or case.layer.type.endswith("Loss"):
        return None
    given = case.owner.params.get("dtype")
    computes = given.name if given is not None else "float32"
    for port in case.layer.inputs:
        sheet = case.sheet(port.name)
        if sheet is None or "mask" in port.name or dtype_name(sheet.dtype) == computes or computes not in _CASTS:
            continue
        cast = _CASTS[computes]
        return Problem(
            "dtype-mix",
            f"{case.title} computes in {computes}, but {case.source(port.name)} gives {dtype_name(sheet.dtype)}.",
            port=port.name,
            detail=case.detail,
            fixes=tuple(repairs.insertion(case, port.name, [(cast, {})], f"Cast to {computes} before {case.node.key}")),
        )
    return None


def products(case: Case) -> Problem | None:
    """matmul and its kin multiply tensors of one dtype."""
    second = {"matmul": "other", "mm": "mat2", "bmm": "mat2", "linear": "weight"}.get(case.layer.type)
    if second is None:
        return None
    a, b = case.sheet("input"), case.sheet(second)
    if a is None or b is None or a.dtype == b.dtype:
        return None
    port, name = ("input", dtype_name(b.dtype)) if dtype_name(b.dtype) in _CASTS else (second, dtype_name(a.dtype))
    fixes = (
        repairs.insertion(case, port, [(_CASTS[name], {})], f"Cast to {name} before {case.node.key}")
        if name in _CASTS
        else []
    )
    return Problem(
        "dtype-mix",
        f"{case.title} meets {dtype_name(a.dtype)} from {case.source('input')} and {dtype_name(b.dtype)} from "
        f"{case.source(second)}.",
        port=port,
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (weights, products)
