"""Bounds and choices of functions' parameters that torch checks but does not declare."""

from __future__ import annotations

from dataclasses import replace

from torchwire.catalogue.layer import Param

_LEAST: dict[str, int] = {
    **dict.fromkeys("kernel_size stride dilation groups num_groups upscale_factor downscale_factor".split(), 1),
    **dict.fromkeys("padding output_padding".split(), 0),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "reduction": ("none", "mean", "sum"),
    "approximate": ("none", "tanh"),
}


def bounded(function: str, param: Param) -> Param:
    """The parameter with the bounds and choices of its name."""
    if param.name in _CHOICES and param.kind == "string":
        choices = _CHOICES[param.name] + (("batchmean",) if function == "kl_div" else ())
        return replace(param, kind="choice", choices=choices)
    if param.kind in ("int", "int_or_ints") and param.name in _LEAST:
        return replace(param, min=_LEAST[param.name])
    if param.name == "p" and function.endswith(("dropout", "dropout1d", "dropout2d", "dropout3d")):
        return replace(param, min=0, max=1)
    return param
