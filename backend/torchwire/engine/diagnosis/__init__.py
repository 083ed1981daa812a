"""Faults explained: what, where, why with numbers, and one-click fixes.

Made by looking at the structure (types, parameters, shapes, dtypes), never at torch's text, which changes between
versions; that text is quoted as `detail`. One file per family of layers; each lists its rules:

RULES          the layer has failed: which structure explains it
CONSTRUCTION   the constructor has failed
SILENT         nothing has failed, but it is hardly meant: (types, rule)
"""

from __future__ import annotations

from collections.abc import Iterable

from torchwire.engine.diagnosis import (
    activation,
    attention,
    convolution,
    dropout,
    dtype,
    embedding,
    joining,
    linear,
    lists,
    loss,
    normalisation,
    pooling,
    recurrent,
    shape,
    width,
)
from torchwire.engine.diagnosis.case import Case, Rule
from torchwire.engine.diagnosis.words import first_line, text_of
from torchwire.graph.problems import Problem

# the first rule that recognises the structure speaks: what is special stands before what is general
_RULES: tuple[Rule, ...] = (
    *lists.RULES,
    *embedding.RULES,
    *recurrent.RULES,
    *normalisation.RULES,
    *convolution.RULES[:3],
    *linear.RULES,
    *width.RULES,
    *dtype.RULES,
    *convolution.RULES[3:],
    *pooling.RULES,
    *attention.RULES,
    *joining.RULES,
    *shape.RULES,
    *loss.RULES,
)
_CONSTRUCTION: tuple[Rule, ...] = (*convolution.CONSTRUCTION, *normalisation.CONSTRUCTION, *attention.CONSTRUCTION)
_SILENT: dict[str, list[Rule]] = {}
for _types, _rule in (
    *convolution.SILENT,
    *recurrent.SILENT,
    *joining.SILENT,
    *shape.SILENT,
    *activation.SILENT,
    *dropout.SILENT,
    *loss.SILENT,
):
    for _type in _types:
        _SILENT.setdefault(_type, []).append(_rule)
# what torch's meta device lets pass and a real run does not, for layers too large to be tried
_OVERLOOKED = ("ConvTranspose", "Linear", "Conv", "LSTM", "GRU", "RNN")


def explain(case: Case, fault: Exception) -> Problem:
    """The problem behind what torch raised: the first rule that recognises the structure, else torch's own words."""
    detail = text_of(fault)
    found = _first(_RULES, case.because(detail))
    return found or Problem("torch-error", f"{case.title}: {first_line(detail)}", detail=detail)


def explain_construction(case: Case, fault: Exception) -> Problem:
    """The problem behind what a constructor raised."""
    detail = text_of(fault)
    found = _first(_CONSTRUCTION, case.because(detail))
    return found or Problem("torch-constructor", f"{case.title} cannot be built: {first_line(detail)}", detail=detail)


def misshapen(case: Case) -> Problem | None:
    """Why nothing can be inferred from an input: it has the wrong number of dimensions."""
    return _first((convolution.rank, recurrent.rank, normalisation.rank), case)


def overlooked(case: Case) -> Problem | None:
    """A fault that the meta device did not see; what it finds, torch refuses whatever the values."""
    if not case.layer.type.startswith(_OVERLOOKED) or case.layer.form != "module":
        return None
    return _first((*width.RULES, *dtype.RULES), case)


def notice(case: Case, texts: Iterable[str]) -> list[Problem]:
    """What is hardly meant although torch runs it; `texts` are torch's warnings, quoted where there are any."""
    rules = _SILENT.get(case.layer.type)
    if not rules:
        return []
    told = case.because("\n".join(dict.fromkeys(texts))[:1000] or None)
    return [problem for rule in rules if (problem := rule(told)) is not None]


beside = width.beside
widths = width.widths

_OF_SPEED = "oneDNN"  # another library would be faster: nothing that who draws a network can change


def warned(case: Case, texts: Iterable[str]) -> list[Problem]:
    """What torch warned about, where no rule above has said it better."""
    texts = [text for text in dict.fromkeys(texts) if _OF_SPEED not in text]
    if not texts or any(rule(case) is not None for rule in _SILENT.get(case.layer.type, ())):
        return []
    return [
        Problem("torch-warning", f"{case.title}: {first_line(text)}", severity="warning", detail=text[:1000])
        for text in texts
    ]


def _first(rules: Iterable[Rule], case: Case) -> Problem | None:
    return next((problem for rule in rules if (problem := rule(case)) is not None), None)
