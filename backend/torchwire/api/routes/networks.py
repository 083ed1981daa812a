"""PUT, GET and DELETE /networks/{id}, GET /networks: documents kept on the server."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import JSONResponse, Response

from torchwire.api import published
from torchwire.api.body import read_body
from torchwire.api.errors import ApiError
from torchwire.api.models import Deleted, Document, Kept, KeptList
from torchwire.settings import settings
from torchwire.storage.networks import Condition, Entry
from torchwire.storage.shelf import Shelf

router = APIRouter(tags=["kept networks"])

SECRET = r"^[A-Za-z0-9_-]{22,64}$"  # 22 of 64 characters are 132 bits
LARGEST = 2**31 - 1  # revision that the database can hold

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')  # weakened by a proxy that compresses: it is the same revision

_EXAMPLE = {"anybody's": {"value": published.PLAYGROUND}}
Id = Annotated[str, Path(description="As its creator has chosen it.", openapi_examples=_EXAMPLE)]
NewId = Annotated[
    str,
    Path(
        description="Chosen by who creates the network, at random: 22 to 64 letters, digits, `-` and `_`, with at "
        "least 128 random bits (32 hexadecimal digits). Whoever knows it can read the network.",
        pattern=SECRET,
        openapi_examples=_EXAMPLE,
    ),
]
_OWNER = (
    "A secret of the client's, in the form of an id: only who sends the same one may save or delete what was created "
    "with it."
)
Owner = Annotated[str | None, Header(alias="Torchwire-Owner", description=_OWNER, pattern=SECRET)]
Myself = Annotated[str, Header(alias="Torchwire-Owner", description=_OWNER, pattern=SECRET)]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='The revision that the caller has seen: `"7"`; `*` is any.')
]
Creates = Annotated[
    str | None,
    Header(alias="If-None-Match", description="`*` creates the network.", openapi_examples={"create": {"value": "*"}}),
]
Known = Annotated[str | None, Header(alias="If-None-Match", description="The ETag that the client has.")]


@router.get("/networks", summary="One's own networks", response_model=KeptList, **published.LIST)
async def own_networks(request: Request, owner: Myself) -> Response:
    """Those that were created with this `Torchwire-Owner`, the newest save first."""
    found = await _shelf(request).of(owner)
    return JSONResponse({"networks": [_shown(entry) for entry in found]})


@router.put("/networks/{id}", summary="Save a network", response_model=Kept, **published.SAVE)
async def save(
    request: Request, id: NewId, owner: Owner = None, if_match: IfMatch = None, if_none_match: Creates = None
) -> Response:
    """The body is the network document, kept byte for byte as a new revision. The answer comes when it is on the disk.

    A document with problems is kept like any other. `If-None-Match: *` creates a network; `If-Match` names the revision
    that the save was made from. If the network has moved on, the answer is 409 with the current revision and nothing is
    changed. The same save sent again is answered as the first one, and makes no further revision.
    """
    condition = _condition(if_match, if_none_match)
    text = await read_body(request, settings().max_document)
    entry = await _shelf(request).save(id, owner, condition, text)
    return JSONResponse(_shown(entry), 201 if condition.create else 200, _tag(entry.revision))


@router.get("/networks/{id}", summary="One network", response_model=Document, **published.READ)
async def read(
    request: Request,
    id: Id,
    owner: Owner = None,
    if_none_match: Known = None,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST, description="An older revision.")] = None,
) -> Response:
    """The document, byte for byte as it was saved. `Torchwire-Access` is `save` where who asks may save it.

    Whoever knows the id may read.
    """
    _there(id)
    found = await _shelf(request).read(id, owner, revision)
    headers = {**_tag(found.revision), "Cache-Control": "private, no-cache"}
    headers["Torchwire-Access"] = "save" if found.own else "read"
    if if_none_match is not None and found.revision in _condition(if_none_match, None).revisions:
        return Response(status_code=304, headers=headers)
    return Response(found.text, headers=headers, media_type="application/json")


@router.delete("/networks/{id}", summary="Delete a network", response_model=Deleted, **published.DELETE)
async def delete(request: Request, id: Id, owner: Owner = None, if_match: IfMatch = None) -> Response:
    """From then on it is answered 404. With `If-Match` only at that revision."""
    _there(id)
    revision = await _shelf(request).delete(id, owner, _condition(if_match or "*", None))
    return JSONResponse({"id": id, "revision": revision}, headers=_tag(revision))


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _there(id: str) -> None:
    if not re.fullmatch(SECRET[1:-1], id):  # the database is not asked for what it cannot hold
        raise ApiError(404, "not-found", "The server keeps no network of this id and revision.")


def _condition(if_match: str | None, if_none_match: str | None) -> Condition:
    """What a request's headers say. Raises ApiError 428."""
    if if_match is not None:
        return Condition(any=if_match.strip() == "*", revisions=frozenset(map(int, _TAG.findall(if_match[:200]))))
    if if_none_match is not None and if_none_match.strip() == "*":
        return Condition(create=True)
    message = "Send If-Match with the revision that this save has seen, or If-None-Match: * to create the network."
    raise ApiError(428, "precondition-required", message)


def _tag(revision: int) -> dict[str, str]:
    return {"ETag": f'"{revision}"'}


def _shown(entry: Entry) -> dict[str, object]:
    at = datetime.fromtimestamp(entry.saved_at / 1e3, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": entry.id,
        "name": entry.name,
        "revision": entry.revision,
        "nodes": entry.nodes,
        "size": entry.size,
        "saved_at": at,
    }
