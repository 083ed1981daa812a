"""What the API answers, for its documentation. Answers are made in the worker and not checked against these here; a
test does it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from torchwire.workers.requests import DOCUMENT

Number = float | str  # "nan", "inf", "-inf", and integers beyond 2**53 are text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Summary(_Model):
    """Over the finite values; std with correction 1; null where undefined."""

    min: Number | None
    max: Number | None
    mean: Number | None
    std: Number | None
    zeros: int
    nan: int
    inf: int


class Preview(_Model):
    """A few values, `tensor[::step[0], ::step[1], ...]`."""

    step: list[int] = Field(
        description="By dimension: the smallest step that leaves it at most n indices, n being the largest number for "
        "which min(size, n), multiplied over the dimensions, is at most 4,096."
    )
    values: Any


_PREVIEW = Field(None, description="Where `values` were asked for and found no place in the answer (`limit-answer`).")


class Output(_Model):
    shape: list[int] | None
    dtype: str | None
    values: Any = Field(description="Nested lists, null where they were not asked for or not computed.")
    preview: Preview | None = _PREVIEW
    summary: Summary | None


class Parameter(_Model):
    shape: list[int]
    dtype: str
    count: int
    requires_grad: bool
    values: Any
    preview: Preview | None = _PREVIEW
    tied: str | None = Field(None, description="The parameter that stands in its place.")


class Buffer(_Model):
    shape: list[int]
    dtype: str
    values: Any
    preview: Preview | None = _PREVIEW


class Node(_Model):
    state: Literal["ok", "error", "blocked", "skipped"] = Field(
        description="error: the fault is here; blocked: something before it failed; skipped: over a limit"
    )
    repr: str | None = Field(description="The layer as torch prints it.")
    inferred: dict[str, Any] = Field(description="Parameters that the input decided.")
    outputs: dict[str, Output]
    parameters: dict[str, Parameter] = Field(description="By their names in state_dict().")
    buffers: dict[str, Buffer]
    parameter_count: int | None
    macs: int | None = Field(description="Multiply-adds; null where there is no rule.")
    blocked_by: list[str]
    ms: float | None = Field(None, description="Milliseconds, under `profile` only.")


class Fix(_Model):
    title: str
    patch: list[dict[str, Any]] = Field(description="RFC 6902 on the posted document; begins with `test`.")


class Problem(_Model):
    code: str = Field(description="One of GET /api/v1/problems.")
    severity: Literal["error", "warning", "info"]
    node: str | None
    port: str | None
    param: str | None
    message: str
    detail: str | None = Field(description="torch's own words.")
    fixes: list[Fix]


class Totals(_Model):
    parameters: int
    trainable: int
    macs: int | None
    unknown: int = Field(description="Nodes whose parameters cannot be counted.")


class Answer(_Model):
    """Of `forward` and `analyze`. Every key is always there; `ok` is true when no problem is an error."""

    ok: bool
    nodes: dict[str, Node] = Field(description="The top level, and what `open` names, by module path.")
    problems: list[Problem] = Field(max_length=100)
    more_problems: int = Field(description="How many problems are not in the list.")
    totals: Totals
    repr: str


class ImportProblem(Problem):
    line: int | None = Field(description="Where in the text.")
    file: str | None
    source: str | None = Field(description="The line itself, its first 200 characters.")


class Question(_Model):
    """Something that the text does not say; the next request may."""

    kind: Literal["argument", "input"]
    name: str = Field(description="The argument of the constructor, or of forward().")
    of: str = Field(description="The class or function; the key in `arguments`.")
    guess: Any = Field(description="A sensible value; of an input: shape and dtype.")


class Imported(_Model):
    """Of `import`."""

    networks: list[dict[str, Any]] = Field(description="Network documents, the one for `entry` first.")
    problems: list[ImportProblem] = Field(max_length=100)
    more_problems: int
    names: dict[str, str] = Field(description="Names in the source's state_dict() -> those in the first network's.")
    questions: list[Question]


class Exported(_Model):
    """Of `export`, in the formats that are text."""

    filename: str
    media_type: str
    content: str | None = Field(description="The file's text; null where a problem keeps it from being written.")
    problems: list[Problem] = Field(max_length=100)
    more_problems: int


class Layers(BaseModel):
    layers: list[dict[str, Any]] = Field(description="type, family, summary, doc, params, inputs, outputs.")


class Meaning(_Model):
    code: str
    meaning: str


class Problems(_Model):
    problems: list[Meaning]


class Limits(_Model):
    limits: dict[str, int]


class Example(_Model):
    id: str
    title: str
    family: str
    about: str


class Examples(_Model):
    examples: list[Example]


class Document(BaseModel):
    """A network document; GET /api/v1/schema."""

    model_config = ConfigDict(extra="allow", json_schema_extra=DOCUMENT)

    format: Literal["torchwire/1"]
    nodes: dict[str, dict[str, Any]]


class Kept(_Model):
    """A network that the server keeps."""

    id: str
    name: str = Field(description="The document's `name`.")
    revision: int = Field(description="Goes up with every save; the ETag is this number in quotes.")
    nodes: int = Field(description="Nodes of the document, those of its blocks not counted.")
    size: int = Field(description="Bytes of the document's text.")
    saved_at: str = Field(description="UTC.", examples=["2026-11-24T09:20:00.125Z"])


class KeptList(_Model):
    networks: list[Kept] = Field(description="The owner's, the newest save first.")


class Deleted(_Model):
    id: str
    revision: int = Field(description="The revision that says that the network is deleted.")
