/** Reads safetensors: 8 bytes of length, a JSON header, then the tensors' bytes. */

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export interface Tensor {
  shape: number[];
  /** torch's name: float32, bfloat16, int64, bool. */
  dtype: string;
  /** Row by row. float16 and bfloat16 are widened to float32; bool is 0 and 1. */
  data: TensorData;
}

interface Kind {
  dtype: string;
  bytes: number;
  /** From a piece of the file that begins at a multiple of the element's size. */
  read(bytes: ArrayBuffer): TensorData;
}

const KINDS: Record<string, Kind> = {
  F64: { dtype: "float64", bytes: 8, read: (bytes) => new Float64Array(bytes) },
  F32: { dtype: "float32", bytes: 4, read: (bytes) => new Float32Array(bytes) },
  F16: { dtype: "float16", bytes: 2, read: (bytes) => Float32Array.from(new Uint16Array(bytes), half) },
  BF16: { dtype: "bfloat16", bytes: 2, read: brain },
  I64: { dtype: "int64", bytes: 8, read: (bytes) => new BigInt64Array(bytes) },
  I32: { dtype: "int32", bytes: 4, read: (bytes) => new Int32Array(bytes) },
  I16: { dtype: "int16", bytes: 2, read: (bytes) => new Int16Array(bytes) },
  I8: { dtype: "int8", bytes: 1, read: (bytes) => new Int8Array(bytes) },
  U64: { dtype: "uint64", bytes: 8, read: (bytes) => new BigUint64Array(bytes) },
  U32: { dtype: "uint32", bytes: 4, read: (bytes) => new Uint32Array(bytes) },
  U16: { dtype: "uint16", bytes: 2, read: (bytes) => new Uint16Array(bytes) },
  U8: { dtype: "uint8", bytes: 1, read: (bytes) => new Uint8Array(bytes) },
  BOOL: { dtype: "bool", bytes: 1, read: (bytes) => new Uint8Array(bytes) },
};

/** The tensors by name. Throws Error where the bytes are no safetensors or of a kind unknown here. */
export function readSafetensors(file: ArrayBuffer): Map<string, Tensor> {
  if (file.byteLength < 8) throw new Error("The tensors broke off.");
  const length = Number(new DataView(file).getBigUint64(0, true));
  if (8 + length > file.byteLength) throw new Error("The tensors broke off.");
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const found = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const kind = Object.hasOwn(KINDS, dtype) ? KINDS[dtype]! : undefined;
    if (!kind) throw new Error(`${name} is of the kind ${dtype}, which is unknown here.`);
    const [begin, end] = data_offsets;
    const count = shape.reduce((product, size) => product * size, 1);
    if (end - begin !== count * kind.bytes || 8 + length + end > file.byteLength)
      throw new Error("The tensors broke off.");
    // A slice is a copy, so that it begins at a multiple of the element's size.
    found.set(name, { shape, dtype: kind.dtype, data: kind.read(file.slice(8 + length + begin, 8 + length + end)) });
  }
  return found;
}

/** The number that 16 bits of IEEE half precision mean. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of float32. */
function brain(bytes: ArrayBuffer): Float32Array {
  const upper = new Uint16Array(bytes);
  const words = new Uint32Array(upper.length);
  for (let n = 0; n < upper.length; n += 1) words[n] = upper[n]! << 16;
  return new Float32Array(words.buffer);
}
