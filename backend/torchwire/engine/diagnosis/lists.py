"""Lists of wires on ports that take one tensor, and states that are not two."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.graph.findings import replace
from torchwire.graph.names import pointer
from torchwire.graph.problems import Fix, Problem


def listed(case: Case) -> Problem | None:
    """A list of references is a tuple, which few ports take."""
    for port in case.layer.inputs:
        value = case.arguments.get(port.name)
        if port.many or port.name not in case.node.wires or not isinstance(value, tuple):
            continue
        fixes = _alone(case, port.name)
        if len(value) > 1:
            fixes += repairs.joined(case, port.name)
        return Problem(
            "bad-wire",
            f"{port.name} of {case.title} takes one tensor, but gets a list of {len(value)}.",
            port=port.name,
            detail=case.detail,
            fixes=tuple(fixes),
        )
    return None


def nothing(case: Case) -> Problem | None:
    """Nothing to join: the list of wires is empty."""
    for port in case.layer.inputs:
        raw = case.node.spec.inputs.get(port.name)
        if not port.many or raw != []:
            continue
        before = [
            node
            for node in list(case.graph.nodes.values())[: case.node.index]
            if case.output_of(node) is not None and node.kind != "output"
        ]
        path = case.node.spec.path + pointer("inputs", port.name)
        return Problem(
            "missing-wire",
            f"Nothing is wired to {port.name} of {case.title}: its list is empty.",
            port=port.name,
            detail=case.detail,
            fixes=tuple(
                Fix(f"Wire {node.key} to {port.name}"[:99], replace(path, raw, [node.key])) for node in before[-1:]
            ),
        )
    return None


def two_states(case: Case) -> Problem | None:
    """An LSTM starts from two tensors, h_0 and c_0."""
    value = case.arguments.get("hx")
    if not case.kind("LSTM", "LSTMCell") or value is None or (isinstance(value, tuple) and len(value) == 2):
        return None
    count = len(value) if isinstance(value, tuple) else 1
    fixes = repairs.unwire(case, "hx")
    source = case.feeder("hx")
    raw = case.node.spec.inputs.get("hx")
    if source is not None and case.type_of(source) == "LSTM":
        both = [f"{source.key}.h_n", f"{source.key}.c_n"]
        patch = replace(case.node.spec.path + "/inputs/hx", raw, both)
        fixes = [Fix(f"Wire {both[0]} and {both[1]} to hx"[:99], patch), *fixes]
    return Problem(
        "bad-wire",
        f"hx of {case.title} takes two tensors, h_0 and c_0, but gets {count}.",
        port="hx",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def _alone(case: Case, port: str) -> list[Fix]:
    """The first wire of the list by itself."""
    spec = case.node.spec
    raw = spec.inputs.get(port)
    if not isinstance(raw, list) or not raw:
        return []
    patch = replace(spec.path + pointer("inputs", port), raw, raw[0])
    return [Fix(f"Wire {raw[0]} alone to {port}"[:99], patch)]


RULES = (nothing, listed, two_states)
