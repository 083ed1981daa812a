/**
 * Reads a tensor that somebody pastes: nested lists, `tensor([...])` as torch prints it, a numpy array, or rows of a
 * table (commas, semicolons, tabs or spaces).
 */
import type { Json } from "./document";
import { Refusal } from "./refusal";

export interface PastedTensor {
  /** Nested lists, or a bare value for shape []; NaN and infinities as text. */
  values: Json;
  shape: number[];
  /** torch's name. */
  dtype: string;
}

const MOST_RANK = 16;
const DTYPES = /^(float(16|32|64)|bfloat16|half|float|double|u?int(8|16|32|64)|short|int|long|bool)$/;
const SYNONYMS: Record<string, string> = {
  half: "float16",
  float: "float32",
  double: "float64",
  short: "int16",
  int: "int32",
  long: "int64",
};

/** Throws Refusal, with the line and what is wrong there. */
export function parseTensor(text: string): PastedTensor {
  if (text.trim() === "") throw new Refusal("There is nothing here yet. Paste a list such as [[1, 2], [3, 4]].");
  if (/\.\.\.|…/.test(text)) {
    throw new Refusal(
      'This tensor was shortened when it was printed ("..."), so values are missing. ' +
        'Print it whole: torch.set_printoptions(threshold=float("inf")).',
    );
  }
  return /[[(]/.test(text) ? new Reader(text).tensor() : table(text);
}

interface Item {
  value: Json;
  shape: number[];
}

class Reader {
  readonly #text: string;
  #at = 0;
  #kinds = new Set<"bool" | "int" | "float">();

  constructor(text: string) {
    this.#text = text;
  }

  tensor(): PastedTensor {
    this.#skip(/\s*(Parameter containing:)?\s*/y);
    const call = this.#skip(/(torch\.|np\.|numpy\.)?(tensor|Parameter|array|FloatTensor|LongTensor)\s*\(\s*/y);
    const item = this.#item(0);
    const options = call ? this.#options() : {};
    this.#space();
    // What a paste often ends with: a semicolon, or the size as old torch prints it.
    this.#skip(/;?\s*(\[torch\.\w+ of size [\dx]+\])?\s*/y);
    if (this.#at < this.#text.length) this.#fail(`${this.#here()} was not expected`);
    if (item.shape.length > MOST_RANK) throw new Refusal(`A tensor has at most ${MOST_RANK} dimensions.`);
    const { dtype = dtypeOf(this.#kinds), size } = options;
    if (size && size.length > 1)
      throw new Refusal("An empty tensor of several dimensions cannot be written as a list.");
    return { values: item.value, shape: item.shape, dtype };
  }

  #item(depth: number): Item {
    this.#space();
    const open = this.#text[this.#at];
    if (open !== "[" && open !== "(") return { value: this.#number(), shape: [] };
    if (depth >= 64) throw new Refusal(`A tensor has at most ${MOST_RANK} dimensions.`);
    this.#at += 1;
    const close = open === "[" ? "]" : ")";
    const items: Json[] = [];
    let inner: number[] | null = null;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === close) break;
      if (this.#at >= this.#text.length) this.#fail(`a ${close} is missing at the end`);
      const begin = this.#at;
      const item = this.#item(depth + 1);
      if (inner && !equal(inner, item.shape)) {
        this.#at = begin;
        this.#fail(`item ${items.length + 1} is ${sized(item.shape)}, those before it are ${sized(inner)}`);
      }
      inner = item.shape;
      items.push(item.value);
      this.#space();
      // numpy prints no commas.
      if (this.#text[this.#at] === ",") this.#at += 1;
    }
    this.#at += 1;
    return { value: items, shape: [items.length, ...(inner ?? [])] };
  }

  #number(): Json {
    const found = this.#match(/[+-]?float\(["'][^"']*["']\)|[^\s,;[\]()]+/y);
    if (!found) this.#fail(`${this.#here()} is no number`);
    const { value, kind } = numberOf(found) ?? this.#fail(`${quoted(found)} is no number`, found.length);
    this.#kinds.add(kind);
    if (this.#kinds.has("bool") && this.#kinds.size > 1) {
      this.#fail("truth values and numbers are mixed", found.length);
    }
    return value;
  }

  /** What torch prints behind the values: dtype, device, requires_grad, grad_fn, size. */
  #options(): { dtype?: string; size?: number[] } {
    const found: { dtype?: string; size?: number[] } = {};
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (this.#skip(/\)/y)) return found;
      if (this.#at >= this.#text.length) this.#fail("a ) is missing at the end");
      const name = this.#match(/\w+(?=\s*=)/y);
      if (!name) this.#fail(`${this.#here()} was not expected`);
      this.#skip(/\s*=\s*/y);
      if (name === "dtype") {
        const written = this.#match(/[\w.]+/y) ?? "";
        found.dtype = dtypeNamed(written) ?? this.#fail(`${quoted(written)} is no dtype that a network takes`);
      } else if (name === "size") {
        found.size = (this.#match(/\([\d,\s]*\)/y) ?? "").match(/\d+/g)?.map(Number) ?? [];
      } else if (!this.#skip(/<[^>]*>|'[^']*'|"[^"]*"|\w+(\([^)]*\))?/y))
        this.#fail(`${this.#here()} was not expected`);
    }
  }

  #space(): void {
    this.#skip(/\s*/y);
  }

  #skip(pattern: RegExp): boolean {
    return this.#match(pattern) !== null;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #here(): string {
    return this.#at < this.#text.length ? quoted(this.#text.slice(this.#at).split(/\s/)[0]!) : "the end";
  }

  #fail(reason: string, back = 0): never {
    const before = this.#text.slice(0, this.#at - back).split("\n");
    throw new Refusal(`Line ${before.length}, column ${before.at(-1)!.length + 1}: ${reason}.`);
  }
}

/** Rows of numbers, one line each. */
function table(text: string): PastedTensor {
  const kinds = new Set<"bool" | "int" | "float">();
  const rows: { line: number; values: Json[] }[] = [];
  text.split(/\r?\n/).forEach((line, n) => {
    if (line.trim() === "") return;
    const cells = cellsOf(line);
    const values = cells.map((cell, column) => {
      const found = numberOf(cell);
      if (!found) {
        const what = cell === "" ? `cell ${column + 1} is empty` : `${quoted(cell)} in cell ${column + 1} is no number`;
        const hint = rows.length === 0 && cells.length > 1 ? " Leave a heading out." : "";
        throw new Refusal(`Line ${n + 1}: ${what}.${hint}`);
      }
      kinds.add(found.kind);
      return found.value;
    });
    const first = rows[0];
    if (first && first.values.length !== values.length) {
      throw new Refusal(`Line ${n + 1} has ${values.length} values, line ${first.line} has ${first.values.length}.`);
    }
    rows.push({ line: n + 1, values });
  });
  if (kinds.has("bool") && kinds.size > 1) throw new Refusal("Truth values and numbers are mixed.");
  const dtype = dtypeOf(kinds);
  const [first] = rows;
  if (rows.length > 1) {
    return { values: rows.map((row) => row.values), shape: [rows.length, first!.values.length], dtype };
  }
  const alone = first!.values.length === 1;
  return { values: alone ? first!.values[0]! : first!.values, shape: alone ? [] : [first!.values.length], dtype };
}

function cellsOf(line: string): string[] {
  const trimmed = line.trim();
  // Where semicolons or tabs stand between the cells, a comma inside one is a decimal comma.
  for (const separator of [";", "\t"]) {
    if (trimmed.includes(separator)) {
      return trimmed.split(separator).map((cell) => cell.trim().replace(/^(-?\d*),(\d+)$/, "$1.$2"));
    }
  }
  if (trimmed.includes(","))
    return trimmed
      .replace(/,$/, "")
      .split(",")
      .map((cell) => cell.trim());
  return trimmed.split(/\s+/);
}

function numberOf(text: string): { value: Json; kind: "bool" | "int" | "float" } | null {
  if (/^(true|false)$/i.test(text)) return { value: text.toLowerCase() === "true", kind: "bool" };
  const special = /^([+-]?)(?:float\(["']|(?:torch|np|numpy|math)\.)?([+-]?)(nan|inf|infinity)(?:["']\))?$/i.exec(text);
  if (special) {
    const [, sign, inner, word] = special;
    if (word!.toLowerCase() === "nan") return { value: "nan", kind: "float" };
    return { value: (sign === "-") !== (inner === "-") ? "-inf" : "inf", kind: "float" };
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  if (/[.e]/i.test(text)) return { value, kind: "float" };
  if (!Number.isSafeInteger(value)) throw new Refusal(`${text} is beyond 2**53; a document holds no larger integers.`);
  return { value: value === 0 ? 0 : value, kind: "int" };
}

function dtypeOf(kinds: ReadonlySet<"bool" | "int" | "float">): string {
  if (kinds.has("float")) return "float32";
  if (kinds.has("int")) return "int64";
  return kinds.has("bool") ? "bool" : "float32";
}

function dtypeNamed(written: string): string | null {
  const name = written.replace(/^(torch|np|numpy)\./, "");
  if (!DTYPES.test(name)) return null;
  return Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name]! : name;
}

function equal(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((size, n) => size === b[n]);
}

function sized(shape: number[]): string {
  return shape.length === 0 ? "a number" : `a list of shape ${shape.join("x")}`;
}

function quoted(text: string): string {
  return text.length > 24 ? `"${text.slice(0, 24)}..."` : `"${text}"`;
}
