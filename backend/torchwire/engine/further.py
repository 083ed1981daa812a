"""What else is wrong with a layer of which a fault is known: its other faults are told with it, not after its mending.

Told is only what stays wrong whatever becomes of the known fault: a rule speaks where none of what it looks at is in
doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from torchwire.engine import diagnosis, tall
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.sheet import Sheet
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Problem
from torchwire.plan.inferred import infer

WIDTHS = frozenset(
    "linear-in-features conv-in-channels norm-num-features norm-num-channels layer-norm-shape rnn-input-size".split()
)
_LOOKS_AT: dict[str, set[str]] = {
    "linear-unflattened": {"in_features"},
    "conv-kernel-size": {"kernel_size", "padding", "dilation"},
    "conv-groups": {"groups", "in_channels", "out_channels"},
    "conv-rank": set(),
    "norm-rank": set(),
    "rnn-rank": set(),
    "pool-size": {"kernel_size", "padding", "dilation", "ceil_mode"},
    "pool-padding": {"kernel_size", "padding"},
    "group-norm-groups": {"num_groups", "num_channels"},
    "attention-heads": {"embed_dim", "d_model", "num_heads", "nhead"},
    "attention-width": {"embed_dim", "d_model", "kdim", "vdim"},
    "attention-embed-dim": {"embed_dim"},
    "transformer-d-model": {"d_model"},
}
"""Codes that may be told beside others, and the parameters that decide them (a width: the one that it names)."""


def behind_width(case: Case, problem: Problem) -> list[Problem]:
    """What is wrong with a layer besides a width that was given wrongly, were that mended."""
    if problem.code not in WIDTHS or case.layer.form != "module" or case.owner is not case.copy:
        return []
    return [found for found in _tried(case, set()) if found.code != problem.code]


def behind_faults(case: Case) -> list[Problem]:
    """What shapes tell of a layer, some of whose parameters or ports are known to be wrong."""
    names = [param.name for param in case.layer.params]
    given = case.node.spec.params
    doubtful = {name for name in given if name not in case.copy.params and name not in case.copy.nested}
    unknown = [name for name in given if name not in names]
    doubtful |= {near for name in unknown for near in nearest(name, names) if near not in given}
    doubtful |= {label.removeprefix("params.") for label in case.node.spec.faulty if label.startswith("params")}
    if "params" in doubtful or case.copy.nested:
        return []
    widths = diagnosis.widths(case)
    beside = [found for found in widths if found.param not in doubtful]
    return beside + [found for found in _tried(case, doubtful) if found.code not in {one.code for one in beside}]


def _tried(case: Case, doubtful: set[str]) -> Iterator[Problem]:
    """What torch refuses of the layer with every width taken from its input, as far as it is beyond doubt."""
    layer, owner = case.layer, case.owner
    shapes = {port: sheet.shape for port in case.arguments if (sheet := case.sheet(port)) is not None}
    needed = [port.name for port in layer.inputs if not port.optional]
    if any(not isinstance(case.arguments.get(port), (Sheet, tuple)) for port in needed):
        return
    params: dict[str, Any] = dict(owner.params)
    for param in layer.params:
        name = param.name
        if param.forward or (name in params and infer(layer.type, name, shapes) is None):
            continue
        wanted = infer(layer.type, name, shapes)
        if name == "normalized_shape" and name in params and shapes:
            size = len(params[name])
            wanted = next(iter(shapes.values()))[-size:]
        if wanted is not None and (param.inferred or name in params):
            params[name] = wanted
        elif name not in params and param.required:
            return
    mended = replace(case, owner=replace(owner, params=params), copy=replace(case.copy, params=params))
    plan = tall.blueprint(layer, params, owner.nested)
    if plan.fault is not None:
        found = diagnosis.explain_construction(mended, plan.fault)
    else:
        fault = tall.judge(layer, params, owner.nested, case.arguments, case.training, False).fault
        if fault is None:
            return
        found = diagnosis.explain(mended, fault)
    looks_at = _LOOKS_AT.get(found.code)
    if looks_at is not None and not looks_at & doubtful:
        yield found
