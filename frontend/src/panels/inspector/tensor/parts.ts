/** A large tensor in parts: as much of its leading dimensions at a time as is quick to send. */
import { elements, multiIndex } from "./tensor";

export interface Part {
  /** What stands between the brackets to get it: "3, 0:1300"; null for the whole tensor. */
  index: string | null;
  /** The indices before the part's own dimensions. */
  prefix: readonly number[];
  /** Where the part's first dimension begins. */
  start: number;
}

export interface Parts {
  count: number;
  part(number: number): Part;
}

/** Values to a part. */
export const MOST = 1_000_000;

/**
 * One part where all fits. Else leading dimensions have one index each, and the first that does not fit whole is cut into ranges, so
 * that no part has more than `most` values (a single row of the rest may).
 */
export function partsOf(shape: readonly number[], most = MOST): Parts {
  if (elements(shape) <= most || shape.length === 0) {
    return { count: 1, part: () => ({ index: null, prefix: [], start: 0 }) };
  }
  let dim = 0;
  while (dim < shape.length - 1 && elements(shape.slice(dim + 1)) > most) dim++;
  const size = shape[dim]!;
  const each = Math.max(1, Math.floor(most / Math.max(1, elements(shape.slice(dim + 1)))));
  const ranges = Math.ceil(size / each);
  const leading = shape.slice(0, dim);
  return {
    count: elements(leading) * ranges,
    part(number) {
      const prefix = multiIndex(Math.floor(number / ranges), leading);
      const start = (number % ranges) * each;
      const range = `${start}:${Math.min(size, start + each)}`;
      return { index: [...prefix, range].join(", "), prefix, start };
    },
  };
}
