"""Rows 5 to 9 and 12 to 14: convolutions."""

from __future__ import annotations

import math

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case, named
from torchwire.graph.problems import Fix, Problem

_PERMUTED = {3: [0, 2, 1], 4: [0, 3, 1, 2], 5: [0, 4, 1, 2, 3]}


def _is_conv(case: Case) -> bool:
    return case.layer.type.startswith(("Conv1d", "Conv2d", "Conv3d", "ConvTranspose")) and case.layer.form == "module"


def channels_last(case: Case) -> Problem | None:
    """Rows 5 and 8: the channels stand behind the pixels, or behind the time steps."""
    shape, wanted = case.shape("input"), case.param("in_channels")
    if not _is_conv(case) or shape is None or len(shape) != case.spatial + 2:
        return None
    if shape[1] == wanted or shape[-1] != wanted:
        return None
    dims = _PERMUTED[len(shape)]
    layer: repairs.Layer = ("transpose", {"dim0": 1, "dim1": 2}) if case.spatial == 1 else ("permute", {"dims": dims})
    right = tuple(shape[dim] for dim in dims)
    return Problem(
        "conv-channels-last",
        f"{case.title} reads {shape[1]} channels from {case.source('input')} ({named(shape, 'Conv')}) but in_channels "
        f"is {wanted}.\nThe {wanted} channels stand last; a convolution wants them second: {named(right, 'Conv')}.",
        port="input",
        detail=case.detail,
        fixes=tuple(repairs.insertion(case, "input", [layer])),
    )


def unbatched(case: Case) -> Problem | None:
    """Row 7: (8, 28, 28) is taken as one picture of eight channels."""
    shape, wanted = case.shape("input"), case.param("in_channels")
    if not _is_conv(case) or shape is None or len(shape) != case.spatial + 1 or wanted != 1 or shape[0] == 1:
        return None
    return Problem(
        "conv-unbatched",
        f"{case.title} takes {' x '.join(map(str, shape))} from {case.source('input')} as one sample of {shape[0]} "
        f"channels, but in_channels is 1.\nA batch of {shape[0]} with one channel is "
        f"{named((shape[0], 1, *shape[1:]), 'Conv')}.",
        port="input",
        detail=case.detail,
        fixes=tuple(repairs.insertion(case, "input", [("unsqueeze", {"dim": 1})])),
    )


def batch_as_channels(case: Case) -> Problem | None:
    """Row 7, where nobody has said how many channels there are: one sample of many channels is seldom what is drawn."""
    shape, source, holder = case.shape("input"), case.feeder("input"), case.holder
    if not case.kind("Conv2d") or shape is None or len(shape) != 3 or shape[0] <= 4 or case.graph.path:
        return None
    if source is None or source.kind != "input" or holder is None or "in_channels" in holder.spec.params:
        return None
    return Problem(
        "conv-unbatched",
        f"{case.title} takes {' x '.join(map(str, shape))} from {source.key} as one sample of {shape[0]} channels.\n"
        f"If it is a batch of {shape[0]} with one channel each, it must be "
        f"{named((shape[0], 1, *shape[1:]), 'Conv')}.",
        severity="info",
        port="input",
        fixes=tuple(repairs.insertion(case, "input", [("unsqueeze", {"dim": 1})])),
    )


def rank(case: Case) -> Problem | None:
    """Row 6: dimensions missing, or too many."""
    shape, spatial = case.shape("input"), case.spatial
    if not _is_conv(case) or shape is None or len(shape) in (spatial + 1, spatial + 2):
        return None
    fixes: list[Fix] = []
    holder = case.holder
    wanted = holder.spec.params.get("in_channels") if holder is not None else case.param("in_channels")
    if len(shape) == spatial:
        fixes = repairs.insertion(case, "input", [("unsqueeze", {"dim": 0})])
        if wanted not in (None, 1):
            one = repairs.set_value(case, "in_channels", 1)
            fixes = repairs.then(fixes, one, title=f"Insert unsqueeze before {case.node.key} and set in_channels to 1")
    elif len(shape) in (3, 4, 5) and wanted in (None, shape[1]):
        numbers = all(
            isinstance(case.param(name), (int, str)) for name in ("kernel_size", "stride", "padding", "dilation")
        )
        stem = case.layer.type[: case.layer.type.index("d") - 1] if "d" in case.layer.type else ""
        fixes = repairs.set_type(case, f"{stem}{len(shape) - 2}d") if numbers and stem else []
    return Problem(
        "conv-rank",
        f"{case.title} wants {spatial + 2} dimensions ({', '.join('NC' + 'DHW'[-spatial:])}) "
        f"but gets {len(shape)} from {case.source('input')} ({' x '.join(map(str, shape)) or 'a single number'}).",
        port="input",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def kernel(case: Case) -> Problem | None:
    """Row 9: the kernel does not fit into the map."""
    shape, sizes, dilation = case.shape("input"), case.sizes("kernel_size"), case.sizes("dilation")
    padding = case.sizes("padding")
    if not _is_conv(case) or "Transpose" in case.layer.type or shape is None or len(shape) < case.spatial + 1:
        return None
    if sizes is None or dilation is None or padding is None:
        return None
    maps = shape[-case.spatial :]
    reach = [step * (size - 1) + 1 for size, step in zip(sizes, dilation, strict=True)]
    padded = [size + 2 * pad for size, pad in zip(maps, padding, strict=True)]
    if all(r <= p for r, p in zip(reach, padded, strict=True)):
        return None
    fixes: list[Fix] = []
    half = [(r - 1) // 2 for r in reach]
    if all(r <= size + 2 * h for r, size, h in zip(reach, maps, half, strict=True)):
        fixes += repairs.set_value(case, "padding", half[0] if len(set(half)) == 1 else half)
    if all(p >= 1 for p in padded):
        most = [min(k, (p - 1) // d + 1) for k, p, d in zip(sizes, padded, dilation, strict=True)]
        fixes += repairs.set_value(case, "kernel_size", most[0] if len(set(most)) == 1 else most)
    return Problem(
        "conv-kernel-size",
        f"{case.title}: the kernel reaches over {_by(reach)}, but {case.source('input')} gives maps of {_by(maps)}"
        + (f", {_by(padded)} with padding." if any(padding) else ".")
        + shrunk_by(case),
        port="input",
        param="kernel_size",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def shrunk_by(case: Case) -> str:
    """Which layers upstream have made the maps small: a line of the message."""
    told, later = [], case.shape("input")
    for node in case.upstream("input"):
        wires = node.wires.get(node.first_port or "")
        before = case.output_of(case.graph.nodes[wires[0].node]) if wires else None
        if before is None or later is None or len(before.shape) != len(later):
            break
        old, new = before.shape[-case.spatial :], later[-case.spatial :]
        if math.prod(new) < math.prod(old):
            told.append(f"{node.key} {_by(old)} to {_by(new)}")
        later = before.shape
    return f"\nMade smaller by {'; '.join(reversed(told[:4]))}." if told else ""


def _by(sizes: object) -> str:
    return " x ".join(map(str, sizes))  # type: ignore[call-overload]


def same_with_stride(case: Case) -> Problem | None:
    """Row 12: padding='same' would need another padding at each stride."""
    if not _is_conv(case) or case.param("padding") != "same":
        return None
    stride, sizes, dilation = case.sizes("stride"), case.sizes("kernel_size"), case.sizes("dilation")
    if stride is None or all(step == 1 for step in stride):
        return None
    fixes: list[Fix] = []
    if sizes is not None and dilation is not None:
        half = [d * (k - 1) // 2 for k, d in zip(sizes, dilation, strict=True)]
        fixes += repairs.set_value(case, "padding", half[0] if len(set(half)) == 1 else half)
    fixes += repairs.set_value(case, "stride", 1)
    return Problem(
        "conv-same-stride",
        f"{case.title} has padding 'same' and stride {repairs.shown(case.param('stride'))}; 'same' keeps the size, "
        "so it goes with stride 1 only.",
        param="padding",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def groups(case: Case) -> Problem | None:
    """Row 13: groups divide the channels of both sides."""
    inside, outside, count = case.param("in_channels"), case.param("out_channels"), case.param("groups")
    if not _is_conv(case) or not all(isinstance(n, int) and n > 0 for n in (inside, outside, count)):
        return None
    if inside % count == 0 and outside % count == 0:
        return None
    name, size = ("in_channels", inside) if inside % count else ("out_channels", outside)
    fixes = [
        fix
        for n in repairs.nearest_divisors(math.gcd(inside, outside), count)
        for fix in repairs.set_value(case, "groups", n)
    ]
    if name == "out_channels":
        fixes += repairs.set_value(case, "out_channels", -(-outside // count) * count)
    return Problem(
        "conv-groups",
        f"{case.title} has {count} groups, which do not divide {name} {size} evenly.",
        param="groups",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def output_padding(case: Case) -> Problem | None:
    """Row 14: the padding behind a transposed convolution is smaller than its stride."""
    if not case.layer.type.startswith("ConvTranspose"):
        return None
    extra, stride, dilation = case.sizes("output_padding"), case.sizes("stride"), case.sizes("dilation")
    if extra is None or stride is None or dilation is None:
        return None
    if all(e < max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)):
        return None
    fixes = repairs.set_value(case, "output_padding", 0)
    fixes += repairs.set_value(case, "stride", max(extra) + 1)
    return Problem(
        "conv-output-padding",
        f"{case.title} has output_padding {repairs.shown(case.param('output_padding'))}, which must be smaller than "
        f"its stride {repairs.shown(case.param('stride'))} or its dilation {repairs.shown(case.param('dilation'))}.",
        param="output_padding",
        detail=case.detail,
        fixes=tuple(fixes),
    )


RULES = (rank, unbatched, channels_last, kernel, output_padding)
CONSTRUCTION = (same_with_stride, groups)
SILENT = ((("Conv2d",), batch_as_channels),)
