import { describe, expect, test } from "vitest";
import { makeWay, type PlaceMap } from "./room";
import type { NodeView, Scene } from "./scene";

type Box = readonly [x: number, y: number, width: number, height: number];
type Boxes = Record<string, Box>;

function sceneOf(boxes: Boxes): Scene {
  const nodes = Object.entries(boxes).map(
    ([key, [, , width, height]]) => ({ key, node: { type: key }, width, height }) as unknown as NodeView,
  );
  return { nodes, wires: [], byKey: new Map(nodes.map((view) => [view.key, view])) };
}

const placesOf = (boxes: Boxes): PlaceMap => new Map(Object.entries(boxes).map(([key, [x, y]]) => [key, { x, y }]));

/** What moves when some boxes grow. */
function grown(boxes: Boxes, sizes: Record<string, readonly [number, number]>) {
  const after = Object.fromEntries(
    Object.entries(boxes).map(([key, [x, y, w, h]]): [string, Box] => [key, [x, y, ...(sizes[key] ?? [w, h])] as Box]),
  );
  return { after, moved: makeWay(sceneOf(boxes), sceneOf(after), placesOf(boxes)) };
}

describe("a node that grows", () => {
  const chain: Boxes = { a: [0, 0, 200, 40], b: [0, 94, 200, 40], c: [0, 300, 200, 40], beside: [400, 60, 200, 40] };

  test("moves what is below by what it takes, and uses up free room", () => {
    expect(grown(chain, { a: [200, 74] }).moved).toEqual({ b: [0, 128] });
    expect(grown(chain, { a: [200, 240] }).moved).toEqual({ b: [0, 294], c: [0, 388] });
  });

  test("keeps a gap that was made small by hand", () => {
    expect(grown({ a: [0, 0, 200, 40], b: [0, 46, 200, 40] }, { a: [200, 57] }).moved).toEqual({ b: [0, 63] });
  });

  test("moves what is beside it where it grows wide", () => {
    expect(grown({ a: [0, 0, 200, 40], b: [240, 20, 200, 40] }, { a: [264, 40] }).moved).toEqual({ b: [304, 20] });
  });

  test("moves nothing when it shrinks, or has room", () => {
    expect(grown(chain, { a: [200, 20] }).moved).toEqual({});
    expect(grown(chain, { c: [200, 400] }).moved).toEqual({});
  });

  test("is known by its entry when it was renamed", () => {
    const before = sceneOf(chain);
    const longer = before.nodes.map((view) => (view.key === "a" ? { ...view, key: "longer", height: 74 } : view));
    const scene: Scene = { nodes: longer, wires: [], byKey: new Map(longer.map((view) => [view.key, view])) };
    const places = new Map([...placesOf(chain), ["longer", { x: 0, y: 0 }]]);
    expect(makeWay(before, scene, places)).toEqual({ b: [0, 128] });
  });
});

test("nodes that stood apart stand apart after any growth, and none moves up or left", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const overlap = ([x, y, w, h]: Box, [u, v, s, t]: Box) => x < u + s && u < x + w && y < v + t && v < y + h;
  for (let run = 0; run < 200; run++) {
    const boxes: Record<string, Box> = {};
    for (let n = 0; n < 12; n++) {
      const box: Box = [random(900), random(900), 60 + random(200), 20 + random(100)];
      if (!Object.values(boxes).some((other) => overlap(box, other))) boxes[`n${n}`] = box;
    }
    const sizes = Object.fromEntries(
      Object.entries(boxes)
        .filter(() => random(3) === 0)
        .map(([key, [, , w, h]]): [string, [number, number]] => [key, [w + random(90), h + random(90)]]),
    );
    const { after, moved } = grown(boxes, sizes);
    for (const [key, [x, y]] of Object.entries(moved)) {
      expect(x).toBeGreaterThanOrEqual(after[key]![0]);
      expect(y).toBeGreaterThanOrEqual(after[key]![1]);
      after[key] = [x, y, after[key]![2], after[key]![3]];
    }
    const all = Object.values(after);
    for (const [n, box] of all.entries()) for (const other of all.slice(n + 1)) expect(overlap(box, other)).toBe(false);
  }
});
