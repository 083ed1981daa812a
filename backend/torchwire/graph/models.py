"""The network document as Pydantic models: what kind of value stands where. `schema.py` publishes their JSON Schema.

Network
+-- nodes: Node by name
+-- blocks: Block by name
    +-- nodes: Node by name

What kinds cannot say (names, references, expressions, blocks in circles) is checked in the other files of this room.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FORMAT = "torchwire/1"
MAX_NAME = 100
MAX_SEED = 2**53 - 1
MAX_REPEAT = 10_000
MAX_TEXT = 400  # characters of a type, an attribute or a reference
MAX_EXPRESSION = 200


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is the integer 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Part(BaseModel):
    """A part of the document. Unknown keys and values of another kind are faults, never converted."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Expression(Part):
    """A value that is computed: Python literals, names and operators. Example: `{"$": "2 * width"}`."""

    text: str = Field(
        alias="$",
        max_length=MAX_EXPRESSION,
        description="Python literals, parameters of the graph, `i`, + - * / // % **, comparisons, and, or, not, "
        "`a if c else b`, brackets, `widths[i]`, and for calls sizes such as `x.shape[0]`, and `training`.",
    )


Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED), BeforeValidator(_whole)]
Count = Annotated[int, Field(ge=0, le=MAX_REPEAT), BeforeValidator(_whole)]
Wire = Annotated[str | list[str], Field(union_mode="left_to_right")]
Values = dict[str, Any]


class Node(Part):
    """A layer, a function, one of our own types, a use of a block, or another call of a node's module."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["type"]}, {"required": ["call"]}]})

    # left out they are None; null is a fault
    type: Text = Field(  # type: ignore[assignment]
        default=None,
        description="A torch.nn class, a function or tensor method in lower case, Input, Output, ..., or a block.",
    )
    call: Text = Field(  # type: ignore[assignment]
        default=None, description="In place of `type`: the node whose module runs here again, with the same weights."
    )
    params: Values | None = Field(
        None,
        description="Constructor or call keywords by torch's own names; left out is torch's default. Lists are tuples, "
        'null is None, dtypes are names, "inf", "-inf" and "nan" are numbers; {"$": "..."} is an expression.',
    )
    inputs: dict[str, Wire] | None = Field(
        None,
        description='By port: a reference, "node" (its first output) or "node.port", or a list of references.',
    )
    repeat: Annotated[Count | Expression | None, Field(union_mode="left_to_right")] = Field(
        None, description="So many copies in a row, each with its own weights; `i` counts them in expressions."
    )
    when: Annotated[bool | Expression | None, Field(union_mode="left_to_right")] = Field(
        None, description="Where false, the node is not there and its name stands for what its first port receives."
    )
    attribute: Text | None = Field(
        None, description="The name in code and state_dict where it is not the key, possibly dotted: features.0."
    )
    init: Values | None = Field(
        None,
        description='After construction, by parameter: a function of torch.nn.init, {"weight": {"normal_": {"std": '
        '0.02}}}, or values, {"bias": [1, 0]}. On a block by class: {"Conv2d.weight": {"kaiming_normal_": {}}}.',
    )
    trainable: bool = Field(True, description="False freezes the parameters: requires_grad_(False).")
    position: Annotated[list[float], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[x, y] on the canvas. Ignored by the engine, like the three that follow."
    )
    note: str | None = Field(None, description="Free text.")
    collapsed: bool | None = Field(None, description="Drawn small.")
    color: Annotated[str, Field(max_length=64)] | None = Field(None, description="The card's colour.")


class Block(Part):
    """A graph that is used as a type: every use is an instance with its own weights."""

    params: Values | None = Field(None, description="Parameters of the graph with their defaults.")
    nodes: dict[str, Node] = Field(description="By name. Their order is the construction order.")
    init: Values | None = Field(
        None,
        description='Once all is constructed, module by module: {"Conv2d.weight": {"kaiming_normal_": {}}}.',
    )
    note: str | None = Field(None, description="Free text.")
    canvas: Values | None = Field(None, description="Frames, notes and view of the editor. Ignored by the engine.")


class Network(Part):
    """The network document."""

    format: Literal["torchwire/1"] = Field(description="The version of the format.")
    name: str = Field("Network", max_length=MAX_NAME, description="Free text; the class name is derived from it.")
    seed: Seed = Field(0, description="What torch.manual_seed gets.")
    training: bool = Field(False, description="Whether the nodes run under train() or eval().")
    params: Values | None = Field(None, description="Parameters of the network with their values.")
    nodes: dict[str, Node] = Field(description="By name. Their order is the construction order.")
    blocks: dict[str, Block] | None = Field(None, description="Graphs by name, usable as a type.")
    init: Values | None = Field(
        None,
        description='Once all is constructed, module by module: {"Conv2d.weight": {"kaiming_normal_": {}}}.',
    )
    canvas: Values | None = Field(None, description="Frames, notes and view of the editor. Ignored by the engine.")
