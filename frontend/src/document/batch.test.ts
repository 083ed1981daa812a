// @vitest-environment node
import { expect, test } from "vitest";
import { apply } from "./apply";
import { batchOf } from "./batch";
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
