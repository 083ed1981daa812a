"""The verb `export`: a network as code, as a notebook, as a table, as a file of weights or an ONNX model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from torchwire.codegen import export as written
from torchwire.codegen.facts import Facts
from torchwire.codegen.files import FORMATS, ExportedFile
from torchwire.codegen.refusal import Refused
from torchwire.codegen.summary import Row, csv, markdown
from torchwire.engine.answer import Answer
from torchwire.engine.computation import Computation
from torchwire.engine.encode import dumps
from torchwire.engine.progress import Progress
from torchwire.graph.allowance import shown
from torchwire.graph.findings import SHOWN
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Plan
from torchwire.verbs.facts import gather
from torchwire.verbs.onnx import onnx_model
from torchwire.verbs.state import NotBuilt, initial_state

_CODE: dict[str, Callable[[Plan, Facts], str]] = {
    "python": written.python,
    "script": written.script,
    "notebook": written.notebook,
}
_FILES: dict[str, Callable[[Computation], bytes]] = {"state": initial_state, "onnx": onnx_model}


def export(request: Mapping[str, Any], progress: Progress) -> bytes:
    """The network in `request["format"]`; `content` is null where `problems` keep it from being exported.

    Raises NotADocument.
    """
    computation = Computation(_meant(request), progress)
    answer = _Answer(request)
    progress.rescue(lambda code: answer.without(computation.with_end(computation.cut_by(code))))
    if computation.is_hopeless:
        return answer.without([problem for problem in [computation.cut_before()] if problem is not None])
    shapes = computation.find_shapes(thorough=True)
    plan, problems = computation.plan, computation.problems
    assert plan is not None
    answer.name(plan.name)
    cut = computation.cut_before()
    if cut is not None:
        return answer.without(computation.with_end(cut))
    if request["format"] == "json":
        return answer.of(json.dumps(request["network"], indent=2, ensure_ascii=False) + "\n", problems)
    if request["format"] in ("table", "csv"):
        found = Answer(plan, shapes, None, list(problems), request).as_json()
        rows = [_row(plan, key, entry) for key, entry in found["nodes"].items()]
        make = markdown if request["format"] == "table" else csv
        return answer.of(make(plan.name, rows, found["totals"]), problems)
    if any(problem.severity == "error" for problem in problems):
        return answer.without(problems)
    try:
        if request["format"] in _FILES:
            return answer.file(_FILES[request["format"]](computation))
        return answer.of(_CODE[request["format"]](plan, gather(plan, shapes)), problems)
    except Refused as refused:
        return answer.without([not_exportable(refused.reason, refused.node, request["format"]), *problems])
    except NotBuilt as fault:
        return answer.without([*fault.problems, *problems])


def _meant(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request as it is computed: an ONNX file is for evaluation, whatever the document says of training."""
    network = request["network"]
    if request["format"] != "onnx" or not isinstance(network, dict) or network.get("training") is not True:
        return request
    return {**request, "network": {**network, "training": False}}


def not_exportable(reason: str, node: str | None, format: str) -> Problem:
    form = "ONNX" if format == "onnx" else "code"
    return Problem("not-exportable", f"This network cannot be exported as {form}: {reason}", node=node)


def _row(plan: Plan, key: str, entry: Mapping[str, Any]) -> Row:
    node = plan.graph.nodes[key]
    return Row(
        node=key,
        type=node.spec.type or f"call of {node.spec.call}",
        shapes=tuple(output["shape"] for output in entry["outputs"].values()),
        parameters=entry["parameter_count"],
        macs=entry["macs"],
        state=entry["state"],
    )


class _Answer:
    """The answer's bytes in one format."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._format = FORMATS[request["format"]]
        self._network = request["network"]
        self.name("")

    def name(self, title: str) -> None:
        """The file is called after the network."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", title.encode("ascii", "ignore").decode())
        stem = words.strip("_").lower()[:60] or "network"
        self._filename = f"{stem if stem[0].isalpha() else f'network_{stem}'}{self._format.suffix}"

    def of(self, content: str, problems: list[Problem]) -> bytes:
        return self._json(content, problems)

    def without(self, problems: list[Problem]) -> bytes:
        return self._json(None, problems)

    def file(self, content: bytes) -> bytes:
        return ExportedFile(self._filename, self._format.media_type, content).packed()

    def _json(self, content: str | None, problems: list[Problem]) -> bytes:
        return dumps(
            {
                "filename": self._filename,
                "media_type": self._format.media_type,
                "content": content,
                "problems": shown(problems, self._network),
                "more_problems": max(0, len(problems) - SHOWN),
            }
        )
