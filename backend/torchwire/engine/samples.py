"""Real data for Inputs: samples of the data sets that ship inside scikit-learn.

The files are read directly: importing scikit-learn costs a worker a second and 60 MB that it never needs.
"""

from __future__ import annotations

import gzip
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from torchwire.engine.given import dtype_of
from torchwire.engine.outcomes import Fault
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Copy, Node

# name -> (file, lines before the data, side of an image or None)
_FILES: dict[str, tuple[str, int, int | None]] = {
    "digits": ("digits.csv.gz", 0, 8),
    "iris": ("iris.csv", 1, None),
    "wine": ("wine_data.csv", 1, None),
}


@dataclass(frozen=True)
class DataSet:
    """Rows of features and their classes; `side` is the height and width where a row is an image."""

    rows: torch.Tensor  # (samples, features) float32; images in 0..1
    classes: torch.Tensor  # (samples,) int64
    side: int | None


@cache
def data_set(name: str) -> DataSet:
    """The data set of this name: digits (1,797 images of 8x8), iris (150 x 4) or wine (178 x 13)."""
    file, skip, side = _FILES[name]
    package = importlib.util.find_spec("sklearn")
    assert package is not None and package.submodule_search_locations is not None
    path = Path(next(iter(package.submodule_search_locations)), "datasets", "data", file)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    table = np.loadtxt(data.decode("ascii").splitlines()[skip:], delimiter=",", dtype=np.float64)
    rows = torch.from_numpy(table[:, :-1].astype(np.float32))
    classes = torch.from_numpy(table[:, -1].astype(np.int64))
    return DataSet(rows / 16 if side else rows, classes, side)  # a digit's pixels count 0 to 16


def sample(name: Any, index: int, shape: tuple[int, ...], dtype: torch.dtype, node: Node) -> torch.Tensor:
    """Samples number `index`, `index` + 1, ... of a data set, as many as the shape's leading sizes ask for.

    Floating point: features, shape (..., features); a digit also as an image (..., height, width), scaled bilinearly
    and repeated over channels. Integer dtypes: the classes, of any shape. Raises Fault.
    """
    if name not in _FILES:
        raise _fault(node, f"name of {node.key} is one of {', '.join(_FILES)}.", "name")
    data = data_set(name)
    if not dtype.is_floating_point:
        return _take(data.classes, index, int(np.prod(shape))).reshape(shape).to(dtype)
    features = data.rows.shape[1]
    if shape and shape[-1] == features and (data.side is None or len(shape) <= 2):
        count = int(np.prod(shape[:-1]))
        return _take(data.rows, index, count).reshape(shape).to(dtype)
    if data.side is None or len(shape) < 2:
        wants = f"[..., {features}]" if data.side is None else f"[..., height, width] or [..., {features}]"
        raise _fault(node, f"{name} has {features} features: the shape of {node.key} must be {wants}.", "shape")
    batch = int(np.prod(shape[:-3])) if len(shape) > 2 else 1
    images = _take(data.rows, index, batch).reshape(batch, 1, data.side, data.side)
    height, width = shape[-2:]
    if (height, width) != (data.side, data.side) and batch and height and width:
        images = F.interpolate(images, size=(height, width), mode="bilinear", align_corners=False)
    channels = shape[-3] if len(shape) > 2 else 1
    return images.expand(batch, channels, height, width).reshape(shape).to(dtype)


def rows_of(node: Node, copy: Copy) -> tuple[list[Any], int | None]:
    """The numbers that a sample is made of, and the side where its rows are images: their pixels as they are kept,
    0 to 16. Classes, for an integer dtype, in place of rows."""
    params = copy.params
    data = data_set(params["name"])
    shape, index = tuple(params["shape"]), params.get("index", 0)
    if not dtype_of(copy).is_floating_point:
        return _take(data.classes, index, int(np.prod(shape))).tolist(), None
    features = data.rows.shape[1]
    if shape and shape[-1] == features and (data.side is None or len(shape) <= 2):
        count = int(np.prod(shape[:-1]))
    else:
        count = int(np.prod(shape[:-3])) if len(shape) > 2 else 1
    rows = _take(data.rows, index, count)
    if data.side is None:
        return [[float(f"{value:.9g}") for value in row] for row in rows.tolist()], None
    return (rows * 16).to(torch.int64).tolist(), data.side


def _take(rows: torch.Tensor, index: int, count: int) -> torch.Tensor:
    """`count` rows from `index` on, beginning anew at the end."""
    return rows[(torch.arange(count) + index) % len(rows)]


def _fault(node: Node, message: str, param: str) -> Fault:
    return Fault(Problem("bad-param", message, param=param))
