/** How often values occur. */
import { at, elements, isFloat, type Tensor } from "./tensor";

export interface Histogram {
  /** The edges of the bins, one more than counts. */
  edges: number[];
  counts: number[];
  /** Values without a place: NaN and infinities. */
  outside: number;
}

const BINS = 48;

/** The histogram between the finite ends. Whole numbers in a small range get a bin each; equal values one bin. */
export function histogram(tensor: Tensor, bounds: { low: number; high: number } | null): Histogram {
  const count = elements(tensor.shape);
  if (bounds === null) return { edges: [], counts: [], outside: count };
  const { low, high } = bounds;
  const whole = !isFloat(tensor.dtype) && !tensor.dtype.startsWith("complex");
  const start = whole ? low - 0.5 : low;
  const end = whole ? high + 0.5 : high;
  const bins = low === high ? 1 : whole && high - low < BINS ? high - low + 1 : BINS;
  const counts = new Array<number>(bins).fill(0);
  let outside = 0;
  const step = (end - start) / bins;
  for (let index = 0; index < count; index++) {
    const value = at(tensor, index);
    if (!Number.isFinite(value)) outside++;
    else counts[step === 0 ? 0 : Math.min(bins - 1, Math.floor((value - start) / step))]!++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, bin) => start + bin * step), counts, outside };
}
