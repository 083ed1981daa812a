"""The mistakes that people make most, one network each: what design notes on teaching with PyTorch list as 1 to 52.

`both` where the shapes tell it, so that `analyze` says it too; `forward` where only values or a warning do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.problems.mistake import chain, network, node

BOTH = ("analyze", "forward")
FORWARD = ("forward",)


@dataclass(frozen=True)
class Row:
    """A mistake: the number of its row, the network, the node to blame, the problem's code."""

    row: int
    code: str
    node: str
    network: dict[str, Any]
    verbs: tuple[str, ...] = BOTH
    id: str = ""

    def __str__(self) -> str:
        return f"{self.row:02} {self.id or self.code}"


def sequence(first: str = "x", **nodes: Any) -> dict[str, Any]:
    """A document that begins with a sequence of 5 steps, 2 samples, 16 features."""
    return network(**{first: node("Input", shape=[5, 2, 16])}, **nodes)


def scored(shape: list[int], target: dict[str, Any], loss: str, **layers: Any) -> dict[str, Any]:
    """Scores drawn or made by layers, a target and a loss."""
    given = chain(*shape, **layers)
    last = list(given["nodes"])[-1]
    given["nodes"]["y"] = target
    given["nodes"]["loss"] = node(loss, last, inputs={"target": "y"})
    return given


def integers(*shape: int, high: int = 3) -> dict[str, Any]:
    return node("Input", shape=list(shape), fill="randint", high=high)


def again(layer: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A layer, and a call of it on what is wider."""
    call = {"call": "u", "inputs": {"input": "y"}}
    return network(x=node("Input", shape=[2, 3]), y=node("Input", shape=[2, 5]), u=layer, again=call, **more)


SIZED = {
    "params": {"f": 3},
    "nodes": {"input": {"type": "Input"}, "l": node("Linear", "input", in_features={"$": "f"}, out_features=2)},
}
PLAIN = {"nodes": {"input": {"type": "Input"}, "l": node("Linear", "input", out_features=2)}}
SELF = {"query": "x", "key": "x", "value": "x"}
CONV = ("Conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1})
LSTM = ("LSTM", {"hidden_size": 64})

ROWS = [
    Row(1, "linear-in-features", "fc",
        chain(2, 32, 7, 7, flat=("Flatten", {}), fc=("Linear", {"in_features": 1050, "out_features": 10}))),
    Row(1, "linear-in-features", "fc", id="an expression",
        network=chain(2, 4, fc=("Linear", {"in_features": {"$": "k * 2"}, "out_features": 5})) | {"params": {"k": 3}}),
    Row(1, "linear-in-features", "u.l", id="an argument of a block",
        network=network(x=node("Input", shape=[2, 3]), u=node("B", "x", f=4), blocks={"B": SIZED})),
    Row(1, "linear-in-features", "again", id="a call",
        network=again(node("Linear", "x", out_features=2))),
    Row(1, "linear-in-features", "again", id="a call of a layer that says its width",
        network=again(node("Linear", "x", in_features=3, out_features=2))),
    Row(1, "linear-in-features", "again", id="a call of a block",
        network=again(node("B", "x"), blocks={"B": PLAIN})),
    Row(1, "linear-in-features", "s", id="in spectral_norm",
        network=chain(2, 6, s=("spectral_norm",
                               {"module": {"type": "Linear", "params": {"in_features": 5, "out_features": 2}}}))),
    Row(2, "linear-unflattened", "fc",
        chain(1, 3, 8, 8, conv=CONV, fc=("Linear", {"in_features": 512, "out_features": 10}))),
    Row(3, "linear-in-features", "fc",
        chain(2, 1, 8, 8, flat=("Flatten", {"start_dim": 0}), fc=("Linear", {"in_features": 64, "out_features": 9}))),
    Row(4, "conv-in-channels", "conv",
        chain(1, 1, 28, 28, conv=("Conv2d", {"in_channels": 3, "out_channels": 16, "kernel_size": 3}))),
    Row(4, "conv-in-channels", "conv", id="in weight_norm",
        network=chain(1, 1, 28, 28, conv=("weight_norm", {"module": {
            "type": "Conv2d", "params": {"in_channels": 3, "out_channels": 16, "kernel_size": 3}}}))),
    Row(5, "conv-channels-last", "conv",
        chain(1, 24, 24, 3, conv=("Conv2d", {"in_channels": 3, "out_channels": 16, "kernel_size": 3}))),
    Row(6, "conv-rank", "conv",
        chain(28, 28, conv=("Conv2d", {"in_channels": 1, "out_channels": 4, "kernel_size": 3}))),
    Row(6, "conv-rank", "conv", id="more channels",
        network=chain(28, 28, conv=("Conv2d", {"in_channels": 3, "out_channels": 4, "kernel_size": 3}))),
    Row(6, "conv-rank", "conv", id="channels left to the input",
        network=chain(28, 28, conv=("Conv2d", {"out_channels": 4, "kernel_size": 3}))),
    Row(7, "conv-unbatched", "conv",
        chain(8, 28, 28, conv=("Conv2d", {"in_channels": 1, "out_channels": 4, "kernel_size": 3}))),
    Row(7, "conv-unbatched", "conv", id="silent", network=chain(8, 28, 28, conv=CONV)),
    Row(8, "conv-channels-last", "conv",
        chain(4, 50, 32, conv=("Conv1d", {"in_channels": 32, "out_channels": 8, "kernel_size": 3}))),
    Row(9, "conv-kernel-size", "conv",
        chain(1, 3, 8, 8, pool=("MaxPool2d", {"kernel_size": 4}),
              conv=("Conv2d", {"out_channels": 4, "kernel_size": 5}))),
    Row(10, "pool-size", "pool", chain(1, 16, 1, 1, pool=("MaxPool2d", {"kernel_size": 2}))),
    Row(11, "pool-padding", "pool", chain(1, 3, 8, 8, pool=("MaxPool2d", {"kernel_size": 2, "padding": 2}))),
    Row(12, "conv-same-stride", "conv",
        chain(1, 3, 8, 8, conv=("Conv2d", {"out_channels": 4, "kernel_size": 3, "padding": "same", "stride": 2}))),
    Row(13, "conv-groups", "conv",
        chain(1, 6, 8, 8, conv=("Conv2d", {"out_channels": 12, "kernel_size": 3, "groups": 4}))),
    Row(13, "conv-groups", "conv", id="out_channels",
        network=chain(1, 6, 8, 8, conv=("Conv2d", {"out_channels": 8, "kernel_size": 3, "groups": 3}))),
    Row(14, "conv-output-padding", "up",
        chain(1, 3, 8, 8, up=("ConvTranspose2d", {"out_channels": 4, "kernel_size": 3, "output_padding": 1}))),
    Row(15, "norm-num-features", "norm", chain(2, 32, 8, 8, norm=("BatchNorm2d", {"num_features": 16}))),
    Row(16, "norm-rank", "norm", chain(4, 16, norm=("BatchNorm2d", {"num_features": 16}))),
    Row(16, "norm-rank", "norm", id="the other way", network=chain(4, 16, 5, 5, norm=("BatchNorm1d", {}))),
    Row(17, "norm-one-value", "norm", chain(1, 16, training=True, norm=("BatchNorm1d", {}))),
    Row(18, "layer-norm-shape", "norm", chain(2, 16, 32, norm=("LayerNorm", {"normalized_shape": 64}))),
    Row(18, "layer-norm-shape", "norm", id="an expression",
        network=chain(2, 3, norm=("LayerNorm", {"normalized_shape": [{"$": "k"}]})) | {"params": {"k": 4}}),
    Row(19, "group-norm-groups", "norm", id="an expression",
        network=chain(2, 16, 4, 4, norm=("GroupNorm", {"num_groups": {"$": "k"}})) | {"params": {"k": 3}}),
    Row(19, "group-norm-groups", "norm", chain(2, 16, 4, 4, norm=("GroupNorm", {"num_groups": 3}))),
    Row(20, "bad-wire", "second",
        sequence(rnn=node("LSTM", "x", hidden_size=4),
                 second=node("LSTM", "x", inputs={"hx": "rnn.h_n"}, hidden_size=4)),
        id="one state of two"),
    Row(20, "bad-wire", "second",
        sequence(rnn=node("LSTM", "x", hidden_size=4),
                 second=node("GRU", "x", inputs={"hx": ["rnn.h_n", "rnn.c_n"]}, hidden_size=4)),
        id="two states of one"),
    Row(20, "bad-wire", "fc",
        sequence(rnn=node("LSTM", "x", hidden_size=4), fc=node("Linear", ["rnn.output", "rnn.h_n"], out_features=2)),
        id="the whole tuple"),
    Row(20, "unknown-output", "fc",
        sequence(rnn=node("LSTM", "x", hidden_size=4), fc=node("Linear", "rnn.hidden", out_features=2)),
        id="a state by another name"),
    Row(21, "rnn-batch-first", "rnn", chain(4, 50, 32, rnn=LSTM, last=("getitem", {"index": ":, -1"}))),
    Row(21, "rnn-batch-first", "rnn", id="mean over time",
        network=chain(4, 50, 32, rnn=LSTM, mean=("mean", {"dim": 1}))),
    Row(21, "rnn-batch-first", "rnn", id="flattened", network=chain(4, 50, 32, rnn=LSTM, flat=("Flatten", {}))),
    Row(21, "rnn-batch-first", "rnn", id="behind a convolution",
        network=chain(4, 32, 50, conv=("Conv1d", {"out_channels": 8, "kernel_size": 3}),
                      turned=("transpose", {"dim0": 1, "dim1": 2}), rnn=LSTM)),
    Row(21, "rnn-batch-first", "second", id="behind one that has it",
        network=chain(4, 50, 32, rnn=("LSTM", {"hidden_size": 8, "batch_first": True}), second=LSTM)),
    Row(22, "rnn-hidden-size", "rnn",
        network(x=node("Input", shape=[4, 50, 32]), h=node("Input", shape=[1, 4, 64]),
                rnn=node("GRU", "x", inputs={"hx": "h"}, hidden_size=64))),
    Row(22, "rnn-hidden-size", "rnn", id="of an LSTM",
        network=network(x=node("Input", shape=[4, 50, 32]), h=node("Input", shape=[1, 4, 64]),
                        c=node("Input", shape=[1, 4, 64]),
                        rnn=node("LSTM", "x", inputs={"hx": ["h", "c"]}, hidden_size=64))),
    Row(23, "rnn-input-size", "rnn", chain(5, 2, 32, rnn=("LSTM", {"input_size": 28, "hidden_size": 8}))),
    Row(24, "rnn-rank", "rnn", chain(2, 1, 28, 28, rnn=("LSTM", {"input_size": 28, "hidden_size": 8}))),
    Row(25, "linear-in-features", "fc",
        chain(5, 2, 32, rnn=("LSTM", {"hidden_size": 64, "bidirectional": True}),
              fc=("Linear", {"in_features": 64, "out_features": 10}))),
    Row(26, "rnn-dropout", "rnn", chain(5, 2, 32, rnn=("LSTM", {"hidden_size": 8, "dropout": 0.5}))),
    Row(27, "attention-heads", "a", sequence(a=node("MultiheadAttention", inputs=SELF, num_heads=3))),
    Row(28, "attention-embed-dim", "a", sequence(a=node("MultiheadAttention", inputs=SELF, embed_dim=64, num_heads=4))),
    Row(28, "transformer-d-model", "e",
        sequence(e=node("TransformerEncoderLayer", inputs={"src": "x"}, d_model=64, nhead=4, dim_feedforward=8))),
    Row(29, "missing-wire", "a", sequence(a=node("MultiheadAttention", inputs={"query": "x"}, num_heads=4))),
    Row(29, "missing-wire", "d", id="decoder without memory",
        network=sequence(e=node("TransformerEncoderLayer", inputs={"src": "x"}, nhead=4, dim_feedforward=8),
                         y=node("Input", shape=[3, 2, 16]),
                         d=node("TransformerDecoderLayer", inputs={"tgt": "y"}, nhead=4, dim_feedforward=8))),
    Row(29, "missing-wire", "t", id="transformer without tgt",
        network=sequence(t=node("Transformer", inputs={"src": "x"}, d_model=16, nhead=4, num_encoder_layers=1,
                                num_decoder_layers=1, dim_feedforward=8))),
    Row(30, "attention-mask-shape", "a",
        sequence(m=node("Input", shape=[2, 2]),
                 a=node("MultiheadAttention", inputs={**SELF, "attn_mask": "m"}, num_heads=4))),
    Row(31, "embedding-dtype", "e", chain(2, 5, e=("Embedding", {"num_embeddings": 10, "embedding_dim": 4}))),
    Row(32, "embedding-index", "e",
        network(x=integers(3, high=50), e=node("Embedding", "x", num_embeddings=10, embedding_dim=4)), FORWARD),
    Row(33, "dtype-mix", "fc", chain(2, 5, dtype="int64", fc=("Linear", {"out_features": 3}))),
    Row(33, "dtype-mix", "conv", chain(1, 3, 8, 8, dtype="uint8", conv=CONV), id="a picture of bytes"),
    Row(34, "cat-size", "all",
        network(a=node("Input", shape=[1, 4, 8, 8]), b=node("Input", shape=[1, 6, 4, 4]),
                all=node("cat", inputs={"tensors": ["a", "b"]}, dim=1))),
    Row(35, "cat-rank", "all",
        network(a=node("Input", shape=[2, 10]), b=node("Input", shape=[2, 3, 4, 4]),
                all=node("cat", inputs={"tensors": ["a", "b"]}, dim=1))),
    Row(36, "shape-mismatch", "s",
        network(a=node("Input", shape=[1, 64, 56, 56]),
                b=node("Conv2d", "a", out_channels=128, kernel_size=3, padding=1, stride=2),
                s=node("add", "a", inputs={"other": "b"}))),
    Row(37, "accidental-broadcast", "d",
        network(a=node("Input", shape=[8, 1]), b=node("Input", shape=[8]), d=node("sub", "a", inputs={"other": "b"}))),
    Row(38, "reshape-size", "v", chain(2, 12, v=("view", {"shape": [2, 10]}))),
    Row(38, "reshape-size", "v", chain(2, 12, v=("reshape", {"shape": [5, 7]})), id="no size fits"),
    Row(38, "reshape-size", "v", chain(2, 12, v=("reshape", {"shape": [-1, 5, 7]})), id="an open size"),
    Row(38, "reshape-size", "u", chain(2, 16, u=("Unflatten", {"dim": 1, "unflattened_size": [3, 5]})), id="unflatten"),
    Row(39, "view-strides", "v",
        chain(2, 3, 4, p=("permute", {"dims": [0, 2, 1]}), v=("view", {"shape": [2, 12]}))),
    Row(40, "squeezed-batch", "s", chain(1, 1, 28, 28, s=("squeeze", {}))),
    Row(41, "implicit-dim", "s", chain(2, 3, s=("Softmax", {}))),
    Row(42, "loss-softmax-twice", "loss", scored([4, 3], integers(4), "CrossEntropyLoss", s=("Softmax", {"dim": 1}))),
    Row(43, "loss-no-log-softmax", "loss", scored([4, 3], integers(4), "NLLLoss", fc=("Linear", {"out_features": 3}))),
    Row(44, "loss-one-class", "loss",
        scored([4, 3], integers(4, high=1), "CrossEntropyLoss", fc=("Linear", {"out_features": 1}))),
    Row(45, "loss-layout", "loss", scored([4, 50, 10], integers(4, 50), "CrossEntropyLoss")),
    Row(46, "loss-target", "loss", scored([4, 3], node("Input", shape=[4]), "CrossEntropyLoss"), id="floats"),
    Row(46, "loss-target", "loss", scored([4, 3], integers(4, 3, high=2), "CrossEntropyLoss"), id="one-hot"),
    Row(46, "loss-target", "loss", scored([4, 3], integers(4, 1), "CrossEntropyLoss"), id="column"),
    Row(47, "loss-class-range", "loss",
        scored([4, 3], node("Input", shape=[4], fill="values", dtype="int64", values=[1, 2, 10, 0]), "CrossEntropyLoss",
               fc=("Linear", {"out_features": 10})), FORWARD),
    Row(48, "loss-probabilities", "loss", scored([40], node("Input", shape=[40], fill="rand"), "BCELoss"), FORWARD),
    Row(49, "loss-size", "loss", scored([4, 1], node("Input", shape=[4], fill="rand"), "BCEWithLogitsLoss")),
    Row(50, "loss-size", "loss", scored([4, 1], node("Input", shape=[4]), "MSELoss")),
    Row(51, "dropout-rank", "d", chain(2, 3, 4, d=("Dropout2d", {}))),
    Row(52, "limit-parameters", "fc", chain(1, 10**6, fc=("Linear", {"out_features": 10**6})), FORWARD),
]  # fmt: skip
