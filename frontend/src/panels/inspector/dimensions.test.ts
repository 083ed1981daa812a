import { describe, expect, it } from "vitest";
import type { NodeAnswer } from "@/api/answer";
import type { GraphDoc } from "@/document/document";
import { dimensionNames } from "./dimensions";

function answers(shapes: Record<string, Record<string, number[]>>): Map<string, NodeAnswer> {
  return new Map(
    Object.entries(shapes).map(([key, outputs]) => [
      key,
      {
        state: "ok",
        repr: null,
        inferred: {},
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([port, shape]) => [
            port,
            { shape, dtype: "float32", values: null, summary: null },
          ]),
        ),
        parameters: {},
        buffers: {},
        parameter_count: 0,
        macs: 0,
        blocked_by: [],
      },
    ]),
  );
}

describe("names of dimensions", () => {
  const graph: GraphDoc = {
    nodes: {
      image: { type: "Input" },
      conv1: { type: "Conv2d", inputs: { input: "image" } },
      relu1: { type: "relu", inputs: { input: "conv1" } },
      flatten: { type: "flatten", inputs: { input: "relu1" } },
      lstm: { type: "LSTM", inputs: { input: "words" } },
      words: { type: "Input" },
      batched: { type: "GRU", params: { batch_first: true }, inputs: { input: "words" } },
      again: { call: "conv1", inputs: { input: "image" } },
      odd: { type: "Input" },
    },
  };
  const shapes = answers({
    image: { output: [1, 1, 32, 32] },
    conv1: { output: [1, 6, 28, 28] },
    relu1: { output: [1, 6, 28, 28] },
    flatten: { output: [1, 4704] },
    words: { output: [5, 1, 6] },
    lstm: { output: [5, 1, 8], h_n: [1, 1, 8] },
    batched: { output: [5, 1, 8] },
    again: { output: [6, 28, 28] },
    odd: { output: [2, 3] },
  });
  const names = (key: string, port = "output") => dimensionNames(graph, shapes, key, port);

  it("come from the layer itself", () => {
    expect(names("conv1")).toEqual(["N", "C", "H", "W"]);
    expect(names("again")).toEqual(["C", "H", "W"]);
    expect(names("lstm")).toEqual(["L", "N", "H"]);
    expect(names("lstm", "h_n")).toEqual(["layers", "N", "H"]);
    expect(names("batched")).toEqual(["N", "L", "H"]);
  });

  it("pass through what leaves the shape alone, and end at a flatten", () => {
    expect(names("relu1")).toEqual(["N", "C", "H", "W"]);
    expect(names("flatten")).toEqual(["N", "features"]);
  });

  it("come from who reads an Input", () => {
    expect(names("image")).toEqual(["N", "C", "H", "W"]);
  });

  it("are not invented", () => {
    expect(names("odd")).toBeNull();
  });
});
