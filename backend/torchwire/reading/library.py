"""Names from outside the text that have a meaning here: Python's builtins, parts of its library, torch.

A name that is not in these tables may be imported and passed on; calling it is refused. Nothing here reads a file,
opens a connection or runs a string.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Raised, Refusal
from torchwire.reading.handlers import Args, Handler, Kwargs
from torchwire.reading.methods import METHODS
from torchwire.reading.paths import canonical
from torchwire.reading.standard import HANDLERS
from torchwire.reading.values import (
    Builtin,
    Library,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def attribute(it: Evaluator, path: str, name: str) -> Any:
    """What a dotted name has under a further name."""
    if path in CONSTANTS and name:
        raise Refusal(f"`.{name}` of {path} is not read.")
    if name in ("__name__", "__qualname__"):
        return path.rpartition(".")[2]
    full = canonical(it, f"{path}.{name}")
    if full in CONSTANTS:
        return CONSTANTS[full]
    return Library(full)


CONSTANTS: dict[str, Any] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.inf": math.inf,
    "torch.inf": math.inf,
    "torch.nan": math.nan,
    "torch.pi": math.pi,
    "typing.TYPE_CHECKING": False,
    "torch.backends.cudnn.enabled": False,
    "sys.version_info": (3, 11, 7),
    "torch.__version__": "2.13.0",
}


def call(it: Evaluator, path: str, args: Args, kwargs: Kwargs) -> Any:
    """Calls a name from outside the text. Raises Refusal for those without a meaning here."""
    path = canonical(it, path)
    handler = HANDLERS.get(path)
    if handler is not None:
        try:
            return handler(it, args, kwargs)
        except (IndexError, KeyError):
            raise Raised(f"{path.removeprefix('builtins.')}() gets other arguments than it takes.") from None
    root, _, name = path.rpartition(".")
    if root == "torch.nn.init":
        return it.modules.weights.call(name, args, kwargs)
    if root == "torch.nn" and name[:1].isupper():
        return it.modules.construct_library(path, args, kwargs)
    if path == "torch.nn.utils.spectral_norm":
        told = "It is read as nn.utils.parametrizations.spectral_norm, which takes more steps at first: other numbers."
        it.notes.here(it, "import-order", told, "info")
    if root in ("torch.nn.utils", "torch.nn.utils.parametrizations") and name in ("spectral_norm", "weight_norm"):
        return it.modules.construct_library(path, args, kwargs)
    if root in ("torch.nn.functional", "torch", "torch.Tensor", "torch.special", "torch._C._nn", "torch.linalg"):
        return it.tensors.call(name, args, kwargs, of=path)
    if root.startswith("typing") or root in ("jaxtyping", "numpy.typing"):
        return Library(path)
    if any(isinstance(value, Tensor) for value in [*args, *kwargs.values()]):
        return it.tensors.placeholder(Unknown(path, f"{path} is not in the catalogue."), args, kwargs)
    raise Refusal(f"{path.removeprefix('builtins.')}() is not called here: pasted code is read, never run.")


def method(it: Evaluator, value: Any, name: str) -> Any:
    """A method of Python's own types; None where there is none."""
    for kind, table in METHODS.items():
        if isinstance(value, kind) and name in table:
            handler = table[name]

            def run(args: Args, kwargs: Kwargs, handler: Handler = handler) -> Any:
                try:
                    return handler(it, [value, *args], kwargs)
                except (IndexError, KeyError, ValueError, TypeError):
                    raise Raised(f".{name}() gets other arguments than it takes.") from None

            return Builtin(name, run)
    return None
