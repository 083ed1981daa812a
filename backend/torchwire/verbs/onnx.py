"""The network as an ONNX file: traced as the engine runs it, with the initial weights."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.fx.traceback import annotate, preserve_node_meta

from torchwire.catalogue.layer import LayerType
from torchwire.codegen.refusal import Refused
from torchwire.engine.computation import Computation
from torchwire.engine.forward import ForwardPass
from torchwire.engine.operation import function_of, name_outputs, to_torch
from torchwire.plan.tree import Copy, Graph, Node
from torchwire.verbs.state import construct

_MISSING = re.compile(r"No ONNX function found for <OpOverload\(op='([\w.]+)', overload='(\w+)'\)>")
_LONGEST = 300  # letters of torch's reason that are told


def onnx_model(computation: Computation) -> bytes:
    """A model of the sizes that the sample inputs have; its inputs and outputs are called after the nodes.

    Raises Refused where torch's exporter cannot say the network in ONNX, NotBuilt where it is not built.
    """
    plan = computation.plan
    assert plan is not None
    computation.long()  # a worker's first export loads the exporter, and tracing takes longer than running
    if not plan.graph.returned:
        raise Refused("It has no output.")
    run, root = construct(computation, _Traced)
    inputs = run.inputs(plan.graph)
    network = _Network(root, run, plan.graph, list(inputs))
    with _quiet(), torch.no_grad(), preserve_node_meta():
        traced = _trace(network, tuple(inputs.values()))
        try:
            model = torch.onnx.export(
                traced, input_names=list(inputs), output_names=_output_names(plan.graph), dynamo=True, verbose=False
            )
        except Exception as error:
            raise _refusal(error, traced) from None
    assert model is not None
    content: bytes = model.model_proto.SerializeToString()
    return content


def _output_names(graph: Graph) -> list[str]:
    """The keys of what is returned; an Input that is given back as it is has its name already."""
    return [f"{key}_out" if graph.nodes[key].kind == "input" else key for key in graph.returned]


def _trace(network: _Network, inputs: tuple[torch.Tensor, ...]) -> torch.export.ExportedProgram:
    try:
        return torch.export.export(network, inputs, strict=False)
    except Refused:
        raise
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise Refused(f"torch.export says: {reason[:_LONGEST]}", network.run.place) from None


def _refusal(error: Exception, traced: torch.export.ExportedProgram) -> Refused:
    """Why there is no ONNX for what was traced, and at which node."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    found = _MISSING.search(str(cause))
    if found is None:
        return Refused(f"torch.onnx says: {str(cause).strip().partition(chr(10))[0][:_LONGEST]}")
    operator = ".".join(found.groups())
    places = (
        node.meta.get("custom", {}).get(_PLACE)
        for node in traced.run_decompositions().graph.nodes
        if str(node.target) == operator
    )
    return Refused(f"torch.onnx has no operator for {found.group(1)}.", next(places, None))


_PLACE = "node"  # under which the traced operators have the path of the node that they belong to


class _Network(nn.Module):
    """What is traced: the modules as they were built, and a run of the plan over them."""

    def __init__(self, root: nn.Module, run: _Traced, graph: Graph, inputs: list[str]) -> None:
        super().__init__()
        for name, module in root.named_children():
            self.add_module(_free(name, root), module)
        for name, parameter in root.named_parameters(recurse=False):
            self.register_parameter(_free(name, root), parameter)
        for name, buffer in root.named_buffers(recurse=False):
            self.register_buffer(_free(name, root), buffer)
        self.run = run
        self._graph = graph
        self._inputs = inputs
        self.eval()

    def forward(self, *values: torch.Tensor) -> tuple[torch.Tensor, ...]:
        results = self.run.run(self._graph, dict(zip(self._inputs, values, strict=True)))
        for key in self._graph.returned:
            if not isinstance(results.get(key), torch.Tensor):
                raise Refused(f"{key} gives no tensor.", self._graph.nodes[key].path)
        return tuple(results[key] for key in self._graph.returned)


def _free(name: str, root: nn.Module) -> str:
    """The name, or a free one where it is fx's own on what is traced, as `code` is."""
    found = name
    while hasattr(torch.fx.GraphModule, found) or (found != name and hasattr(root, found)):
        found += "_"
    return found


class _Traced(ForwardPass):
    """A forward pass over what stands for tensors: nothing is looked at, checked or remembered."""

    place: str | None = None  # the node that runs

    def inputs(self, graph: Graph) -> dict[str, torch.Tensor]:
        """The sample inputs, by the keys of the Inputs."""
        return self._inputs(graph)

    def order(self, graph: Graph) -> list[str]:
        return graph.order

    def apply(
        self, graph: Graph, node: Node, copy: Copy, owner: Copy, layer: LayerType, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        self.place = node.path
        given = {name: to_torch(value) for name, value in arguments.items() if name != "inplace"}
        for param in layer.params:  # hints, without which torch would look for them into the mask
            if param.forward and param.name.endswith("is_causal") and param.default is None:
                given.setdefault(param.name, False)
        with annotate({_PLACE: node.path}):
            if layer.form == "module":
                return name_outputs(layer, self.builder.modules[owner.path](**given))
            return name_outputs(layer, function_of(layer)(given))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the exporter prints, logs and warns of is for those who write exporters."""
    unread, before = io.StringIO(), logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(unread), contextlib.redirect_stderr(unread):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
