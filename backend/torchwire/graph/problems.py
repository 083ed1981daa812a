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
    "dangling-reference": "A wire, a size or a call names a node that does not exist.",
    "unknown-output": "A wire names an output that the node does not give.",
    "cycle": "The wires go round in a circle, so no node of it can run first. Remove one of them.",
    "bad-name": "The name is not allowed for a node, block or parameter. A name that is free is offered.",
    "bad-wire": "A wire comes from a node that cannot be read here.",
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
    "inplace-overwritten": "A node reads a tensor that an in-place layer has overwritten by then.",
}
"""Every code with its meaning and what to do: `GET /problems`, and a test that no other code is ever used."""
