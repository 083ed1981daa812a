"""The checks of a document that need no catalogue: keys, names, kinds of values, expressions, blocks in circles."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torchwire.graph.expressions import ExpressionError, parse_expression
from torchwire.graph.names import fresh_name, name_fault, pointer
from torchwire.graph.problems import Fix, Problem
from torchwire.graph.rename import renamed

if TYPE_CHECKING:
    from torchwire.graph.document import GraphSpec, NodeSpec

MAX_WRITTEN = 5_000
MAX_DEPTH = 32
MAX_INTEGER = 2**53

HEAD_KEYS = frozenset("format name seed training nodes blocks params init canvas".split())
BLOCK_KEYS = frozenset("params nodes init note canvas".split())
NODE_KEYS = frozenset(
    "type call params inputs repeat when attribute init trainable position note collapsed color".split()
)


class Checker:
    """Reads the parts of a document, keeps what is right and reports the rest."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._written = 0

    @staticmethod
    def block_path(name: str) -> str:
        return pointer("blocks", name)

    def _add(
        self, code: str, message: str, node: str | None = None, param: str | None = None, fixes: tuple[Fix, ...] = ()
    ) -> None:
        self.problems.append(Problem(code, message, node=node, param=param, fixes=fixes))

    # -- the document's head -----------------------------------------------------------------------------------------

    def head(self, data: dict[str, Any]) -> dict[str, Any]:
        self._keys(data, HEAD_KEYS, "", None, "The document")
        name = data.get("name", "Network")
        if not isinstance(name, str) or len(name) > 100:
            self._add("bad-param", "`name` takes text of at most 100 characters.", param="name")
            name = "Network"
        seed = data.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < MAX_INTEGER:
            self._add(
                "bad-param", "`seed` takes an integer from 0 to 2**53 - 1.", param="seed", fixes=_reset("seed", data, 0)
            )
            seed = 0
        training = data.get("training", False)
        if not isinstance(training, bool):
            self._add(
                "bad-param", "`training` takes true or false.", param="training", fixes=_reset("training", data, False)
            )
            training = False
        return {"name": name, "seed": seed, "training": training}

    def graph(self, name: str | None, data: dict[str, Any], path: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
        where = name
        if name is not None:
            self._keys(data, BLOCK_KEYS, path, where, f"Block {name[:64]}")
            self._name(name, "block", name, (), ())
        params = data.get("params")
        if params is not None and not isinstance(params, dict):
            self._add("bad-param", "`params` takes an object of defaults by name.", where, "params")
            params = None
        for key, value in (params or {}).items():
            fault = name_fault(key)
            if key in ("i", "training"):
                fault = f"{key} has a meaning of its own in expressions"
            if fault:
                self._add("bad-name", f"Parameter {key[:64]!r}: {fault}.", where, key[:64])
            elif key in data["nodes"]:
                self._add("bad-name", f"{key} is both a parameter and a node; they share one namespace.", where, key)
            self._value(value, where, key)
        init = data.get("init")
        if init is not None and not isinstance(init, dict):
            self._add(
                "bad-init", '`init` takes an object such as {"Conv2d.weight": {"kaiming_normal_": {}}}.', where, "init"
            )
            init = None
        for target in init or {}:
            if target.count(".") < 1:
                self._add(
                    "bad-init",
                    f"{target[:64]!r} in `init` must name a class and its parameter: Conv2d.weight.",
                    where,
                    "init",
                )
        return params or {}, init

    # -- nodes -------------------------------------------------------------------------------------------------------

    def node(
        self, graph: str | None, key: str, data: dict[str, Any], path: str, holder: dict[str, Any]
    ) -> dict[str, Any]:
        """The node's fields, without what is wrong."""
        self._written += 1
        if self._written == MAX_WRITTEN + 1:
            self._add("limit-nodes", f"The document has more than {MAX_WRITTEN:,} nodes. Use blocks and `repeat`.")
        where = key if graph is None else f"{graph}.{key}"
        here = path + pointer("nodes", key)
        self._keys(data, NODE_KEYS, here, where, key[:64])
        self._name(key, "node", where, holder["nodes"], [(path, holder)])
        fields: dict[str, Any] = {"path": here}
        kind, call = data.get("type"), data.get("call")
        if (kind is None) == (call is None):
            self._add(
                "missing-param" if kind is None else "bad-param",
                f"{key[:64]} needs either `type` or `call`.",
                where,
                "type",
            )
        for name, value in (("type", kind), ("call", call)):
            if value is not None and (not isinstance(value, str) or len(value) > 200):
                self._add("bad-param", f"`{name}` of {key[:64]} takes a name.", where, name)
            elif value is not None and not (name == "call" and kind is not None):
                fields[name] = value
        fields["params"] = self._object(data, "params", where, key)
        for name, value in fields["params"].items():
            self._value(value, where, name)
        fields["inputs"] = self._inputs(data, where, key)
        for name in ("repeat", "when"):
            if name in data and data[name] is not None:
                fields[name] = self._flow(name, data[name], where, key)
        if data.get("attribute") is not None:
            fields["attribute"] = self._attribute(data["attribute"], where, key)
        init = data.get("init")
        if init is not None:
            if isinstance(init, dict):
                fields["init"] = init
            else:
                self._add("bad-init", f"`init` of {key[:64]} takes an object by parameter name.", where, "init")
        trainable = data.get("trainable", True)
        if not isinstance(trainable, bool):
            self._add("bad-param", f"`trainable` of {key[:64]} takes true or false.", where, "trainable")
            trainable = True
        fields["trainable"] = trainable
        return fields

    def _object(self, data: dict[str, Any], name: str, where: str, key: str) -> dict[str, Any]:
        value = data.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._add("bad-param", f"`{name}` of {key[:64]} takes an object.", where, name)
            return {}
        return value

    def _inputs(self, data: dict[str, Any], where: str, key: str) -> dict[str, Any]:
        found = {}
        for port, value in self._object(data, "inputs", where, key).items():
            texts = value if isinstance(value, list) else [value]
            if all(isinstance(text, str) for text in texts):
                found[port] = value
            else:
                self.problems.append(
                    Problem(
                        "dangling-reference",
                        f'{port[:64]} of {key[:64]} takes a reference such as "conv1" or "lstm.h_n", or a list of them.',
                        node=where,
                        port=port[:64],
                    )
                )
        return found

    def _flow(self, name: str, value: Any, where: str, key: str) -> Any:
        if isinstance(value, dict):
            self._value(value, where, name)
            return value if set(value) == {"$"} and isinstance(value["$"], str) else None
        if name == "when" and isinstance(value, bool):
            return value
        if name == "repeat" and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000:
            return value
        takes = "true, false or an expression" if name == "when" else "an integer from 0 to 10,000 or an expression"
        self._add("bad-param", f"`{name}` of {key[:64]} takes {takes}.", where, name)
        return None

    def _attribute(self, value: Any, where: str, key: str) -> str | None:
        if not isinstance(value, str) or len(value) > 200 or not value:
            self._add(
                "bad-name", f"`attribute` of {key[:64]} takes a dotted name such as features.0.", where, "attribute"
            )
            return None
        for part in value.split("."):
            fault = None if part.isascii() and part.isdigit() else name_fault(part)
            if fault:
                self._add("bad-name", f"`attribute` of {key[:64]}: {fault} ({part[:64]!r}).", where, "attribute")
                return None
        return value

    def attributes(self, graph: str | None, nodes: Mapping[str, NodeSpec]) -> None:
        """Two nodes of one attribute would be one module."""
        taken: dict[str, str] = {}
        for node in nodes.values():
            name = node.attribute or node.key
            if name in taken:
                where = node.key if graph is None else f"{graph}.{node.key}"
                self._add(
                    "bad-name", f"{node.key} and {taken[name]} have the same name {name} in code.", where, "attribute"
                )
            taken.setdefault(name, node.key)

    # -- names, keys, values -----------------------------------------------------------------------------------------

    def _name(self, name: str, what: str, where: str | None, taken: Any, holders: Any) -> None:
        fault = name_fault(name)
        if fault is None:
            return
        new = fresh_name(unicodedata.normalize("NFKC", name), taken)
        fixes = []
        for path, holder in holders:
            patch = [{"op": "test", "path": f"{path}/nodes", "value": holder["nodes"]}]
            patch.append({"op": "replace", "path": f"{path}/nodes", "value": renamed(holder["nodes"], name, new)})
            fixes.append(Fix(f"Rename it to {new}", patch))
        self._add("bad-name", f"{what.capitalize()} {name[:64]!r}: {fault}.", where, None, tuple(fixes))

    def _keys(self, data: dict[str, Any], known: frozenset[str], path: str, where: str | None, what: str) -> None:
        for key in data:
            if key in known:
                continue
            near = difflib.get_close_matches(key[:64], known, n=1)
            at = path + pointer(key)
            drop = [{"op": "test", "path": at, "value": data[key]}, {"op": "remove", "path": at}]
            fixes = [Fix(f"Remove {key[:32]}", drop)]
            if near and near[0] not in data:
                move = [*drop, {"op": "add", "path": path + pointer(near[0]), "value": data[key]}]
                fixes.insert(0, Fix(f"Rename it to {near[0]}", move))
            hint = f" Did you mean {near[0]}?" if near else ""
            self._add("unknown-key", f"{what} has an unknown key {key[:64]!r}.{hint}", where, key[:64], tuple(fixes))

    def _value(self, value: Any, where: str | None, param: str) -> None:
        """Expressions that can be read, integers within 2**53, and no value too deep."""
        todo = [(value, 0)]
        while todo:
            item, depth = todo.pop()
            if depth > MAX_DEPTH:
                self._add(
                    "limit-depth", f"{param[:64]} is nested more than {MAX_DEPTH} levels deep.", where, param[:64]
                )
                return
            if isinstance(item, dict):
                if "$" in item:
                    self._expression(item, where, param)
                else:
                    todo += [(inner, depth + 1) for inner in item.values()]
            elif isinstance(item, list):
                todo += [(inner, depth + 1) for inner in item]
            elif isinstance(item, int) and not isinstance(item, bool) and abs(item) > MAX_INTEGER:
                self._add("bad-param", f"{param[:64]} holds an integer beyond 2**53.", where, param[:64])
                return

    def _expression(self, item: dict[str, Any], where: str | None, param: str) -> None:
        text = item["$"]
        if set(item) != {"$"} or not isinstance(text, str):
            self._add("bad-expression", f'{param[:64]}: an expression is written {{"$": "text"}}.', where, param[:64])
            return
        try:
            parse_expression(text, index=param == "index")
        except ExpressionError as error:
            self._add("bad-expression", f"{param[:64]}: {error}.", where, param[:64])

    # -- blocks ------------------------------------------------------------------------------------------------------

    def blocks(self, blocks: Mapping[str, GraphSpec]) -> None:
        """Reports blocks that contain themselves, and takes the nodes out that close the circle."""
        uses = {
            name: {node.type for node in graph.nodes.values() if node.type in blocks} for name, graph in blocks.items()
        }
        state: dict[str, int] = {}
        for start in blocks:
            stack = [(start, iter(sorted(uses[start])))] if start not in state else []
            if stack:
                state[start] = 1
            while stack:
                name, inner = stack[-1]
                used = next(inner, None)
                if used is None:
                    state[name] = 2
                    stack.pop()
                elif state.get(used) == 1:
                    for node in blocks[name].nodes.values():
                        if node.type == used:
                            node.type = None
                            self._add(
                                "block-recursion",
                                f"Block {name} contains {used}, which contains {name}.",
                                f"{name}.{node.key}",
                                "type",
                            )
                elif used not in state:
                    state[used] = 1
                    stack.append((used, iter(sorted(uses[used]))))


def _reset(key: str, data: dict[str, Any], value: Any) -> tuple[Fix, ...]:
    patch = [
        {"op": "test", "path": f"/{key}", "value": data[key]},
        {"op": "replace", "path": f"/{key}", "value": value},
    ]
    return (Fix(f"Set {key} to {value}".replace("False", "false"), patch),)
