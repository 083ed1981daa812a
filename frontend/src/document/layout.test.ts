// @vitest-environment node
import { expect, test } from "vitest";
import type { GraphDoc } from "./document";
import { layout } from "./layout";
import { parseReference, usesOf } from "./references";
import { networks } from "./testing/networks";

const SIZE = { width: 200, height: 72 };

function overlaps(places: Record<string, [number, number]>): string[] {
  const found = Object.entries(places);
  return found.flatMap(([a, [ax, ay]], n) =>
    found
      .slice(n + 1)
      .filter(([, [bx, by]]) => Math.abs(ax - bx) < SIZE.width && Math.abs(ay - by) < SIZE.height)
      .map(([b]) => `${a} ${b}`),
  );
}

test("in every conformance network nothing overlaps, and every reader stands below what it reads", () => {
  for (const [name, document] of networks()) {
    for (const graph of [document, ...Object.values(document.blocks ?? {})] as GraphDoc[]) {
      const keys = Object.keys(graph.nodes);
      const places = layout(graph, new Map(keys.map((key) => [key, SIZE])));
      expect(Object.keys(places)).toEqual(keys);
      expect(overlaps(places), name).toEqual([]);
      for (const [key, node] of Object.entries(graph.nodes)) {
        for (const use of usesOf(node)) {
          const source = parseReference(use.reference)!.node;
          // Parameters that are read or tied order nothing and may stand anywhere.
          if (use.kind !== "wire" || use.reference.includes(".weight") || !places[source]) continue;
          expect(places[key]![1], `${name}: ${key} below ${source}`).toBeGreaterThanOrEqual(
            places[source]![1] + SIZE.height,
          );
        }
      }
    }
  }
});

test("a chain is straight, beside a skip too", () => {
  const graph: GraphDoc = {
    nodes: {
      x: { type: "Input" },
      a: { type: "ReLU", inputs: { input: "x" } },
      b: { type: "ReLU", inputs: { input: "a" } },
      c: { type: "ReLU", inputs: { input: "b" } },
      sum: { type: "add", inputs: { input: "c", other: "x" } },
    },
  };
  const places = layout(graph, new Map());
  const [a, b, c] = [places.a!, places.b!, places.c!];
  expect(a[0]).toBe(b[0]);
  expect(b[0]).toBe(c[0]);
  expect(b[1] - a[1]).toBe(c[1] - b[1]);
});

test("a cycle and a dangling wire are laid out like everything else", () => {
  const graph: GraphDoc = {
    nodes: { a: { type: "ReLU", inputs: { input: "b" } }, b: { type: "ReLU", inputs: { input: "a", other: "gone" } } },
  };
  expect(Object.keys(layout(graph, new Map()))).toEqual(["a", "b"]);
});

/** Two chains side by side, joined now and then; each node of the second also reads the first. */
function ladder(depth: number): GraphDoc {
  const nodes: GraphDoc["nodes"] = { x: { type: "Input" } };
  for (let n = 0; n < depth; n++) {
    nodes[`a${n}`] = { type: "ReLU", inputs: { input: n === 0 ? "x" : `a${n - 1}` } };
    nodes[`b${n}`] = { type: "add", inputs: { input: n === 0 ? "x" : `b${n - 1}`, other: `a${n}` } };
  }
  return { nodes };
}

test("a graph of any depth is laid out: a chain straight, nothing over anything else", () => {
  const nodes: GraphDoc["nodes"] = { n0: { type: "Input" } };
  for (let n = 1; n < 4000; n++) nodes[`n${n}`] = { type: "ReLU", inputs: { input: `n${n - 1}` } };
  const chain = Object.values(layout({ nodes }, new Map()));
  expect(new Set(chain.map(([x]) => x)).size).toBe(1);
  expect(chain.every(([, y], n) => n === 0 || y >= chain[n - 1]![1] + 72 + 48)).toBe(true);

  const graph = ladder(500);
  const places = layout(graph, new Map(Object.keys(graph.nodes).map((key) => [key, SIZE])));
  expect(overlaps(places)).toEqual([]);
  for (let n = 1; n < 500; n++) expect(places[`b${n}`]![1]).toBeGreaterThan(places[`a${n}`]![1]);
});

test("a name may be anything", () => {
  const graph: GraphDoc = {
    nodes: Object.fromEntries([
      ["", { type: "Input" }],
      ["__proto__", { type: "ReLU", inputs: { input: "constructor" } }],
      ["constructor", { type: "ReLU", inputs: { input: "x y" } }],
    ]),
  };
  expect(Object.keys(layout(graph, new Map()))).toEqual(["", "__proto__", "constructor"]);
});
