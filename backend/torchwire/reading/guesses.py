"""Sensible guesses where the text says nothing: the shape of an input, the argument of a constructor."""

from __future__ import annotations

from typing import Any

from torchwire.reading.recording import Recording
from torchwire.reading.values import Operation

IMAGE_SIZES = (32, 28, 224, 64, 96, 299, 16, 256, 48, 8)
"""Sides of a square image, the first that the whole network runs on is taken."""

_ARGUMENTS: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("class", "n_out", "out_features", "output_dim"), 10),
    (("in_chan", "channels", "n_channels", "in_ch"), 3),
    (("vocab", "num_embeddings", "ntoken"), 1000),
    (("tagset",), 5),
    (("hidden", "embed", "dim", "d_model", "width", "features", "planes"), 64),
    (("head",), 4),
    (("layer", "depth", "blocks"), 2),
    (("dropout", "drop", "p"), 0.1),
    (("kernel",), 3),
    (("stride", "dilation", "groups"), 1),
    (("padding",), 0),
    (("length", "seq", "block_size"), 16),
)


def argument(name: str) -> Any:
    """A guess for a constructor's argument, by its name."""
    lower = name.lower()
    for words, value in _ARGUMENTS:
        if any(word in lower for word in words):
            return value
    return 8


def shapes(recording: Recording, operation: Operation) -> list[tuple[list[Any], str]]:
    """Shapes and dtypes that an input may have, by the first layer that reads it, the likeliest first."""
    readers: dict[int, list[Operation]] = {}
    for each in recording.operations:
        for wires in each.inputs.values():
            for source, _ in wires if isinstance(wires, list) else [wires]:
                readers.setdefault(id(source), []).append(each)
    todo = [operation]
    seen: set[int] = set()
    flat = False
    while todo and len(seen) < 200:
        current = todo.pop(0)
        for reader in readers.get(id(current), []):
            if reader.number in seen:
                continue
            seen.add(reader.number)
            found = _by_layer(reader, flat)
            if found:
                return found
            flat = flat or reader.type in ("view", "reshape", "flatten", "Flatten")
            todo.append(reader)
    return []


def _by_layer(operation: Operation, flat: bool) -> list[tuple[list[Any], str]]:
    module = operation.module
    if module is None:
        return []
    params = module.params
    kind = module.kind
    if kind in ("Linear", "Bilinear"):
        size = params.get("in_features", params.get("in1_features"))
        if flat and size in (784, 3072, 1024, 1568):
            image = {784: [1, 28, 28], 3072: [3, 32, 32], 1024: [1, 32, 32]}.get(size)
            return [([1, *image], "float32")] if image else []
        return [([1, size], "float32"), ([1, 16, size], "float32")] if isinstance(size, int) else []
    if kind in ("Conv2d", "ConvTranspose2d", "BatchNorm2d", "InstanceNorm2d"):
        channels = params.get("in_channels", params.get("num_features"))
        if not isinstance(channels, int):
            return []
        if kind == "ConvTranspose2d":
            return [([1, channels, size, size], "float32") for size in (1, 4, 8, *IMAGE_SIZES)]
        return [([1, channels, size, size], "float32") for size in IMAGE_SIZES]
    if kind in ("Conv1d", "ConvTranspose1d"):
        return [([1, params["in_channels"], size], "float32") for size in (64, 128, 28, 1000)]
    if kind == "BatchNorm1d":
        return [([2, params["num_features"]], "float32"), ([2, params["num_features"], 16], "float32")]
    if kind in ("Conv3d", "ConvTranspose3d"):
        return [([1, params["in_channels"], size, size, size], "float32") for size in (16, 32)]
    if kind in ("Embedding", "EmbeddingBag"):
        return [([1, 16], "int64"), ([16], "int64")]
    if kind in ("LSTM", "GRU", "RNN"):
        size = params.get("input_size")
        return [([1, 16, size], "float32") if params.get("batch_first") else ([16, 1, size], "float32")]
    if kind in ("LSTMCell", "GRUCell", "RNNCell"):
        return [([1, params.get("input_size")], "float32")]
    if kind in ("LayerNorm", "RMSNorm"):
        shape = params.get("normalized_shape")
        return [([1, 16, *(shape if isinstance(shape, list) else [shape])], "float32")]
    width = params.get("embed_dim", params.get("d_model"))
    if kind.startswith("Transformer") and width is None:
        inner = params.get("encoder_layer", params.get("decoder_layer"))
        width = inner.params.get("d_model") if inner is not None else 512
    if isinstance(width, int):
        return [([1, 16, width], "float32")]
    return []
