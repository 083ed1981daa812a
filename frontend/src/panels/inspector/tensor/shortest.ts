/** A float as the shortest decimal that reads back to the same value of its dtype: what the API writes, too. */

/** Bits of the mantissa, and the exponent of the smallest normal number. */
const FORMATS: Record<string, readonly [number, number]> = {
  float32: [23, -126],
  float16: [10, -14],
  bfloat16: [7, -126],
  complex64: [23, -126],
};

export function shortest(value: number, dtype: string): string {
  const format = FORMATS[dtype];
  if (!format || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (rounded(decimal, format) === value) return String(decimal);
  }
  return String(value);
}

/** The nearest value of the format, a tie to the even one. */
function rounded(value: number, [bits, least]: readonly [number, number]): number {
  if (value === 0) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), least);
  const unit = 2 ** (exponent - bits);
  const units = value / unit;
  const below = Math.floor(units);
  const over = units - below;
  return (over > 0.5 || (over === 0.5 && below % 2 !== 0) ? below + 1 : below) * unit;
}
