import { expect, it } from "vitest";
import { partsOf } from "./parts";
import { elements } from "./tensor";

/** Which values a part's index takes, as positions in row-major order. */
function positions(shape: readonly number[], index: string | null): number[] {
  if (index === null) return Array.from({ length: elements(shape) }, (_, at) => at);
  let blocks = [{ start: 0, size: elements(shape) }];
  index.split(", ").forEach((text, dim) => {
    const [from, to = Number(from) + 1] = text.split(":").map(Number) as [number, number?];
    const each = elements(shape.slice(dim + 1));
    blocks = blocks.map(({ start }) => ({ start: start + from * each, size: (to - from) * each }));
  });
  return blocks.flatMap(({ start, size }) => Array.from({ length: size }, (_, at) => start + at));
}

it("a small tensor is one part", () => {
  expect(partsOf([2, 3]).count).toBe(1);
  expect(partsOf([]).part(0)).toEqual({ index: null, prefix: [], start: 0 });
});

it("parts cover every value once, in order, and none is too large", () => {
  for (const shape of [[3, 4, 5], [60], [7, 11], [2, 3, 2, 5], [1, 1, 60], [60, 1]]) {
    for (const most of [1, 4, 7, 20, 59]) {
      const parts = partsOf(shape, most);
      const seen: number[] = [];
      for (let at = 0; at < parts.count; at++) {
        const found = positions(shape, parts.part(at).index);
        expect(found.length).toBeLessThanOrEqual(most);
        seen.push(...found);
      }
      expect(seen).toEqual(Array.from({ length: elements(shape) }, (_, at) => at));
    }
  }
});

it("says where a part is", () => {
  expect(partsOf([30522, 768]).part(1)).toEqual({ index: "1302:2604", prefix: [], start: 1302 });
  expect(partsOf([4, 2000, 1000]).part(3)).toEqual({ index: "1, 1000:2000", prefix: [1], start: 1000 });
});
