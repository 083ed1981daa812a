import { describe, expect, it } from "vitest";
import type { Values } from "@/api/answer";
import { flatten } from "@/editor/tensors";
import { exponential, fixed, torchPrint } from "./print";
import printed from "./printed.json";
import { elements, type Tensor } from "./tensor";

interface Recorded {
  shape: number[];
  dtype: string;
  text: string;
  modulus?: number;
  scale?: number;
  values?: Values[];
}

/** bfloat16: the upper half of a float32, to the nearest even. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

/** float16: eleven significant bits. */
function toFloat16(value: number): number {
  if (value === 0) return value;
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  const whole = value / step;
  const floor = Math.floor(whole);
  const rest = whole - floor;
  return step * (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor);
}

/** The recipe of record_printed.py. */
function made({ shape, dtype, modulus = 1, scale = 1, values }: Recorded): Tensor {
  if (values !== undefined) return { shape, dtype, data: flatten(values, dtype) };
  const count = elements(shape) * (dtype.startsWith("complex") ? 2 : 1);
  const raw = Array.from({ length: count }, (_, at) => (((at * 7919) % modulus) - Math.floor(modulus / 2)) * scale);
  switch (dtype) {
    case "float32":
    case "complex64":
      return { shape, dtype, data: Float32Array.from(raw) };
    case "float16":
      return { shape, dtype, data: raw.map(toFloat16) };
    case "bfloat16":
      return { shape, dtype, data: raw.map(toBfloat16) };
    case "int64":
      return { shape, dtype, data: BigInt64Array.from(raw, BigInt) };
    case "uint8":
      return { shape, dtype, data: raw.map(Math.abs) };
    default:
      return { shape, dtype, data: raw };
  }
}

describe("torchPrint writes what torch writes", () => {
  for (const recorded of printed as Recorded[]) {
    it(`${recorded.dtype} ${JSON.stringify(recorded.shape)} ${recorded.scale ?? JSON.stringify(recorded.values).slice(0, 40)}`, () => {
      expect(torchPrint(made(recorded))).toBe(recorded.text);
    });
  }

  it("adds requires_grad on the same line while it fits in 80 columns", () => {
    const bias = { shape: [2], dtype: "float32", data: [0.5, 1.5] };
    expect(torchPrint(bias, { requiresGrad: true })).toBe("tensor([0.5000, 1.5000], requires_grad=True)");
  });
});

describe("numbers as Python formats them", () => {
  it("rounds ties to the even digit", () => {
    expect([0.03125, 0.09375, -0.03125, 0.5].map((value) => fixed(value, 4))).toEqual([
      "0.0312",
      "0.0938",
      "-0.0312",
      "0.5000",
    ]);
    expect([1.03125, 103125].map((value) => exponential(value, 4))).toEqual(["1.0312e+00", "1.0312e+05"]);
  });
});
