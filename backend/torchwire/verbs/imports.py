"""The verb `import`: PyTorch source, a notebook or JSON as network documents. Pasted code is never executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchwire.engine.encode import dumps
from torchwire.engine.introspect import read_catalogue
from torchwire.engine.oracle import Oracle
from torchwire.engine.progress import Progress
from torchwire.graph.problems import Problem
from torchwire.reading.reading import read
from torchwire.settings import settings

# of the deadline: what is left is for the document, once the text is read
_SHARE = 0.7


def import_source(request: Mapping[str, Any], progress: Progress) -> bytes:
    """Networks, problems by line, names and questions."""
    progress.rescue(_cut)
    stopped = request.get("stopped")
    if stopped is not None:  # a worker has died of this text before
        return _cut(stopped["code"])
    progress.at("read text")
    seconds = settings().import_deadline_ms / 1000 * _SHARE
    return dumps(read(request, read_catalogue(), Oracle(), seconds))


def _cut(code: str) -> bytes:
    """The answer where the text could not be read to its end."""
    message = "The text was not read to its end: it takes too long, or too much memory."
    problem = Problem(code, message).as_json() | {"line": None, "file": None, "source": None}
    return dumps({"networks": [], "problems": [problem], "more_problems": 0, "names": {}, "questions": []})
