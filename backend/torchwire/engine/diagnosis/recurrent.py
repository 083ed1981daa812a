"""Rows 21, 22, 24 and 26: recurrent layers."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem

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

    A sequence may well stand first, so this needs a witness: someone who takes the last step at dimension 1.
    """
    shape = case.shape("input")
    if not case.kind(*_TYPES) or shape is None or len(shape) != 3 or case.param("batch_first"):
        return None
    for reader in case.readers():
        index = reader.spec.params.get("index")
        if case.type_of(reader) == "getitem" and isinstance(index, str):
            parts = [part.strip() for part in index.split(",")]
            if parts[:2] == [":", "-1"]:
                return Problem(
                    "rnn-batch-first",
                    f"{case.title} takes {named(shape, 'RNN')}: {shape[0]} steps of {shape[1]} sequences, because "
                    f"batch_first is false.\n{reader.key} takes [{index}] as the last step, "
                    "as if the batch stood first.",
                    severity="warning",
                    param="batch_first",
                    fixes=tuple(repairs.set_value(case, "batch_first", True)),
                )
    return None


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
