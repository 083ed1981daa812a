"""Every format of an export, as text."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

import jinja2

from torchwire.codegen import printer
from torchwire.codegen.cells import notebook_of
from torchwire.codegen.facts import Facts
from torchwire.codegen.literals import assign, call, name
from torchwire.codegen.module import Module, write_module
from torchwire.codegen.scope import Names
from torchwire.codegen.summary import plain
from torchwire.codegen.tensors import sampled, source
from torchwire.codegen.titles import docstring
from torchwire.plan.tree import Plan


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("torchwire.codegen"),
        autoescape=False,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )


def python(plan: Plan, facts: Facts) -> str:
    """A module of the classes. Raises Refused."""
    return _module(plan, write_module(plan, facts))


def script(plan: Plan, facts: Facts) -> str:
    """The same with seed, inputs, a run and a print, which leaves `model` and the tuple `outputs`. Raises Refused."""
    module = write_module(plan, facts)
    statements = run_statements(plan, module, facts)
    text = _module(plan, module, names_in(statements))
    return _templates().get_template("script.py.j2").render(module=text, run=printer.statements(statements))


def notebook(plan: Plan, facts: Facts) -> str:
    """The script in the cells of a Jupyter notebook, a class a cell. Raises Refused."""
    module = write_module(plan, facts)
    statements = run_statements(plan, module, facts)
    head = imports(module.needs | names_in(statements)) + "\n\ntorch.set_num_threads(1)"
    *run, last = [printer.statements([statement]) for statement in statements]
    code = [head, *(source.text for source in module.classes), "".join(run).rstrip("\n"), last.rstrip("\n")]
    return notebook_of(f"# {plain(plan.name) or 'Network'}", code)


def _module(plan: Plan, module: Module, needs: Iterable[str] = ()) -> str:
    return (
        _templates()
        .get_template("module.py.j2")
        .render(
            title=docstring(plan.name),
            imports=imports(module.needs | set(needs)),
            classes=[source.text for source in module.classes],
        )
    )


def names_in(statements: Iterable[ast.stmt]) -> set[str]:
    """The names of modules among what statements use."""
    found = {node.id for each in statements for node in ast.walk(each) if isinstance(node, ast.Name)}
    return found & {"torch", "F"}


def imports(needs: Iterable[str]) -> str:
    """The imports, in the order that isort has."""
    lines = []
    if "torch" in needs:
        lines.append("import torch")
    if "F" in needs:
        lines.append("import torch.nn.functional as F")
    lines.append("from torch import Tensor, nn" if "Tensor" in needs else "from torch import nn")
    return "\n".join(lines)


def run_statements(plan: Plan, module: Module, facts: Facts) -> list[ast.stmt]:
    """Seed, construction, inputs in document order, the run."""
    names = Names({source.name for source in module.classes} | {"model", "outputs", "output", "print"})
    model = name("model")
    found: list[ast.stmt] = [
        ast.Expr(call("torch.manual_seed", [ast.Constant(plan.seed)])),
        assign(model, call(module.network.name)),
        ast.Expr(call(ast.Attribute(model, "train" if plan.training else "eval"))),
    ]
    arguments: list[ast.expr] = []
    for key in module.inputs:
        seat = module.network.seats[key]
        local = names.fresh(key)
        if key in facts.samples:
            found += sampled(local, seat, facts.samples[key])
        else:
            found.append(assign(local, source(seat, None)))
        arguments.append(ast.Name(local))
    result: ast.expr = call(model, arguments)
    if module.results == 1:
        result = ast.Tuple([result])
    found.append(ast.With([ast.withitem(call("torch.no_grad"))], [assign("outputs", result)]))
    found.append(ast.For(ast.Name("output"), ast.Name("outputs"), [ast.Expr(call("print", [ast.Name("output")]))], []))
    return found
