"""The gallery beside the same networks written in torch, and beside the conformance list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tests.gallery.beside import Run, compare, sampled
from tests.gallery.gallery import GALLERY
from tests.gallery.twins import TWINS

NETWORKS = Path(__file__).parents[1] / "conformance" / "networks"

# Names in the conformance list. There a few networks are of an older form: flat, smaller inputs, in training.
CONFORMANCE = {
    "alexnet": "AlexNet",
    "vgg16": "VGG_16",
    "googlenet": "GoogLeNet_without_heads",
    "unet": "U_Net",
    "resnet18": "ResNet_18",
    "resnet50": "ResNet_50",
    "squeezenet": "SqueezeNet_1_0",
    "densenet121": "DenseNet_121",
    "mobilenet_v2": "MobileNetV2",
    "efficientnet_b0": "EfficientNet_B0_squeeze_excitation",
    "convnext_tiny": "ConvNeXt_Tiny",
    "seq2seq": "seq2seq_GRU",
    "bert_base": "BERT_base_encoder",
    "gpt2": "GPT_2_small",
    "llama_block": "Llama_block",
    "vit": "ViT_B_16",
    "vae": "VAE",
    "dcgan_generator": "DCGAN_generator",
    "tied_autoencoder": "tied_autoencoder",
    "siamese": "Siamese",
}


@pytest.mark.parametrize("id", sampled(list(TWINS)))
def test_as_written_in_torch(id: str) -> None:
    compare(id, TWINS[id]())


@pytest.mark.parametrize("id", sampled(list(CONFORMANCE)))
def test_as_in_the_conformance_list(id: str) -> None:
    """On the list's own inputs and mode: built from blocks, it has the same weights and gives the same numbers."""
    listed = json.loads((NETWORKS / f"{CONFORMANCE[id]}.json").read_text("utf-8"))
    network = GALLERY[id]["network"]
    given = [node for node in listed["network"]["nodes"].values() if node.get("type") == "Input"]
    own = [key for key, node in network["nodes"].items() if node.get("type") == "Input"]
    nodes = {**network["nodes"], **dict(zip(own, given, strict=True))}
    run = Run({**network, "nodes": nodes, "training": listed["network"]["training"]})
    for value, wanted in zip(run.outputs, listed["expected"]["outputs"], strict=True):
        assert list(value.shape) == wanted["shape"]
        first = torch.tensor(wanted["first"], dtype=torch.float64)
        torch.testing.assert_close(value.flatten()[: len(first)].double(), first, rtol=1e-4, atol=1e-6)
        assert value.double().mean().item() == pytest.approx(wanted["mean"], rel=1e-3, abs=1e-6)
