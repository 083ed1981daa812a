"""`with`: what entering one means."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes
from torchwire.reading.bounds import Bounded, Refusal
from torchwire.reading.values import Frame, Library, Object, Unknown

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

# change nothing that a network computes
_HARMLESS = frozenset(
    """torch.no_grad torch.enable_grad torch.inference_mode torch.set_grad_enabled torch.autograd.set_grad_enabled
    torch.autograd.no_grad torch.autograd.enable_grad torch.autograd.profiler.record_function torch.device
    torch.profiler.record_function warnings.catch_warnings contextlib.nullcontext contextlib.suppress
    torch.autograd.graph.save_on_cpu torch.autograd.set_detect_anomaly torch.cuda.device""".split()
)


def enter(it: Evaluator, item: ast.withitem, frame: Frame, leave: list[Any]) -> Any:
    """The value of `with ... as`; `leave` gets what is called behind the body. What is not known is told."""
    node = item.context_expr
    function = node.func if isinstance(node, ast.Call) else node
    try:
        found = it.evaluate(function, frame)
        if isinstance(found, Library):
            if found.path not in _HARMLESS:
                told = (
                    f"`with {ast.unparse(node)[:80]}` is not read; what stands inside is read as if it were not there."
                )
                it.notes.add("import-unsupported", told, "error", node.lineno, frame.file.path)
            return Unknown(found.path, "a context manager", node.lineno)
        value = it.evaluate(node, frame)
    except Bounded:
        raise
    except Refusal as refusal:
        it.place(refusal)
        return it.tell(refusal)
    if isinstance(value, Object):
        method, behind = (attributes.method(it, value, name) for name in ("__enter__", "__exit__"))
        if method is not None and behind is not None:
            leave.append(behind)
            return it.call(method, [], {})
    if not isinstance(value, Unknown) or value.line is None:
        told = f"`with {ast.unparse(node)[:80]}` is not read; what stands inside is read as if it were not there."
        it.notes.add("import-unsupported", told, "error", node.lineno, frame.file.path)
    return Unknown("", "a context manager", node.lineno)
