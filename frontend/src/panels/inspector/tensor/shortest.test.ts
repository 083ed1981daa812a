// @vitest-environment node
import { expect, test } from "vitest";
import { shortest } from "./shortest";

test("the text reads back to the same float32, and no shorter one does", () => {
  const words = new Uint32Array(1);
  const floats = new Float32Array(words.buffer);
  for (let n = 1; n < 40_000; n++) {
    words[0] = Math.imul(n, 2654435761);
    const value = floats[0]!;
    if (!Number.isFinite(value)) continue;
    const text = shortest(value, "float32");
    expect(Math.fround(Number(text))).toBe(value);
    const digits = text.replace(/e.*$/, "").replace(/\D/g, "").replace(/^0+/, "").replace(/0+$/, "").length;
    if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
  }
});

test("0.1 is 0.1 in every dtype", () => {
  expect(shortest(Math.fround(0.1), "float32")).toBe("0.1");
  expect(shortest(0.0999755859375, "float16")).toBe("0.1");
  expect(shortest(0.10009765625, "bfloat16")).toBe("0.1");
  expect(shortest(0.1, "float64")).toBe("0.1");
  expect(shortest(-0, "float32")).toBe("0");
  expect(shortest(Math.fround(1e-45), "float32")).toBe("1e-45");
});
