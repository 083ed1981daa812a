/**
 * How one value comes about: which values of the inputs and weights it is made of, and the sum written out.
 *
 * It is worked out from the tensors that torch gave, in double precision, and says how far torch's own value is from it.
 * What the layer's settings make of it is known here only where they are plain numbers; else there is no explanation.
 */
import { type Json, type NodeDoc, paramsOf, typeName } from "@/document/document";
import { at, elements, multiIndex, type Tensor } from "../tensor/tensor";

export interface Made {
  /** In words: "sum of the 5 x 5 window x kernel 2 + bias". */
  words: string;
  /** With numbers: "0.731 + (-0.084)". */
  terms: string;
  value: number;
}

/** The tensors that a layer's value is made of, by port and by parameter. */
export interface Sources {
  inputs: readonly string[];
  weights: readonly string[];
}

export interface Given {
  input: Tensor;
  other?: Tensor;
  weight?: Tensor;
  bias?: Tensor;
  running_mean?: Tensor;
  running_var?: Tensor;
}

/** `shape` is the output's. */
type Rule = (
  given: Given,
  index: readonly number[],
  params: Record<string, Json>,
  shape: readonly number[],
) => Made | null;

const UNARY: Record<string, [string, (x: number) => number]> = {
  relu: ["max(0, x)", (x) => Math.max(0, x)],
  sigmoid: ["1 / (1 + exp(-x))", (x) => 1 / (1 + Math.exp(-x))],
  tanh: ["tanh(x)", Math.tanh],
};
const BINARY: Record<string, [string, (a: number, b: number) => number]> = {
  add: ["+", (a, b) => a + b],
  sub: ["-", (a, b) => a - b],
  mul: ["×", (a, b) => a * b],
  div: ["/", (a, b) => a / b],
};

/** What has to be fetched for a node; null where there is no explanation for its type. */
export function sourcesOf(node: NodeDoc): Sources | null {
  const type = typeName(node) ?? "";
  if (node.repeat !== undefined || !ruleOf(type)) return null;
  if ((paramsOf(node).padding_mode ?? "zeros") !== "zeros") return null;
  const linear = type === "Linear" || /^Conv[123]d$/.test(type);
  if (linear) return { inputs: ["input"], weights: ["weight", "bias"] };
  if (/^BatchNorm/.test(type)) return { inputs: ["input"], weights: ["weight", "bias", "running_mean", "running_var"] };
  return { inputs: type in BINARY ? ["input", "other"] : ["input"], weights: [] };
}

/** Null where the settings, or the shapes, are such that it is not told here. */
export function explain(
  node: NodeDoc,
  training: boolean,
  given: Given,
  index: readonly number[],
  shape: readonly number[],
): Made | null {
  const type = typeName(node) ?? "";
  if (training && /^BatchNorm/.test(type)) return null;
  const all = Object.values(given) as (Tensor | undefined)[];
  if (all.some((one) => one !== undefined && (one.dtype.startsWith("complex") || one.dtype === "bool"))) return null;
  return ruleOf(type)?.(given, index, paramsOf(node), shape) ?? null;
}

function ruleOf(type: string): Rule | null {
  const name = type.toLowerCase();
  if (Object.hasOwn(UNARY, name)) return unary(...UNARY[name]!);
  if (Object.hasOwn(BINARY, type)) return binary(...BINARY[type]!);
  if (type === "Linear") return linear;
  if (/^Conv[123]d$/.test(type)) return convolution;
  const pool = /^(Max|Avg)Pool([123])d$|^(max|avg)_pool([123])d$/.exec(type);
  if (pool) return pooling((pool[1] ?? pool[3])!.toLowerCase() === "max", Number(pool[2] ?? pool[4]));
  if (/^BatchNorm[123]d$/.test(type)) return normalised;
  if (/^(flatten|view|reshape|squeeze|unsqueeze)$/.test(name)) return moved;
  if (name === "softmax") return softmax;
  return null;
}

function unary(words: string, of: (x: number) => number): Rule {
  return ({ input }, index) => {
    const x = read(input, index);
    return x === null ? null : { words, terms: words.replace("x", shown(x)), value: of(x) };
  };
}

function binary(sign: string, of: (a: number, b: number) => number): Rule {
  return ({ input, other }, index, params) => {
    const alpha = params.alpha ?? 1;
    const b = other ? broadcast(other, index) : typeof params.other === "number" ? params.other : null;
    const a = broadcast(input, index);
    if (a === null || b === null || alpha !== 1 || (params.rounding_mode ?? null) !== null) return null;
    return { words: `input ${sign} other`, terms: `${shown(a)} ${sign} ${bracketed(b)}`, value: of(a, b) };
  };
}

const linear: Rule = ({ input, weight, bias }, index) => {
  const [row] = index.slice(-1);
  if (!weight || row === undefined) return null;
  const count = weight.shape[1]!;
  const start = index.slice(0, -1).reduce((offset, at, dim) => offset * input.shape[dim]! + at, 0) * count;
  let sum = 0;
  for (let n = 0; n < count; n++) sum += at(input, start + n) * at(weight, row * count + n);
  return withBias(`sum of ${count} inputs × row ${row} of the weight`, sum, bias, row);
};

const convolution: Rule = ({ input, weight, bias }, index, params) => {
  if (!weight) return null;
  const kernel = weight.shape.slice(2);
  const dims = kernel.length;
  const stride = sizes(params.stride ?? 1, dims);
  const dilation = sizes(params.dilation ?? 1, dims);
  const groups = params.groups ?? 1;
  if (!stride || !dilation || typeof groups !== "number") return null;
  const padding = params.padding === "valid" ? kernel.map(() => 0) : sizes(params.padding ?? 0, dims);
  // 'same' puts the odd one behind, as torch does.
  const before =
    params.padding === "same" ? kernel.map((size, dim) => Math.floor((dilation[dim]! * (size - 1)) / 2)) : padding;
  const batched = index.length === dims + 2;
  const channel = index[index.length - dims - 1];
  if (!before || channel === undefined) return null;
  const depth = weight.shape[1]!;
  const first = Math.floor(channel / (weight.shape[0]! / groups)) * depth;
  let sum = 0;
  for (let c = 0; c < depth; c++) {
    for (const offset of places(kernel)) {
      const place = offset.map(
        (step, dim) => index[index.length - dims + dim]! * stride[dim]! - before[dim]! + step * dilation[dim]!,
      );
      const x = read(input, [...(batched ? [index[0]!] : []), first + c, ...place]);
      if (x !== null) sum += x * read(weight, [channel, c, ...offset])!;
    }
  }
  const channels = depth === 1 ? "" : ` of ${depth} channels`;
  return withBias(`sum of the ${kernel.join(" × ")} window${channels} × kernel ${channel}`, sum, bias, channel);
};

function pooling(largest: boolean, dims: number): Rule {
  return ({ input }, index, params) => {
    const kernel = sizes(params.kernel_size, dims);
    const stride = sizes(params.stride ?? params.kernel_size, dims);
    const padding = sizes(params.padding ?? 0, dims);
    const dilation = sizes(params.dilation ?? 1, dims);
    if (!kernel || !stride || !padding || !dilation) return null;
    const plain =
      params.ceil_mode !== true && params.count_include_pad !== false && (params.divisor_override ?? null) === null;
    if (!largest && !plain) return null;
    const lead = index.slice(0, index.length - dims);
    const window = places(kernel).map((offset) =>
      read(input, [
        ...lead,
        ...offset.map((step, dim) => index[lead.length + dim]! * stride[dim]! - padding[dim]! + step * dilation[dim]!),
      ]),
    );
    const inside = window.filter((x) => x !== null);
    const listed = inside.length <= 9 ? inside.map(shown).join(", ") : `${inside.length} values`;
    const size = kernel.join(" × ");
    if (largest) {
      return { words: `largest of the ${size} window`, terms: `max(${listed})`, value: Math.max(...inside) };
    }
    const value = inside.reduce((sum, x) => sum + x, 0) / window.length;
    return { words: `mean of the ${size} window`, terms: `mean(${listed})`, value };
  };
}

const normalised: Rule = ({ input, weight, bias, running_mean, running_var }, index, params) => {
  const x = read(input, index);
  const eps = params.eps ?? 1e-5;
  const [, channel] = index;
  if (x === null || channel === undefined || !running_mean || !running_var || typeof eps !== "number") return null;
  const mean = at(running_mean, channel);
  const spread = at(running_var, channel);
  const scale = weight ? at(weight, channel) : 1;
  const shift = bias ? at(bias, channel) : 0;
  return {
    words: "(x - running mean) / sqrt(running variance + eps) × weight + bias",
    terms: `(${shown(x)} - ${bracketed(mean)}) / sqrt(${shown(spread)} + ${eps}) × ${bracketed(scale)} + ${bracketed(shift)}`,
    value: ((x - mean) / Math.sqrt(spread + eps)) * scale + shift,
  };
};

const moved: Rule = ({ input }, index, _params, shape) => {
  // A reshape keeps the order of the values.
  const position = index.reduce((offset, place, dim) => offset * shape[dim]! + place, 0);
  if (position >= elements(input.shape)) return null;
  const from = multiIndex(position, input.shape);
  return { words: "the same value in another shape", terms: `input[${from.join(", ")}]`, value: read(input, from)! };
};

const softmax: Rule = ({ input }, index, params) => {
  const { dim } = params;
  if (typeof dim !== "number") return null;
  const along = dim < 0 ? dim + index.length : dim;
  const row = Array.from(
    { length: input.shape[along] ?? 0 },
    (_, n) =>
      read(
        input,
        index.map((place, dim) => (dim === along ? n : place)),
      )!,
  );
  const largest = Math.max(...row);
  const sum = row.reduce((total, x) => total + Math.exp(x - largest), 0);
  const x = read(input, index);
  if (x === null) return null;
  return {
    words: `exp(x - largest) / sum of these along dim ${dim}`,
    terms: `exp(${shown(x)} - ${bracketed(largest)}) / ${shown(sum)}`,
    value: Math.exp(x - largest) / sum,
  };
};

function withBias(words: string, sum: number, bias: Tensor | undefined, place: number): Made {
  if (!bias) return { words, terms: shown(sum), value: sum };
  const shift = at(bias, place);
  return { words: `${words} + bias`, terms: `${shown(sum)} + ${bracketed(shift)}`, value: sum + shift };
}

/** Null outside of the tensor: in the padding. */
function read(tensor: Tensor, index: readonly number[]): number | null {
  if (index.length !== tensor.shape.length) return null;
  let offset = 0;
  for (const [dim, place] of index.entries()) {
    const size = tensor.shape[dim]!;
    if (place < 0 || place >= size) return null;
    offset = offset * size + place;
  }
  return at(tensor, offset);
}

function broadcast(tensor: Tensor, index: readonly number[]): number | null {
  const missing = index.length - tensor.shape.length;
  if (missing < 0) return null;
  return read(
    tensor,
    tensor.shape.map((size, dim) => (size === 1 ? 0 : index[dim + missing]!)),
  );
}

/** One number for every dimension, or a number for each; null for anything else (an expression, a word). */
function sizes(value: Json | undefined, dims: number): number[] | null {
  if (typeof value === "number") return new Array<number>(dims).fill(value);
  if (!Array.isArray(value) || value.length !== dims) return null;
  return value.every((one) => typeof one === "number") ? (value as number[]) : null;
}

function places(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (found, size) => found.flatMap((place) => Array.from({ length: size }, (_, n) => [...place, n])),
    [[]],
  );
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));
const bracketed = (value: number): string => (value < 0 ? `(${shown(value)})` : shown(value));
