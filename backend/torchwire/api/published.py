"""What OpenAPI says about the routes: request models, answers, examples that run as they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from torchwire.api.errors import Error
from torchwire.api.models import Answer, Exported, Imported, Kept
from torchwire.workers.requests import MODELS

_REFS = "#/components/schemas/{model}"
_NAMES = {verb: model.__name__ for verb, model in MODELS.items()}


@cache
def examples() -> dict[str, Any]:
    """Requests and their answers: verb -> name -> {"summary", "request", "answer"}."""
    found: dict[str, Any] = json.loads((files("torchwire") / "api" / "examples.json").read_text("utf-8"))
    return found


def error(description: str) -> dict[str, Any]:
    """A documented answer in the one error shape."""
    return {"model": Error, "description": description}


ERRORS: Mapping[int | str, dict[str, Any]] = {
    408: error("The body did not arrive in time."),
    413: error("The body is larger than the limit (GET /api/v1/limits)."),
    415: error("The body is not application/json."),
    422: error("The body is no document: not JSON, a duplicate key, no `network`, an unknown `format`, ..."),
    503: error("Too much to do, or the workers were ended from outside; `Retry-After` says when to try again."),
}


def _route(verb: str, answer: dict[str, Any], errors: Mapping[int | str, dict[str, Any]]) -> dict[str, Any]:
    schema = {"$ref": _REFS.format(model=_NAMES[verb])}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"openapi_extra": {"requestBody": body}, "responses": {200: answer, **errors}}


PLAYGROUND = "docs-example-that-anybody-may-save"  # the id of the example at /docs; created without an owner

_UNKEPT = {404: error("There is no network of this id."), 503: error("The database does not answer at the moment.")}
_STALE = error("`stale`: the network is at another revision, told in `fields.revision` and in `ETag`.")
_ETAG = {"ETag": {"description": "The revision in quotes.", "schema": {"type": "string", "example": '"7"'}}}
_ACCESS = {"Torchwire-Access": {"description": "`save` or `read`.", "schema": {"enum": ["save", "read"]}}}


def _saved(description: str) -> dict[str, Any]:
    return {"model": Kept, "description": description, "headers": _ETAG}


LIST: dict[str, Any] = {"responses": {422: error("`Torchwire-Owner` is missing or too short."), 503: _UNKEPT[503]}}
SAVE: dict[str, Any] = {
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _REFS.format(model="Document")}}},
        }
    },
    "responses": {
        **ERRORS,
        **_UNKEPT,
        200: _saved("Saved as this revision."),
        201: _saved("Created."),
        403: error("`not-yours`: it has another owner; `limit-networks`: the owner keeps too many."),
        409: _STALE,
        413: error("The document is larger than `max_document` (GET /api/v1/limits)."),
        428: error("Neither `If-Match` nor `If-None-Match: *` was sent."),
        507: error("The server has no room left."),
    },
}
READ: dict[str, Any] = {
    "responses": {
        **_UNKEPT,
        200: {"description": "The document as it was saved.", "headers": {**_ETAG, **_ACCESS}},
        304: {"description": "The client has it already."},
        422: error("`revision` is no number, or `Torchwire-Owner` too short."),
    }
}
DELETE: dict[str, Any] = {
    "responses": {
        **_UNKEPT,
        200: {"description": "Deleted."},
        403: error("`not-yours`: it has another owner."),
        409: _STALE,
        422: error("`Torchwire-Owner` is too short."),
    }
}


def _add_examples(paths: dict[str, Any]) -> None:
    # here and not at the routes: FastAPI drops every null on the way, and an answer has them where a key is empty
    for verb, told in examples().items():
        operation = next(path["post"] for name, path in paths.items() if name.endswith(f"/{verb}"))
        content = operation["requestBody"]["content"]["application/json"]
        content["examples"] = {
            name: {"summary": item["summary"], "value": item["request"]} for name, item in told.items()
        }
        if "application/json" in (answered := operation["responses"]["200"]["content"]):
            answered["application/json"]["examples"] = {
                name: {"summary": item["summary"], "value": item["answer"]} for name, item in told.items()
            }
    linear = examples()["forward"]["linear"]
    content = paths["/api/v1/networks/{id}"]["put"]["requestBody"]["content"]["application/json"]
    content["examples"] = {"linear": {"summary": linear["summary"], "value": linear["request"]["network"]}}


def _drop_nulls(paths: dict[str, Any]) -> None:
    """A header or a query may be left out, but never be null: FastAPI says so of what is optional."""
    for path in paths.values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                kinds = parameter["schema"].pop("anyOf", [])
                parameter["schema"].update(*(kind for kind in kinds if kind != {"type": "null"}))


_NODES = {"model": Answer, "description": "What torch says. A wrong document has `ok: false` and `problems`."}


def _as_json(errors: Mapping[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Errors of a route whose answer is no JSON: FastAPI would say that they are none either."""
    content = {"application/json": {"schema": {"$ref": _REFS.format(model="Error")}}}
    return {status: {"description": told["description"], "content": content} for status, told in errors.items()}


_FILE = {
    "description": "A safetensors file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
FORWARD = _route("forward", _NODES, {409: error("`superseded`: a newer forward of the session has come."), **ERRORS})
IMPORT = _route("import", {"model": Imported, "description": "What the text says, and what could not be read."}, ERRORS)
ANALYZE = _route("analyze", _NODES, ERRORS)
TENSORS = _route(
    "tensors",
    _FILE,
    _as_json({**ERRORS, 422: error("No document, or `no-tensor`: which name has none, and why.")}),
)
_EXPORTED = {
    "model": Exported,
    "description": "The file's name and text. `state` and `onnx` answer the file itself; `content` is null where "
    "`problems` say what is in the way.",
    "content": _FILE["content"],
}
EXPORT = _route("export", _EXPORTED, ERRORS)


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, the worker's request models included."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, license_info=_LICENSE
        )
        _, requests = models_json_schema([(model, "validation") for model in MODELS.values()], ref_template=_REFS)
        schema["components"]["schemas"].update(requests["$defs"])
        _add_examples(schema["paths"])
        _drop_nulls(schema["paths"])
        app.openapi_schema = schema
    return app.openapi_schema


_LICENSE = {"name": "MIT", "identifier": "MIT"}
