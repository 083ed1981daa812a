"""Rows 31 and 32: embeddings."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.sheet import dtype_name
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.tree import Node


def rows(case: Case) -> int | None:
    """How many rows the table has."""
    if case.layer.form == "module":
        count = case.owner.params.get("num_embeddings")
        return count if isinstance(count, int) else None
    weight = case.shape("weight")
    return weight[0] if weight else None


def _is_embedding(case: Case) -> bool:
    return case.kind("Embedding", "EmbeddingBag", "embedding", "embedding_bag")


def integers_from(source: Node | None, below: int | None) -> list[Fix]:
    """Make an Input draw row numbers instead of floats."""
    if source is None or source.kind != "input" or not source.copies or below is None:
        return []
    params = source.spec.params
    if "shape" not in params or params.get("fill", "randn") in ("values", "sample") or not repairs.literal(params):
        return []
    new = {key: value for key, value in params.items() if key not in ("dtype", "fill", "low", "high")}
    new |= {"dtype": "int64", "fill": "randint", "low": 0, "high": below}
    patch = [
        {"op": "test", "path": f"{source.spec.path}/params", "value": params},
        {"op": "replace", "path": f"{source.spec.path}/params", "value": new},
    ]
    return [Fix(f"Fill {source.key} with integers below {below}", patch)]


def dtype(case: Case) -> Problem | None:
    """Row 31: an embedding looks rows up by integer; floats are no row numbers."""
    sheet = case.sheet("input")
    if not _is_embedding(case) or sheet is None or dtype_name(sheet.dtype) in ("int64", "int32"):
        return None
    fixes = integers_from(case.feeder("input"), rows(case))
    return Problem(
        "embedding-dtype",
        f"{case.title} looks rows up by number, but {case.source('input')} gives {dtype_name(sheet.dtype)}; "
        "row numbers are int64.",
        port="input",
        detail=case.detail,
        fixes=tuple(fixes or repairs.insertion(case, "input", [("long", {})], f"Cast to int64 before {case.node.key}")),
    )


def index(case: Case) -> Problem | None:
    """Row 32: a row number beyond the table. torch does not say which."""
    numbers, count = case.tensor("input"), rows(case)
    if not _is_embedding(case) or numbers is None or count is None or not numbers.numel():
        return None
    if numbers.is_floating_point():
        return None
    low, high = int(numbers.min()), int(numbers.max())
    if low >= 0 and high < count:
        return None
    fixes: list[Fix] = []
    needed = repairs.bound(case.feeder("input"), high)
    if low >= 0 and case.layer.form == "module" and needed is not None:
        fixes = repairs.set_value(case, "num_embeddings", needed)
    fixes += integers_from(case.feeder("input"), count)
    if count and not fixes:
        clamp: repairs.Layer = ("clamp", {"min": 0, "max": count - 1})
        fixes = repairs.insertion(case, "input", [clamp], f"Clamp the numbers to 0 to {count - 1}")
    what = f"the largest number from {case.source('input')} is {high}" if high >= count else f"the smallest is {low}"
    return Problem(
        "embedding-index",
        f"{case.title} has {count} rows, numbered 0 to {count - 1}, but {what}.",
        port="input",
        param="num_embeddings" if case.layer.form == "module" else None,
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (dtype, index)
