"""One error shape: {"error": {"code", "message", "fields"}}; every exception becomes a response here."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from torchwire.graph.document import NotADocument
from torchwire.journal import trace
from torchwire.storage.networks import Missing, NotYours, Stale, TooMany
from torchwire.storage.shelf import Full, Overfull, Unavailable
from torchwire.workers.jobs import Broken, Busy, Lost, NotARequest, Superseded

log = logging.getLogger("torchwire.api")

MAX_BYTES = 4_096
RETRY_AFTER = {"Retry-After": "1"}


class ErrorDetail(BaseModel):
    code: str = Field(description="What happened, for programs.", examples=["not-a-document"])
    message: str = Field(description="What happened, for people.")
    fields: dict[str, str] = Field(description="Where in the request -> what is wrong there; often empty.")


class Error(BaseModel):
    """Every answer that is not the one asked for."""

    error: ErrorDetail


class ApiError(Exception):
    """An answer in the one error shape."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})

    def response(self) -> Response:
        trace.get().outcome = self.code
        fields = dict(self.fields)
        while True:
            error = {"code": self.code, "message": self.message, "fields": fields}
            body = json.dumps({"error": error}, ensure_ascii=False).encode(errors="replace")
            if len(body) <= MAX_BYTES or not fields:
                return Response(body, self.status, self.headers, "application/json")
            fields.popitem()


_STATUS = {
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address takes another method."),
    406: ("not-acceptable", "The answer is application/json."),
}


def _api(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error.response()


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = _STATUS.get(error.status_code, (f"http-{error.status_code}", "The request cannot be answered."))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        methods = _methods(request)
        headers["Allow"] = ", ".join(methods) or headers["Allow"]
    return ApiError(error.status_code, code, message, headers=headers).response()


def _methods(request: Request) -> list[str]:
    """What the address takes: the routes themselves each know of one method only."""
    paths = request.app.openapi()["paths"]
    fitting = (path for path in paths if compile_path(path)[0].fullmatch(request.scope["path"]))
    return sorted({method.upper() for path in fitting for method in paths[path]})


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = {".".join(map(str, fault["loc"]))[:64]: str(fault["msg"])[:160] for fault in error.errors()[:20]}
    return ApiError(422, "bad-request", "The request is not what this address takes.", fields).response()


_REFUSED = {
    "not-a-document": "The body is no network document.",
    "bad-request": "The body is not what this address takes.",
    "no-tensor": "A tensor that was asked for is not there.",
    "limit-time": "The request was not even read within the deadline.",
    "limit-memory": "Reading the request took more memory than one request may take.",
    "crashed": "Reading the request ended the process that did, several times.",
}


def _not_a_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotARequest)
    reason = next(iter(error.fields.values())) if len(error.fields) == 1 else ""
    return ApiError(422, error.code, f"{_REFUSED[error.code]} {reason}".rstrip(), error.fields).response()


def _not_a_document(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotADocument)
    fields = {error.field: error.message} if error.field else {}
    return ApiError(422, "not-a-document", f"{_REFUSED['not-a-document']} {error.message}", fields).response()


def _stale(request: Request, error: Exception) -> Response:
    assert isinstance(error, Stale)
    message = f"The network is at revision {error.revision}, which this save has not seen."
    headers = {"ETag": f'"{error.revision}"'}
    return ApiError(409, "stale", message, {"revision": str(error.revision)}, headers).response()


def _missing(request: Request, error: Exception) -> Response:
    return ApiError(404, "not-found", "The server keeps no network of this id and revision.").response()


def _not_yours(request: Request, error: Exception) -> Response:
    return ApiError(403, "not-yours", "The network has another owner; keep a copy under an id of your own.").response()


def _too_many(request: Request, error: Exception) -> Response:
    message = "This owner keeps as many networks as the server allows; delete one."
    return ApiError(403, "limit-networks", message).response()


def _full(request: Request, error: Exception) -> Response:
    log.error("the database is full", exc_info=error)
    return ApiError(507, "storage-full", "The server has no room left to keep networks.").response()


def _unavailable(request: Request, error: Exception) -> Response:
    log.error("the database did not take a call", exc_info=error)
    message = "The server's database does not answer at the moment; nothing was saved."
    return ApiError(503, "storage-unavailable", message, headers={"Retry-After": "5"}).response()


def _busy(request: Request, error: Exception) -> Response:
    message = "The server has too much to do at the moment; try again in a second."
    return ApiError(503, "busy", message, headers=RETRY_AFTER).response()


def _lost(request: Request, error: Exception) -> Response:
    message = (
        "The processes that computed this were ended from outside, twice; the network is not to blame. Try again in a "
        "second."
    )
    return ApiError(503, "worker-lost", message, headers=RETRY_AFTER).response()


def _superseded(request: Request, error: Exception) -> Response:
    return ApiError(409, "superseded", "A newer forward of this session has taken its place.").response()


def _broken(request: Request, error: Exception) -> Response:
    return internal().response()


def internal() -> ApiError:
    """The answer to what should not happen; whoever sees it happen logs it."""
    return ApiError(500, "internal", "A fault of the server; its log says which.")


def register(app: FastAPI) -> None:
    """Every exception that a request can meet."""
    app.add_exception_handler(ApiError, _api)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(NotARequest, _not_a_request)
    app.add_exception_handler(NotADocument, _not_a_document)
    app.add_exception_handler(Missing, _missing)
    app.add_exception_handler(NotYours, _not_yours)
    app.add_exception_handler(Stale, _stale)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(Full, _full)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Overfull, _busy)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(Superseded, _superseded)
    app.add_exception_handler(Lost, _lost)
    app.add_exception_handler(Broken, _broken)
