import { describe, expect, test } from "vitest";
import { types } from "@/workspace/testing";
import { keepsCount, nodeText, valueText } from "./rows";

const linear = types.layers.get("Linear")!;

describe("nodeText", () => {
  test("lists what differs from the default, and what the wire decides", () => {
    const { rows } = nodeText({ type: "Linear", params: { out_features: 10, bias: true } }, linear, undefined);
    expect(rows.map((row) => [row.name, row.value])).toEqual([
      ["out_features", "10"],
      ["in_features", null],
    ]);
    const off = nodeText({ type: "Linear", params: { in_features: 4, bias: false } }, linear, undefined);
    expect(off.rows.map((row) => [row.name, row.value])).toEqual([
      ["in_features", "4"],
      ["bias", "False"],
    ]);
  });

  test("one short first parameter stands beside the type", () => {
    const pool = types.layers.get("MaxPool2d")!;
    expect(nodeText({ type: "MaxPool2d", params: { kernel_size: 2 } }, pool, undefined).inline).toBe("2");
    expect(nodeText({ type: "MaxPool2d", params: { stride: 2 } }, pool, undefined).inline).toBeNull();
  });

  test("a call has no parameters of the constructor", () => {
    expect(nodeText({ call: "fc" }, linear, undefined).rows).toEqual([]);
    expect(keepsCount({ call: "fc" }, linear, undefined)).toBe(false);
    expect(keepsCount({ type: "Linear" }, linear, undefined)).toBe(true);
  });

  test("a block's parameters are compared with its own defaults", () => {
    const block = { params: { planes: 64, stride: 1 }, nodes: {} };
    const { rows } = nodeText({ type: "Basic", params: { planes: 64, stride: 2 } }, null, block);
    expect(rows.map((row) => row.name)).toEqual(["stride"]);
  });
});

test("values as they stand in a call", () => {
  expect(valueText([3, 5])).toBe("3, 5");
  expect(valueText(null)).toBe("None");
  expect(valueText({ $: "2 * i" })).toBe("2 * i");
  expect(valueText({ type: "ReLU" })).toBe("ReLU");
  expect(
    valueText([
      [1, 2],
      [3, 4],
    ]),
  ).toBe("2 rows");
});
