import { describe, expect, it } from "vitest";
import type { ExampleEntry } from "@/api/answer";
import type { NodeDoc } from "@/document/document";
import { found, typesOf } from "./found";
import { thumbnailOf } from "./thumbnail";

const entry = (id: string, family: string, about = ""): ExampleEntry => ({
  id,
  title: id.toUpperCase(),
  family,
  about,
});

describe("finding examples", () => {
  const all = [
    entry("lenet", "Convolutional", "reads digits"),
    entry("lstm", "Recurrent"),
    entry("vgg", "Convolutional"),
  ];

  it("keeps families in order and leaves empty ones out", () => {
    expect(found(all, "").map(([family, list]) => [family, list.length])).toEqual([
      ["Convolutional", 2],
      ["Recurrent", 1],
    ]);
    expect(found(all, "LSTM").map(([family]) => family)).toEqual(["Recurrent"]);
  });

  it("wants every word, wherever it stands", () => {
    expect(found(all, "digits conv").flatMap(([, list]) => list.map(({ id }) => id))).toEqual(["lenet"]);
    expect(found(all, "digits lstm")).toEqual([]);
  });

  it("finds those that hold a layer, inside blocks too", () => {
    const types = typesOf({
      nodes: { x: { type: "Input" }, part: { type: "Part" } },
      blocks: { Part: { nodes: { a: { type: "LSTM" }, again: { call: "a" } } } },
    });
    expect(types).toBe("Input Part LSTM");
    const ids = found(all, "lstm", new Map([["vgg", types]])).flatMap(([, list]) => list.map(({ id }) => id));
    expect(ids).toEqual(["lstm", "vgg"]);
  });
});

describe("thumbnails", () => {
  it("go from top to bottom along the wires", () => {
    const { bars, wires } = thumbnailOf({
      nodes: {
        x: { type: "Input" },
        a: { type: "relu", inputs: { input: "x" } },
        b: { type: "relu", inputs: { input: "x" } },
        cat: { type: "cat", inputs: { tensors: ["a", "b.output", "x"] } },
      },
    });
    expect(bars.map(({ row }) => row)).toEqual([0, 1, 1, 2]);
    expect(bars[1]!.x).not.toBe(bars[2]!.x);
    expect(wires).toHaveLength(5);
    for (const { x, y } of bars) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(1);
      expect(y).toBeLessThan(1);
    }
  });

  it("end on a circle and on wires from nowhere", () => {
    const drawn = thumbnailOf({
      nodes: {
        a: { type: "relu", inputs: { input: "b" } },
        b: { type: "relu", inputs: { input: "a", other: "gone" } },
      },
    });
    expect(drawn.bars).toHaveLength(2);
    expect(drawn.wires).toHaveLength(2);
  });

  it("draw no more than they are asked to", () => {
    const nodes = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`n${at}`, { type: "relu" }]));
    expect(thumbnailOf({ nodes }).bars).toHaveLength(60);
  });

  it("give blocks and repeated nodes away", () => {
    const chain = (repeat: NodeDoc["repeat"]) =>
      thumbnailOf({
        params: { depth: 8 },
        nodes: {
          x: { type: "Input" },
          layers: { type: "Residual", inputs: { x: "x" }, repeat },
          out: { type: "Output" },
        },
        blocks: { Residual: { nodes: {} } },
      }).bars;
    const [x, layers] = chain(8);
    expect([x!.block, layers!.block]).toEqual([false, true]);
    expect([x!.copies, layers!.copies]).toEqual([1, 8]);
    expect(layers!.height).toBeCloseTo(4 * x!.height);
    expect(layers!.y - layers!.height / 2).toBeCloseTo(x!.y + x!.height / 2);
    expect(chain(36)[1]!.height).toBeGreaterThan(layers!.height);
    expect(chain({ $: "depth" })).toEqual(chain(8));
    for (const odd of [0, null, "three", { $: "2 * depth" }, { $: "gone" }]) expect(chain(odd)[1]!.copies).toBe(1);
  });
});
