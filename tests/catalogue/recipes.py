"""For every class of torch.nn: parameters with which it constructs, and inputs with which it then runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Params = Mapping[str, Any]
Sources = dict[str, Any]  # port -> the params of an Input node, or a list of them for a port that takes a tuple
_SPATIAL = {1: [12], 2: [12, 10], 3: [12, 10, 8]}


@dataclass(frozen=True)
class Recipe:
    """`inputs` gives the Input nodes for the given parameters, so that a changed `in_features` gets its input."""

    params: dict[str, Any]
    inputs: Callable[[Params], Sources]


def floats(*shape: int) -> dict[str, Any]:
    return {"shape": list(shape)}


def positive(*shape: int) -> dict[str, Any]:
    return {"shape": list(shape), "fill": "rand"}


def integers(high: int, *shape: int, low: int = 0) -> dict[str, Any]:
    return {"shape": list(shape), "dtype": "int64", "fill": "randint", "low": low, "high": high}


def _same(*shape: int) -> Callable[[Params], Sources]:
    return lambda params: {"input": floats(*shape)}


def _pair(*shape: int) -> Callable[[Params], Sources]:
    return lambda params: {"input": floats(*shape), "target": floats(*shape)}


def _dims(name: str) -> int:
    return next(int(char) for char in name if char.isdigit())


def _spatial(name: str, channels: int = 4) -> list[int]:
    return [2, channels, *_SPATIAL[_dims(name)]]


RECIPES: dict[str, Recipe] = {
    "Linear": Recipe({"in_features": 6, "out_features": 5}, lambda p: {"input": floats(3, p["in_features"])}),
    **{
        name: Recipe({"module": {"type": "Linear", "params": {"in_features": 6, "out_features": 5}}}, _same(3, 6))
        for name in ("spectral_norm", "weight_norm")
    },
    "Bilinear": Recipe(
        {"in1_features": 4, "in2_features": 5, "out_features": 3},
        lambda p: {"input1": floats(2, p["in1_features"]), "input2": floats(2, p["in2_features"])},
    ),
    "Identity": Recipe({}, _same(2, 3)),
    "Unfold": Recipe({"kernel_size": 2}, _same(2, 3, 8, 8)),
    "Fold": Recipe({"output_size": [4, 5], "kernel_size": [2, 2]}, lambda p: {"input": floats(1, 12, _blocks(p))}),
    "PReLU": Recipe({}, lambda p: {"input": floats(2, p.get("num_parameters", 1), 4)}),
    "Threshold": Recipe({"threshold": 0.1, "value": 0.0}, _same(2, 4)),
    "GLU": Recipe({}, _same(2, 4)),
    "Softmax2d": Recipe({}, _same(2, 3, 4, 4)),
    "LocalResponseNorm": Recipe({"size": 2}, _same(2, 4, 5, 5)),
    "CrossMapLRN2d": Recipe({"size": 2}, _same(2, 4, 5, 5)),
    "GroupNorm": Recipe(
        {"num_groups": 2, "num_channels": 4}, lambda p: {"input": floats(2, p.get("num_channels", 4), 5)}
    ),
    "LayerNorm": Recipe(
        {"normalized_shape": [4]}, lambda p: {"input": floats(3, *_listed(p.get("normalized_shape", [4])))}
    ),
    "RMSNorm": Recipe({"normalized_shape": [4]}, lambda p: {"x": floats(3, *_listed(p.get("normalized_shape", [4])))}),
    "MultiheadAttention": Recipe(
        {"embed_dim": 8, "num_heads": 2},
        lambda p: {
            "query": floats(5, 2, p.get("embed_dim", 8)),
            "key": floats(6, 2, p.get("kdim", p.get("embed_dim", 8))),
            "value": floats(6, 2, p.get("vdim", p.get("embed_dim", 8))),
        },
    ),
    "Transformer": Recipe(
        {"d_model": 8, "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 8},
        lambda p: {"src": floats(4, 2, p["d_model"]), "tgt": floats(3, 2, p["d_model"])},
    ),
    "TransformerEncoder": Recipe(
        {
            "encoder_layer": {
                "type": "TransformerEncoderLayer",
                "params": {"d_model": 8, "nhead": 2, "dim_feedforward": 8},
            },
            "num_layers": 2,
        },
        lambda p: {"src": floats(4, 2, 8)},
    ),
    "TransformerDecoder": Recipe(
        {
            "decoder_layer": {
                "type": "TransformerDecoderLayer",
                "params": {"d_model": 8, "nhead": 2, "dim_feedforward": 8},
            },
            "num_layers": 2,
        },
        lambda p: {"tgt": floats(4, 2, 8), "memory": floats(5, 2, 8)},
    ),
    "TransformerEncoderLayer": Recipe(
        {"d_model": 8, "nhead": 2, "dim_feedforward": 8}, lambda p: {"src": floats(4, 2, p.get("d_model", 8))}
    ),
    "TransformerDecoderLayer": Recipe(
        {"d_model": 8, "nhead": 2, "dim_feedforward": 8},
        lambda p: {"tgt": floats(4, 2, p.get("d_model", 8)), "memory": floats(5, 2, p.get("d_model", 8))},
    ),
    "Embedding": Recipe(
        {"num_embeddings": 9, "embedding_dim": 4},
        lambda p: {"input": integers(max(p["num_embeddings"], 1), 2, 3 if p["num_embeddings"] else 0)},
    ),
    "EmbeddingBag": Recipe(
        {"num_embeddings": 9, "embedding_dim": 4},
        lambda p: {"input": integers(max(p["num_embeddings"], 1), 2 if p["num_embeddings"] else 0, 3)},
    ),
    "CosineSimilarity": Recipe({}, lambda p: {"x1": floats(3, 4), "x2": floats(3, 4)}),
    "PairwiseDistance": Recipe({}, lambda p: {"x1": floats(3, 4), "x2": floats(3, 4)}),
    "Upsample": Recipe({"scale_factor": 2}, lambda p: {"input": floats(2, 3, *_upsample_size(p))}),
    "UpsamplingNearest2d": Recipe({"scale_factor": 2}, _same(2, 3, 4, 4)),
    "UpsamplingBilinear2d": Recipe({"scale_factor": 2}, _same(2, 3, 4, 4)),
    "PixelShuffle": Recipe({"upscale_factor": 2}, _same(2, 4, 3, 3)),
    "PixelUnshuffle": Recipe({"downscale_factor": 2}, _same(2, 1, 4, 4)),
    "ChannelShuffle": Recipe({"groups": 2}, _same(2, 4, 3, 3)),
    "Flatten": Recipe({}, _same(2, 3, 4)),
    "Unflatten": Recipe({"dim": 1, "unflattened_size": [2, 3]}, _same(2, 6)),
    "CrossEntropyLoss": Recipe({}, lambda p: {"input": floats(3, 5), "target": integers(5, 3)}),
    "NLLLoss": Recipe({}, lambda p: {"input": floats(3, 5), "target": integers(5, 3)}),
    "LinearCrossEntropyLoss": Recipe(
        {"in_features": 4, "num_classes": 5},
        lambda p: {
            "input": floats(3, p.get("in_features", 4)),
            "target": integers(p["num_classes"], 3, *p.get("out_features", []))
            if p["num_classes"]
            else positive(3, 0),  # probabilities
        },
    ),
    "AdaptiveLogSoftmaxWithLoss": Recipe(
        {"in_features": 16, "n_classes": 9, "cutoffs": [3, 6]},
        lambda p: {"input_": floats(3, p.get("in_features", 16)), "target_": integers(p["n_classes"], 3)},
    ),
    "BCELoss": Recipe({}, lambda p: {"input": positive(3, 4), "target": positive(3, 4)}),
    "BCEWithLogitsLoss": Recipe({}, lambda p: {"input": floats(3, 4), "target": positive(3, 4)}),
    "GaussianNLLLoss": Recipe(
        {}, lambda p: {"input": floats(3, 4), "target": floats(3, 4), "var": {"shape": [3, 4], "fill": "ones"}}
    ),
    "PoissonNLLLoss": Recipe({}, lambda p: {"log_input": floats(3, 4), "target": positive(3, 4)}),
    "CTCLoss": Recipe(
        {},
        lambda p: {
            "log_probs": {"shape": [8, 2, 5]},
            "targets": integers(5, 2, 3, low=1),
            "input_lengths": {"dtype": "int64", "fill": "values", "values": [8, 8]},
            "target_lengths": {"dtype": "int64", "fill": "values", "values": [3, 2]},
        },
    ),
    "MarginRankingLoss": Recipe(
        {}, lambda p: {"input1": floats(3), "input2": floats(3), "target": {"shape": [3], "fill": "ones"}}
    ),
    "CosineEmbeddingLoss": Recipe(
        {}, lambda p: {"input1": floats(3, 4), "input2": floats(3, 4), "target": {"shape": [3], "fill": "ones"}}
    ),
    "HingeEmbeddingLoss": Recipe({}, lambda p: {"input": floats(3, 4), "target": {"shape": [3, 4], "fill": "ones"}}),
    "SoftMarginLoss": Recipe({}, lambda p: {"input": floats(3, 4), "target": {"shape": [3, 4], "fill": "ones"}}),
    "MultiMarginLoss": Recipe({}, lambda p: {"input": floats(3, 5), "target": integers(5, 3)}),
    "MultiLabelMarginLoss": Recipe({}, lambda p: {"input": floats(3, 5), "target": integers(5, 3, 5)}),
    "MultiLabelSoftMarginLoss": Recipe({}, lambda p: {"input": floats(3, 5), "target": positive(3, 5)}),
    "LSTMCell": Recipe(
        {"input_size": 4, "hidden_size": 3},
        lambda p: {"input": floats(2, p.get("input_size", 4)), "hx": [floats(2, p["hidden_size"])] * 2},
    ),
}


def _listed(value: Any) -> list[int]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _blocks(params: Params) -> int:
    """The number of patches that Fold wants for its parameters."""
    count = 1
    for axis, size in enumerate((_listed(params["output_size"]) * 2)[:2]):
        kernel, dilation, padding, stride = (
            _listed(params.get(name, default))[axis % len(_listed(params.get(name, default)))]
            for name, default in (("kernel_size", 2), ("dilation", 1), ("padding", 0), ("stride", 1))
        )
        count *= (size + 2 * padding - dilation * (kernel - 1) - 1) // max(stride, 1) + 1
    return count


def _upsample_size(params: Params) -> list[int]:
    return {"linear": [8], "trilinear": [4, 4, 4]}.get(params.get("mode", "nearest"), [4, 5])


def _fill() -> None:
    for (
        name
    ) in "ReLU ReLU6 LeakyReLU RReLU ELU CELU SELU GELU SiLU Mish Hardswish Softplus Sigmoid Hardsigmoid".split():
        RECIPES[name] = Recipe({}, _same(3, 4))
    for name in "LogSigmoid Tanh Hardtanh Softsign Tanhshrink Hardshrink Softshrink Softmax LogSoftmax Softmin".split():
        RECIPES[name] = Recipe({"dim": 1} if name.lower().endswith(("max", "softmin")) else {}, _same(3, 4))
    for name in "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout".split():
        shape = [2, 3] if name in ("Dropout", "AlphaDropout") else _spatial(name if name[-2].isdigit() else "2")
        RECIPES[name] = Recipe({}, _same(*shape))
    for name in "L1Loss MSELoss SmoothL1Loss HuberLoss".split():
        RECIPES[name] = Recipe({}, _pair(3, 4))
    RECIPES["KLDivLoss"] = Recipe(
        {"reduction": "batchmean"}, lambda p: {"input": floats(3, 4), "target": positive(3, 4)}
    )
    for name in "TripletMarginLoss TripletMarginWithDistanceLoss".split():
        RECIPES[name] = Recipe({}, lambda p: {port: floats(3, 4) for port in ("anchor", "positive", "negative")})
    for name in "RNN GRU LSTM".split():
        RECIPES[name] = Recipe(
            {"input_size": 4, "hidden_size": 3}, lambda p: {"input": floats(5, 2, p.get("input_size", 4))}
        )
    for name in "RNNCell GRUCell".split():
        RECIPES[name] = Recipe(
            {"input_size": 4, "hidden_size": 3}, lambda p: {"input": floats(2, p.get("input_size", 4))}
        )
    RECIPES["SyncBatchNorm"] = Recipe(
        {"num_features": 4}, lambda p: {"input": floats(2, p.get("num_features", 4), 5, 5)}
    )
    for dims in (1, 2, 3):
        _fill_spatial(dims)


def _fill_spatial(dims: int) -> None:
    sizes = _SPATIAL[dims]
    for stem in ("Conv", "ConvTranspose"):
        RECIPES[f"{stem}{dims}d"] = Recipe(
            {"in_channels": 4, "out_channels": 6, "kernel_size": 3},
            lambda p: {"input": floats(2, p.get("in_channels", 4), *sizes)},
        )
    for stem in ("BatchNorm", "InstanceNorm"):
        RECIPES[f"{stem}{dims}d"] = Recipe(
            {"num_features": 4}, lambda p: {"input": floats(2, p.get("num_features", 4), *sizes)}
        )
    for stem in ("MaxPool", "AvgPool"):
        RECIPES[f"{stem}{dims}d"] = Recipe({"kernel_size": 2}, _same(2, 4, *sizes))
    RECIPES[f"LPPool{dims}d"] = Recipe({"norm_type": 2, "kernel_size": 2}, lambda p: {"input": positive(2, 4, *sizes)})
    for stem in ("AdaptiveMaxPool", "AdaptiveAvgPool"):
        RECIPES[f"{stem}{dims}d"] = Recipe({"output_size": 3}, _same(2, 4, *sizes))
    if dims > 1:
        RECIPES[f"FractionalMaxPool{dims}d"] = Recipe({"kernel_size": 2, "output_size": 3}, _same(2, 4, *sizes))
    RECIPES[f"MaxUnpool{dims}d"] = Recipe(
        {"kernel_size": 2},
        lambda p: {"input": floats(2, 4, *[3] * dims), "indices": integers(4, 2, 4, *[3] * dims)},
    )
    for stem in "ZeroPad ConstantPad ReflectionPad ReplicationPad CircularPad".split():
        params: dict[str, Any] = {"padding": 1}
        if stem == "ConstantPad":
            params["value"] = 0.5
        RECIPES[f"{stem}{dims}d"] = Recipe(params, _same(2, 4, *sizes))


_fill()


def document(type_name: str, params: Params, sources: Sources, training: bool = False, seed: int = 7) -> dict[str, Any]:
    """A network of one layer, called `layer`, with its Inputs before it."""
    nodes: dict[str, Any] = {}
    wires: dict[str, Any] = {}
    for port, source in sources.items():
        if isinstance(source, list):
            wires[port] = []
            for number, item in enumerate(source):
                nodes[f"in_{port}_{number}"] = {"type": "Input", "params": item}
                wires[port].append(f"in_{port}_{number}")
        else:
            nodes[f"in_{port}"] = {"type": "Input", "params": source}
            wires[port] = f"in_{port}"
    nodes["layer"] = {"type": type_name, "params": dict(params), "inputs": wires}
    return {"format": "torchwire/1", "name": "Recipe", "seed": seed, "training": training, "nodes": nodes}
