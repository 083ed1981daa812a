"""The tables of functions as plain data: who is there, what for, under which words."""

from __future__ import annotations

import re

import pytest

from torchwire.catalogue.functions import FUNCTIONS
from torchwire.catalogue.functions.entry import Function
from torchwire.catalogue.layer import KINDS, Param, Port
from torchwire.engine.functions import function_type
from torchwire.engine.introspect import read_catalogue

TYPES = {entry.name: function_type(entry) for entry in FUNCTIONS}

WANTED = """
    add sub mul div pow floor_divide remainder eq ne lt le gt ge
    matmul bmm einsum cat stack split chunk unbind getitem view reshape flatten unflatten squeeze unsqueeze permute
    transpose movedim expand repeat roll flip gather index_select where masked_fill tril triu arange zeros ones full
    zeros_like ones_like full_like rand_like randn_like randint_like one_hot sum mean max min amax amin argmax var std
    norm cumsum topk exp log sqrt rsqrt abs clamp sin cos sigmoid tanh softmax log_softmax relu gelu silu leaky_relu elu
    dropout normalize interpolate pad max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
    adaptive_max_pool3d cosine_similarity scaled_dot_product_attention layer_norm batch_norm linear conv1d conv2d conv3d
    conv_transpose1d conv_transpose2d conv_transpose3d embedding float double half bfloat16 int long bool to min_pool1d
    min_pool2d min_pool3d linspace eye
""".split()

SEARCHED = {
    "concat": "cat",
    "concatenate": "cat",
    "+": "add",
    "residual": "add",
    "@": "matmul",
    "slice": "getitem",
    "softmax loss": "cross_entropy",
    "swish": "silu",
    "resize": "interpolate",
    "causal mask": "tril",
    "clip": "clamp",
    "global average pooling": "adaptive_avg_pool2d",
    "deconvolution": "conv_transpose2d",
}


def test_what_people_write_is_there() -> None:
    assert [name for name in WANTED if name not in TYPES] == []
    assert all(name in read_catalogue().types for name in TYPES)


def test_names_stand_once() -> None:
    assert len(TYPES) == len(FUNCTIONS)


def test_nothing_writes_in_place_or_shows_stale_memory() -> None:
    assert [name for name in TYPES if name.endswith("_") or name.startswith("empty")] == []


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_complete(name: str) -> None:
    layer = TYPES[name]
    assert 8 <= len(layer.summary) <= 70, layer.summary
    assert not re.search(r"[`\\:{}_<>]|\.$|math|self\.|Tensor", layer.summary.replace("base**", "")), layer.summary
    assert layer.family
    for param in layer.params:
        assert param.kind in KINDS
        assert param.kind != "any"
        assert param.name not in ("out", "device", "self", "input_", "layout", "generator", "requires_grad")
        assert param.kind != "choice" or param.choices
    ports = [port.name for port in layer.inputs]
    assert len(set(ports)) == len(ports)
    assert "out" not in ports
    assert "self" not in ports
    assert layer.list_output or layer.outputs
    assert ports or layer.family == "Making"


def test_several_results_are_named_as_torch_names_them() -> None:
    several = {name: [port.name for port in layer.outputs] for name, layer in TYPES.items() if len(layer.outputs) > 1}
    assert several["topk"] == several["sort"] == ["values", "indices"]
    assert several["max"] == several["median"] == ["output", "values", "indices"]
    assert several["max_pool2d"] == ["output", "indices"]
    assert several["var_mean"] == ["var", "mean"]
    lists = {name for name, layer in TYPES.items() if layer.list_output}
    assert lists == {"split", "chunk", "unbind", "meshgrid", "broadcast_tensors"}


@pytest.mark.parametrize("word", SEARCHED)
def test_search_words_find_the_function(word: str) -> None:
    found = [name for name, layer in TYPES.items() if word in layer.aliases]
    assert SEARCHED[word] in found


def test_a_number_or_a_tensor_is_never_required_twice() -> None:
    for layer in TYPES.values():
        ports = {port.name for port in layer.inputs}
        assert not [param.name for param in layer.params if param.name in ports and param.required]


def test_training_left_out_is_the_networks() -> None:
    for name in ("dropout", "rrelu", "batch_norm", "alpha_dropout"):
        (training,) = [param for param in TYPES[name].params if param.name == "training"]
        assert (training.default, training.nullable, training.required) == (None, True, False)


def test_an_entry_is_one_line() -> None:
    """What a newcomer writes for a function of torch's: name and summary; torch says the rest."""
    layer = function_type(Function("deg2rad", "turns degrees into radians"))
    assert layer.inputs == (Port("input"),)
    assert layer.code == "torch.deg2rad"
    layer = function_type(Function("renorm", "bounds the length of parts"))
    assert layer.params == (
        Param("p", "number", required=True),
        Param("dim", "int", required=True),
        Param("maxnorm", "number", required=True),
    )


def test_an_entry_that_torch_does_not_know_is_told() -> None:
    with pytest.raises(ValueError, match="no operator no_such_function"):
        function_type(Function("no_such_function", "is not there"))
