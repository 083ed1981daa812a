import { describe, expect, it } from "vitest";
import type { NodeAnswer, WeightAnswer } from "@/api/answer";
import { macsFormula, parameterFormula, share } from "./cost";

const weight = (...shape: number[]): WeightAnswer => ({
  shape,
  dtype: "float32",
  count: shape.reduce((all, size) => all * size, 1),
  requires_grad: true,
  values: null,
});

function layer(parameters: Record<string, WeightAnswer>, more: Partial<NodeAnswer> = {}): NodeAnswer {
  return {
    state: "ok",
    repr: null,
    inferred: {},
    outputs: {},
    parameters,
    buffers: {},
    parameter_count: Object.values(parameters).reduce((all, { count }) => all + count, 0),
    macs: null,
    blocked_by: [],
    ...more,
  };
}

/** What the formula says, computed. */
const computed = (formula: string | null): number => Number(new Function(`return ${formula}`)());

describe("parameter formulas", () => {
  it("LeNet's first convolution", () => {
    expect(parameterFormula(layer({ weight: weight(6, 1, 5, 5), bias: weight(6) }), "Conv2d")).toBe("(1*5*5 + 1)*6");
  });

  it("each formula counts what torch counts", () => {
    const layers: [string, NodeAnswer][] = [
      ["Conv2d", layer({ weight: weight(16, 6, 3, 3), bias: weight(16) })],
      ["Conv2d", layer({ weight: weight(16, 6, 3, 3) })],
      ["ConvTranspose2d", layer({ weight: weight(6, 6, 3, 3), bias: weight(6) })],
      ["Linear", layer({ weight: weight(10, 84), bias: weight(10) })],
      ["BatchNorm2d", layer({ weight: weight(9), bias: weight(9) })],
      ["LSTM", layer({ a: weight(32, 6), b: weight(32, 8), c: weight(32), d: weight(32) })],
    ];
    for (const [type, answer] of layers) {
      expect(computed(parameterFormula(answer, type))).toBe(answer.parameter_count);
    }
  });

  it("says nothing about many tensors, tied ones, or an unknown count", () => {
    expect(parameterFormula(layer({}), "ReLU")).toBeNull();
    expect(parameterFormula(layer({ weight: weight(3, 4) }, { parameter_count: null }), "Linear")).toBeNull();
    expect(parameterFormula(layer({ weight: { ...weight(3, 4), tied: "wte.weight" } }), "Linear")).toBeNull();
  });
});

describe("multiply-adds", () => {
  const conv = layer(
    { weight: weight(6, 1, 5, 5), bias: weight(6) },
    { macs: 117600, outputs: { output: { shape: [1, 6, 28, 28], dtype: "float32", values: null, summary: null } } },
  );

  it("are the outputs times the products behind each", () => {
    expect(macsFormula(conv, "Conv2d")).toBe("6*28*28*25");
  });

  it("are not explained where the product is not what was counted", () => {
    expect(macsFormula({ ...conv, macs: 1 }, "Conv2d")).toBeNull();
  });
});

it("shares of a network in words", () => {
  expect([share(117600, 650000), share(156, 81290), share(1, 1e6), share(0, 5)]).toEqual([
    "18 %",
    "0.2 %",
    "under 0.1 %",
    "0 %",
  ]);
});
