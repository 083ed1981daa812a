"""What Pydantic finds in a document, as problems on nodes; the faulty fields are left out and the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from torchwire.graph.findings import crowded, portable, removal, replace
from torchwire.graph.models import MAX_REPEAT, MAX_SEED, Block, Network, Node, Part
from torchwire.graph.names import pointer
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem

TAKES: dict[str, str] = {
    "name": "text of at most 100 characters",
    "seed": "an integer from 0 to 2**53 - 1",
    "training": "true or false",
    "type": "a name, as text",
    "call": "the name of a node, as text",
    "params": "an object of values by name",
    "inputs": "an object of references by port",
    "repeat": "an integer from 0 to 10,000 or an expression",
    "when": "true, false or an expression",
    "attribute": "a dotted name such as features.0",
    "init": "an object by parameter, such as weight or Conv2d.weight",
    "trainable": "true or false",
    "position": "two numbers, [x, y]",
    "note": "text",
    "collapsed": "true or false",
    "color": "text of at most 64 characters",
    "canvas": "an object",
    "blocks": "an object of blocks by name",
    "nodes": "an object of nodes by name",
}
"""What each key takes, as a message says it."""

REFERENCE = 'a reference such as "conv1" or "lstm.h_n", or a list of them'

_IGNORED = frozenset("position note collapsed color canvas".split())  # by the engine: wrong, they do not stop it
_CODES = {"init": "bad-init", "attribute": "bad-name"}


@dataclass(frozen=True)
class Place:
    """Where in the document a fault is. `key` is the faulty one, `port` the entry of `inputs`."""

    block: str | None
    node: str | None
    key: str
    port: str | None = None

    @property
    def holder(self) -> tuple[str, ...]:
        """The path of the object that has the key."""
        path = () if self.block is None else ("blocks", self.block)
        return path if self.node is None else (*path, "nodes", self.node)

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.holder, self.key) if self.port is None else (*self.holder, self.key, self.port)

    @property
    def where(self) -> str | None:
        """The node as a problem names it, or None."""
        return self.node if self.block is None or self.node is None else f"{self.block}.{self.node}"

    @property
    def what(self) -> str:
        """The holder in words."""
        if self.node is not None:
            return self.node[:64]
        return "the document" if self.block is None else f"block {self.block[:64]}"


@dataclass
class Reading:
    """A document of which every part is of the right kind, and the places that had to be left out for that."""

    network: Network
    faulty: set[Place] = field(default_factory=set)
    unknown: set[Place] = field(default_factory=set)  # keys that the format does not know


def read_models(data: dict[str, Any], problems: list[Problem]) -> Reading:
    """The models of a document whose `format` and `nodes` are right; every other fault becomes a problem."""
    try:
        return Reading(Network.model_validate(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
    places: dict[Place, bool] = {}
    for fault in found:
        place, unknown = _place(fault["loc"], fault["type"])
        places.setdefault(place, unknown)
    for place, unknown in places.items():
        problems.append(_problem(place, unknown, data, crowded(problems)))
    faulty = {place for place, unknown in places.items() if not unknown and place.key not in _IGNORED}
    unknown_keys = {place for place, unknown in places.items() if unknown}
    return Reading(Network.model_validate(_without(data, places)), faulty, unknown_keys)


def _place(loc: tuple[int | str, ...], kind: str) -> tuple[Place, bool]:
    """The place of Pydantic's fault, and whether it is a key that the format does not know."""
    parts = [str(part) for part in loc]
    block = node = None
    if parts[0] == "blocks" and len(parts) > 2:
        block, parts = parts[1], parts[2:]
    if parts[0] == "nodes" and len(parts) > 2:
        node, parts = parts[1], parts[2:]
    if parts[0] == "inputs" and len(parts) > 1:
        return Place(block, node, "inputs", parts[1]), False
    if parts[0] == "blocks" and len(parts) == 2:  # the block itself is no object
        return Place(block, node, "blocks", parts[1]), False
    return Place(block, node, parts[0]), kind == "extra_forbidden" and len(parts) == 1


def _problem(place: Place, unknown: bool, data: dict[str, Any], brief: bool) -> Problem:
    value = _at(data, place.path)
    if unknown:
        return _unknown_key(place, value, _at(data, place.holder), brief)
    key, raw = place.key[:64], place.port
    code, severity, takes = _CODES.get(key, "bad-param"), "error", TAKES.get(place.key, "another kind of value")
    if raw is not None and key == "inputs":
        code, takes = "dangling-reference", REFERENCE
        message = f"Port {raw[:64]} of {place.what} takes {takes}."
    elif raw is not None:
        message = f"Block {raw[:64]} must be an object with nodes."
    else:
        if key in ("repeat", "when") and isinstance(value, dict) and "$" in value:
            code, takes = "bad-expression", 'an expression as {"$": "text"} of at most 200 characters'
        message = f"`{key}` of {place.what} takes {takes}."
    if place.key in _IGNORED:
        severity = "warning"
    fixes = () if brief else portable(_mend(place, value))
    port = raw[:64] if raw is not None and key == "inputs" else None
    param = None if port is not None else key
    return Problem(code, message, severity, place.where, port, param, fixes=fixes, block=place.block)


def _unknown_key(place: Place, value: Any, holder: dict[str, Any], brief: bool) -> Problem:
    key = place.key
    model: type[Part] = Node if place.node is not None else Network if place.block is None else Block
    near = [] if brief else nearest(key, model.model_fields)
    path = pointer(*place.path)
    fixes = [Fix(f"Remove {key[:32]}", removal(path, value))]
    if near and near[0] not in holder:
        move = [*removal(path, value), {"op": "add", "path": pointer(*place.holder, near[0]), "value": value}]
        fixes.insert(0, Fix(f"Rename it to {near[0]}", move))
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"{place.what[:1].upper()}{place.what[1:]} has an unknown key {key[:64]!r}.{hint}"
    if place.node is not None:
        message = f"{place.what} has an unknown key {key[:64]!r}.{hint}"
    return Problem(
        "unknown-key",
        message,
        node=place.where,
        param=key[:64],
        fixes=() if brief else portable(fixes),
        block=place.block,
    )


def _mend(place: Place, value: Any) -> list[Fix]:
    """What was meant where it can be told, else the key taken away."""
    path = pointer(*place.path)
    meant = _meant(place.key, value)
    if meant is not None:
        return [Fix(f"Set {place.key} to {str(meant).lower()}", replace(path, value, meant))]
    if place.key == "name" and isinstance(value, str):
        return [Fix("Shorten to 100 characters", replace(path, value, value[:100]))]
    what = "this wire" if place.key == "inputs" and place.port is not None else (place.port or place.key)[:32]
    if place.key in ("type", "call"):
        patch = removal(path, value)
        return [Fix("Make it an Identity, which passes its input on", [*patch, _typed(place)])]
    return [Fix(f"Remove {what}", removal(path, value))]


def _typed(place: Place) -> dict[str, Any]:
    return {"op": "add", "path": pointer(*place.holder, "type"), "value": "Identity"}


def _meant(key: str, value: Any) -> Any:
    if key in ("seed", "repeat"):
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
            most = MAX_SEED if key == "seed" else MAX_REPEAT
            return min(max(int(max(min(value, most), 0)), 0), most)
        return 0 if key == "seed" else None
    if key in ("training", "trainable", "when") and value in ("true", "false", "True", "False", 0, 1):
        return value in ("true", "True", 1)
    return None


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def _without(data: dict[str, Any], places: dict[Place, bool]) -> dict[str, Any]:
    """A copy of the document without these places; what is not on the way to them is shared."""
    fresh: dict[tuple[str, ...], dict[str, Any]] = {(): dict(data)}
    for place in places:
        path = place.path
        for length in range(1, len(path)):
            here = path[:length]
            if here not in fresh:
                holder = fresh[here[:-1]]
                fresh[here] = holder[here[-1]] = dict(holder[here[-1]])
        fresh[path[:-1]].pop(path[-1], None)
    return fresh[()]
