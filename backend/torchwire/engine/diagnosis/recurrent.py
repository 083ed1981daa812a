"""Rows 21, 22, 24 and 26: recurrent layers."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.tree import Node

_TYPES = ("RNN", "LSTM", "GRU")


def rank(case: Case) -> Problem | None:
    """Row 24: a picture is no sequence."""
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or len(shape) in (2, 3):
        return None
    fixes: list[Fix] = []
    if len(shape) == 4:
        one = shape[1] == 1
        layers: list[repairs.Layer] = (
            [("squeeze", {"dim": 1})] if one else [("flatten", {"start_dim": 1, "end_dim": 2})]
        )
        what = "Take the rows of each picture as time steps"
        fixes = repairs.insertion(case, "input", layers, title=what)
        if case.param("input_size") != shape[-1]:
            fixes = repairs.then(
                fixes,
                repairs.set_value(case, "input_size", shape[-1]),
                title=f"{what} and set input_size to {shape[-1]}",
            )
        if not case.param("batch_first"):  # the batch of the pictures is that of the sequences
            turned = repairs.set_value(case, "batch_first", True)
            fixes = [repairs.then([fix], turned, title=f"{fix.title}, batch_first true")[0] for fix in fixes if turned]
    return Problem(
        "rnn-rank",
        f"{case.title} reads sequences of 2 or 3 dimensions, but {case.source('input')} gives {len(shape)} "
        f"({named(shape, 'Conv')}).",
        port="input",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def hidden(case: Case) -> Problem | None:
    """Row 22: the start state has the size of another batch."""
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or len(shape) != 3 or case.sheet("hx") is None:
        return None
    layers = case.param("num_layers") * (2 if case.param("bidirectional") else 1)
    size = case.param("proj_size") or case.param("hidden_size")
    first = bool(case.param("batch_first"))
    batch, other = (shape[0], shape[1]) if first else (shape[1], shape[0])
    found = case.shape("hx")
    if found == (layers, batch, size) or found is None:
        return None
    fixes: list[Fix] = []
    hint = ""
    if found == (layers, other, size):
        fixes = repairs.set_value(case, "batch_first", not first)
        hint = (
            f"\nThe state is for a batch of {other}: {'the batch is second' if first else 'the batch is first'} here."
        )
    return Problem(
        "rnn-hidden-size",
        f"{case.title} starts from a state of {' x '.join(map(str, found))} ({case.source('hx')}), but needs "
        f"{layers} x {batch} x {size} (layers, N, hidden) for an input of {named(shape, 'RNN', first)}.{hint}",
        port="hx",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def batch_first(case: Case) -> Problem | None:
    """Row 21: torch takes the first dimension as time unless told otherwise.

    A sequence may well stand first, so this needs a witness: a layer before for which the batch stands first, or
    someone behind who takes dimension 1 for the time.
    """
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or len(shape) != 3 or case.param("batch_first"):
        return None
    witness = _before(case) or _behind(case)
    if witness is None:
        return None
    return Problem(
        "rnn-batch-first",
        f"{case.title} takes {named(shape, 'RNN')}: {shape[0]} steps of {shape[1]} sequences, because "
        f"batch_first is false.\n{witness}",
        severity="warning",
        param="batch_first",
        fixes=tuple(repairs.set_value(case, "batch_first", True)),
    )


def _behind(case: Case) -> str | None:
    """A reader of the output that takes dimension 1 for the time."""
    for reader in case.readers():
        reads = [reference for reference in reader.reads() if reference.node == case.node.key]
        if any(reference.port not in (None, "output") for reference in reads) or not reader.copies:
            continue
        kind, params = case.type_of(reader), reader.copies[0].params | reader.copies[0].run_params
        index = reader.spec.params.get("index")
        if kind == "getitem" and isinstance(index, str):
            if [part.strip() for part in index.split(",")][:2] == [":", "-1"]:
                return f"{reader.key} takes [{index}] as the last step, as if the batch stood first."
        elif kind in _OVER_TIME and params.get("dim") in (1, -2, (1,), (-2,)):
            return f"{reader.key} ({kind}) goes over dimension 1, as if that were the time and the batch stood first."
        elif kind in ("Flatten", "flatten") and params.get("start_dim", 1 if kind == "Flatten" else 0) == 1:
            return f"{reader.key} flattens all but dimension 0, as if the batch stood first."
    return None


_OVER_TIME = ("mean", "sum", "max", "amax", "select", "adaptive_avg_pool1d")
_BATCHED = ("Conv", "MaxPool", "AvgPool", "BatchNorm", "AdaptiveAvgPool", "AdaptiveMaxPool")


def _before(case: Case) -> str | None:
    """A layer upstream whose first dimension is the batch, with nothing in between that moves it."""
    for node in case.upstream("input"):
        kind, sheet = case.type_of(node), case.output_of(node)
        spatial = next((int(char) for char in kind if char.isdigit()), 0)
        if sheet is None:
            return None
        if kind.startswith(_BATCHED) and len(sheet.shape) == spatial + 2:
            return f"{node.key} ({kind}) has the batch of {sheet.shape[0]} first, and so has what comes from it."
        holder = case.graph.nodes.get(node.target or "") or node
        if kind in _TYPES and holder.copies and holder.copies[0].params.get("batch_first") and len(sheet.shape) == 3:
            return f"{node.key} ({kind}) has batch_first true, and its output is read here."
        if not _keeps_first(node, kind, len(sheet.shape)):
            return None
    return None


def _keeps_first(node: Node, kind: str, rank: int) -> bool:
    """Whether the first dimension of what a node gives is that of what it gets."""
    if not node.copies or node.layer is None:
        return False
    if node.layer.family in ("Activations", "Dropout") or kind in ("Linear", "LayerNorm"):
        return True
    params = node.copies[0].params | node.copies[0].run_params
    if kind == "transpose":
        return all(isinstance(dim, int) and dim % rank != 0 for dim in (params.get("dim0"), params.get("dim1")))
    if kind == "permute":
        return next(iter(params.get("dims") or ()), None) in (0, -rank)
    if kind in ("Flatten", "flatten"):
        return bool(params.get("start_dim", 1 if kind == "Flatten" else 0) == 1)
    if kind in ("squeeze", "unsqueeze"):
        dim = params.get("dim")
        return isinstance(dim, int) and dim > 0
    return False


def lonely_dropout(case: Case) -> Problem | None:
    """Row 26: dropout stands between the layers of a stack."""
    rate = case.param("dropout")
    if not case.kind(*_TYPES) or not rate or case.param("num_layers") != 1:
        return None
    fixes = repairs.set_value(case, "num_layers", 2) + repairs.set_value(case, "dropout", 0)
    return Problem(
        "rnn-dropout",
        f"dropout {rate} of {case.title} does nothing: it acts between layers, and num_layers is 1.",
        severity="warning",
        param="dropout",
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (rank, hidden)
SILENT = (
    (_TYPES, batch_first),
    (_TYPES, lonely_dropout),
)
