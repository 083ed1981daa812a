import { describe, expect, test } from "vitest";
import { classSpan, linesOf, nodeAt } from "./lines";

const CODE = `"""Net, exported from Torchwire."""

from torch import Tensor, nn


class Stage(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)

    def forward(self, x: Tensor) -> Tensor:
        conv1 = self.conv1(x)
        return conv1


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.stage = Stage()

    def forward(self, x: Tensor) -> Tensor:
        conv1 = self.conv1(x)  # (1, 6, 28, 28)
        conv10 = conv1 + 1
        stage = self.stage(conv10)
        return stage


model = Net()
`;

describe("classSpan", () => {
  test("the network is the last class, a block the one of its name", () => {
    expect(classSpan(CODE, null)).toEqual({ from: 16, to: 26 });
    expect(classSpan(CODE, "Stage")).toEqual({ from: 6, to: 13 });
    expect(classSpan(CODE, "stage")).toEqual({ from: 6, to: 13 });
    expect(classSpan(CODE, "Other")).toBeNull();
    expect(classSpan("", null)).toBeNull();
  });
});

describe("a node and its lines", () => {
  test("find each other within the class", () => {
    const span = classSpan(CODE, null)!;
    expect(linesOf(CODE, span, "conv1")).toEqual([19, 23, 24]);
    expect(linesOf(CODE, span, "conv10")).toEqual([24, 25]);
    expect(linesOf(CODE, classSpan(CODE, "Stage")!, "conv1")).toEqual([9, 12, 13]);
    expect(nodeAt(CODE, 19, ["x", "conv1", "stage"])).toBe("conv1");
    expect(nodeAt(CODE, 25, ["x", "conv1", "conv10", "stage"])).toBe("stage");
    expect(nodeAt(CODE, 17, ["conv1"])).toBeNull();
  });

  test("what only looks like a node is none: a function, a keyword argument, a word in a string", () => {
    const span = { from: 1, to: 4 };
    const lines = 'class Net(nn.Module):\n    y = F.relu(x)\n    init(w, nonlinearity="relu")\n    f(relu=1)\n';
    expect(linesOf(lines, span, "relu")).toEqual([]);
    expect(nodeAt(lines, 2, ["relu"])).toBeNull();
    expect(nodeAt(lines, 3, ["relu"])).toBeNull();
    expect(nodeAt(lines, 4, ["relu"])).toBeNull();
  });

  test("comments name nobody", () => {
    expect(nodeAt("    x = 1  # conv1", 1, ["conv1"])).toBeNull();
  });
});
