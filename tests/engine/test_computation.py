"""A computation that is cut short, or must not enter a place again, still answers with all that is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.documents import input_, layer, network

from torchwire.engine.computation import Computation
from torchwire.engine.progress import Rescue, Unwatched
from torchwire.engine.refusal import refuse
from torchwire.engine.verbs import VERBS
from torchwire.settings import deadline

CHAIN: dict[str, Any] = {
    "format": "torchwire/1",
    "name": "Chain",
    "nodes": {
        "x": {"type": "Input", "params": {"shape": [2, 4]}},
        "first": {"type": "Linear", "params": {"out_features": 3}, "inputs": {"input": "x"}},
        "second": {"type": "Linear", "params": {"out_features": 5}, "inputs": {"input": "first"}},
        "third": {"type": "relu", "inputs": {"input": "second"}},
        "beside": {"type": "tanh", "inputs": {"input": "first"}},
    },
}


class Cutter(Unwatched):
    """Takes the answer that is there when a place is entered, as the deadline's thread does."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._rescue: Rescue | None = None
        self.answer: dict[str, Any] = {}

    def rescue(self, answer: Rescue) -> None:
        self._rescue = answer

    def at(self, place: str) -> None:
        if place == self._place:
            assert self._rescue is not None
            self.answer = json.loads(self._rescue("limit-time"))


def cut(place: str, verb: str = "forward") -> dict[str, Any]:
    cutter = Cutter(place)
    VERBS[verb]({"network": CHAIN, "values": "all"}, cutter)
    assert cutter.answer, f"{place} was never entered"
    return cutter.answer


def states(answer: dict[str, Any]) -> dict[str, str]:
    return {key: node["state"] for key, node in answer["nodes"].items()}


def test_what_ran_before_the_deadline_keeps_its_results() -> None:
    answer = cut("run second")
    assert states(answer) == {"x": "ok", "first": "ok", "second": "error", "third": "skipped", "beside": "skipped"}
    whole = json.loads(VERBS["forward"]({"network": CHAIN, "values": "all"}, Unwatched()))
    assert answer["nodes"]["first"] == whole["nodes"]["first"]
    assert answer["nodes"]["second"]["outputs"]["output"] == {
        "shape": [2, 5],
        "dtype": "float32",
        "values": None,
        "summary": None,
    }
    assert answer["nodes"]["third"]["outputs"]["output"]["shape"] == [2, 5]
    assert answer["totals"] == whole["totals"]
    [problem] = answer["problems"]
    assert (problem["code"], problem["node"], answer["ok"]) == ("limit-time", "second", False)


def test_a_deadline_during_construction_blames_what_was_built() -> None:
    answer = cut("build second")
    assert states(answer) == {
        "x": "skipped",
        "first": "skipped",
        "second": "error",
        "third": "skipped",
        "beside": "skipped",
    }
    assert answer["nodes"]["third"]["outputs"]["output"]["shape"] == [2, 5]


def test_a_deadline_among_the_shapes_keeps_the_shapes_found() -> None:
    answer = cut("shapes second", "analyze")
    assert states(answer)["second"] == "error"
    assert answer["nodes"]["first"]["outputs"]["output"]["shape"] == [2, 3]


def matmul(rows: int, inner: int) -> dict[str, Any]:
    """Of rows * inner * rows multiply-adds."""
    nodes = {"x": input_(rows, inner), "y": input_(inner, rows)}
    return network(**nodes, product={"type": "matmul", "inputs": {"input": "x", "other": "y"}})


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (matmul(1_000, 1_000), []),
        (matmul(1_000, 1_001), ["long"]),
        (matmul(8_000, 1_600), []),  # the long deadline would not be enough either
        (network(x=input_(1, 10), fc=layer("Linear", "x", out_features=4_600_000)), ["heavy"]),
    ],
)
def test_what_has_the_long_deadline(document: dict[str, Any], wanted: list[str]) -> None:
    told: list[str] = []

    class Listener(Unwatched):
        def heavy(self) -> None:
            told.append("heavy")

        def long(self) -> None:
            told.append("long")

    computation = Computation({"network": document}, Listener())
    shapes = computation.find_shapes(thorough=False)
    assert computation.plan is not None
    refuse(computation.plan, shapes, [], computation)
    assert told == wanted
    seconds = deadline("forward", long=bool(wanted))
    assert f"{seconds:g} seconds" in computation.cut_by("limit-time").message


@pytest.mark.parametrize("phase", ["shapes", "build", "run"])
@pytest.mark.parametrize("code", ["limit-time", "limit-memory", "crashed"])
def test_a_place_that_ended_a_worker_is_not_entered_again(phase: str, code: str) -> None:
    entered: list[str] = []

    class Listener(Unwatched):
        def at(self, place: str) -> None:
            entered.append(place)

    stopped = {"node": f"{phase} second", "code": code, "rerun": True}
    answer = json.loads(VERBS["forward"]({"network": CHAIN, "stopped": stopped}, Listener()))
    assert f"{phase} second" not in entered
    found = states(answer)
    assert found["second"] == "error"
    assert found["first"] == found["beside"] == "ok" or phase == "build"
    assert found["third"] in ("blocked", "skipped")
    assert [problem["code"] for problem in answer["problems"]] == [code]


def test_without_a_rerun_shapes_stand_and_nothing_runs() -> None:
    stopped = {"node": "run second", "code": "limit-time", "rerun": False}
    computation = Computation({"network": CHAIN, "stopped": stopped}, Unwatched())
    computation.forward()
    answer = json.loads(computation.answer())
    assert states(answer) == {key: "error" if key == "second" else "skipped" for key in CHAIN["nodes"]}
    assert answer["nodes"]["third"]["outputs"]["output"]["shape"] == [2, 5]


def repeated(copies: int) -> dict[str, Any]:
    row = {"type": "Linear", "params": {"out_features": 4}, "inputs": {"input": "x"}, "repeat": copies}
    nodes = {"x": CHAIN["nodes"]["x"], "o": row, "r": {"type": "relu", "inputs": {"input": "o"}}}
    return {"format": "torchwire/1", "nodes": nodes}


@pytest.mark.parametrize("verb", ["analyze", "forward"])
@pytest.mark.parametrize("again", [None, "shapes r", "shapes o.4"])
def test_one_deadline_is_one_problem_and_known_shapes_stand(verb: str, again: str | None) -> None:
    answers: list[dict[str, Any]] = []

    class Listener(Unwatched):
        def rescue(self, answer: Rescue) -> None:
            self.answer = answer

        def at(self, place: str) -> None:
            if place == again:  # time is over a second time, at another place
                answers.append(json.loads(self.answer("limit-time")))

    stopped = {"node": "shapes o.5", "code": "limit-time", "rerun": False}
    answers.append(json.loads(VERBS[verb]({"network": repeated(9), "stopped": stopped}, Listener())))
    assert len(answers) == (1 if again is None else 2)
    for answer in answers:
        (problem,) = answer["problems"]
        assert problem["code"] == "limit-time"
        assert problem["message"].startswith(f"{problem['node']} was not done after ")
        assert answer["nodes"][problem["node"]]["state"] == "error"
    whole = answers[-1]
    assert whole["problems"][0]["node"] == "o"
    assert [node["outputs"]["output"]["shape"] for node in whole["nodes"].values()] == [[2, 4]] * 3
    assert [node["state"] for node in whole["nodes"].values()] == ["skipped", "error", "skipped"]


def test_a_deadline_is_told_once_where_a_shape_is_not_known() -> None:
    answers: list[dict[str, Any]] = []

    class Listener(Unwatched):
        def rescue(self, answer: Rescue) -> None:
            self.answer = answer

        def at(self, place: str) -> None:
            if place == "shapes beside":
                answers.append(json.loads(self.answer("limit-time")))

    nodes = {**CHAIN["nodes"], "second": {**CHAIN["nodes"]["second"], "params": {"out_features": 4_321}, "repeat": 1}}
    stopped = {"node": "shapes second.0", "code": "limit-time", "rerun": False}
    answers.append(json.loads(VERBS["analyze"]({"network": {**CHAIN, "nodes": nodes}, "stopped": stopped}, Listener())))
    assert len(answers) > 1
    for answer in answers:
        assert [(problem["code"], problem["node"]) for problem in answer["problems"]] == [("limit-time", "second")]
        assert answer["nodes"]["second"]["state"] == "error"
        assert answer["problems"][0]["message"].startswith("second was not done")
