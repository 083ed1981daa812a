"""Arguments that torch's CPU kernels do not check, or too late: they read beyond their tensors or end the process.

What they would find there is another request's memory, so it is looked at before the call. tests/engine/reach.py probes
every layer for more of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

_RESAMPLED = ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "interpolate")
_MOST = 2**59  # elements: torch goes no further
_CTC = ("CTCLoss", "ctc_loss")


def check(layer_type: str, module: nn.Module | None, arguments: Mapping[str, Any]) -> None:
    """Raises ValueError for what the kernel of this layer would take without a look. Values on meta are not there."""
    if layer_type in _CTC:
        _check_ctc(arguments)
    elif layer_type == "embedding_bag" or isinstance(module, nn.EmbeddingBag):  # spectral_norm may wrap one
        settings = vars(module) if module is not None else arguments
        _check_bags(arguments.get("input"), arguments.get("offsets"), settings.get("include_last_offset") is True)
    elif layer_type == "scaled_dot_product_attention":
        _check_attention(arguments.get("key"), arguments.get("value"), arguments.get("enable_gqa") is True)
    elif layer_type in _RESAMPLED:
        settings = vars(module) if module is not None else arguments
        _check_resampled(arguments.get("input"), settings.get("size"), settings.get("scale_factor"))


def _check_resampled(tensor: Any, size: Any, scale: Any) -> None:
    """Its kernels first write tables as long as the sides, and look afterwards whether there is room for the whole."""
    if not isinstance(tensor, torch.Tensor) or tensor.dim() < 3:
        return
    sides = tensor.shape[2:]
    wanted = size if size is not None else scale
    each = [*wanted] if isinstance(wanted, (tuple, list)) else [wanted] * len(sides)
    if len(each) != len(sides) or not all(isinstance(one, (int, float)) for one in each):
        return
    lengths = each if size is not None else [side * factor for side, factor in zip(sides, each, strict=True)]
    if math.prod((*tensor.shape[:2], *lengths)) >= _MOST:
        raise ValueError(f"the output would have {' x '.join(f'{length:g}' for length in lengths)} places")


def _check_ctc(arguments: Mapping[str, Any]) -> None:
    log_probs, targets = arguments.get("log_probs"), arguments.get("targets")
    if not isinstance(log_probs, torch.Tensor) or not isinstance(targets, torch.Tensor) or not log_probs.dim():
        return
    classes = log_probs.shape[-1]
    if targets.numel() and not (int(targets.min()) >= 0 and int(targets.max()) < classes):
        raise ValueError(f"targets must be classes from 0 to {classes - 1}; there is {_outside(targets, classes)}")
    for name in ("input_lengths", "target_lengths"):
        lengths = arguments.get(name)
        if isinstance(lengths, torch.Tensor) and lengths.numel() and int(lengths.min()) < 0:
            raise ValueError(f"{name} must not be negative; there is {int(lengths.min())}")


def _outside(targets: torch.Tensor, classes: int) -> int:
    low = int(targets.min())
    return low if low < 0 else int(targets.max())


def _check_bags(indices: Any, offsets: Any, last: bool) -> None:
    if not isinstance(offsets, torch.Tensor) or offsets.dim() != 1 or not isinstance(indices, torch.Tensor):
        return
    if indices.numel() and offsets.numel() <= last:
        raise ValueError(f"the {indices.numel():,} indices are in no bag: offsets must name one at least")
    if offsets.is_meta or not offsets.numel():
        return
    if int(offsets.min()) < 0 or bool((offsets[1:] < offsets[:-1]).any()):
        raise ValueError("offsets must begin at 0 and never fall")


def _check_attention(key: Any, value: Any, grouped: bool) -> None:
    if not isinstance(key, torch.Tensor) or not isinstance(value, torch.Tensor) or min(key.dim(), value.dim()) < 2:
        return
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"key has {key.shape[-2]} positions and value has {value.shape[-2]}; each key has one value")
    if grouped and any(tensor.dim() > 2 and not tensor.shape[-3] for tensor in (key, value)):
        raise ValueError("with enable_gqa key and value need at least one head")  # torch divides by their number
