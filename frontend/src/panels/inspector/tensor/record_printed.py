"""Writes printed.json: what torch prints for tensors that both sides make by the same recipe.

Run with the project's Python: `.venv/bin/python frontend/src/panels/inspector/tensor/record_printed.py`.
Recipe: element i of a tensor is `((i * 7919) % modulus - modulus // 2) * scale`, computed in doubles;
`values`, where given, stand instead.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

RECIPES = [
    ([1, 4], "float32", 101, 0.01),
    ([3, 4], "float32", 997, 0.001),
    ([7], "float32", 11, 1.0),
    ([40], "float32", 97, 0.37),
    ([2, 3, 4], "float32", 1009, 0.125),
    ([2, 2, 3, 5], "float32", 1009, 0.03125),
    ([2, 1, 2, 2, 3], "float32", 1009, 1e-3),
    ([3, 3], "float32", 1009, 1e-7),
    ([3, 3], "float32", 1009, 1e6),
    ([5, 6], "float32", 1000003, 0.5),
    ([5, 6], "float32", 1000003, 1000.0),
    ([1000], "float32", 97, 0.25),
    ([1001], "float32", 97, 0.25),
    ([40, 40], "float32", 97, 0.3),
    ([1, 6, 28, 28], "float32", 911, 0.004),
    ([7, 2, 8, 10], "float32", 911, 1e-5),
    ([2, 3, 200], "float32", 13, 1.0),
    ([2, 600], "int64", 1009, 1),
    ([12], "int64", 1009, 1),
    ([30], "int64", 100003, 1),
    ([2, 3], "int32", 19, 1),
    ([9], "uint8", 23, 1),
    ([4, 5], "int8", 23, 1),
    ([4, 5], "int16", 23, 1),
    ([3, 4], "float64", 997, 0.001),
    ([30], "float64", 997, 0.1),
    ([3, 4], "float16", 97, 0.013),
    ([3, 4], "bfloat16", 97, 0.013),
    ([2, 1100], "float64", 997, 1e-3),
    ([3, 2], "complex64", 97, 0.25),
    ([9], "complex64", 97, 0.013),
    ([], "float32", 97, 0.013),
    ([], "int64", 97, 1),
    ([0], "float32", 97, 1.0),
    ([0], "int64", 97, 1),
    ([2, 0, 3], "float32", 97, 1.0),
    ([2, 0], "int32", 97, 1),
    ([0, 3], "bool", 97, 1),
]
VALUES = [
    ([5], "float32", [1.5, "nan", "inf", "-inf", 0.0]),
    ([4], "float32", ["nan", "inf", 1.0, 2.0]),
    ([3], "float32", [0.0, 0.0, 0.0]),
    ([2], "float32", ["nan", "nan"]),
    ([3], "float32", [-0.0, 1.0, -2.0]),
    ([3], "float32", [-0.0, 1.5, -2.0]),
    ([4], "float32", [0.03125, 0.09375, -0.03125, 1.53125]),
    ([4], "float32", [1.03125e-5, 0.0001, 100000.5, 103125.0]),
    ([3], "float32", [1.0, 1000.0, 0.99]),
    ([3], "float32", [1.0, 1001.0, 1.0]),
    ([3], "float32", [1e8, 2e8, 1e8]),
    ([3], "float32", [1e-4, 1e-4, 9e-5]),
    ([2], "float32", [3.4e38, 1e-45]),
    ([4], "float32", [0.5, 999.99997, 99999.99, 123.0]),
    ([2, 2], "bool", [True, False, False, True]),
    ([1200], "bool", [i % 3 == 0 for i in range(1200)]),
    ([3], "int64", ["9223372036854775807", "-9223372036854775808", "0"]),
    ([3], "complex64", [[1.0, -2.0], [0.5, 0.0], [-1.25, "nan"]]),
    ([2], "complex128", [[1.0, -0.0], [0.5, 1e-9]]),
]


def number(value: object) -> object:
    """A value of VALUES as Python's own."""
    if isinstance(value, list):
        return complex(float(value[0]), float(value[1]))
    return value


def made(shape: list[int], dtype: str, modulus: int, scale: float) -> torch.Tensor:
    """The tensor of a recipe."""
    count = 1
    for size in shape:
        count *= size
    raw = [((i * 7919) % modulus - modulus // 2) * scale for i in range(2 * count)]
    if dtype.startswith("complex"):
        flat = torch.tensor([complex(raw[2 * i], raw[2 * i + 1]) for i in range(count)], dtype=torch.complex128)
    else:
        flat = torch.tensor(raw[:count], dtype=torch.float64)
        if dtype == "uint8":
            flat = flat.abs()
    return flat.to(getattr(torch, dtype)).reshape(shape)


def main() -> None:
    """Writes the file beside this one."""
    found = [
        {
            "shape": shape,
            "dtype": dtype,
            "modulus": modulus,
            "scale": scale,
            "text": str(made(shape, dtype, modulus, scale)),
        }
        for shape, dtype, modulus, scale in RECIPES
    ]
    for shape, dtype, values in VALUES:
        kind = getattr(torch, dtype)
        if dtype == "int64":
            tensor = torch.tensor([int(value) for value in values], dtype=kind)
        elif dtype == "bool" or dtype.startswith("complex"):
            tensor = torch.tensor([number(value) for value in values], dtype=kind)
        else:
            tensor = torch.tensor([float(value) for value in values], dtype=torch.float64).to(kind)
        found.append({"shape": shape, "dtype": dtype, "values": values, "text": str(tensor.reshape(shape))})
    target = Path(__file__).with_name("printed.json")
    target.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{len(found)} tensors, torch {torch.__version__}")


if __name__ == "__main__":
    main()
