"""The repairs that rules offer: RFC 6902 patches on the posted document that begin with `test` and use fresh names."""

from __future__ import annotations

from typing import Any

from torchwire.engine.diagnosis.case import Case
from torchwire.graph.findings import removal
from torchwire.graph.names import fresh_name, pointer
from torchwire.graph.problems import Fix
from torchwire.plan.remedies import nested_place, own_instance
from torchwire.plan.reporter import drop_param, replace, set_param, test
from torchwire.plan.tree import Node

Patch = list[dict[str, Any]]
Layer = tuple[str, dict[str, Any]]  # type and params of a layer to insert


def literal(value: Any) -> bool:
    """Whether a value of `params` holds no expression."""
    if isinstance(value, list):
        return all(literal(item) for item in value)
    if isinstance(value, dict):
        return "$" not in value and all(literal(item) for item in value.values())
    return True


def as_json(value: Any) -> Any:
    return [as_json(item) for item in value] if isinstance(value, (tuple, list)) else value


def _decided_once(case: Case, node: Node, value: Any) -> bool:
    """Whether a number can stand in a value's place: an expression gives others in a repeat, or in a block's uses."""
    return literal(value) or not (node.repeated or case.graph.path)


def set_value(case: Case, name: str, value: Any, title: str | None = None) -> list[Fix]:
    """Give a parameter another value; nothing where an expression gives several, or another node holds the module."""
    node = case.holder
    if node is None or not _decided_once(case, node, node.spec.params.get(name)):
        return []
    return [Fix(title or f"Set {name} to {shown(value)}", set_param(node, name, as_json(value)))]


def set_width(case: Case, name: str, value: Any) -> list[Fix]:
    """Mend a parameter that the input decides: by its number, or by leaving it out.

    A repeat has one number for all its copies, so only leaving it out fits; a block may have other uses. Whoever wrote
    an expression did not mean a number. A call of a layer that others run or call gets one of its own.
    """
    node = case.holder
    if node is None:
        target = case.graph.nodes.get(case.node.target or "")
        return own_instance(case.node, target, without=(name,)) if target is not None else []
    if name not in node.spec.params:
        return []
    given = node.spec.params[name]
    left_out = Fix(f"Let the input decide {name}", drop_param(node, name))
    if node.repeated or not _decided_once(case, node, given):
        return [left_out]
    number = Fix(f"Set {name} to {shown(value)}", set_param(node, name, as_json(value)))
    return [left_out, number] if case.graph.path or not literal(given) else [number, left_out]


def set_on(node: Node, name: str, value: Any) -> list[Fix]:
    """Give a parameter of another node a value."""
    if not literal(node.spec.params.get(name)) or node.spec.call is not None:
        return []
    return [Fix(f"Set {name} of {node.key} to {shown(value)}", set_param(node, name, as_json(value)))]


def set_nested(case: Case, path: tuple[str, ...], value: Any) -> list[Fix]:
    """Give a parameter of a nested layer a value: ("encoder_layer", "d_model")."""
    node = case.holder
    found = nested_place(node, ".".join(path)) if node is not None else None
    if node is None or found is None or not _decided_once(case, node, found[1]):
        return []
    return [Fix(f"Set {path[-1]} of {path[-2]} to {shown(value)}", replace(*found, value))]


def drop_nested(case: Case, path: tuple[str, ...]) -> list[Fix]:
    """Let the input decide a parameter of a nested layer."""
    found = nested_place(case.holder, ".".join(path)) if case.holder is not None else None
    return [Fix(f"Let the input decide {path[-1]} of {path[-2]}", removal(*found))] if found is not None else []


def set_type(case: Case, new: str) -> list[Fix]:
    node = case.holder
    if node is None or node.spec.type is None:
        return []
    return [Fix(f"Change the type to {new}", replace(f"{node.spec.path}/type", node.spec.type, new))]


def switch_off(case: Case) -> list[Fix]:
    """Bypass the node: its name stands for what it receives."""
    spec = case.node.spec
    if spec.when is not None:
        return []
    patch = [test(case.node), {"op": "add", "path": f"{spec.path}/when", "value": False}]
    return [Fix(f"Switch {case.node.key} off", patch)]


def insert(case: Case, port: str, layers: list[Layer], number: int = 0) -> Patch | None:
    """Patch that puts layers into the wire of a port, the first one nearest to the source.

    They go to the end of the document, so that the weights of those before are drawn as they were. None where the
    port's value comes from the copy before in a repeat.
    """
    if case.reference(port, number) is None:
        return None
    spec, graph = case.node.spec, case.graph.spec
    raw = spec.inputs.get(port)
    path = spec.path + pointer("inputs", port)
    if isinstance(raw, list):
        path += f"/{number}"
        raw = raw[number]
    if not isinstance(raw, str):
        return None
    taken = _taken(case)
    patch: Patch = [{"op": "test", "path": path, "value": raw}]
    last = raw
    for type_name, params in layers:
        key = fresh_name(type_name.lower(), taken)
        taken.add(key)
        node: dict[str, Any] = {"type": type_name}
        if params:
            node["params"] = params
        node["inputs"] = {"input": last}
        patch.append({"op": "add", "path": graph.path + pointer("nodes", key), "value": node})
        last = key
    patch.append({"op": "replace", "path": path, "value": last})
    return patch


def insertion(case: Case, port: str, layers: list[Layer], title: str | None = None, number: int = 0) -> list[Fix]:
    """Put layers before a port, as a fix."""
    patch = insert(case, port, layers, number)
    if patch is None:
        return []
    what = " and ".join(type_name for type_name, _ in layers)
    return [Fix(title or f"Insert {what} before {case.node.key}", patch)]


def joined(case: Case, port: str) -> list[Fix]:
    """Put a cat before a port that takes one tensor and was given a list, where the tensors differ in one size."""
    spec, graph = case.node.spec, case.graph.spec
    raw, value = spec.inputs.get(port), case.arguments.get(port)
    shapes = [case.shape(port, number) for number in range(len(value))] if isinstance(value, tuple) else []
    known = [shape for shape in shapes if shape is not None]
    if not isinstance(raw, list) or len(known) != len(shapes) or len({len(shape) for shape in known}) != 1:
        return []
    rank = len(known[0])
    differ = [axis for axis in range(rank) if len({shape[axis] for shape in known}) > 1]
    if not rank or len(differ) > 1:
        return []
    dim = differ[0] if differ else min(1, rank - 1)
    key = fresh_name("cat", _taken(case))
    node = {"type": "cat", "params": {"dim": dim}, "inputs": {"tensors": raw}}
    path = spec.path + pointer("inputs", port)
    test_list, change = replace(path, raw, key)
    patch = [test_list, {"op": "add", "path": graph.path + pointer("nodes", key), "value": node}, change]
    return [Fix(f"Join them with cat along dimension {dim}", patch)]


def causal_mask(case: Case, port: str, steps: tuple[int, ...]) -> list[Fix]:
    """Wire a mask under which each step sees itself and what was before it: true where it must not look."""
    spec, graph = case.node.spec, case.graph.spec
    raw = spec.inputs.get(port)
    taken = _taken(case)
    full = fresh_name("everything", taken)
    mask = fresh_name("causal", {*taken, full})
    if not isinstance(raw, str) or case.graph.path:  # a block has other uses, of other lengths
        return []
    test_wire, change = replace(spec.path + pointer("inputs", port), raw, mask)
    made = {
        full: {"type": "ones", "params": {"size": list(steps), "dtype": "bool"}},
        mask: {"type": "triu", "params": {"diagonal": 1}, "inputs": {"input": full}},
    }
    added = [{"op": "add", "path": graph.path + pointer("nodes", key), "value": node} for key, node in made.items()]
    return [Fix(f"Make a causal mask of {steps[0]} x {steps[1]}", [test_wire, *added, change])]


def _taken(case: Case) -> set[str]:
    """The names that a new node cannot have."""
    graph = case.graph.spec
    heads = {(node.attribute or node.key).split(".")[0] for node in graph.nodes.values()}
    return {*graph.nodes, *graph.params, *heads}


def rewire(case: Case, port: str, new: str, title: str) -> list[Fix]:
    """Wire another output to the port."""
    spec = case.node.spec
    raw = spec.inputs.get(port)
    if not isinstance(raw, str):
        return []
    return [Fix(title, replace(spec.path + pointer("inputs", port), raw, new))]


def unwire(case: Case, port: str) -> list[Fix]:
    """Remove the wire of an optional port."""
    spec = case.node.spec
    if port not in spec.inputs:
        return []
    path = spec.path + pointer("inputs", port)
    patch = [{"op": "test", "path": path, "value": spec.inputs[port]}, {"op": "remove", "path": path}]
    return [Fix(f"Remove the wire to {port}", patch)]


def then(fixes: list[Fix], *more: list[Fix], title: str) -> list[Fix]:
    """Several repairs as one click; nothing where one of them cannot be made."""
    parts = [fixes, *more]
    if not all(parts):
        return []
    return [Fix(title, [operation for part in parts for operation in part[0].patch])]


def bound(source: Node | None, seen: int) -> int | None:
    """How many numbers, 0 and up, an Input may hold whatever is drawn before it; `seen` is the largest that it holds.

    A larger table or another number of classes draws other weights, and so other numbers: the largest that was seen is
    not the largest that will come. None where the source is no Input.
    """
    if source is None or source.kind != "input" or not source.copies:
        return None
    params = source.copies[0].params
    high = params.get("high", 10) if params.get("fill") == "randint" else 0
    return max(seen + 1, high) if isinstance(high, int) else None


def shown(value: Any) -> str:
    value = as_json(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def divisors(number: int) -> list[int]:
    return [n for n in range(1, number + 1) if number % n == 0] if 0 < number <= 100_000 else [1]


def nearest_divisors(number: int, wanted: int, count: int = 2) -> list[int]:
    """The divisors of a number that are nearest to a wanted one."""
    return sorted(divisors(number), key=lambda n: (abs(n - wanted), n))[:count]
