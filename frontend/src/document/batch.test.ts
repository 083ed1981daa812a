// @vitest-environment node
import { expect, test } from "vitest";
import { apply } from "./apply";
import { batchOf, hasBatch } from "./batch";
import type { NodeDoc } from "./document";
import { emptyDocument } from "./empty";

const input = (...shape: number[]) => ({ type: "Input", params: { shape } });

test("the batch size is what all Inputs agree on", () => {
  const one = {
    ...emptyDocument(),
    nodes: { x: input(2, 3), y: input(2), free: { type: "Input" }, fc: { type: "Linear" } },
  };
  expect(batchOf(one)).toBe(2);
  expect(batchOf(emptyDocument())).toBeNull();
  const two = { ...one, nodes: { ...one.nodes, z: input(5, 3) } };
  expect(batchOf(two)).toBeNull();
  expect(batchOf(apply(two, { kind: "batch", size: 8 }))).toBe(8);
  expect(batchOf({ ...one, nodes: { scalar: input() } })).toBeNull();
});

test("whether there is any batch size to set", () => {
  const of = (...params: NodeDoc["params"][]) => ({
    ...emptyDocument(),
    nodes: Object.fromEntries(params.map((one, n) => [`x${n}`, { type: "Input", params: one }])),
  });
  expect(hasBatch(of())).toBe(false);
  expect(hasBatch(of({ shape: [3, 2], fill: "values", values: [[1]] }))).toBe(false);
  expect(hasBatch(of({ shape: [] }))).toBe(false);
  expect(hasBatch(of({ shape: [2, 2] }, { shape: [3, 2] }))).toBe(true);
});
