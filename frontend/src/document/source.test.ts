import { describe, expect, test } from "vitest";
import { readLiteral, readShape, sourceFormat, withoutOutputs, writeLiteral } from "./source";

describe("what a text is", () => {
  test.each([
    "import torch\n",
    "from torch import nn",
    "  class Net(nn.Module):\n    pass",
    "model = nn.Sequential(nn.Linear(3, 4))",
    "[nn.Linear(3, 4)]",
  ])("Python: %j", (text) => expect(sourceFormat(text)).toBe("python"));

  test("a notebook is JSON with cells", () => {
    expect(sourceFormat('{"cells": [], "nbformat": 4}')).toBe("notebook");
  });

  test.each([
    "no network at all",
    "tensor([[1., 2.], [3., 4.]])",
    "array([1, 2])",
    "[[1, 2], [3, 4]]",
    "1 2 3\n4 5 6",
    '{"format": "torchwire/1", "nodes": {}}',
    "the class of it",
    "",
  ])("neither: %j", (text) => expect(sourceFormat(text)).toBeNull());
});

test("a notebook without its outputs keeps its cells, in order; what is none stays as it is", () => {
  const cells = [
    { cell_type: "markdown", source: ["# a"] },
    { cell_type: "code", source: "x", outputs: [{ data: "much" }], execution_count: 3 },
  ];
  const found = JSON.parse(withoutOutputs(JSON.stringify({ cells, nbformat: 4 })));
  expect(found).toEqual({ cells: [cells[0], { cell_type: "code", source: "x" }] });
  for (const text of ["{", "[1]", '{"cells": 3}']) expect(withoutOutputs(text)).toBe(text);
});

describe("literals", () => {
  const values = [3, -2, 0.5, 1e-5, true, false, null, "a 'b' \"c\" \\", [1, [2, "x"], []], { a: [1, null], b: {} }];
  test.each(values)("%j comes back as it was written", (value) => {
    expect(readLiteral(writeLiteral(value))).toEqual(value);
  });

  test("as people write them", () => {
    expect(readLiteral("(3, 4,)")).toEqual([3, 4]);
    expect(readLiteral(" 'relu' ")).toBe("relu");
    expect(readLiteral("1_000")).toBe(1000);
    expect(readLiteral("None")).toBeNull();
  });

  test.each(["", "many", "[1", "1 2", "[1 2]", "'a", "{1: 2}", "nn.ReLU()", "1,"])("%j is none", (text) => {
    expect(() => readLiteral(text)).toThrow("Write a value");
  });
});

test("shapes", () => {
  for (const text of ["1, 3, 32, 32", "(1, 3, 32, 32)", "[1,3,32,32]", "1 3 32 32", "1x3x32x32", "1, 3, 32, 32,"]) {
    expect(readShape(text)).toEqual([1, 3, 32, 32]);
  }
  expect(readShape("")).toEqual([]);
  for (const text of ["-1, 3", "1.5", "n, 3", "1,,2"]) expect(() => readShape(text)).toThrow("whole numbers");
});
