"""Keys of a node that mean nothing for what it is: they are told, and not passed over."""

from __future__ import annotations

from torchwire.graph.findings import removal
from torchwire.graph.problems import Fix
from torchwire.plan.reporter import Reporter
from torchwire.plan.tree import Node

_HOLDS = frozenset({"module", "block", "parameter", "constant"})  # weights, and a place in the state_dict


def tell_keys(node: Node, reporter: Reporter) -> None:
    """An `init` or `repeat` that cannot be followed is an error; a name or a freeze without an effect is a warning."""
    spec = node.spec
    if node.kind == "input" and spec.repeat is not None:
        text = f"{node.key} is an Input, an argument of forward(): it cannot have `repeat`."
        _tell(node, "bad-param", "repeat", spec.repeat, text, "error", reporter)
    if node.kind in _HOLDS or node.kind == "faulty":
        return
    what = f"{node.key} ({node.what})"
    if spec.init is not None:
        text = f"{what} has no parameters of its own, so `init` has nothing to fill."
        _tell(node, "bad-init", "init", spec.init, text, "error", reporter)
    if spec.attribute is not None and "." in spec.attribute:  # without a dot it keeps out of the way of another
        text = f"{what} is no module or parameter, so it has no place in code that `attribute` could name."
        _tell(node, "bad-name", "attribute", spec.attribute, text, "warning", reporter)
    if not spec.trainable:
        text = f"{what} has no parameters of its own, so `trainable` changes nothing."
        _tell(node, "bad-param", "trainable", False, text, "warning", reporter)


def _tell(node: Node, code: str, key: str, value: object, message: str, severity: str, reporter: Reporter) -> None:
    fix = Fix(f"Remove {key}", removal(f"{node.spec.path}/{key}", value))
    reporter.at(node, code, message, param=key, fixes=[fix], severity=severity)
