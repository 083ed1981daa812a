"""What the code looks like: lines that a person would write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.codegen.exported import check, code
from tests.documents import LENET, input_, layer, network


def block(nodes: dict[str, Any], **params: Any) -> dict[str, Any]:
    return {"params": params, "nodes": {"x": {"type": "Input"}, **nodes}}


def has(document: dict[str, Any], *wanted: str) -> None:
    """The lines stand there in this order, and the whole does what the canvas shows."""
    (script,) = check([document])
    rest = [line.strip() for line in script.splitlines()]
    for line in wanted:
        assert line in rest, script
        rest = rest[rest.index(line) + 1 :]


X = input_(2, 4)


def test_lenet() -> None:
    has(
        LENET,
        "self.conv1 = nn.Conv2d(1, 6, kernel_size=5)",
        "self.fc1 = nn.Linear(400, 120)",
        "def forward(self, image: Tensor) -> Tensor:",
        "conv1 = self.conv1(image)  # (1, 6, 28, 28)",
        "relu1 = F.relu(conv1)",
        "flat = pool2.flatten(1)  # (1, 400)",
        "return fc3",
        "torch.set_num_threads(1)",
        "torch.manual_seed(1)",
        "model.eval()",
        "image = torch.randn(1, 1, 32, 32)",
        "outputs = (model(image),)",
    )


def test_several_outputs_and_states() -> None:
    nodes = {
        "x": input_(5, 1, 3),
        "enc": layer("LSTM", "x", hidden_size=4),
        "dec": {"type": "LSTM", "params": {"hidden_size": 4}, "inputs": {"input": "x", "hx": ["enc.h_n", "enc.c_n"]}},
        "out": {"type": "Output", "inputs": {"value": "dec"}},
    }
    has(network(**nodes), "_, (h_n, c_n) = self.enc(x)", "dec, _ = self.dec(x, (h_n, c_n))  # (5, 1, 4)")
    nodes["out2"] = {"type": "Output", "inputs": {"value": "dec.h_n"}}
    has(
        network(**nodes),
        "output, (dec_h_n, _) = self.dec(x, (enc_h_n, c_n))  # (5, 1, 4)",
        "return output, dec_h_n",
    )


def test_operators_sizes_and_pieces() -> None:
    nodes = {
        "x": input_(2, 3, 8),
        "qkv": layer("chunk", "x", chunks=2, dim=-1),
        "scores": {"type": "matmul", "inputs": {"input": "qkv.0", "other": "turned"}},
        "turned": layer("transpose", "qkv.1", dim0=1, dim1=2),
        "scaled": {"type": "mul", "params": {"other": {"$": "1.0 / 8 ** 0.5"}}, "inputs": {"input": "scores"}},
        "cut": layer("getitem", "scaled", index={"$": "..., : x.shape[1] - 1"}),
        "flat": layer("reshape", "cut", shape=[{"$": "x.shape[0]"}, -1]),
        "less": {"type": "sub", "params": {"input": 1}, "inputs": {"other": "flat"}},
    }
    has(
        network(**nodes),
        "qkv_0, qkv_1 = x.chunk(2, dim=-1)  # (2, 3, 4)",
        "turned = qkv_1.transpose(1, 2)  # (2, 4, 3)",
        "scores = qkv_0 @ turned  # (2, 3, 3)",
        "scaled = scores * (1.0 / 8**0.5)",
        "cut = scaled[..., : x.shape[1] - 1]  # (2, 3, 2)",
        "flat = cut.reshape(x.shape[0], -1)  # (2, 6)",
        "less = 1 - flat",
    )


def test_the_batch_is_not_unpacked() -> None:
    nodes = {
        "x": input_(2, 4),
        "rows": layer("unbind", "x"),
        "sum": {"type": "add", "inputs": {"input": "rows.0", "other": "rows.1"}},
    }
    has(network(**nodes), "rows = x.unbind()  # (4,)", "sum = rows[0] + rows[1]")


def test_a_call_a_tie_and_tensors_of_its_own() -> None:
    nodes = {
        "x": {"type": "Input", "params": {"shape": [2, 3], "fill": "randint", "high": 9}},
        "wte": layer("Embedding", "x", num_embeddings=9, embedding_dim=4),
        "ones": {"type": "ones", "params": {"size": [3, 3]}},
        "tril": layer("tril", "ones"),
        "mask": {"type": "Constant", "params": {"persistent": False}, "inputs": {"value": "tril"}},
        "scale": {"type": "Parameter", "params": {"shape": [4], "fill": {"normal_": {"std": 0.02}}}},
        "mixed": {"type": "matmul", "inputs": {"input": "mask", "other": "wte"}},
        "scaled": {"type": "mul", "inputs": {"input": "mixed", "other": "scale"}},
        "act": {"type": "PReLU", "inputs": {"input": "scaled"}, "trainable": False},
        "again": {"call": "act", "inputs": {"input": "act"}},
        "lm_head": {"type": "Linear", "params": {"out_features": 9, "bias": False},
                    "inputs": {"input": "again", "weight": "wte.weight"}},
        "soft": layer("dropout", "lm_head", p=0.5),
    }  # fmt: skip
    has(
        network(**nodes),
        "ones = torch.ones(3, 3)",
        "tril = ones.tril()",
        'self.register_buffer("mask", tril, persistent=False)',
        "self.scale = nn.Parameter(torch.zeros(4))",
        "nn.init.normal_(self.scale, std=0.02)",
        "self.act.requires_grad_(False)",
        "self.lm_head.weight = self.wte.weight",
        "mixed = self.mask @ wte  # (2, 3, 4)",
        "again = self.act(act)",
        "soft = F.dropout(lm_head, p=0.5, training=self.training)",
    )


def test_a_block_with_parameters_conditions_and_what_differs() -> None:
    part = block(
        {
            "fc": {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "x"}},
            "norm": layer("LayerNorm", "fc"),
            "gate": {"type": "Linear", "params": {"out_features": {"$": "width"}}, "inputs": {"input": "norm"},
                     "when": {"$": "width > 4"}},
            "out": {"type": "Output", "inputs": {"value": "gate"}},
        },
        width=4,
    )  # fmt: skip
    document = network(
        x=X,
        one={"type": "Part", "inputs": {"x": "x"}},
        two={"type": "Part", "inputs": {"x": "one"}, "params": {"width": 6}},
        rest={"type": "Part", "inputs": {"x": "two"}, "params": {"width": {"$": "6 + i"}}, "repeat": 3},
    )
    has(
        {**document, "blocks": {"Part": part}},
        "class Part(nn.Module):",
        "def __init__(self, in_features: int, width: int = 4) -> None:",
        "self.fc = nn.Linear(in_features, width)",
        "self.norm = nn.LayerNorm(width)",
        "if width > 4:",
        "self.gate = nn.Linear(width, width)",
        "gate = self.gate(norm) if self.width > 4 else norm",
        "self.one = Part(in_features=4)",
        "self.two = Part(in_features=4, width=6)",
        "Part(in_features=in_features, width=6 + i)",
        "for i, in_features in enumerate((6, 6, 7))",
    )


def test_repeats() -> None:
    nodes = {
        "x": input_(2, 3, 8),
        "row": {**layer("LayerNorm", "x"), "repeat": 2},
        "mask": {"type": "Input", "params": {"shape": [3, 3], "fill": "zeros"}},
        "layers": {"type": "TransformerEncoderLayer", "params": {"nhead": 2, "dim_feedforward": 8, "batch_first": True},
                   "inputs": {"src": "row", "src_mask": "mask"}, "repeat": 2},
        "act": {"type": "PReLU", "inputs": {"input": "layers"}},
        "rest": {"call": "act", "inputs": {"input": "act"}, "repeat": 3},
        "low": {"type": "mul", "params": {"other": {"$": "1 / (i + 1)"}}, "inputs": {"input": "rest"}, "repeat": 2},
    }  # fmt: skip
    has(
        network(**nodes),
        "self.row = nn.Sequential(*[nn.LayerNorm(8) for _ in range(2)])",
        "self.layers = nn.ModuleList(",
        "row = self.row(x)",
        "layers = row",
        "for layer in self.layers:",
        "layers = layer(layers, src_mask=mask)",
        "rest = act",
        "for _ in range(3):",
        "rest = self.act(rest)",
        "for i in range(2):",
        "low = low * (1 / (i + 1))",
    )


def test_optional_inputs() -> None:
    part = block(
        {
            "mask": {"type": "Input", "when": {"$": "masked"}},
            "mha": {"type": "MultiheadAttention", "params": {"num_heads": 2, "batch_first": True},
                    "inputs": {"query": "x", "key": "x", "value": "x", "attn_mask": "mask"}},
            "out": {"type": "Output", "inputs": {"value": "mha"}},
        },
        masked=False,
    )  # fmt: skip
    document = network(
        x=input_(2, 3, 8),
        mask={"type": "Input", "params": {"shape": [3, 3], "fill": "zeros"}},
        one={"type": "Part", "inputs": {"x": "x"}},
        two={"type": "Part", "inputs": {"x": "one", "mask": "mask"}, "params": {"masked": True}},
    )
    has(
        {**document, "blocks": {"Part": part}},
        "def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:",
        "mha, _ = self.mha(x, x, x, attn_mask=mask)",
        "one = self.one(x)",
        "two = self.two(one, mask)",
    )


def test_containers() -> None:
    def at(attribute: str, source: str, **more: Any) -> dict[str, Any]:
        return {**layer("Linear", source, out_features=4), "attribute": attribute, **more}

    has(
        network(x=X, a=at("body.0", "x"), b=at("body.1", "a")),
        "self.body = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))",
        "b = self.body(x)",
    )
    has(
        network(x=X, a=at("body.0", "x"), r=layer("relu", "a"), b=at("body.1", "r")),
        "self.body = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])",
        "b = self.body[1](r)",
    )
    has(
        network(x=X, a=at("body.0", "x"), c=layer("Linear", "a", out_features=4), b=at("body.2", "c")),
        "self.body = nn.ModuleDict()",
        'self.body["0"] = nn.Linear(4, 4)',
        "self.c = nn.Linear(4, 4)",
        'self.body["2"] = nn.Linear(4, 4)',
    )
    has(
        network(x=X, a=at("enc.fc", "x")),
        "self.enc = nn.Module()",
        "self.enc.fc = nn.Linear(4, 4)",
        "a = self.enc.fc(x)",
    )
    two = network(x=X, p={"type": "Two", "inputs": {"x": "x"}})
    nodes = {"a": at("0", "x"), "b": at("1", "a"), "out": {"type": "Output", "inputs": {"value": "b"}}}
    has(
        {**two, "blocks": {"Two": block(nodes)}},
        "class Two(nn.Sequential):",
        "super().__init__(nn.Linear(4, 4), nn.Linear(4, 4))",
    )


def test_init_over_all_modules_is_exact_about_classes() -> None:
    nodes = {
        "x": input_(2, 3, 8),
        "mha": {"type": "MultiheadAttention", "params": {"num_heads": 2},
                "inputs": {"query": "x", "key": "x", "value": "x"}},
        "fc": layer("Linear", "mha", out_features=3, bias=False),
        "head": layer("Linear", "fc", out_features=3),
    }  # fmt: skip
    init = {"Linear.weight": {"normal_": {"std": 0.5}}, "Linear.bias": {"zeros_": {}}, "Conv2d.weight": {"ones_": {}}}
    has(
        {**network(**nodes), "init": init},
        "for module in self.modules():",
        "if type(module) is nn.Linear:",
        "nn.init.normal_(module.weight, std=0.5)",
        "if module.bias is not None:",
        "nn.init.zeros_(module.bias)",
    )


NAMES = ["range", "super", "print", "model", "outputs", "isinstance", "l", "i", "layer", "Tensor", "list", "enumerate"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_node_stands_in_the_way(name: str) -> None:
    row = {**layer("dropout", name, p={"$": "0.1 * i"}), "repeat": 2}
    modules = {**layer("Linear", "row", out_features={"$": "4 + i"}), "repeat": 2}
    check([{**network(x=X, **{name: layer("relu", "x")}, row=row, rest=modules), "training": True}])
    check([network(**{name: X}, act=layer("relu", name))])


def test_the_notebook_runs_from_top_to_bottom() -> None:
    book = json.loads(code(LENET, "notebook"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for cell in cells:
        exec(compile(cell, "cell", "exec"), names)
    assert names["outputs"][0].shape == (1, 10)
    script = code(LENET)
    assert all(cell.strip() in script for cell in cells[1:])
