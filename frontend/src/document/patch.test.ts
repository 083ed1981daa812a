// @vitest-environment node
import { expect, test } from "vitest";
import { apply } from "./apply";
import type { PatchOperation } from "./command";
import type { NetworkDoc } from "./document";
import { withoutLooks } from "./looks";
import { Refusal } from "./refusal";

const document: NetworkDoc = {
  format: "torchwire/1",
  canvas: { zoom: 2 },
  nodes: {
    x: { type: "Input", position: [0, 0] },
    forward: { type: "Linear", params: { in_features: 400 }, inputs: { input: "x" }, position: [8, 80], color: "red" },
    out: { type: "Output", inputs: { value: "forward" }, note: "here" },
  },
  blocks: { B: { nodes: { y: { type: "Input", position: [1, 2] } } } },
};

test("a fix changes what it says, its tests first", () => {
  const patch: PatchOperation[] = [
    { op: "test", path: "/nodes/forward/params/in_features", value: 400 },
    { op: "replace", path: "/nodes/forward/params/in_features", value: 576 },
  ];
  const fixed = apply(document, { kind: "patch", patch });
  expect(fixed.nodes.forward).toEqual({ ...document.nodes.forward, params: { in_features: 576 } });
  expect(() => apply(fixed, { kind: "patch", patch })).toThrow(Refusal);
  expect(document.nodes.forward!.params).toEqual({ in_features: 400 });
});

test("a fix that replaces all nodes keeps their looks, moved since or not, and the order", () => {
  // As the server writes the rename of a bad name: it has seen no positions.
  const seen = withoutLooks(document);
  const { x, forward, out } = seen.nodes;
  const renamed = { x, forward1: forward, out: { ...out, inputs: { value: "forward1" } } };
  const patch = [
    { op: "test", path: "/nodes", value: seen.nodes },
    { op: "replace", path: "/nodes", value: renamed },
  ] as unknown as PatchOperation[];
  const moved = apply(document, { kind: "move", graph: null, positions: { forward: [16, 96] } });
  const fixed = apply(moved, { kind: "patch", patch });
  expect(Object.keys(fixed.nodes)).toEqual(["x", "forward1", "out"]);
  expect(fixed.nodes.forward1).toEqual({ ...document.nodes.forward, position: [16, 96] });
  expect(fixed.nodes.out).toEqual({ type: "Output", inputs: { value: "forward1" }, note: "here" });
  expect(fixed.canvas).toEqual({ zoom: 2 });
  expect(fixed.blocks!.B!.nodes.y!.position).toEqual([1, 2]);
});

test("a fix that wants what is not there is refused", () => {
  const patch: PatchOperation[] = [{ op: "remove", path: "/nodes/nope/params/a" }];
  expect(() => apply(document, { kind: "patch", patch })).toThrow("The document has changed since");
});
