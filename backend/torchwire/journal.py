"""The log: one line a record, JSON or text, on standard error; each names the request that it belongs to.

Nothing of a document is in it: exceptions are written without their message, which may quote one, and paths without
what stands in them (the id of a kept network is as good as a key to it).
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from torchwire.settings import settings


@dataclass
class Trace:
    """One request, from the first of its headers to its line in the log."""

    id: str = ""
    outcome: str = "ok"  # else the code of the error that it was answered with
    waited: float | None = None  # seconds for a worker
    worked: float | None = None  # seconds of the worker
    held: int = 0  # bytes of its body that the server holds


trace: ContextVar[Trace] = ContextVar("trace", default=Trace())  # noqa: B039  the default is only read
"""The request that is being answered; outside of one, a trace without an id."""


def entry(record: logging.LogRecord) -> dict[str, Any]:
    """A record as what its line says. `extra={"data": {...}}` adds to it."""
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    if trace.get().id:
        found["request"] = trace.get().id
    data: Mapping[str, Any] = getattr(record, "data", {})
    found.update(data)
    if record.exc_info and record.exc_info[1] is not None:
        found["error"] = stack(record.exc_info[1])
    return found


def stack(error: BaseException) -> str:
    """Where an exception was raised and of which type; not its message."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(entry(record), ensure_ascii=True, default=str)


class TextLines(logging.Formatter):
    """For people; of several lines where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told = entry(record)
        head = f"{told.pop('time')} {told.pop('level').upper():7} {told.pop('message')}"
        del told["logger"]
        error = told.pop("error", None)
        line = "  ".join([head, *(f"{name}={value}" for name, value in told.items() if value is not None)])
        return f"{line}\n{error}" if error else line


def configure() -> None:
    """Sends every logger's lines to standard error, as the settings say. uvicorn's are among them."""
    watched = sys.stderr.isatty()  # by a person, whom a line for every request would only disturb
    handler = logging.StreamHandler(sys.stderr)
    as_text = settings().log_format == "text" or (watched and not settings().log_format)
    handler.setFormatter(TextLines() if as_text else JsonLines())
    level = settings().log_level or ("warning" if watched else "info")
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("asyncio", "sqlalchemy", "alembic"):  # theirs are of no use below a warning
        logging.getLogger(name).setLevel(logging.WARNING)
