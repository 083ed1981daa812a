"""Every public class of torch.nn is in the catalogue or left out for a reason, and reads well in the palette."""

from __future__ import annotations

import re

import pytest
from torch import nn

from torchwire.catalogue import families
from torchwire.catalogue.layer import KINDS, LayerType
from torchwire.catalogue.modules import EXCLUDED, MODULES, NOT_LAYERS, WRAPPERS
from torchwire.engine.introspect import public_modules, read_catalogue, uncovered

CLASSES = [layer for layer in read_catalogue().types.values() if layer.form == "module"]


def test_every_public_class_is_covered_or_excluded() -> None:
    assert uncovered(public_modules()) == []


def test_torch_has_the_classes_that_were_counted() -> None:
    """torch.nn.modules lists 162 classes and one that is no module; torch.nn adds DataParallel."""
    modules = {name for name in nn.modules.__all__ if issubclass(getattr(nn, name), nn.Module)}
    assert len(modules) == 162
    assert set(public_modules()) == modules | {"DataParallel"}


def test_a_new_class_of_torch_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn, "HyperLinear", type("HyperLinear", (nn.Module,), {}), raising=False)
    assert uncovered(public_modules()) == ["HyperLinear"]


def test_a_new_class_that_is_no_module_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn, "HyperOptions", type("HyperOptions", (), {}), raising=False)
    assert uncovered(public_modules()) == ["HyperOptions"]


def test_nothing_is_listed_that_torch_does_not_have() -> None:
    listed = [name for family in MODULES.values() for name in family]
    assert len(listed) == len(set(listed))
    assert not [name for name in [*listed, *EXCLUDED, *NOT_LAYERS] if not hasattr(nn, name)]
    assert not set(listed) & set(EXCLUDED)


def test_at_most_fifteen_classes_are_excluded_each_with_a_reason() -> None:
    assert len(EXCLUDED) <= 15
    assert all(len(reason) > 10 for reason in EXCLUDED.values())


def test_a_lazy_class_is_an_alias_of_its_plain_class() -> None:
    catalogue = read_catalogue()
    lazy = [name for name in public_modules() if name.startswith("Lazy")]
    assert len(lazy) == 13
    for name in lazy:
        assert catalogue.get(name) is catalogue.types[name.removeprefix("Lazy")]


@pytest.mark.parametrize("layer", CLASSES, ids=lambda layer: layer.type)
def test_a_class_reads_well(layer: LayerType) -> None:
    summary = layer.summary
    assert 10 <= len(summary) <= 70
    assert not re.search(r"[`:*_\\{}]{2}|\\\w|:math|\$|\.$", summary), summary
    assert summary[0].islower() or summary.split()[0] in ("AlphaDropout", "LeakyReLU", "TripletMarginLoss"), summary
    assert not re.search(r":\w+:`|``|\.\. \w+::", layer.doc), layer.doc


def test_no_two_classes_have_the_same_summary() -> None:
    summaries = [layer.summary for layer in CLASSES]
    assert len(summaries) == len(set(summaries))


def test_kinds_are_the_published_ones_and_anything_is_rare() -> None:
    kinds = [param.kind for layer in read_catalogue().types.values() for param in layer.params]
    assert set(kinds) <= set(KINDS)
    assert kinds.count("any") <= 10
    assert not [param for layer in CLASSES for param in layer.params if param.kind == "any"]


def test_an_optional_parameter_has_torchs_default() -> None:
    """None where torch has none, and never a default of our own."""
    linear = {param.name: param for param in read_catalogue().types["Linear"].params}
    assert linear["bias"].default is True and not linear["bias"].required
    assert linear["out_features"].required and not linear["out_features"].inferred
    assert linear["in_features"].inferred
    pool = {param.name: param for param in read_catalogue().types["MaxPool2d"].params}
    assert pool["stride"].default is None and pool["stride"].nullable


def test_wrappers_are_there() -> None:
    assert [layer.type for layer in CLASSES if layer.code.startswith("nn.utils")] == list(WRAPPERS)


def test_search_words_belong_to_types_that_are_there() -> None:
    catalogue = read_catalogue()
    assert not [name for name in families.ALIASES if name not in catalogue.types]
    for word, type_name in {"dense": "Linear", "deconvolution": "ConvTranspose2d", "swish": "SiLU"}.items():
        assert word in catalogue.types[type_name].aliases
    assert catalogue.nearest("swish")[0] == "SiLU"
    assert catalogue.nearest("invert") == ["bitwise_not"]  # not int, which merely looks alike


def test_the_beginning_of_a_name_is_enough() -> None:
    catalogue = read_catalogue()
    assert catalogue.nearest("Lin")[0] == "Linear"
    assert catalogue.nearest("lin")[0] == "linear"
    assert catalogue.nearest("relu", "module") == ["ReLU", "ReLU6"]
