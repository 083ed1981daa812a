/**
 * Tensors as torch prints them: `print(tensor)` with torch's default options (precision 4, threshold 1000, edgeitems 3,
 * line width 80). The rules are those of `torch/_tensor_str.py`; the tests compare with strings that torch wrote.
 */
import { shortest } from "./shortest";
import { elements, isBool, isComplex, isFloat, type Tensor } from "./tensor";

const PRECISION = 4;
const THRESHOLD = 1000;
const EDGE = 3;
const WIDTH = 80;

/** Python's `f"{value:.4f}"`: ties go to the even digit, where JavaScript's toFixed goes away from zero. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  const longer = size.toFixed(digits + 1);
  const tie = longer.endsWith("5") && /^0*$/.test(size.toFixed(digits + 30).slice(longer.length));
  if (!tie || digits === 0) return sign + size.toFixed(digits);
  const cut = longer.slice(0, -1);
  return sign + (Number(cut.at(-1)) % 2 === 0 ? cut : size.toFixed(digits));
}

/** Python's `f"{value:.4e}"`. */
export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  const [exact = ""] = size.toExponential(digits + 30).split("e");
  let [mantissa = "", exponent = ""] = size.toExponential(digits).split("e");
  const tail = exact.slice(digits + 2);
  if (/^50*$/.test(tail) && Number(exact[digits + 1]) % 2 === 0) {
    mantissa = exact.slice(0, digits + 2);
    exponent = size.toExponential(digits + 30).split("e")[1]!;
  }
  const power = exponent.slice(1).padStart(2, "0");
  return `${sign}${mantissa}e${exponent[0]}${power}`;
}

function special(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

type Format = ((value: number | bigint) => string) & { width: number };

/** The one format that all values of a tensor share. */
function formatter(values: ArrayLike<number | bigint>, dtype: string): Format {
  const make = (width: number, text: (value: number | bigint) => string): Format =>
    Object.assign((value: number | bigint) => text(value).padStart(width), { width });
  const widest = (texts: Iterable<string>): number => {
    let width = 1;
    for (const text of texts) width = Math.max(width, text.length);
    return width;
  };
  if (!isFloat(dtype)) {
    const plain = (value: number | bigint) => (isBool(dtype) ? (value ? "True" : "False") : value.toString());
    return make(widest(Array.from(values, plain)), plain);
  }
  const counted = Array.from(values as ArrayLike<number>).filter((value) => Number.isFinite(value) && value !== 0);
  let integers = true;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of counted) {
    integers &&= Number.isInteger(value);
    low = Math.min(low, Math.abs(value));
    high = Math.max(high, Math.abs(value));
  }
  const scientific = counted.length > 0 && (high / low > 1000 || high > 1e8 || low < 1e-4);
  const point = (value: number): string => `${fixed(value, 0)}${Number.isFinite(value) ? "." : ""}`;
  const text = (value: number | bigint): string => {
    const float = Number(value);
    if (scientific) return exponential(float, PRECISION);
    return integers ? point(float) : fixed(float, PRECISION);
  };
  return make(widest(counted.map(text)), text);
}

/** What of a size is printed: all of it, or three at each end with a gap. */
function shown(size: number, summarize: boolean): (number | null)[] {
  if (!summarize || size <= 2 * EDGE) return Array.from({ length: size }, (_, at) => at);
  const ends = [0, 1, 2].map((at) => [at, size - EDGE + at] as const);
  return [...ends.map(([first]) => first), null, ...ends.map(([, last]) => last)];
}

/** The text between `tensor(` and `)`. */
function body({ shape, dtype, data }: Tensor, indent: number): string {
  const summarize = elements(shape) > THRESHOLD;
  const strides = shape.map((_, dim) => elements(shape.slice(dim + 1)));
  const printed: number[] = [];
  const collect = (dim: number, offset: number): void => {
    if (dim === shape.length) printed.push(offset);
    else for (const at of shown(shape[dim]!, summarize)) if (at !== null) collect(dim + 1, offset + at * strides[dim]!);
  };
  collect(0, 0);
  const complex = isComplex(dtype);
  const part = dtype === "complex128" ? "float64" : "float32";
  const real = complex
    ? formatter(
        printed.map((at) => data[2 * at]!),
        part,
      )
    : formatter(
        printed.map((at) => data[at]!),
        dtype,
      );
  const imaginary = complex
    ? formatter(
        printed.map((at) => data[2 * at + 1]!),
        part,
      )
    : null;
  const scalar = (at: number): string => {
    if (imaginary === null) return real(data[at]!);
    const tail = `${imaginary(data[2 * at + 1]!)}j`.trimStart();
    return real(data[2 * at]!) + (/^[+-]/.test(tail) ? tail : `+${tail}`);
  };
  const write = (dim: number, offset: number, margin: number): string => {
    if (dim === shape.length) return scalar(offset);
    const last = dim === shape.length - 1;
    const items = shown(shape[dim]!, summarize).map((at) =>
      at === null ? (last ? " ..." : "...") : write(dim + 1, offset + at * strides[dim]!, margin + 1),
    );
    if (!last) return `[${items.join(`,${"\n".repeat(shape.length - dim - 1)}${" ".repeat(margin + 1)}`)}]`;
    const step = real.width + 2 + (imaginary === null ? 0 : imaginary.width + 1);
    const perLine = Math.max(1, Math.floor((WIDTH - margin) / step));
    const lines: string[] = [];
    for (let at = 0; at < items.length; at += perLine) lines.push(items.slice(at, at + perLine).join(", "));
    return `[${lines.join(`,\n${" ".repeat(margin + 1)}`)}]`;
  };
  return write(0, 0, indent);
}

/** A shape as Python's tuple. */
export function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** The tensor as `print` shows it. With `requires_grad`, as a parameter's tensor line. */
export function torchPrint(tensor: Tensor, options: { requiresGrad?: boolean } = {}): string {
  const prefix = "tensor(";
  const { shape, dtype } = tensor;
  const empty = elements(shape) === 0;
  const suffixes: string[] = [];
  if (empty && shape.length !== 1) suffixes.push(`size=${tuple(shape)}`);
  const usual = empty ? dtype === "float32" : ["float32", "complex64", "int64", "bool"].includes(dtype);
  if (!usual) suffixes.push(`dtype=torch.${dtype}`);
  if (options.requiresGrad) suffixes.push("requires_grad=True");
  let text = prefix + (empty ? "[]" : body(tensor, prefix.length));
  let last = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of suffixes) {
    if (last + suffix.length + 2 > WIDTH) {
      text += `,\n${" ".repeat(prefix.length)}${suffix}`;
      last = prefix.length + suffix.length;
    } else {
      text += `, ${suffix}`;
      last += suffix.length + 2;
    }
  }
  return `${text})`;
}

/** One value, with the digits that tell it from its neighbours: what stands under the pointer. */
export function valueText(tensor: Tensor, position: number): string {
  const { dtype, data } = tensor;
  if (isBool(dtype)) return data[position] ? "True" : "False";
  if (isComplex(dtype)) {
    const imaginary = Number(data[2 * position + 1]);
    return `${digits(Number(data[2 * position]), dtype)}${imaginary < 0 ? "" : "+"}${digits(imaginary, dtype)}j`;
  }
  return isFloat(dtype) ? digits(Number(data[position]), dtype) : data[position]!.toString();
}

function digits(value: number, dtype: string): string {
  return Number.isFinite(value) ? shortest(value, dtype) : special(value);
}
