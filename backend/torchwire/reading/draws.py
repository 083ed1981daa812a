"""The random stream: what the text draws and a document does not, so that a seed gives other numbers behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading.values import Operation

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

RANDOM = frozenset(
    "rand randn rand_like randn_like randint randint_like bernoulli multinomial gumbel_softmax rrelu normal".split()
)
_DROPPED = frozenset("dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout".split())
DRAWN = frozenset(
    """Linear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Embedding EmbeddingBag RNN
    LSTM GRU RNNCell LSTMCell GRUCell MultiheadAttention Transformer TransformerEncoder TransformerDecoder
    TransformerEncoderLayer TransformerDecoderLayer AdaptiveLogSoftmaxWithLoss spectral_norm weight_norm""".split()
)
"""Layers whose constructor draws random numbers."""


def is_draw(operation: Operation) -> bool:
    """Whether running it moves the random stream."""
    if operation.type in _DROPPED:
        return operation.params.get("training", True) is not False
    filled = isinstance(operation.given, list) and any(name not in _STILL for name, _ in operation.given)
    return operation.type in RANDOM or filled


_STILL = frozenset("constant_ ones_ zeros_ eye_ dirac_".split())


def tell(it: Evaluator, written: set[int]) -> None:
    """Says of each draw of the constructors that the document lacks, if anything is drawn behind it.

    `written`: ids of the operations and layers that are nodes.
    """
    recording = it.recording
    kept: list[int] = []
    lost: list[tuple[int, int, str | None, str]] = []
    outside: list[Operation] = []
    # layers that nothing holds are drawn where they run
    for module in recording.modules:
        if module.kind in DRAWN and not module.nested:
            if id(module) in written:
                kept.append(module.number)
            else:
                lost.append((module.number, module.line, module.file or None, f"A {module.kind} that is not kept"))
    for operation in recording.operations:
        if operation.scope is None and operation.type != "Input" and is_draw(operation):
            if operation.outside:
                outside += [operation] if id(operation) in written else []
            elif id(operation) in written:
                kept.append(operation.number)
            else:
                lost.append((operation.number, operation.line, None, f"A {operation.type} whose result is not kept"))
    for call in recording.initialisations:
        if isinstance(call.function, dict) and next(iter(call.function)) not in _STILL:
            kept.append(call.number)
    last = max(kept, default=0)
    for operation in outside if kept else ():
        told = "This is drawn before the network in the text, and here with it: the same seed gives it other numbers."
        it.notes.add("import-order", told, "info", operation.line)
    for number, line, file, what in lost:
        if number < last:
            told = f"{what} draws random numbers: the same seed gives the layers behind it other numbers here."
            it.notes.add("import-order", told, "info", line, file)


def before(it: Evaluator) -> bool:
    """Whether anything was drawn yet."""
    recording = it.recording
    drawn: list[Any] = [module for module in recording.modules if module.kind in DRAWN]
    drawn += [each for each in recording.operations if each.scope is None and is_draw(each) and not each.outside]
    return bool(drawn)
