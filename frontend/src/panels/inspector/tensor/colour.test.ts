import { describe, expect, it } from "vitest";
import { colour, type Palette, painter, range, scaleOf } from "./colour";

const palette: Palette = { negative: [0, 0, 200], zero: [240, 240, 240], positive: [200, 100, 0], none: [1, 2, 3] };

describe("the scale", () => {
  it("reaches as far on both sides for floats, so that zero is the paper", () => {
    const scale = scaleOf("float32", { low: -1, high: 3 });
    expect(scale).toEqual({ kind: "diverging", low: -3, high: 3 });
    expect(colour(0, scale, palette)).toEqual(palette.zero);
    expect(colour(3, scale, palette)).toEqual(palette.positive);
    expect(colour(-3, scale, palette)).toEqual(palette.negative);
    expect(colour(-1.5, scale, palette)).toEqual([120, 120, 220]);
  });

  it("reaches as far as the values below zero do", () => {
    expect(scaleOf("float32", { low: -3, high: 1 })).toEqual({ kind: "diverging", low: -3, high: 3 });
  });

  it("keeps the same reach for values all above zero", () => {
    expect(scaleOf("float32", { low: 0.2, high: 0.9 })).toEqual({ kind: "diverging", low: -0.9, high: 0.9 });
  });

  it("has a place for a tensor of zeros and one without finite values", () => {
    expect(scaleOf("float32", { low: 0, high: 0 }).high).toBe(1);
    expect(colour(0, scaleOf("float32", null), palette)).toEqual(palette.zero);
  });

  it("gives few whole numbers a colour each and runs over many", () => {
    const few = scaleOf("int64", { low: 0, high: 8 });
    expect(few.kind).toBe("discrete");
    expect(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8].map((value) => colour(value, few, palette).join())).size).toBe(9);
    expect(scaleOf("int64", { low: 0, high: 30000 }).kind).toBe("sequential");
    expect(scaleOf("int32", { low: -50, high: 20 })).toEqual({ kind: "diverging", low: -50, high: 50 });
    expect(scaleOf("bool", null)).toEqual({ kind: "discrete", low: 0, high: 1 });
  });

  it("shows infinities as the end they lie beyond and NaN apart", () => {
    const scale = scaleOf("float32", { low: -1, high: 1 });
    expect(colour(Number.POSITIVE_INFINITY, scale, palette)).toEqual(palette.positive);
    expect(colour(Number.NEGATIVE_INFINITY, scale, palette)).toEqual(palette.negative);
    expect(colour(Number.NaN, scale, palette)).toEqual(palette.none);
  });
});

it("the painter's table agrees with the colour, packed for ImageData", () => {
  const scale = scaleOf("float32", { low: -2, high: 2 });
  const paint = painter(scale, palette);
  for (const value of [-2, -1, 0, 0.5, 2, Number.NaN, Number.POSITIVE_INFINITY]) {
    const [red, green, blue] = colour(value, scale, palette).map(Math.round);
    expect(paint(value)).toBe(((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0);
  }
});

it("the range is that of the finite values", () => {
  const data = Float32Array.of(Number.NaN, -2, Number.POSITIVE_INFINITY, 5);
  expect(range({ shape: [4], dtype: "float32", data })).toEqual({ low: -2, high: 5 });
  expect(range({ shape: [1], dtype: "float32", data: Float32Array.of(Number.NaN) })).toBeNull();
});
