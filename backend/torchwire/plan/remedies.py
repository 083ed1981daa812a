"""Fixes for a value of `params` that cannot be used: what was meant where it can be told, else one to begin with."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from torchwire.catalogue.layer import Param
from torchwire.graph.findings import removal, replace
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix
from torchwire.plan.reporter import drop_param, set_param
from torchwire.plan.tree import Node
from torchwire.plan.values import BadValue, convert


def remedies(node: Node, param: Param, value: Any) -> list[Fix]:
    """In place of a value that is there, and wrong; `value` is what it amounts to, None where nobody knows."""
    if param.name not in node.spec.params:
        return []
    left_out = param.inferred or (not param.required and _has_default(node, param))
    fixes = []
    meant = _meant(param, value)
    if meant is not None:
        fixes.append(_set(node, param, meant))
    if left_out:
        whose = "torch's" if node.kind in ("module", "function", "call") else "the"
        title = f"Let the input decide {param.name}" if param.inferred else f"Use {whose} default for {param.name}"
        fixes.append(Fix(title[:99], drop_param(node, param.name)))
    elif meant is None:
        fixes += first_value(node, param) or [Fix(f"Remove {param.name}"[:99], drop_param(node, param.name))]
    return fixes


def _has_default(node: Node, param: Param) -> bool:
    """Whether the node runs without the parameter: a number in place of a wire has no default, nor has a shape."""
    if node.layer is not None and node.layer.form == "own":
        return param.name != "shape" or bool({"values", "value"} & {*node.spec.params, *node.spec.inputs})
    ports = node.layer.inputs if node.layer is not None else ()
    return all(port.optional or port.name != param.name for port in ports)


def first_value(node: Node, param: Param) -> list[Fix]:
    """A sensible value to begin with, where the kind has one."""
    value = _first(param, node.spec.type or "", node.spec.params)
    return [] if value is None else [_set(node, param, value)]


def _first(param: Param, kind: str, params: Mapping[str, Any]) -> Any:
    """Such a value beside the other parameters of a layer of this kind."""
    if param.name == "kernel_size" and "pool" in kind.lower():
        return _smallest_window(params)
    if param.name == "out_channels" and isinstance(groups := params.get("groups"), int):
        return max(1, groups)
    if param.name == "num_embeddings":
        return 10  # as many as randint draws from
    if param.choices:
        return param.choices[0]
    if param.kind in ("int", "int_or_ints", "float", "number", "float_or_floats", "scalar", "number_or_tensor"):
        return max(1, int(param.min or 1))
    if param.kind in ("ints", "shape"):
        return [1] * (param.length or 1)
    return ":" if param.kind == "index" else None


def _smallest_window(params: Mapping[str, Any]) -> int:
    """The smallest kernel of a pooling of which the padding is at most a half."""
    given = params.get("padding")
    paddings = [n for n in (given if isinstance(given, list) else [given]) if isinstance(n, int)]
    return max(1, 2 * max(paddings, default=0))


def removed(node: Node, name: str, *keys: str) -> list[Fix]:
    """A parameter taken away, or a key of a nested layer: `name` is `decoder_layer` or `module.module`."""
    found = nested_place(node, name)
    for key in keys[:-1]:
        found = (found[0] + pointer(key), found[1].get(key)) if found and isinstance(found[1], dict) else None
    if keys and found and isinstance(found[1], dict) and keys[-1] in found[1]:
        found = found[0] + pointer(keys[-1]), found[1][keys[-1]]
    elif keys:
        return []
    what = keys[-1] if keys and keys[-1] != "params" else name
    return [Fix(f"Remove {what}"[:99], removal(*found))] if found else []


def renamed(node: Node, name: str, key: str, known: Iterable[str]) -> list[Fix]:
    """A parameter of a nested layer under the name that was meant."""
    found, layer = nested_place(node, f"{name}.{key}"), nested_place(node, name)
    given = layer[1].get("params", {}) if layer is not None else {}
    near = [other for other in nearest(key, known) if other not in given]
    if found is None or layer is None or not near:
        return []
    added = {"op": "add", "path": layer[0] + pointer("params", near[0]), "value": found[1]}
    return [Fix(f"Rename it to {near[0]}"[:99], [*removal(*found), added])]


def retyped(node: Node, name: str, types: Iterable[str]) -> list[Fix]:
    """A nested layer of another class, one fix each."""
    found = nested_place(node, name)
    if found is None:
        return []
    path, layer = found
    return [
        Fix(f"Change the type of {name} to {new}"[:99], replace(f"{path}/type", layer["type"], new)) for new in types
    ]


def completed(node: Node, name: str, param: Param) -> list[Fix]:
    """A first value for a parameter that a nested layer lacks."""
    found = nested_place(node, name)
    if found is None or not isinstance(found[1], dict):
        return []
    path, layer = found
    value = _first(param, str(layer.get("type")), layer.get("params") or {})
    if value is None:
        return []
    there = layer.get("params") is not None
    added = value if there else {param.name: value}
    patch = [
        {"op": "test", "path": f"{path}/type", "value": layer.get("type")},
        {"op": "add", "path": path + pointer("params", *([param.name] if there else [])), "value": added},
    ]
    return [Fix(f"Set {param.name} of {name} to {value}"[:99], patch)]


def own_instance(node: Node, target: Node, without: Container[str] = ()) -> list[Fix]:
    """In place of a call: a layer or block like the one that is called, with weights of its own."""
    spec, other = node.spec, target.spec
    if spec.call is None or other.type is None or node.repeated:
        return []
    module = target.layer is not None and target.layer.form == "module"
    forward = {param.name for param in target.layer.params if param.forward} if module and target.layer else set()
    params = {
        name: value
        for name, value in other.params.items()
        if not (name in without or name in forward or name in spec.params)
    }
    patch = [*removal(f"{spec.path}/call", spec.call), {"op": "add", "path": f"{spec.path}/type", "value": other.type}]
    if spec.params:
        patch += [{"op": "add", "path": spec.path + pointer("params", name), "value": params[name]} for name in params]
    elif params and not spec.faulty:
        patch.append({"op": "add", "path": f"{spec.path}/params", "value": params})
    if other.init is not None and spec.init is None:
        patch.append({"op": "add", "path": f"{spec.path}/init", "value": other.init})
    if not other.trainable:
        patch.append({"op": "add", "path": f"{spec.path}/trainable", "value": False})
    return [Fix(f"Make it a {other.type} of its own"[:99], patch)]


def nested_place(node: Node, name: str) -> tuple[str, Any] | None:
    """The place of a parameter, `decoder_layer` or `module.in_features`, and its value, through nested layers."""
    path, value = node.spec.path, {"params": node.spec.params}
    for key in name.split("."):
        params = value.get("params") if isinstance(value, dict) else None
        if not isinstance(params, dict) or key not in params:
            return None
        path, value = path + pointer("params", key), params[key]
    return path, value


def _set(node: Node, param: Param, value: Any) -> Fix:
    return Fix(f"Set {param.name} to {value}"[:99], set_param(node, param.name, value))


def _meant(param: Param, value: Any) -> Any:
    """4 for "4" and for -4, where the parameter can take it; in a list each."""
    if isinstance(value, list):
        guess: Any = [item if (meant := _number_meant(item)) is None else meant for item in value]
        guess = None if guess == value else guess
    else:
        guess = _number_meant(value)
    if guess is None:
        return None
    try:
        convert(param, guess)
    except BadValue:
        return None
    return guess


def _number_meant(value: Any) -> int | float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and -(2**53) < value < 0:
        return -value
    return None
