/**
 * Colours of values. Floats diverge from blue over the paper's colour at zero to orange, to the same distance on both sides,
 * so that equal colours are equal sizes wherever one scale is shared. Few whole numbers get a colour each; many run from paper to blue.
 */
import { at, elements, isBool, isFloat, type Tensor } from "./tensor";

export type Rgb = readonly [number, number, number];

export interface Palette {
  negative: Rgb;
  zero: Rgb;
  positive: Rgb;
  /** What has no place on the scale: NaN. */
  none: Rgb;
}

export interface Scale {
  kind: "diverging" | "sequential" | "discrete";
  low: number;
  high: number;
}

/** Distinct hues for class numbers and token ids, told apart by lightness too. */
const DISCRETE: readonly Rgb[] = [
  [28, 126, 214],
  [217, 72, 15],
  [116, 184, 22],
  [112, 72, 232],
  [240, 180, 0],
  [12, 133, 153],
  [194, 37, 92],
  [134, 142, 150],
  [165, 216, 255],
  [95, 61, 28],
  [255, 168, 168],
  [43, 138, 62],
];

/** The finite range of the values; null where none is finite. */
export function range(tensor: Tensor): { low: number; high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const count = elements(tensor.shape);
  for (let index = 0; index < count; index++) {
    const value = at(tensor, index);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : null;
}

/** The scale that fits a tensor, from its finite range. */
export function scaleOf(dtype: string, bounds: { low: number; high: number } | null): Scale {
  if (isBool(dtype)) return { kind: "discrete", low: 0, high: 1 };
  const { low, high } = bounds ?? { low: 0, high: 0 };
  if (isFloat(dtype) || dtype.startsWith("complex")) {
    const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { kind: "diverging", low: -reach, high: reach };
  }
  if (high - low < DISCRETE.length) return { kind: "discrete", low, high };
  if (low < 0) {
    const reach = Math.max(-low, high);
    return { kind: "diverging", low: -reach, high: reach };
  }
  return { kind: "sequential", low, high };
}

const mix = (from: Rgb, to: Rgb, part: number): Rgb => [
  from[0] + (to[0] - from[0]) * part,
  from[1] + (to[1] - from[1]) * part,
  from[2] + (to[2] - from[2]) * part,
];

/** The colour of one value. Infinities have the colour of the end that they lie beyond. */
export function colour(value: number, scale: Scale, palette: Palette): Rgb {
  if (Number.isNaN(value)) return palette.none;
  if (scale.kind === "discrete") {
    if (scale.low === 0 && scale.high <= 1) return value === 0 ? palette.zero : palette.negative;
    return DISCRETE[(((value - scale.low) % DISCRETE.length) + DISCRETE.length) % DISCRETE.length] ?? palette.none;
  }
  const clamped = Math.min(scale.high, Math.max(scale.low, value));
  if (scale.kind === "sequential") {
    const span = scale.high - scale.low || 1;
    return mix(palette.zero, palette.negative, (clamped - scale.low) / span);
  }
  const part = clamped / (scale.high || 1);
  return part < 0 ? mix(palette.zero, palette.negative, -part) : mix(palette.zero, palette.positive, part);
}

const STEPS = 1024;

/** A function from values to packed pixels (ABGR, as an ImageData's Uint32 view holds them), by a table: a page of maps has millions. */
export function painter(scale: Scale, palette: Palette): (value: number) => number {
  const pack = ([red, green, blue]: Rgb): number =>
    ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
  if (scale.kind === "discrete") return (value) => pack(colour(value, scale, palette));
  const span = scale.high - scale.low || 1;
  const table = Uint32Array.from({ length: STEPS + 1 }, (_, step) =>
    pack(colour(scale.low + (step / STEPS) * span, scale, palette)),
  );
  const none = pack(palette.none);
  return (value) => {
    if (Number.isNaN(value)) return none;
    const step = Math.round(((value - scale.low) / span) * STEPS);
    return table[step < 0 ? 0 : step > STEPS ? STEPS : step]!;
  };
}
