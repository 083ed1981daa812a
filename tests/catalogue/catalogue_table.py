"""docs/catalogue.md, written from the catalogue:  python -m tests.catalogue.catalogue_table > docs/catalogue.md"""

from __future__ import annotations

import torch
from torch import nn

from torchwire.catalogue.layer import KINDS, LayerType, Param
from torchwire.engine.introspect import public_modules, read_catalogue

INTRODUCTION = """\
# The catalogue

What a node's `type` may be: the classes of `torch.nn` (torch {torch}), functions and tensor methods, and what is ours.
Each entry is read from the installed torch; `GET /api/v1/layers` gives it with parameters, defaults, bounds and ports.

This file is written by `python -m tests.catalogue.catalogue_table`; a test fails when it is out of date.

Of the {public} public classes of `torch.nn` ({modules} in `torch.nn.modules`, and DataParallel), {covered} are in the
catalogue, {lazy} are `Lazy*` aliases of one that is (a parameter left out is taken from the wire), and {excluded} are
left out:

| class | why it is left out |
|---|---|
{exclusions}

## How to read the parameters

Parameters in *italics* may be left out although torch requires them: the input decides them. `=` gives torch's default,
`>=` and `<=` what torch refuses beyond, `|` separates the words that it takes. Parameters behind `forward:` are
arguments of the module's `forward`. Bounds are those that torch itself has: what it lets pass is let pass.

| kind | takes |
|---|---|
{kinds}
"""


def render() -> str:
    """The whole file."""
    catalogue = read_catalogue()
    names = public_modules()
    lazy = [name for name in names if name.startswith("Lazy")]
    parts = [
        INTRODUCTION.format(
            torch=torch.__version__.partition("+")[0],
            public=len(names),
            modules=len([name for name in names if name in nn.modules.__all__]),
            covered=len([name for name in names if name in catalogue.types]),
            lazy=len(lazy),
            excluded=len(catalogue.excluded),
            exclusions="\n".join(f"| `{name}` | {reason} |" for name, reason in catalogue.excluded.items()),
            kinds="\n".join(f"| `{kind}` | {text} |" for kind, text in KINDS.items()),
        )
    ]
    for title, form in (
        ("Ours", "own"),
        ("Classes of torch.nn", "module"),
        ("Functions and tensor methods", "function"),
    ):
        layers = [layer for layer in catalogue.types.values() if layer.form == form]
        parts.append(f"## {title} ({len(layers)})\n")
        for family in dict.fromkeys(layer.family for layer in layers):
            parts.append(
                f"### {family}\n\n| type | what it does | parameters | inputs | outputs |\n|---|---|---|---|---|"
            )
            parts += [_row(layer) for layer in layers if layer.family == family]
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _row(layer: LayerType) -> str:
    inputs = ", ".join(
        f"`{port.name}`" + ("..." if port.many else "?" if port.optional else "") for port in layer.inputs
    )
    outputs = ", ".join(f"`{port.name}`" + (_when(port.when) if port.when else "") for port in layer.outputs)
    outputs = "`0`, `1`, ..." if layer.list_output else outputs
    made = [_param(param) for param in layer.params if not param.forward]
    run = [_param(param) for param in layer.params if param.forward]
    params = ", ".join(made) + (f"{'; ' if made else ''}forward: {', '.join(run)}" if run else "")
    return f"| `{layer.type}` | {layer.summary} | {params} | {inputs} | {outputs} |"


def _when(when: object) -> str:
    assert isinstance(when, dict)
    return " with " + ", ".join(f"`{name}` {str(value).lower()}" for name, value in when.items())


def _param(param: Param) -> str:
    text = f"*{param.name}*" if param.inferred else param.name
    if param.choices is not None:
        text += " (" + " \\| ".join(map(str, param.choices)) + ")"
    if param.min is not None:
        text += f" >= {param.min}"
    if param.max is not None:
        text += f" <= {param.max}"
    if not param.required:
        text += f" = {_default(param.default)}"
    return text


def _default(value: object) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    print(render(), end="")
