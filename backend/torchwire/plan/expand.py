"""A document -> the Plan: every use of every block laid out, every parameter evaluated, every reference read.

Nothing here knows a shape; the rules are those of the document format. What is wrong becomes a Problem on its node and
the rest is laid out all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from torchwire.catalogue.catalogue import Catalogue
from torchwire.graph.document import GraphSpec, NetworkSpec, NodeSpec
from torchwire.graph.expressions import ExpressionError
from torchwire.graph.findings import removal
from torchwire.graph.nearest import nearest
from torchwire.graph.problems import Fix, Problem
from torchwire.plan import evaluate
from torchwire.plan.expansion import least_nodes
from torchwire.plan.keys import tell_keys
from torchwire.plan.parameters import ParameterReader
from torchwire.plan.reporter import Reporter
from torchwire.plan.tree import Copy, Graph, Node, Plan
from torchwire.plan.unused import tell_unused
from torchwire.plan.wiring import Wiring
from torchwire.settings import settings

_MOST_WORK = 2  # times the limit: so often a node that is too large may be laid out and dropped


class TooManyNodes(Exception):
    """The network expands to more nodes than the limit: to `least` or more."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


class Expander:
    """Lays out one network.

    Does: when, repeat, blocks, names, parameters, wires, order. Does not: shapes, inferred parameters, torch.
    """

    def __init__(self, network: NetworkSpec, catalogue: Catalogue, problems: list[Problem]) -> None:
        self._network = network
        self._catalogue = catalogue
        self._count = 0  # nodes laid out and kept
        self._alone = False  # whether a block that nobody uses is laid out: no use of a block inside it is
        self._least: dict[str, int] | None = None
        self._work = 0  # nodes laid out
        self._limit = settings().max_expanded_nodes
        self._depth = settings().max_depth
        self._problems = problems
        self._uses: dict[str | None, str] = {}  # block -> the module path of its first use
        self.reporter = Reporter(problems)
        self._parameters = ParameterReader(catalogue, self.reporter)
        self._wiring = Wiring(network, self.reporter)

    def plan(self) -> Plan:
        network = self._network
        names = self._graph_names(network.graph.params, {}, network.graph, None)
        graph = self._graph(network.graph, "", "", names, depth=0)
        for name, block in network.blocks.items():
            if name not in self._uses:
                self._unused(name, block)
        self._address()
        tell_unused(network, graph, self.reporter)
        return Plan(network.name, network.seed, network.training, graph)

    def _unused(self, name: str, block: GraphSpec) -> None:
        """Tells the faults of a block that nobody uses: of its own nodes, each once, and whatever its arguments are."""
        before = len(self._problems)
        kept = self._count, self._work
        self._alone, self._count, self._work = True, 0, 0
        self._graph(block, name, name, self._graph_names(block.params, {}, block, None), depth=1)
        self._alone, (self._count, self._work) = False, kept
        self._problems[before:] = [
            problem for problem in self._problems[before:] if not _by_arguments(problem, name, block)
        ]

    def _address(self) -> None:
        """Names the nodes of problems in a block's definition by the path of its first use."""
        for number, problem in enumerate(self._problems):
            use = self._uses.get(problem.block or "")
            if problem.block is None or use is None or problem.node is None:
                continue
            spec = self._network.blocks[problem.block].nodes.get(problem.node[len(problem.block) + 1 :])
            inner = f".{spec.attribute or spec.key}" if spec is not None else ""
            self._problems[number] = replace(problem, node=use + inner, block=None)

    def _graph_names(
        self, defaults: Mapping[str, Any], given: Mapping[str, Any], spec: GraphSpec, node: Node | None
    ) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for key, raw in defaults.items():
            if key in given:
                names[key] = given[key]
                continue
            try:
                names[key] = evaluate.evaluate(raw, names)[0]
            except ExpressionError as error:
                self.reporter.add(
                    Problem(
                        code="bad-expression",
                        message=f"The default of parameter {key} cannot be evaluated: {error}",
                        node=node.path if node else None,
                        param=key,
                    ),
                    key=("default", spec.path, key),
                )
        return names

    def _graph(self, spec: GraphSpec, path: str, module_path: str, names: dict[str, Any], depth: int) -> Graph:
        graph = Graph(spec, path, module_path, names)
        for index, node_spec in enumerate(spec.nodes.values()):
            graph.nodes[node_spec.key] = self._node(graph, node_spec, index, depth)
        self._wiring.wire(graph)
        return graph

    def _node(self, graph: Graph, spec: NodeSpec, index: int, depth: int) -> Node:
        before = self._count
        name = spec.attribute or spec.key
        # at the top level the answer speaks of the key; inside blocks of the path as in named_modules()
        path = f"{graph.module_path}.{name}" if graph.module_path else spec.key
        module_path = f"{graph.module_path}.{name}" if graph.module_path else name
        node = Node(spec=spec, index=index, kind="faulty", path=path, module_path=module_path)
        self._kind(graph, node)
        if spec.faulty:  # the reader of the document has said what is wrong; the node is not run without it
            node.fail(f"{self._uses[graph.spec.name]}.{name}" if graph.spec.name in self._uses else None)
        tell_keys(node, self.reporter)
        names = {**graph.names, "training": self._network.training}
        node.present = self._present(node, graph.names)
        count = self._repeat(node, graph.names)
        if count == 0:
            node.present = False
        if count and self._alone:
            count = 1
        if not node.present:
            count = 0
        try:
            self._one_more()
            if node.kind == "block" and not depth:
                self._expected(node, 1 if count is None else count)
            self._copies(graph, node, count, names, depth)
        except TooManyNodes as too_many:
            if depth:
                raise
            self._too_many(node, before, too_many.least)
        return node

    def _copies(self, graph: Graph, node: Node, count: int | None, names: dict[str, Any], depth: int) -> None:
        for number in range(1 if count is None else count):
            tail = "" if count is None else f".{number}"
            scope = names if count is None else {**names, "i": number}
            copy = Copy(node.path + tail, node.module_path + tail, scope)
            if number:
                self._one_more()
            if node.kind == "block":
                self._use_block(node, copy, depth)
            else:
                self._parameters.read(node, copy, graph)
            node.copies.append(copy)

    def _one_more(self) -> None:
        self._count += 1
        self._work += 1
        if self._alone:
            return
        if self._count > self._limit or self._work > _MOST_WORK * self._limit:
            raise TooManyNodes(self._limit + 1)

    def _expected(self, node: Node, copies: int) -> None:
        """Refuses a block whose size alone tells that it is too large."""
        if self._least is None:
            self._least = least_nodes(self._network.blocks)
        least = self._count + copies * self._least[node.spec.type or ""]
        if least > self._limit:
            raise TooManyNodes(least)

    def _too_many(self, node: Node, before: int, least: int) -> None:
        """Takes the copies of a top-level node away again, so that the rest of the network is answered."""
        self._count = before
        node.copies = []
        self.reporter.at(
            node,
            "limit-nodes",
            f"With {node.key} the network expands to {least:,} nodes or more; the limit is {self._limit:,}. "
            "Lower a `repeat`, or use fewer copies of a block inside blocks.",
        )

    def _kind(self, graph: Graph, node: Node) -> None:
        spec = node.spec
        if spec.call is not None:
            node.kind, node.target = "call", spec.call
            return
        name = spec.type
        if name is None:
            return
        if name in self._network.blocks:
            node.kind = "block"
            return
        node.layer = self._catalogue.get(name)
        if node.layer is None:
            reason = self._catalogue.excluded.get(name)
            if reason is not None:
                self.reporter.excluded_type(node, reason, self._catalogue.instead.get(name, ()))
            else:
                self.reporter.unknown_type(node, [] if self.reporter.crowded else self._nearest(name))
        elif node.layer.form == "own" and name in ("Input", "Output", "Parameter", "Constant"):
            node.kind = name.lower()
        else:
            node.kind = "module" if node.layer.form == "module" else "function"

    def _nearest(self, name: str) -> list[str]:
        return [*nearest(name, self._network.blocks), *self._catalogue.nearest(name)]

    def _present(self, node: Node, names: Mapping[str, Any]) -> bool:
        if node.spec.when is None:
            return True
        try:
            return bool(evaluate.evaluate(node.spec.when, names)[0])
        except ExpressionError as error:
            self.reporter.at(
                node,
                "bad-expression",
                f"`when` of {node.key} cannot be evaluated: {error}",
                param="when",
                fixes=_without(node, "when"),
            )
            return True

    def _repeat(self, node: Node, names: Mapping[str, Any]) -> int | None:
        if node.spec.repeat is None:
            return None
        node.repeated = True
        try:
            count = evaluate.evaluate(node.spec.repeat, names)[0]
        except ExpressionError as error:
            self.reporter.at(
                node,
                "bad-expression",
                f"`repeat` of {node.key}: {error}",
                param="repeat",
                fixes=_without(node, "repeat"),
            )
            return 1
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 10_000:
            self.reporter.at(
                node,
                "bad-param",
                f"`repeat` of {node.key} is {count!r}; it takes an integer from 0 to 10,000.",
                param="repeat",
                fixes=_without(node, "repeat"),
            )
            return 1
        return count

    def _use_block(self, node: Node, copy: Copy, depth: int) -> None:
        assert node.spec.type is not None
        block = self._network.blocks[node.spec.type]
        if depth >= self._depth:
            self.reporter.at(
                node,
                "limit-depth",
                f"{node.key} is nested more than {self._depth} blocks deep.",
                key=("depth", node.spec.path),
            )
            copy.constructible = False
            return
        given = self._parameters.block_arguments(node, copy, block)
        if self._alone:
            return
        self._uses.setdefault(node.spec.type, copy.module_path)
        names = self._graph_names(block.params, given, block, node)
        copy.graph = self._graph(block, copy.path, copy.module_path, names, depth + 1)


def _by_arguments(problem: Problem, name: str, block: GraphSpec) -> bool:
    """Whether a problem of a block lies in a value that its parameters decide: a use may give others."""
    inner = (problem.node or "").removeprefix(f"{name}.")
    spec = next((found for found in block.nodes.values() if inner in (found.key, found.attribute)), None)
    if spec is None or problem.param is None:
        return False
    key = problem.param.partition(".")[0]
    raw = getattr(spec, key) if key in ("when", "repeat") else spec.params.get(key)
    try:
        return any(found.names & block.params.keys() for found in evaluate.expressions(raw, index=key == "index"))
    except ExpressionError:
        return False


def _without(node: Node, key: str) -> list[Fix]:
    return [Fix(f"Remove {key}", removal(f"{node.spec.path}/{key}", getattr(node.spec, key)))]


def make_plan(network: NetworkSpec, catalogue: Catalogue, problems: list[Problem]) -> Plan:
    """The Plan of a network; what is wrong is appended to `problems`."""
    return Expander(network, catalogue, problems).plan()
