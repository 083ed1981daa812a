"""Faults explained: what, where, why with numbers, and a fix; made by looking at the structure, never at torch's text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine.sheet import Sheet, dtype_name
from torchwire.graph.problems import Fix, Problem
from torchwire.plan.inferred import infer
from torchwire.plan.reporter import replace, set_param
from torchwire.plan.tree import Copy, Node


@dataclass(frozen=True)
class Case:
    """One faulty call of a layer."""

    node: Node
    owner: Copy
    layer: LayerType
    module: nn.Module | None
    arguments: Mapping[str, Any]
    detail: str

    @property
    def own(self) -> bool:
        """Whether the node holds the module itself, so that its parameters can be mended there."""
        return self.node.spec.call is None

    def sheet(self, port: str) -> Sheet | None:
        value = self.arguments.get(port)
        if isinstance(value, tuple) and value:
            value = value[0]
        return value if isinstance(value, Sheet) else None

    def source(self, port: str) -> str:
        """Who is wired to the port, as the document writes it."""
        references = self.node.wires.get(port)
        if not references:
            return "its input"
        first = references[0]
        return first.node if first.port is None else f"{first.node}.{first.port}"

    def literal(self, name: str) -> bool:
        """Whether the parameter stands as a plain value in this node, not as an expression."""
        return not isinstance(self.node.spec.params.get(name), dict)


Rule = Callable[[Case], Problem | None]

_WIDTHS = {
    "in_features": ("linear-in-features", "features"),
    "in_channels": ("conv-in-channels", "channels"),
    "num_features": ("norm-num-features", "channels"),
    "num_channels": ("norm-num-channels", "channels"),
    "input_size": ("rnn-input-size", "features"),
    "normalized_shape": ("layer-norm-shape", "features in the last dimension"),
    "embed_dim": ("attention-embed-dim", "features"),
    "d_model": ("transformer-d-model", "features"),
}

_AXES = {2: "N, C", 3: "N, C, L", 4: "N, C, H, W", 5: "N, C, D, H, W"}


def named(sheet: Sheet, type_name: str) -> str:
    """The shape with named dimensions where the layer gives them names: `N 4, C 32, H 14, W 14`."""
    axes = _AXES.get(len(sheet.shape))
    if axes and type_name.startswith(("Conv", "BatchNorm", "InstanceNorm", "MaxPool", "AvgPool", "GroupNorm")):
        return ", ".join(f"{axis} {size}" for axis, size in zip(axes.split(", "), sheet.shape, strict=True))
    return ", ".join(map(str, sheet.shape)) or "a single number"


def width(case: Case) -> Problem | None:
    """Rows 1, 4, 15, 18, 23, 28: a parameter that the input decides was given another value."""
    for name, (code, what) in _WIDTHS.items():
        if name not in case.owner.params:
            continue
        shapes = {port: sheet.shape for port in case.arguments if (sheet := case.sheet(port)) is not None}
        wanted = infer(case.layer.type, name, shapes)
        given = case.owner.params[name]
        if wanted is None or wanted == given:
            continue
        port = next((port for port in ("input", "query", "src", "tgt") if port in shapes), None)
        if name == "normalized_shape":
            if isinstance(given, tuple) and len(given) > 1 and case.sheet("input") is not None:
                wanted = case.sheet("input").shape[-len(given) :]  # type: ignore[union-attr]
                if wanted == given:
                    continue
            wanted_json: Any = wanted[0] if len(wanted) == 1 else list(wanted)
            given_text = given[0] if len(given) == 1 else list(given)
        else:
            wanted_json, given_text = wanted, given
        sheet = case.sheet(port or "")
        fixes = []
        if case.own and case.literal(name):
            fixes = [Fix(f"Set {name} to {wanted_json}", set_param(case.node, name, wanted_json))]
        return Problem(
            code,
            f"{case.node.key} ({case.layer.type}) gets {wanted_json} {what} from {case.source(port or '')}"
            f" ({named(sheet, case.layer.type) if sheet else ''}) but {name} is {given_text}.",
            port=port,
            param=name,
            detail=case.detail,
            fixes=tuple(fixes),
        )
    return None


def norm_rank(case: Case) -> Problem | None:
    """Row 16: BatchNorm2d on a (N, C) tensor and its kin; another member of the family fits."""
    stem = next((s for s in ("BatchNorm", "InstanceNorm") if case.layer.type.startswith(s)), None)
    sheet = case.sheet("input")
    if stem is None or sheet is None or not case.own:
        return None
    spatial = {2: 1, 3: 1, 4: 2, 5: 3}.get(len(sheet.shape))
    if spatial is None or case.layer.type == f"{stem}{spatial}d":
        return None
    new = f"{stem}{spatial}d"
    path = f"{case.node.spec.path}/type"
    return Problem(
        "norm-rank",
        f"{case.node.key} ({case.layer.type}) gets a tensor of {len(sheet.shape)} dimensions "
        f"({named(sheet, new)}) from {case.source('input')}; {new} is the one for it.",
        port="input",
        detail=case.detail,
        fixes=(Fix(f"Change the type to {new}", replace(path, case.node.spec.type, new)),),
    )


def embedding_dtype(case: Case) -> Problem | None:
    """Row 31: an embedding looks rows up by integer; floats are no row numbers."""
    sheet = case.sheet("input")
    if not case.layer.type.lower().startswith("embedding") or sheet is None or not sheet.dtype.is_floating_point:
        return None
    return Problem(
        "embedding-dtype",
        f"{case.node.key} ({case.layer.type}) looks up rows by number, but {case.source('input')} gives "
        f"{dtype_name(sheet.dtype)}. Give the Input the dtype int64 with fill randint.",
        port="input",
        detail=case.detail,
    )


def dtype_mix(case: Case) -> Problem | None:
    """Row 33: weights are float32, the input is not."""
    if case.module is None:
        return None
    sheet = case.sheet("input") or case.sheet("query") or case.sheet("src")
    weight = next((p for p in case.module.parameters() if p.dtype.is_floating_point), None)
    if sheet is None or weight is None or sheet.dtype == weight.dtype:
        return None
    return Problem(
        "dtype-mix",
        f"{case.node.key} ({case.layer.type}) computes in {dtype_name(weight.dtype)}, but {case.source('input')} gives "
        f"{dtype_name(sheet.dtype)}. Cast it with a `float` node before.",
        port="input",
        detail=case.detail,
    )


_RULES: tuple[Rule, ...] = (embedding_dtype, norm_rank, width, dtype_mix)


def text_of(fault: Exception) -> str:
    """torch's own words, without its stack traces."""
    text = str(fault) or type(fault).__name__
    lines = [
        line
        for line in text.splitlines()
        if not line.startswith(("Exception raised from", "frame #", "C++ CapturedTraceback"))
    ]
    return "\n".join(lines)[:1000]


def explain(
    node: Node,
    copy: Copy,
    owner: Copy,
    layer: LayerType,
    module: nn.Module | None,
    arguments: Mapping[str, Any],
    fault: Exception,
) -> Problem:
    """The problem behind what torch raised: the first rule that recognises the structure, else torch's own words."""
    detail = text_of(fault)
    case = Case(node, owner, layer, module, arguments, detail)
    for rule in _RULES:
        problem = rule(case)
        if problem is not None:
            return problem
    first = detail.splitlines()[0] if detail else ""
    return Problem("torch-error", f"{node.key} ({layer.type}): {first[:300]}", detail=detail)


def explain_construction(node: Node, copy: Copy, layer: LayerType, fault: Exception) -> Problem:
    """The problem behind what a constructor raised."""
    detail = text_of(fault)
    return Problem(
        "torch-constructor", f"{node.key} ({layer.type}) cannot be built: {detail.splitlines()[0][:300]}", detail=detail
    )


def notice(
    node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: Mapping[str, Any], warnings: Iterable[str]
) -> list[Problem]:
    """What torch only warns about, or passes over in silence."""
    problems = []
    if layer.type.lower() in ("softmax", "logsoftmax", "log_softmax", "softmin") and _softmax_without_dim(
        owner, layer, arguments
    ):
        sheet = arguments.get("input")
        dim = 1 if not isinstance(sheet, Sheet) or len(sheet.shape) != 3 else 0
        dim = 0 if isinstance(sheet, Sheet) and len(sheet.shape) in (0, 1, 3) else 1
        problems.append(
            Problem(
                "implicit-dim",
                f"{node.key} ({layer.type}) has no dim; torch takes {dim} here and warns. Say which dimension sums to 1.",
                severity="warning",
                param="dim",
                detail=next((text for text in warnings if "mplicit dimension" in text), None),
                fixes=(Fix(f"Set dim to {dim}", set_param(node, "dim", dim)),) if node.spec.call is None else (),
            )
        )
        return problems
    for text in dict.fromkeys(warnings):
        if "mplicit dimension" not in text:
            problems.append(
                Problem(
                    "torch-warning",
                    f"{node.key} ({layer.type}): {text.splitlines()[0][:300]}",
                    severity="warning",
                    detail=text[:1000],
                )
            )
    return problems


def _softmax_without_dim(owner: Copy, layer: LayerType, arguments: Mapping[str, Any]) -> bool:
    given = owner.params if layer.form == "module" else arguments
    return given.get("dim") is None
