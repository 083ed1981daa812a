"""Whether a layer reads or writes beyond its tensors: every tensor stands in the middle of a larger one.

What lies around it, and what malloc gives and takes back, is once one pattern and once another. A layer whose result
differs has read what is not its own; where the pattern is broken it has written there. Run as a program, it takes
names of subjects on standard input and prints a line per finding, so that a crash takes only this process:

    echo '["gather-0", "EmbeddingBag"]' | python -m tests.engine.reach 20
"""

from __future__ import annotations

import copy
import ctypes
import json
import random
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch
from tests.catalogue.recipes import RECIPES, floats, integers
from tests.catalogue.recipes import document as layer_document
from tests.engine.cases.tools import CASES
from tests.engine.test_functions import document as case_document
from torch import nn

from torchwire.catalogue.layer import LayerType
from torchwire.engine import forward
from torchwire.engine.progress import Unwatched
from torchwire.engine.reuse import kept_here
from torchwire.engine.trial import call
from torchwire.engine.verbs import VERBS

AROUND = 1 << 12  # elements on either side
INTEGERS = (
    *(-1, -2, -3, -7, -40, -500, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 25, 40, 100, 500),
    *(2**31 - 1, 2**31, 2**32, 2**40, 2**53, 2**62, 2**63 - 1, -(2**31), -(2**40), -(2**62), -(2**63)),
)
FLOATS = (float("nan"), float("inf"), float("-inf"), -1.0, -0.5, 1.0, 1.5, 7.0, 1e5, -1e5, 3e9, -3e9, 1e19, 3e38, -3e38)
BYTES = (0x22, 0x3F)  # as floats 2e-18 and 0.7
_M_PERTURB = -6

Call = tuple[LayerType, nn.Module | None, dict[str, Any], bool]


def _given(values: Any, dtype: str = "int64") -> dict[str, Any]:
    return {"fill": "values", "values": values, "dtype": dtype}


def _more() -> dict[str, dict[str, Any]]:
    """Layers with options that the recipes leave out."""
    bag: dict[str, Any] = {"input": integers(9, 6), "offsets": _given([0, 2, 5])}
    table = {"num_embeddings": 9, "embedding_dim": 4}
    ctc = {"log_probs": {"shape": [8, 2, 5]}, "input_lengths": _given([8, 7]), "target_lengths": _given([3, 2])}
    found = {}
    for mode in ("sum", "mean", "max"):
        for last in (False, True):
            for padding in (None, 0, -1):
                params = {**table, "mode": mode, "include_last_offset": last, "padding_idx": padding}
                found[f"EmbeddingBag/{mode}/{last}/{padding}"] = layer_document("EmbeddingBag", params, bag)
        if mode == "sum":
            weighted = {**bag, "per_sample_weights": floats(6)}
            found["EmbeddingBag/weighted"] = layer_document("EmbeddingBag", {**table, "mode": mode}, weighted)
            found["EmbeddingBag/weighted/last"] = layer_document(
                "EmbeddingBag", {**table, "mode": mode, "include_last_offset": True}, weighted
            )
    for dtype in ("float16", "bfloat16", "float64"):
        for mode in ("sum", "max"):
            wide = {"num_embeddings": 9, "embedding_dim": 32, "mode": mode, "dtype": dtype}
            found[f"EmbeddingBag/{mode}/{dtype}"] = layer_document("EmbeddingBag", wide, bag)
    found["EmbeddingBag/2d"] = layer_document("EmbeddingBag", table, {"input": integers(9, 3, 2)})
    found["EmbeddingBag/max_norm"] = layer_document("EmbeddingBag", {**table, "max_norm": 1.0}, bag)
    found["Embedding/max_norm"] = layer_document("Embedding", {**table, "max_norm": 1.0}, {"input": integers(9, 6)})
    for kind in ("CTCLoss", "ctc_loss"):
        row = {**ctc, "targets": integers(5, 5, low=1)}
        found[f"{kind}/row"] = layer_document(kind, {}, row)
        found[f"{kind}/blank"] = layer_document(kind, {"blank": 4, "zero_infinity": True, "reduction": "none"}, row)
        one = {
            "log_probs": {"shape": [8, 5]},
            "targets": integers(5, 3, low=1),
            "input_lengths": _given(8),
            "target_lengths": _given(3),
        }
        found[f"{kind}/one"] = layer_document(kind, {}, one)
    for dims in (2, 3):
        samples = [[[0.5] * dims] * 4] * 2
        found[f"FractionalMaxPool{dims}d/samples"] = layer_document(
            f"FractionalMaxPool{dims}d",
            {"kernel_size": 2, "output_size": 3, "_random_samples": samples},
            {"input": floats(2, 4, *[12, 10, 8][:dims])},
        )
    for kind in ("CrossEntropyLoss", "NLLLoss", "cross_entropy", "nll_loss"):
        weights = {"weight": [0.1, 0.2, 0.3, 0.4, 0.5]}
        for name, params in {
            "weight": weights,
            "ignore": {**weights, "ignore_index": 2},
            "sum": {**weights, "reduction": "sum"},
            "none": {**weights, "reduction": "none", "ignore_index": -1},
            **({"smooth": {**weights, "label_smoothing": 0.1}} if "ross" in kind else {}),
        }.items():
            flat = {"input": floats(3, 5), "target": integers(5, 3)}
            image = {"input": floats(2, 5, 3, 2), "target": integers(5, 2, 3, 2)}
            found[f"{kind}/{name}"] = layer_document(kind, params, flat)
            found[f"{kind}/{name}/image"] = layer_document(kind, params, image)
    for kind in ("MultiMarginLoss", "multi_margin_loss"):
        params = {"weight": [0.1, 0.2, 0.3, 0.4, 0.5], "p": 2}
        found[f"{kind}/weight"] = layer_document(kind, params, {"input": floats(3, 5), "target": integers(5, 3)})
        found[f"{kind}/one"] = layer_document(kind, {}, {"input": floats(5), "target": integers(5)})
    for kind in ("MultiLabelMarginLoss", "multilabel_margin_loss"):
        found[f"{kind}/one"] = layer_document(kind, {}, {"input": floats(5), "target": _given([1, 3, -1, 0, 2])})
    found["AdaptiveLogSoftmaxWithLoss/one"] = layer_document(
        "AdaptiveLogSoftmaxWithLoss",
        {"in_features": 16, "n_classes": 9, "cutoffs": [3, 6]},
        {"input_": floats(16), "target_": integers(9)},
    )
    ordered = {"shape": [6], "fill": "arange"}
    found["searchsorted/sorter"] = layer_document(
        "searchsorted", {}, {"sorted_sequence": ordered, "input": floats(4), "sorter": _given([0, 1, 2, 3, 4, 5])}
    )
    found["searchsorted/rows"] = layer_document(
        "searchsorted", {"right": True}, {"sorted_sequence": floats(2, 6), "input": floats(2, 4)}
    )
    found["searchsorted/rows/sorter"] = layer_document(
        "searchsorted",
        {"side": "right"},
        {"sorted_sequence": floats(2, 6), "input": floats(2, 4), "sorter": integers(6, 2, 6)},
    )
    for kind in ("getitem",):
        found[f"{kind}/two"] = layer_document(
            kind, {}, {"input": floats(4, 5), "index": [integers(4, 3), integers(5, 3)]}
        )
    return found


def _subjects() -> dict[str, Callable[[], dict[str, Any]]]:
    found: dict[str, Callable[[], dict[str, Any]]] = {case.id: lambda case=case: case_document(case) for case in CASES}
    for name, recipe in RECIPES.items():
        found[name] = lambda name=name, recipe=recipe: layer_document(name, recipe.params, recipe.inputs(recipe.params))
    for name, network in _more().items():
        found[name] = lambda network=network: network
    return found


SUBJECTS = _subjects()


def calls_of(network: dict[str, Any]) -> list[Call]:
    """The calls that the forward pass of a network makes."""
    seen: list[Call] = []

    def noted(layer: LayerType, module: nn.Module | None, given: dict[str, Any], training: bool) -> Any:
        seen.append((layer, module, dict(given), training))
        return call(layer, module, given, training)

    memory = kept_here()
    if memory is not None:
        memory.clear()  # what is remembered is not called
    forward.call = noted  # type: ignore[attr-defined]
    try:
        VERBS["forward"]({"network": json.loads(json.dumps(network))}, Unwatched())
    finally:
        forward.call = call  # type: ignore[attr-defined]
    return seen


class Field:
    """Tensors in the middle of larger ones that are filled with one byte."""

    def __init__(self, byte: int) -> None:
        self._byte = byte
        self._made: list[tuple[torch.Tensor, int]] = []

    def plant(self, tensor: torch.Tensor) -> torch.Tensor:
        size = tensor.element_size()
        count = tensor.numel()
        ground = torch.full(((count + 2 * AROUND) * size,), self._byte, dtype=torch.uint8)
        inner = ground.view(tensor.dtype)[AROUND : AROUND + count].view(tensor.shape)
        inner.copy_(tensor)
        self._made.append((ground, count * size))
        return inner

    def plant_all(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return self.plant(value.detach())
        return tuple(map(self.plant_all, value)) if isinstance(value, (tuple, list)) else value

    def is_whole(self) -> bool:
        return all(
            bool((ground[:edge] == self._byte).all()) and bool((ground[-edge:] == self._byte).all())
            for ground, count in self._made
            for edge in [(ground.numel() - count) // 2]
        )


def result(byte: int, call_: Call) -> tuple[Any, bool]:
    """What a call gives among bytes of this value, as text that tells all bits; and whether the bytes are untouched."""
    layer, module, given, training = call_
    ctypes.CDLL(None).mallopt(_M_PERTURB, byte)
    field = Field(byte)
    given = {name: field.plant_all(value) for name, value in given.items()}
    if module is not None:
        module = copy.deepcopy(module)
        for inner in module.modules():
            for name, value in [*inner._parameters.items(), *inner._buffers.items()]:
                if value is not None:
                    value.data = field.plant(value.data)
                elif isinstance(getattr(inner, name, None), torch.Tensor):
                    setattr(inner, name, field.plant(getattr(inner, name)))
        samples = getattr(module, "_random_samples", None)
        if isinstance(samples, torch.Tensor):
            module._random_samples = field.plant(samples)
    torch.manual_seed(1)
    try:
        outputs = call(layer, module, given, training)
        text = repr({name: (value.shape, value.tolist()) for name, value in outputs.items()})
    except Exception as error:
        text = type(error).__name__
    finally:
        ctypes.CDLL(None).mallopt(_M_PERTURB, 0)
    return text, field.is_whole()


def _mutants(call_: Call, chance: random.Random, most: int) -> Iterator[tuple[str, Call]]:
    """The call with other numbers in its tensors and integer parameters: all of one kind, `most` of all."""
    layer, module, given, training = call_
    found: list[tuple[str, Call]] = []

    def put(name: str, value: Any, what: str) -> None:
        found.append((f"{name} {what}", (layer, module, {**given, name: value}, training)))

    for name, value in given.items():
        items = value if isinstance(value, tuple) else (value,)
        for at, tensor in enumerate(items):
            if not isinstance(tensor, torch.Tensor) or not tensor.numel() or tensor.dtype == torch.bool:
                continue
            whole = not (tensor.is_floating_point() or tensor.is_complex())
            for dtype in (tensor.dtype, torch.int32) if whole else (tensor.dtype,):
                for number in INTEGERS if whole else FLOATS:
                    for place in ("first", "last", "all"):
                        other = tensor.clone().to(dtype)
                        flat = other.view(-1) if other.is_contiguous() else other.reshape(-1)
                        part = {"first": flat[:1], "last": flat[-1:], "all": flat}[place]
                        try:
                            part.fill_(number)
                        except RuntimeError:  # too large for int32
                            continue
                        changed = flat.view(tensor.shape)
                        new = (*items[:at], changed, *items[at + 1 :]) if isinstance(value, tuple) else changed
                        put(name, new, f"{dtype} {place} {number}")
        for at, tensor in enumerate(items):
            if not isinstance(tensor, torch.Tensor):
                continue
            for dim, size in enumerate(tensor.shape):
                for count in {0, 1, size - 1, size + 1} - {size, -1}:
                    place = torch.arange(count) % max(size, 1)
                    if count and not size:
                        continue
                    cut = tensor.index_select(dim, place)
                    new = (*items[:at], cut, *items[at + 1 :]) if isinstance(value, tuple) else cut
                    put(name, new, f"{at} with {count} in dimension {dim}")
        if all(type(item) is int for item in items) and items:
            for at in range(len(items)):
                for number in INTEGERS:
                    if abs(number) > 40:  # what is too large never ends: that is for the deadline
                        continue
                    new = (*items[:at], number, *items[at + 1 :]) if isinstance(value, tuple) else number
                    put(name, new, f"{at} {number}")
    whole_tensors = [
        n for n, v in given.items() if isinstance(v, torch.Tensor) and v.dtype in (torch.int64, torch.int32)
    ]
    for number in range(200 if len(whole_tensors) > 1 else 40 if whole_tensors else 0):
        changed = {
            name: torch.tensor([chance.choice(INTEGERS[:25]) for _ in range(given[name].numel())]).reshape(
                given[name].shape
            )
            for name in whole_tensors
            if chance.random() < 0.7
        }
        found.append((f"random {number} {changed}", (layer, module, {**given, **changed}, training)))
    yield from found if len(found) <= most else chance.sample(found, most)


def _module_mutants(network: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The network with other values in `_random_samples`, or another number of class weights."""
    node = network["nodes"].get("layer", {})
    for name, value in node.get("params", {}).items():
        if "weight" in name and isinstance(value, list):
            for other_value in (value[:-1], value[:1], [], [*value, 0.5], [value]):
                other = json.loads(json.dumps(network))
                other["nodes"]["layer"]["params"][name] = other_value
                yield f"{name} {other_value}", other
    if "_random_samples" in node.get("params", {}):
        for number in FLOATS:
            other = json.loads(json.dumps(network))
            samples = other["nodes"]["layer"]["params"]["_random_samples"]
            samples[0][0][0] = number if abs(number) < 1e300 else str(number)
            yield f"_random_samples {number}", other
        for shape in ([[]], [[[0.5]]], [0.5], [[[0.5] * 9] * 9] * 9, [[[0.5, 0.5]]]):
            other = json.loads(json.dumps(network))
            other["nodes"]["layer"]["params"]["_random_samples"] = shape
            yield f"_random_samples {str(shape)[:40]}", other


def probe(name: str, most: int) -> Iterator[str]:
    """What of a subject's mutants is wrong. Prints the mutant at hand to stderr: the last one, should torch crash."""
    network = SUBJECTS[name]()
    chance = random.Random(name)
    mutants = [(f"{what}", one) for one in calls_of(network) for what, one in _mutants(one, chance, most)]
    for what, other in _module_mutants(network):
        mutants += [(what, one) for one in calls_of(other)]
    for what, one in mutants:
        print(f"{name}: {what}", file=sys.stderr, flush=True)
        (first, whole), (second, also) = (result(byte, one) for byte in BYTES)
        if first != second:
            yield f"{name}: {what}: the results differ: {first[:120]} and {second[:120]}"
        if not (whole and also):
            yield f"{name}: {what}: wrote beyond its tensor"


def main() -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    most = int(sys.argv[1])
    with torch.no_grad():
        for name in json.load(sys.stdin):
            for finding in probe(name, most):
                print(finding, flush=True)


if __name__ == "__main__":
    main()
