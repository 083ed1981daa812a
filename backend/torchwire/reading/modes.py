"""Train and eval mode of the parts of a network: a document has one mode for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes
from torchwire.reading.symbols import TRAINING
from torchwire.reading.values import Function, Module

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

# what a layer's name begins or ends with that computes something else in train mode
_SWITCHED = ("Dropout", "BatchNorm", "InstanceNorm", "RReLU", "Transformer", "MultiheadAttention", "LSTM", "GRU", "RNN")


def load(it: Evaluator, module: Module) -> Any:
    """module.training: the network's mode, unless the text gave this module one of its own."""
    own = module.attributes.get("_mode")
    return TRAINING if own is None or own is it.training else own


def store(it: Evaluator, module: Module, value: Any) -> None:
    """module.training = value, in forward() or before; train() and eval() of the whole come behind a constructor."""
    if it.recording.scope is not None:
        module.attributes["_mode"] = bool(it.decide(value))


def switch(it: Evaluator, module: Module, mode: bool) -> Module:
    """nn.Module.train(mode): itself, and its children by their own train()."""
    it.budget.take(5)
    module.attributes["_mode"] = mode
    for child in module.children.values():
        if child is not None:
            it.call(it.modules.load(child, "train"), [mode], {})
    return module


def begin(it: Evaluator, root: Module) -> None:
    """The mode in which the network is read: as train() or eval() of the text's own leave every part of it."""
    own: Function | None = None
    for _, module in it.modules.walk(root):
        module.attributes.pop("_mode", None)
        for name in ("train", "eval"):
            found = attributes.class_attribute(it, module.cls, name) if module.cls is not None else None
            own = found if isinstance(found, Function) else own
    if own is None:
        return
    for _, module in it.modules.walk(root):
        module.attributes["_mode"] = True
    line, file = it.line, it.file
    it.call(it.modules.load(root, "train" if it.training else "eval"), [], {})
    it.line, it.file = line, file


def check(it: Evaluator, module: Module) -> None:
    """Tells of a layer that runs in another mode than the network."""
    own = module.attributes.get("_mode")
    if own is None or own is it.training or not any(word in module.kind for word in _SWITCHED):
        return
    told = f"This {module.kind} is in {'train' if own else 'eval'} mode, the network in the other: a network has one."
    it.notes.here(it, "import-unsupported", told, "error")
