/** A tensor as the panel looks at it: a shape, a dtype by torch's name, and its values in row-major order. */
export interface Tensor {
  shape: readonly number[];
  dtype: string;
  /** float16 and bfloat16 are widened; bool is 0 and 1; complex are pairs (real, imaginary). */
  data: ArrayLike<number | bigint>;
}

const FLOATS = new Set(["float32", "float64", "float16", "bfloat16"]);

export const isFloat = (dtype: string): boolean => FLOATS.has(dtype);
export const isComplex = (dtype: string): boolean => dtype.startsWith("complex");
export const isBool = (dtype: string): boolean => dtype === "bool";

/** How many values a shape holds: 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
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
