"""A request's bytes as JSON, read more strictly than Python does it."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONG = 400  # digits; Python takes quadratic time for more, and refuses more than 4,300


class NotADocument(Exception):
    """The body is no network document; the answer is 422. The message never quotes the body."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def parse_json(body: bytes) -> Any:
    """JSON as the format wants it.

    Raises NotADocument for anything that is not JSON, NaN, Infinity, duplicate keys, lone surrogates, and nesting that
    Python's reader cannot follow (about a thousand levels).
    """
    try:
        text = body.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer)
        if _SURROGATE.search(text):  # pairs of them are one character, a lone one is none
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise NotADocument("The body is not UTF-8 text; a lone surrogate cannot stand in it.", "body") from None
    except RecursionError:
        raise NotADocument("The body is nested too deeply.", "body") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotADocument(f"The body is not JSON: {error.msg} at {where}.", "body") from None
    return data


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise NotADocument("A key stands twice in one object; every parser would keep only one.", "body")
    return found


def _constant(name: str) -> Any:
    raise NotADocument(f'{name} is not JSON; write "nan", "inf" or "-inf".', "body")


def _integer(text: str) -> int:
    if len(text) > _LONG:  # it is JSON, and beyond 2**53 whatever its digits: whoever reads it says so
        return -(10**_LONG) if text[0] == "-" else 10**_LONG
    return int(text)
