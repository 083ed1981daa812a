// @vitest-environment node
import { expect, test } from "vitest";
import { align, type Frame, type Line, spread } from "./align";

const frames: Frame[] = [
  { key: "a", x: 0, y: 0, width: 100, height: 40 },
  { key: "b", x: 30, y: 90, width: 60, height: 20 },
  { key: "c", x: -20, y: 300, width: 200, height: 60 },
];

test("aligned nodes share the edge of the outermost, or the middle of all; the other coordinate stays", () => {
  const expected: Record<Line, number[]> = {
    left: [-20, -20, -20],
    centre: [30, 50, -20],
    right: [80, 120, -20],
    top: [0, 0, 0],
    middle: [160, 170, 150],
    bottom: [320, 340, 300],
  };
  for (const [line, places] of Object.entries(expected) as [Line, number[]][]) {
    const upright = ["left", "centre", "right"].includes(line);
    const wanted = frames.map(({ key, x, y }, n) => [key, upright ? [places[n], y] : [x, places[n]]]);
    expect(align(frames, line), line).toEqual(Object.fromEntries(wanted));
  }
});

test("spread nodes have equal gaps, in their order, between a first and a last that stay", () => {
  const found = spread(frames, "y");
  expect(found).toEqual({ a: [0, 0], b: [30, 160], c: [-20, 300] });
  const again = frames.map((frame) => ({ ...frame, y: found[frame.key]![1] }));
  expect(spread(again, "y")).toEqual(found);
  expect(spread(frames.slice(0, 2), "x")).toEqual({ a: [0, 0], b: [30, 90] });
});
