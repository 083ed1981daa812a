"""Exported ONNX models, run by onnxruntime, give what the canvas shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime
import pytest
import torch
from tests.codegen.exported import Document, export, forward, results
from tests.codegen.test_faithful import GALLERY, read
from tests.documents import LENET, input_, layer, network

from torchwire.codegen.files import read_file
from torchwire.engine.progress import Unwatched
from torchwire.verbs import VERBS

TOLERANCE = 1e-5  # of the largest value of an output; docs/export.md says so
SAMPLE = ["11_lenet", "25_lstm_tagger", "42_siamese"]
REFUSED = {"06_activations": "rrelu", "09_losses": "gaussiannll"}
DRAWING = {"38_vae": ["y"]}  # outputs that depend on random numbers
LARGE = {"13_alexnet", "14_vgg16", "19_resnet152", "32_bert_base", "33_gpt2", "35_smollm"}  # of 60 million parameters


def model(document: Document) -> bytes:
    file = read_file(VERBS["export"]({"network": document, "format": "onnx"}, Unwatched()))
    assert file is not None
    return file.content


def compare(document: Document, drawing: list[str]) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model(document), options, providers=["CPUExecutionProvider"])
    plan, done, errors = forward({**document, "training": False})
    assert errors == []
    inputs = [node for node in plan.graph.kind("input") if node.present]
    assert [entry.name for entry in session.get_inputs()] == [node.key for node in inputs]
    given = {node.key: done.outcomes[node.path].outputs["output"].numpy() for node in inputs}
    names = [entry.name for entry in session.get_outputs()]
    wanted = results(plan, done)
    assert len(names) == len(wanted)
    for name, found, value in zip(names, session.run(names, given), wanted, strict=True):
        assert found.shape == tuple(value.shape) and torch.from_numpy(found).dtype == value.dtype
        if name not in drawing:
            scale = max(1e-3, value.double().abs().max().item()) if value.numel() else 1.0
            torch.testing.assert_close(torch.from_numpy(found), value, rtol=0, atol=TOLERANCE * scale)


@pytest.mark.parametrize("name", SAMPLE)
def test_small_networks_of_the_gallery(name: str) -> None:
    compare(read(next(path for path in GALLERY if path.stem == name)), [])


def test_names_that_the_traced_module_has_itself() -> None:
    compare(
        network(
            x=input_(2, 3), code=layer("Linear", "x", out_features=3), graph=layer("Linear", "code", out_features=2)
        ),
        [],
    )


@pytest.mark.proof
@pytest.mark.parametrize("path", [path for path in GALLERY if path.stem not in LARGE], ids=lambda path: path.stem)
def test_the_gallery(path: Path) -> None:
    document = read(path)
    if path.stem not in REFUSED:
        return compare(document, DRAWING.get(path.stem, []))
    answer = export(document, "onnx")
    assert answer["content"] is None
    errors = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert [(problem["code"], problem["node"]) for problem in errors] == [("not-exportable", REFUSED[path.stem])]


def test_it_is_in_evaluation_mode() -> None:
    noisy = network(x=input_(4, 3), norm=layer("BatchNorm1d", "x"), drop=layer("Dropout", "norm"))
    compare({**noisy, "training": True}, [])


def test_an_input_that_is_given_back_and_one_that_nobody_reads() -> None:
    nodes: dict[str, Any] = {
        "x": input_(2, 3),
        "mask": input_(2, 3),
        "fc": layer("Linear", "x", out_features=2),
        "same": {"type": "Output", "inputs": {"value": "x"}},
        "out": {"type": "Output", "inputs": {"value": "fc"}},
    }
    compare(network(**nodes), [])


def test_parameters_constants_ties_and_repeats() -> None:
    nodes: dict[str, Any] = {
        "x": {"type": "Input", "params": {"shape": [2, 3], "fill": "randint", "high": 9}},
        "wte": layer("Embedding", "x", num_embeddings=9, embedding_dim=4),
        "scale": {"type": "Parameter", "params": {"shape": [4]}},
        "ones": {"type": "ones", "params": {"size": [3, 3]}},
        "mask": {"type": "Constant", "inputs": {"value": "ones"}},
        "mixed": {"type": "matmul", "inputs": {"input": "mask", "other": "wte"}},
        "scaled": {"type": "mul", "inputs": {"input": "mixed", "other": "scale"}},
        "rows": {**layer("LayerNorm", "scaled"), "repeat": 2},
        "flat": layer("view", "rows", shape=[{"$": "x.shape[0]"}, -1, 4]),
        "head": {"type": "Linear", "params": {"out_features": 9, "bias": False},
                 "inputs": {"input": "flat", "weight": "wte.weight"}},
    }  # fmt: skip
    compare(network(**nodes), [])


@pytest.mark.parametrize(
    ("document", "node", "reason"),
    [
        (network(x=input_(2, 3), act=layer("RReLU", "x")), "act", "torch.onnx has no operator for aten.rrelu"),
        (
            network(
                x=input_(2, 3),
                y=input_(2, 3),
                var=input_(2, 3, fill="ones"),
                loss={"type": "GaussianNLLLoss", "inputs": {"input": "x", "target": "y", "var": "var"}},
            ),
            "loss",
            "torch.export says: Could not guard on data-dependent expression",
        ),
    ],
)
def test_what_has_no_onnx_is_refused_at_its_node(document: Document, node: str | None, reason: str) -> None:
    answer = export(document, "onnx")
    assert answer["content"] is None
    (problem,) = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert (problem["code"], problem["node"]) == ("not-exportable", node)
    assert reason in problem["message"] and problem["message"].startswith("This network cannot be exported as ONNX: ")


def test_the_same_bytes_again() -> None:
    assert model(LENET) == model(LENET)
