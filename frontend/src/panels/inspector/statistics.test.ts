import { expect, it } from "vitest";
import { summarise } from "./output/summarise";
import { remarks, statistic } from "./statistics";

it("statistics have four digits, in words where there is no number", () => {
  expect([-1.20449, 0.0180001, 3.2e-7, 12, null, "nan", 1e9].map(statistic)).toEqual([
    "-1.204",
    "0.018",
    "3.20e-07",
    "12",
    "–",
    "nan",
    "1.00e+09",
  ]);
});

it("a summary is over the finite values, its std with correction 1", () => {
  // torch.tensor([1., 2, 0, 4]): mean 1.75, std 1.7078
  const data = Float32Array.of(1, 2, 0, 4, Number.NaN, Number.POSITIVE_INFINITY);
  const found = summarise({ shape: [6], dtype: "float32", data })!;
  expect({ ...found, std: found.std!.toString().slice(0, 6) }).toEqual({
    min: 0,
    max: 4,
    mean: 1.75,
    std: "1.7078",
    zeros: 1,
    nan: 1,
    inf: 1,
  });
  expect(remarks(found, 6)).toBe("1 zero (17 %), 1 NaN, 1 infinite");
});

it("is empty where no value is finite and has no std for one", () => {
  expect(summarise({ shape: [1], dtype: "float32", data: [Number.NaN] })).toMatchObject({
    min: null,
    std: null,
    nan: 1,
  });
  expect(summarise({ shape: [1], dtype: "int64", data: BigInt64Array.of(3n) })).toMatchObject({ mean: 3, std: null });
});
