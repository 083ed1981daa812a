/** min, max, mean and std (correction 1) over the finite values, as the server's summaries are. */
import type { Summary } from "@/api/answer";
import { at, elements, isComplex, type Tensor } from "../tensor/tensor";

/** Null for complex values, which have no order. */
export function summarise(tensor: Tensor): Summary | null {
  if (isComplex(tensor.dtype)) return null;
  const size = elements(tensor.shape);
  let count = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let squares = 0;
  let zeros = 0;
  let nan = 0;
  let inf = 0;
  for (let index = 0; index < size; index++) {
    const value = at(tensor, index);
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) inf++;
    else {
      count++;
      if (value === 0) zeros++;
      if (value < low) low = value;
      if (value > high) high = value;
      // Welford: one pass, without the cancellation of a sum of squares.
      const distance = value - mean;
      mean += distance / count;
      squares += distance * (value - mean);
    }
  }
  if (count === 0) return { min: null, max: null, mean: null, std: null, zeros, nan, inf };
  return { min: low, max: high, mean, std: count > 1 ? Math.sqrt(squares / (count - 1)) : null, zeros, nan, inf };
}
