import { describe, expect, test } from "vitest";
import type { NetworkDoc } from "@/document/document";
import { types } from "@/workspace/testing";
import type { Point } from "./route";
import { routeAll } from "./routes";
import { makeScene } from "./scene";
import { wireNear } from "./wireNear";

/** A column: x, a, b, c, each reading the one above; c is an add that reads x as well. */
function column() {
  const nodes: NetworkDoc["nodes"] = {
    x: { type: "Input" },
    a: { type: "Conv1d", inputs: { input: "x" } },
    b: { type: "Conv1d", inputs: { input: "a" } },
    c: { type: "add", inputs: { input: "b", other: "x" } },
  };
  const scene = makeScene({ format: "torchwire/1", nodes }, null, types, () => [], null);
  const places = new Map<string, Point>(scene.nodes.map((view, n) => [view.key, { x: 0, y: n * 120 }]));
  return { scene, places };
}

describe("routeAll", () => {
  test("neighbours are joined by a straight line, its shape half way", () => {
    const { scene, places } = column();
    const { routes } = routeAll(scene, places, null, null);
    const view = scene.byKey.get("x")!;
    const middle = view.width / 2;
    expect(routes.get("a:input:")).toEqual({
      path: `M${middle} ${view.height}L${middle} 120`,
      label: { x: middle, y: (view.height + 120) / 2 },
    });
  });

  test("a skip goes beside what it skips", () => {
    const { scene, places } = column();
    const { routes } = routeAll(scene, places, null, null);
    const widest = Math.max(...scene.nodes.map((view) => view.width));
    const { x } = routes.get("c:other:")!.label;
    expect(x > widest || x < 0).toBe(true);
  });

  test("the lane of a skip covers no other node", () => {
    const { scene, places } = column();
    const widest = Math.max(...scene.nodes.map((view) => view.width));
    const extra = makeScene(
      {
        format: "torchwire/1",
        nodes: {
          ...Object.fromEntries(scene.nodes.map((view) => [view.key, view.node])),
          beside: { type: "Conv1d", inputs: { input: "x" } },
        },
      },
      null,
      types,
      () => [],
      null,
    );
    places.set("beside", { x: widest + 10, y: 180 });
    const { x } = routeAll(extra, places, null, null).routes.get("c:other:")!.label;
    const right = widest + 10 + extra.byKey.get("beside")!.width;
    expect(x > right || x < 0).toBe(true);
  });

  test("during a drag only the wires of the dragged node are made anew", () => {
    const { scene, places } = column();
    const before = routeAll(scene, places, null, null);
    places.set("b", { x: 300, y: 240 });
    const after = routeAll(scene, places, before, new Set(["b"]));
    expect(after.routes.get("a:input:")).toBe(before.routes.get("a:input:"));
    expect(after.routes.get("b:input:")).not.toEqual(before.routes.get("b:input:"));
  });
});

test("a node is dropped on the wire that is nearest, and on none from afar", () => {
  const { scene, places } = column();
  const { routes } = routeAll(scene, places, null, null);
  const { x, y } = routes.get("b:input:")!.label;
  expect(wireNear({ x: x + 5, y }, routes, 24)).toBe("b:input:");
  expect(wireNear({ x: x + 2000, y }, routes, 24)).toBeNull();
});
