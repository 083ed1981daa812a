/** The colour of a family of layers, as a CSS value: for dots and ticks, always beside the name. */
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/input|output/i, "io"],
  [/conv/i, "conv"],
  [/linear|embedding/i, "linear"],
  [/pool|resampl|padding/i, "pool"],
  [/normali/i, "norm"],
  [/activation/i, "act"],
  [/recurrent/i, "rec"],
  [/attention/i, "attn"],
  [/dropout/i, "drop"],
  [/loss|distance/i, "loss"],
  [/shape|index|creat|dtype|cast|join|split/i, "shape"],
  [/math|arithmetic|reduc|compar|element|sum/i, "math"],
  [/block/i, "block"],
];

export function familyColour(family: string | undefined): string {
  if (family === undefined) return "var(--family-unknown)";
  const found = COLOURS.find(([pattern]) => pattern.test(family));
  return `var(--family-${found?.[1] ?? "shape"})`;
}
