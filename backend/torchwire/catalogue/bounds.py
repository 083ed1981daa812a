"""Bounds and choices that torch checks but does not declare."""

from __future__ import annotations

from dataclasses import replace

from torchwire.catalogue.layer import Param

_POSITIVE = frozenset(
    """kernel_size stride dilation groups num_layers num_heads nhead num_groups upscale_factor downscale_factor
    num_embeddings blocks""".split()
)
_FROM_ZERO = frozenset(
    """in_features out_features in_channels out_channels padding output_padding hidden_size embedding_dim
    in1_features in2_features dim_feedforward num_encoder_layers num_decoder_layers""".split()
)
_CHOICES: dict[str, tuple[str, ...]] = {
    "reduction": ("none", "mean", "sum"),
    "padding_mode": ("zeros", "reflect", "replicate", "circular"),
    "approximate": ("none", "tanh"),
}


def bounded(layer: str, param: Param) -> Param:
    """The parameter with the bounds and choices of its name."""
    if param.name in _CHOICES and param.kind in ("string", "choice"):
        choices = _CHOICES[param.name]
        if layer in ("KLDivLoss", "kl_div") and param.name == "reduction":
            choices = ("none", "batchmean", "sum", "mean")
        return replace(param, kind="choice", choices=choices)
    if param.kind in ("int", "int_or_ints") and param.name in _POSITIVE:
        return replace(param, min=1)
    if (
        param.kind in ("int", "int_or_ints")
        and param.name in _FROM_ZERO
        and not layer.endswith(("Pad1d", "Pad2d", "Pad3d"))
    ):
        return replace(param, min=0)
    if param.name == "p" and layer.lower().endswith(("dropout", "dropout1d", "dropout2d", "dropout3d")):
        return replace(param, min=0, max=1)
    return param
