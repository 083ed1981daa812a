import { describe, expect, it } from "vitest";
import type { ExampleEntry } from "@/api/answer";
import { found } from "./found";
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
});

describe("thumbnails", () => {
  it("go from top to bottom along the wires", () => {
    const { dots, wires } = thumbnailOf({
      nodes: {
        x: { type: "Input" },
        a: { type: "relu", inputs: { input: "x" } },
        b: { type: "relu", inputs: { input: "x" } },
        cat: { type: "cat", inputs: { tensors: ["a", "b.output", "x"] } },
      },
    });
    expect(dots.map(({ row }) => row)).toEqual([0, 1, 1, 2]);
    expect(dots[1]!.x).not.toBe(dots[2]!.x);
    expect(wires).toHaveLength(5);
    for (const { x, y } of dots) {
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
    expect(drawn.dots).toHaveLength(2);
    expect(drawn.wires).toHaveLength(2);
  });

  it("draw no more than they are asked to", () => {
    const nodes = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`n${at}`, { type: "relu" }]));
    expect(thumbnailOf({ nodes }).dots).toHaveLength(60);
  });
});
