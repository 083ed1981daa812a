// @vitest-environment node
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "./safetensors";

const ROOT = join(import.meta.dirname, "../../..");

/** A file as the library itself writes it, with the values that it was given. */
const SCRIPT = `
import sys, torch
from safetensors.torch import save
half = [0.0, -0.0, 1.0, -2.5, 65504.0, 6e-08, 0.333251953125, float("inf"), float("-inf"), float("nan")]
sys.stdout.buffer.write(save({
    "odd": torch.tensor([True, False, True]),
    "f32": torch.tensor([[0.1, -1.5], [3e38, float("nan")]]),
    "f64": torch.tensor([0.1], dtype=torch.float64),
    "f16": torch.tensor(half, dtype=torch.float16),
    "bf16": torch.tensor([1.0, -0.1, 3e38, float("inf")], dtype=torch.bfloat16),
    "i64": torch.tensor([2**53 + 1, -1]),
    "i32": torch.tensor([-7], dtype=torch.int32),
    "i16": torch.tensor([-7], dtype=torch.int16),
    "i8": torch.tensor([-7], dtype=torch.int8),
    "u8": torch.tensor([255], dtype=torch.uint8),
    "scalar": torch.tensor(4.5),
    "none": torch.zeros(0, 3),
}, metadata={"made": "by a test"}))
`;

const written = execFileSync(join(ROOT, ".venv/bin/python"), ["-c", SCRIPT], { cwd: ROOT });
const file = new Uint8Array(written).buffer;

test("reads every dtype that torch writes, bit for bit", () => {
  const tensors = readSafetensors(file);
  const values = (name: string) => Array.from(tensors.get(name)!.data as ArrayLike<number>);
  expect([...tensors.keys()].length).toBe(12);
  expect(tensors.get("f32")).toMatchObject({ shape: [2, 2], dtype: "float32" });
  expect(values("f32")).toEqual([0.1, -1.5, 3e38, Number.NaN].map(Math.fround));
  expect(values("f64")).toEqual([0.1]);
  expect(tensors.get("f16")!.dtype).toBe("float16");
  const half = [
    0,
    -0,
    1,
    -2.5,
    65504,
    2 ** -24,
    0.333251953125,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ];
  expect(values("f16")).toEqual(half);
  expect(values("bf16").filter((_, n) => n !== 2)).toEqual([1, -0.10009765625, Number.POSITIVE_INFINITY]);
  expect(values("bf16")[2]! / 3e38).toBeCloseTo(1, 2);
  expect(Array.from(tensors.get("i64")!.data as BigInt64Array)).toEqual([9007199254740993n, -1n]);
  for (const name of ["i32", "i16", "i8"]) expect(values(name)).toEqual([-7]);
  expect(values("u8")).toEqual([255]);
  expect(tensors.get("odd")).toMatchObject({ dtype: "bool", shape: [3] });
  expect(values("odd")).toEqual([1, 0, 1]);
  expect(tensors.get("scalar")).toMatchObject({ shape: [] });
  expect(values("scalar")).toEqual([4.5]);
  expect(tensors.get("none")).toMatchObject({ shape: [0, 3] });
});

test("half a file is none", () => {
  expect(() => readSafetensors(new ArrayBuffer(4))).toThrow("broke off");
  expect(() => readSafetensors(file.slice(0, 100))).toThrow("broke off");
  expect(() => readSafetensors(file.slice(0, file.byteLength - 1))).toThrow("broke off");
});
