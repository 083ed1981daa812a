"""What a worker can do. Each verb takes a decoded request and gives the answer's bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torchwire.engine.computation import Computation
from torchwire.engine.encode import dumps
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.progress import Progress
from torchwire.engine.tensors import tensors

Verb = Callable[[Mapping[str, Any], Progress], bytes]


def layers(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The catalogue."""
    return dumps(read_catalogue().as_json())


def analyze(request: Mapping[str, Any], progress: Progress) -> bytes:
    """Shapes, parameters, multiply-adds and problems; no weights are allocated. Raises NotADocument."""
    computation = Computation(request, progress)
    if not computation.is_hopeless:
        computation.find_shapes(thorough=True)
    return computation.answer()


def forward(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The forward pass. Raises NotADocument."""
    computation = Computation(request, progress)
    if not computation.is_hopeless:
        computation.forward()
    return computation.answer()


VERBS: dict[str, Verb] = {"layers": layers, "analyze": analyze, "forward": forward, "tensors": tensors}
