"""What a client may ask for: one model a verb, strict and bounded. Checked in the worker, published by the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from torchwire.graph.models import FORMAT

Path = Annotated[str, Field(max_length=2_100)]


def _whole(value: Any) -> Any:
    """1.0 and 1 are one number in JSON."""
    return int(value) if type(value) is float and value.is_integer() else value


_NODES: JsonDict = {"type": "object", "additionalProperties": {"type": "object"}}
# What makes a document one (`recognise`), and no more. Without "type", `blocks` and a block may also be no objects.
DOCUMENT: JsonDict = {
    "type": "object",
    "required": ["format", "nodes"],
    "properties": {
        "format": {"const": FORMAT},
        "nodes": _NODES,
        "blocks": {"additionalProperties": {"required": ["nodes"], "properties": {"nodes": _NODES}}},
    },
}
Network = Annotated[
    dict[str, Any],
    WithJsonSchema(DOCUMENT),
    Field(
        description='A network document in the format "torchwire/1" (GET /api/v1/schema). A wrong one is answered with '
        "problems; only what is no document at all is refused (422).",
    ),
]
WHOLE = BeforeValidator(_whole)
Paths = Annotated[list[Path], Field(max_length=20_000)]
Names = Paths | Literal["all"]
Open = Annotated[
    list[Path], Field(max_length=20_000, description="Blocks whose nodes come too, by module path: `stage1.0`.")
]


class Given(BaseModel):
    """Values for one `Input` node in place of what the document draws."""

    model_config = ConfigDict(extra="forbid", strict=True)

    values: Any = Field(description="Nested lists of numbers; a bare number for shape [].")


Inputs = Annotated[
    dict[Annotated[str, Field(max_length=64)], Given],
    Field(max_length=5_000, description='Values for `Input` nodes, `{"words": {"values": [1, 2]}}`.'),
]
Draw = Annotated[
    int,
    Field(ge=0, lt=2**31, description="Another draw of the inputs and of dropout; the weights stay."),
    WHOLE,
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    network: Network


class Analyze(_Request):
    """Everything about a network except values; no weights are allocated."""

    open: Open = []


class Forward(_Request):
    """The forward pass."""

    values: Names = Field([], description='Nodes whose outputs come back in full, or "all".')
    parameters: Names = Field([], description='Nodes whose parameters come back in full, or "all".')
    inputs: Inputs = {}
    draw: Draw = 0
    open: Open = []
    profile: bool = Field(False, description="Milliseconds of every node, as `ms`.")


class Tensors(_Request):
    """Tensors in full, as safetensors."""

    tensors: Paths = Field(
        min_length=1,
        description="`node.port` or `node.parameter`, by module path, and a part of it by an index of integers and "
        'slices: `"conv1.output"`, `"fc1.weight[0:4, 1]"`.',
    )
    inputs: Inputs = {}
    draw: Draw = 0


class Sample(BaseModel):
    """What is known of an argument of forward(): an `Input` node's parameters."""

    model_config = ConfigDict(extra="forbid", strict=True)

    shape: list[Annotated[int, Field(ge=0, lt=2**31), WHOLE]] | None = Field(None, max_length=16)
    dtype: Annotated[str, Field(max_length=20)] | None = None
    fill: Annotated[str, Field(max_length=20)] | None = None
    low: Annotated[int, WHOLE] | None = None
    high: Annotated[int, WHOLE] | None = None
    values: Any = None


Name = Annotated[str, Field(max_length=200)]
Arguments = dict[Name, dict[Name, Any]]


_EITHER: JsonDict = {
    "oneOf": [
        {"required": ["content"], "properties": {"content": {"type": "string"}, "files": {"type": "null"}}},
        {"required": ["files"], "properties": {"files": {"type": "object"}, "content": {"type": "null"}}},
    ]
}


class Import(BaseModel):
    """Source as network documents. It is read, never run."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_EITHER)

    format: Literal["python", "notebook", "json"] = Field(
        "python", description="`python`: PyTorch source; `notebook`: its code cells; `json`: a network document."
    )
    content: str | None = Field(None, description="One text.")
    files: Annotated[dict[Name, str], Field(min_length=1, max_length=500)] | None = Field(
        None, description="In its place several, by path; `from x import y` is followed between them."
    )
    entry: Name | None = Field(None, description="The class, or the function that builds one; without it, the text's.")
    arguments: Annotated[Arguments, Field(max_length=100)] = Field(
        {}, description='Arguments that the text does not give: `{"LeNet": {"classes": 10}}`; `forward` for flags.'
    )
    inputs: Annotated[dict[Name, Sample], Field(max_length=100)] = Field(
        {}, description='Of the arguments of forward(): `{"x": {"shape": [1, 1, 32, 32]}}`.'
    )
    training: bool | None = Field(
        None, description="Read in train or eval mode; without it, as the text says, or eval."
    )

    @model_validator(mode="after")
    def _one_text(self) -> Import:
        if (self.content is None) == (self.files is None):
            raise ValueError("Give either `content` or `files`.")
        return self


class Export(_Request):
    """A network as code, as a table or as a file of weights."""

    format: Literal["python", "script", "notebook", "json", "state", "onnx", "table", "csv"] = Field(
        "python",
        description="`python`: a module of classes. `script`: with seed, inputs, a run and a print; it reproduces the "
        "canvas to the bit. `notebook`: the script in cells. `json`: the document. `state`: the initial weights as "
        "safetensors. `onnx`: an ONNX model with them, in evaluation mode. `table`, `csv`: the summary as Markdown, as "
        "CSV.",
    )


MODELS: dict[str, type[BaseModel]] = {
    "analyze": Analyze,
    "forward": Forward,
    "tensors": Tensors,
    "import": Import,
    "export": Export,
}
