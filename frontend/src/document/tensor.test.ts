// @vitest-environment node
import { describe, expect, test } from "vitest";
import { parseTensor } from "./tensor";

describe("reads", () => {
  const cases: [string, string, unknown, number[], string][] = [
    [
      "nested lists",
      "[[1, 2], [3, 4]]",
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      "int64",
    ],
    [
      "tuples and a comma at the end",
      "((1.5, 2,), (3, 4),)",
      [
        [1.5, 2],
        [3, 4],
      ],
      [2, 2],
      "float32",
    ],
    ["a number alone", " 5 ", 5, [], "int64"],
    ["tensor() of no dimension", "tensor(0.5000)", 0.5, [], "float32"],
    ["truth values", "tensor([[ True, False]])", [[true, false]], [1, 2], "bool"],
    ["points without digits", "tensor([1., 2., -3.])", [1, 2, -3], [3], "float32"],
    ["scientific notation", "tensor([1.0000e-05, -2.5000E+03])", [1e-5, -2500], [2], "float32"],
    ["nan and inf", "tensor([nan, inf, -inf, 1.])", ["nan", "inf", "-inf", 1], [4], "float32"],
    ["dtype and device", "tensor([1, 2], device='cuda:0', dtype=torch.int32)", [1, 2], [2], "int32"],
    ["dtype of half precision", "tensor([1.], dtype=torch.bfloat16)", [1], [1], "bfloat16"],
    ["requires_grad", "tensor([1.], requires_grad=True)", [1], [1], "float32"],
    ["grad_fn", "tensor([[1.]], grad_fn=<AddmmBackward0>)", [[1]], [1, 1], "float32"],
    [
      "several lines",
      "tensor([[0.4294, 0.8854],\n        [0.5739, 0.2666]])\n",
      [
        [0.4294, 0.8854],
        [0.5739, 0.2666],
      ],
      [2, 2],
      "float32",
    ],
    ["a parameter", "Parameter containing:\ntensor([[ 0.3823]], requires_grad=True)", [[0.3823]], [1, 1], "float32"],
    ["the call as code", "torch.tensor([1, 2], dtype=torch.float)", [1, 2], [2], "float32"],
    [
      "numpy's print, without commas",
      "[[1. 2.]\n [3. 4.]]",
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      "float32",
    ],
    ["numpy's repr", "array([1, 2], dtype=int64)", [1, 2], [2], "int64"],
    [
      "nan and inf as code",
      "[1.0, float('nan'), -torch.inf, float('-inf')]",
      [1, "nan", "-inf", "-inf"],
      [4],
      "float32",
    ],
    ["an empty list", "tensor([])", [], [0], "float32"],
    [
      "CSV",
      "1,2,3\n4,5,6\n",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
      "int64",
    ],
    ["one row of CSV", "1.5, 2", [1.5, 2], [2], "float32"],
    [
      "TSV",
      "1\t2\r\n3\t4",
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      "int64",
    ],
    [
      "spaces",
      "  0.1 0.2\n  0.3 0.4",
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
      [2, 2],
      "float32",
    ],
    [
      "semicolons with decimal commas",
      "1,5;2\n3;-4,25",
      [
        [1.5, 2],
        [3, -4.25],
      ],
      [2, 2],
      "float32",
    ],
    ["one column", "1\n2\n3", [[1], [2], [3]], [3, 1], "int64"],
  ];
  for (const [what, text, values, shape, dtype] of cases) {
    test(what, () => expect(parseTensor(text)).toEqual({ values, shape, dtype }));
  }

  test("the notebook's 1x6x6 tensor", () => {
    const rows = Array.from(
      { length: 6 },
      (_, n) => `[${Array.from({ length: 6 }, (_, k) => `0.${n}${k}00`).join(", ")}]`,
    );
    const found = parseTensor(`tensor([[${rows.join(",\n         ")}]])`);
    expect(found.shape).toEqual([1, 6, 6]);
    expect((found.values as number[][][])[0]![5]![4]).toBe(0.54);
  });
});

describe("refuses, and says where", () => {
  const cases: [string, string, string][] = [
    ["nothing", "  \n", "There is nothing here yet"],
    ["a shortened print", "tensor([0, 1, ..., 9])", "shortened when it was printed"],
    [
      "rows of unequal length",
      "[[1, 2],\n [3]]",
      "Line 2, column 2: item 2 is a list of shape 1, those before it are a list of shape 2",
    ],
    ["lists beside numbers", "[1, [2]]", "Line 1, column 5: item 2 is a list of shape 1, those before it are a number"],
    ["a word", "[1, two]", 'Line 1, column 5: "two" is no number'],
    ["a complex number", "tensor([1.+2.j])", '"1.+2.j" is no number'],
    ["a missing bracket", "[[1, 2], [3, 4]", "a ] is missing at the end"],
    ["a missing bracket of tensor(", "tensor([1, 2]", "a ) is missing at the end"],
    ["the wrong bracket", "[1, 2)", '")" is no number'],
    ["something behind it", "[1, 2] + 3", 'Line 1, column 8: "+" was not expected'],
    ["an unknown dtype", "tensor([1], dtype=torch.complex64)", '"torch.complex64" is no dtype that a network takes'],
    ["truth values among numbers", "[True, 1]", "truth values and numbers are mixed"],
    ["integers that JSON loses", "[9007199254740993]", "beyond 2**53"],
    ["an empty tensor of two dimensions", "tensor([], size=(0, 3))", "cannot be written as a list"],
    ["17 dimensions", `${"[".repeat(17)}1${"]".repeat(17)}`, "at most 16 dimensions"],
    ["a heading", "sepal,petal\n1,2", 'Line 1: "sepal" in cell 1 is no number. Leave a heading out.'],
    ["a ragged table", "1,2\n\n3", "Line 3 has 1 values, line 1 has 2."],
    ["an empty cell", "1,,2", "Line 1: cell 2 is empty."],
  ];
  for (const [what, text, message] of cases) {
    test(what, () => expect(() => parseTensor(text)).toThrow(message));
  }
});
