"""A problem is data: what is wrong, where, why, and patches that mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fix:
    """A one-click repair: an RFC 6902 patch on the posted document that begins with `test`."""

    title: str
    patch: list[dict[str, Any]]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (error), suspicious (warning) or worth knowing (info)."""

    code: str
    message: str
    severity: str = "error"
    node: str | None = None
    port: str | None = None
    param: str | None = None
    detail: str | None = None
    fixes: tuple[Fix, ...] = ()
    block: str | None = None  # found in this block's definition; `node` is told from its first use once that is known

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "node": self.node,
            "port": self.port,
            "param": self.param,
            "message": self.message,
            "detail": self.detail,
            "fixes": [{"title": fix.title, "patch": fix.patch} for fix in self.fixes],
        }


CODES: dict[str, str] = {
    "unknown-key": "The document has a key that the format does not know. Remove it, or rename it to what was meant.",
    "unknown-type": "There is no layer, function or block of this name. The nearest names are offered.",
    "unknown-param": "The layer has no parameter of this name.",
    "bad-param": "The parameter's value is of the wrong kind or outside what torch accepts.",
    "missing-param": "A parameter without a default is missing, and the input does not decide it.",
    "unknown-port": "The node has no input port of this name.",
    "missing-wire": "Nothing is wired to a port that the layer needs.",
    "dangling-reference": "A wire, a size or a call names a node that does not exist or is switched off.",
    "unknown-output": "A wire names an output that the node does not give.",
    "cycle": "The wires go round in a circle, so no node of it can run first. Remove one of them.",
    "bad-name": "The name is not allowed for a node, block or parameter. A name that is free is offered.",
    "bad-wire": "A wire comes from a node that cannot be read here, or from a tensor that does not fit.",
    "bad-init": "`init` names no function of torch.nn.init, or a parameter that the module does not have.",
    "block-recursion": "A block contains itself, directly or through another. Blocks nest, but never in a circle.",
    "bad-expression": "The expression cannot be read or evaluated.",
    "limit-nodes": "The document has more nodes than the limit, written or after blocks and repeats are laid out.",
    "limit-depth": "Values or blocks are nested deeper than the limit.",
    "limit-rank": "A tensor has more dimensions than the limit.",
    "limit-parameters": "The network has more parameters than the server computes. Shapes and counts are shown.",
    "limit-elements": "A tensor has more elements than the server computes. Its shape is shown.",
    "limit-answer": "The values asked for are more than one answer holds. Ask for fewer nodes, or use POST /tensors.",
    "limit-time": "The node ran longer than the deadline.",
    "limit-memory": "The node needed more memory than a worker has.",
    "crashed": "The node ended the worker process. Its inputs are something that torch does not survive.",
    "import-syntax": "The text is no Python, or no notebook.",
    "import-unsupported": "This part of the text cannot be represented in a network; the message says what and why.",
    "import-raises": "The text itself raises an exception here.",
    "import-limit": "The text takes more steps, time or room to read than the limit.",
    "import-argument": "A constructor's argument is not in the text. Give it in `arguments`.",
    "import-shape": "The shape of an input is not in the text. Give it in `inputs`.",
    "import-assumed": "A name that the text does not define is taken for what it usually means.",
    "import-decided": "A decision in the text holds for these inputs, or this mode, only.",
    "import-ignored": "A part of the text has no place in a network and is left out.",
    "import-order": "Weights are drawn in another order than in the text, so the same seed gives other numbers.",
    "not-exportable": "The network runs, but no code, or no ONNX model, does the same. The message says why.",
    "torch-error": "torch raised an error when the layer ran; its own words are in `detail`.",
    "torch-constructor": "torch raised an error when the layer was built; its own words are in `detail`.",
    "torch-warning": "torch warned when the layer ran; its own words are in `detail`.",
    "linear-in-features": "Linear's in_features is not the size of its input's last dimension.",
    "conv-in-channels": "The convolution's in_channels is not the number of channels that it gets.",
    "norm-num-features": "The normalisation's num_features is not the number of channels that it gets.",
    "norm-num-channels": "GroupNorm's num_channels is not the number of channels that it gets.",
    "norm-rank": "The normalisation is for tensors of another number of dimensions.",
    "layer-norm-shape": "normalized_shape is not the size of the input's last dimensions.",
    "rnn-input-size": "The recurrent layer's input_size is not the size of its input's last dimension.",
    "attention-embed-dim": "The attention's embed_dim is not the size of the query's last dimension.",
    "transformer-d-model": "d_model is not the size of the input's last dimension.",
    "embedding-dtype": "An embedding looks rows up by integers, and gets floats.",
    "dtype-mix": "The layer's weights and its input have different dtypes.",
    "implicit-dim": "Softmax was given no dim, so torch guesses one and warns.",
    "limit-outputs": "The function would give more tensors than the limit.",
    "limit-steps": "The recurrent layer would run for more time steps than the limit. Its shapes are shown.",
    "limit-layers": "The layer stacks more layers inside itself than the limit.",
    "linear-unflattened": "Linear gets feature maps. Flatten or pool them first.",
    "attention-width": "A key, value, memory or target is not as wide as the attention layer computes.",
    "attention-heads": "The width is not divisible by the number of heads.",
    "attention-mask-shape": "The mask is not one row per target step and one column per source step.",
    "conv-channels-last": "The channels stand last, where the convolution does not look for them.",
    "conv-unbatched": "A batch of pictures without a channel dimension is taken as one picture with many channels.",
    "conv-rank": "The convolution is for tensors of another number of dimensions.",
    "conv-kernel-size": "The kernel is larger than the padded map that it gets.",
    "conv-same-stride": "padding='same' goes with stride 1 only.",
    "conv-groups": "groups does not divide in_channels and out_channels.",
    "conv-output-padding": "output_padding must be smaller than the stride or the dilation.",
    "pool-size": "The pool's window is larger than what is left of the map.",
    "pool-padding": "At most half of the pool's window may be padding.",
    "norm-one-value": "In train mode one value per channel cannot be normalised. Use a larger batch, or eval mode.",
    "group-norm-groups": "num_groups does not divide num_channels.",
    "rnn-rank": "A recurrent layer reads sequences of 2 or 3 dimensions.",
    "rnn-hidden-size": "The start state does not fit the batch or the layers.",
    "rnn-batch-first": "The sequence is read with time first, but used as if the batch stood first.",
    "rnn-dropout": "Dropout of a recurrent layer acts between its layers, and there is only one.",
    "embedding-index": "A row number is outside the embedding table.",
    "cat-rank": "The tensors to join have different numbers of dimensions.",
    "cat-size": "The tensors to join differ in a dimension that is not joined.",
    "shape-mismatch": "The two shapes do not fit together: sizes must be equal or 1, counted from the last.",
    "accidental-broadcast": "A column and a row are combined into a square, which is seldom meant.",
    "reshape-size": "The sizes do not multiply up to the number of values.",
    "view-strides": "The values are not side by side in memory, so view cannot be used. reshape can.",
    "squeezed-batch": "squeeze without dim takes a batch of one away too.",
    "dropout-rank": "Channel dropout is for maps; the input is something else, so torch guesses and warns.",
    "loss-layout": "Scores of a sequence have their classes second: N, C, L.",
    "loss-target": "The target has another shape or dtype than the loss wants.",
    "loss-class-range": "A class number in the target is outside the scores.",
    "loss-probabilities": "Binary cross entropy takes probabilities between 0 and 1.",
    "loss-size": "Input and target of the loss have different shapes.",
    "loss-softmax-twice": "CrossEntropyLoss computes the softmax itself, and gets the output of one.",
    "loss-no-log-softmax": "NLLLoss takes log probabilities, and gets something else.",
    "loss-one-class": "Of a single class, cross entropy is always 0.",
    "first-nan": "The node gives NaN (no number) although none came in: a root of a negative, 0 / 0, inf - inf.",
    "dead-relu": "Every value of a ReLU is 0, so nothing goes on and no gradient goes back.",
    "unread-node": "Nobody reads the node, and no Output returns it.",
    "unused-block": "No node is of this block's type.",
    "inplace-overwritten": "A node reads memory that an in-place layer has overwritten by then, maybe through a view.",
}
"""Every code with its meaning and what to do: `GET /problems`, and a test that no other code is ever used."""
