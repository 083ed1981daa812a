import { describe, expect, it } from "vitest";
import { histogram } from "./histogram";
import { gridOf, LINE, layoutOf, mapOffset, pageOf, probe } from "./planes";
import { elements, multiIndex, type Tensor } from "./tensor";

describe("layouts", () => {
  it("a batch of maps: the batch is chosen, channels are maps", () => {
    expect(layoutOf([4, 6, 28, 30])).toEqual({
      rank: 4,
      chosen: [0],
      maps: [1],
      mapCount: 6,
      rows: 28,
      columns: 30,
      broken: false,
    });
  });

  it("kernels: outputs and inputs are all maps", () => {
    expect(layoutOf([16, 6, 3, 3], true)).toMatchObject({ chosen: [], maps: [0, 1], mapCount: 96 });
  });

  it("vectors are one row in lines, scalars one cell", () => {
    expect(layoutOf([100])).toMatchObject({ rows: 4, columns: LINE, broken: true });
    expect(layoutOf([3])).toMatchObject({ rows: 1, columns: 3 });
    expect(layoutOf([])).toMatchObject({ rows: 1, columns: 1 });
    expect(layoutOf([0])).toMatchObject({ rows: 0, columns: 0 });
  });

  it("dimensions of size 1 take no part", () => {
    expect(layoutOf([5, 1, 6])).toMatchObject({ rank: 2, chosen: [], maps: [], rows: 5, columns: 6 });
    expect(layoutOf([1, 6, 28, 28])).toMatchObject({ rank: 3, chosen: [], maps: [1], mapCount: 6 });
    expect(layoutOf([512, 256, 1, 1], true)).toMatchObject({ rank: 2, mapCount: 1, rows: 512, columns: 256 });
    expect(layoutOf([1, 10])).toMatchObject({ rank: 1, rows: 1, columns: 10, broken: true });
  });

  it("every map of every choice begins at another place, and together they are the whole tensor", () => {
    for (const shape of [
      [2, 3, 4, 5, 6],
      [2, 1, 3, 1, 4],
      [2, 3, 4],
      [3, 4],
    ]) {
      for (const together of [false, true]) {
        const layout = layoutOf(shape, together);
        const choices = elements(layout.chosen.map((dim) => shape[dim]!));
        const starts = new Set<number>();
        for (let choice = 0; choice < choices; choice++) {
          const chosen = multiIndex(
            choice,
            layout.chosen.map((dim) => shape[dim]!),
          );
          for (let map = 0; map < layout.mapCount; map++) starts.add(mapOffset(shape, layout, chosen, map));
        }
        const each = layout.rows * layout.columns;
        const expected = Array.from({ length: elements(shape) / each }, (_, at) => at * each);
        expect([...starts].sort((a, b) => a - b)).toEqual(expected);
      }
    }
  });

  it("a choice that a smaller tensor does not have is its last", () => {
    const layout = layoutOf([2, 3, 2, 2]);
    expect(mapOffset([2, 3, 2, 2], layout, [7], 0)).toBe(12);
  });
});

describe("pages", () => {
  it("cover everything once", () => {
    for (const [count, size] of [
      [0, 5],
      [1, 5],
      [5, 5],
      [6, 5],
      [512, 36],
    ] as const) {
      const seen: number[] = [];
      const { pages } = pageOf(count, size, 0);
      for (let page = 0; page < pages; page++) {
        const { start, end } = pageOf(count, size, page);
        for (let at = start; at < end; at++) seen.push(at);
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, at) => at));
    }
  });

  it("beyond the last are the last", () => {
    expect(pageOf(10, 4, 99)).toEqual({ start: 8, end: 10, page: 2, pages: 3 });
  });
});

describe("the grid", () => {
  it("keeps maps inside the width at any number and shape", () => {
    for (const [rows, columns, count] of [
      [28, 28, 6],
      [3, 3, 96],
      [1, 1, 512],
      [224, 224, 64],
      [10, 84, 1],
      [1, 400, 7],
    ] as const) {
      const grid = gridOf(rows, columns, count, 308, 300);
      expect(grid.across * grid.width + (grid.across - 1) * grid.gap).toBeLessThanOrEqual(308);
      expect(grid.perPage).toBeGreaterThanOrEqual(grid.across);
      expect(grid.height).toBeGreaterThan(0);
    }
  });

  it("finds the value under a point", () => {
    const layout = layoutOf([1, 6, 28, 28]);
    const grid = gridOf(28, 28, 6, 308, 300);
    const shown = pageOf(6, grid.perPage, 0);
    expect(probe(grid, layout, shown, 0, 0)).toEqual({ map: 0, row: 0, column: 0 });
    const x = grid.width + grid.gap + grid.width - 1;
    const y = grid.height - 1;
    expect(probe(grid, layout, shown, x, y)).toEqual({ map: 1, row: 27, column: 27 });
    expect(probe(grid, layout, shown, grid.width + 1, 0)).toBeNull();
    expect(probe(grid, layout, shown, 0, 5000)).toBeNull();
  });
});

describe("histograms", () => {
  const tensor = (dtype: string, values: number[]): Tensor => ({ shape: [values.length], dtype, data: values });

  it("count every finite value once", () => {
    const values = Array.from({ length: 1000 }, (_, at) => Math.sin(at) * 3);
    const found = histogram(tensor("float32", [...values, Number.NaN, Number.POSITIVE_INFINITY]), { low: -3, high: 3 });
    expect(found.counts.reduce((all, count) => all + count, 0)).toBe(1000);
    expect(found.outside).toBe(2);
    expect(found.edges).toHaveLength(found.counts.length + 1);
  });

  it("whole numbers have a bin each", () => {
    expect(histogram(tensor("int64", [0, 1, 1, 3]), { low: 0, high: 3 }).counts).toEqual([1, 2, 0, 1]);
  });

  it("equal values are one bin, none are no bin", () => {
    expect(histogram(tensor("float32", [2, 2]), { low: 2, high: 2 }).counts).toEqual([2]);
    expect(histogram(tensor("float32", [Number.NaN]), null)).toEqual({ edges: [], counts: [], outside: 1 });
  });

  it("the largest value is in the last bin", () => {
    expect(histogram(tensor("float32", [0, 1]), { low: 0, high: 1 }).counts.at(-1)).toBe(1);
  });
});
