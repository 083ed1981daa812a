/** A tensor as the panel looks at it: a shape, a dtype by torch's name, and its values in row-major order. */
import type { Values } from "@/api/answer";

export type TensorArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | number[];

export interface Tensor {
  shape: readonly number[];
  dtype: string;
  /** float16 and bfloat16 as float32; bool as 0 and 1; complex as pairs (real, imaginary). */
  data: TensorArray;
}

const FLOATS = new Set(["float32", "float64", "float16", "bfloat16"]);

export const isFloat = (dtype: string): boolean => FLOATS.has(dtype);
export const isComplex = (dtype: string): boolean => dtype.startsWith("complex");
export const isBool = (dtype: string): boolean => dtype === "bool";

/** How many values a shape holds: 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function number(value: Values): number {
  if (value === "nan") return Number.NaN;
  if (value === "inf") return Number.POSITIVE_INFINITY;
  if (value === "-inf") return Number.NEGATIVE_INFINITY;
  return Number(value);
}

/** The tensor of an answer's nested `values`. Small tensors come with every answer, so that nothing has to be fetched. */
export function fromValues(values: Values, shape: readonly number[], dtype: string): Tensor {
  const flat: Values[] = [];
  const walk = (value: Values, depth: number): void => {
    if (Array.isArray(value) && depth < shape.length) for (const item of value) walk(item, depth + 1);
    else if (Array.isArray(value)) flat.push(...value);
    else flat.push(value);
  };
  walk(values, 0);
  if (dtype === "int64") {
    return { shape, dtype, data: BigInt64Array.from(flat, (value) => BigInt(value as number | string)) };
  }
  // Decimals are the shortest of their own dtype: float32 is rounded back to the same bits here.
  const wide = flat.map(number);
  return { shape, dtype, data: dtype === "float64" || dtype === "complex128" ? wide : Float32Array.from(wide) };
}

/** One value as a number, for colours and bars. */
export function at(tensor: Tensor, index: number): number {
  return isComplex(tensor.dtype)
    ? Math.hypot(Number(tensor.data[2 * index]), Number(tensor.data[2 * index + 1]))
    : Number(tensor.data[index]);
}

/** The multi-index of a position in row-major order. */
export function multiIndex(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim]!;
    index[dim] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}
