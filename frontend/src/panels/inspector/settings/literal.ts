/**
 * Python's literals as people type them into a field: `3`, `(3, 5)`, `3, 5`, `'same'`, `True`, `None`, `[[1, 2], [3, 4]]`, `inf`; an item
 * that begins with `=` is an expression.
 */
import type { Json } from "@/document/document";

/** Why the text is no value; the message is for the person who typed it. */
export class LiteralError extends Error {}

const WORDS: Record<string, Json> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
  inf: "inf",
  nan: "nan",
};
const NUMBER = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?/i;
const CLOSING: Record<string, string> = { "(": ")", "[": "]" };

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The whole text: one value, or several with commas as a list. */
  all(): Json {
    const items = this.items(undefined);
    return items.list ? items.values : items.values[0]!;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  private items(end: string | undefined): { values: Json[]; list: boolean } {
    const values: Json[] = [];
    let comma = false;
    for (;;) {
      this.space();
      const next = this.text[this.at];
      if (next === end) {
        this.at++;
        return { values, list: comma || values.length !== 1 };
      }
      if (next === undefined) throw new LiteralError(`a ${end} is missing at the end`);
      if (values.length > 0 && !comma) throw new LiteralError(`a comma is missing before ${this.rest()}`);
      values.push(this.value(end));
      this.space();
      comma = this.text[this.at] === ",";
      if (comma) this.at++;
      else if (this.at === this.text.length && end !== undefined)
        throw new LiteralError(`a ${end} is missing at the end`);
      else if (this.text[this.at] !== end) throw new LiteralError(`cannot read ${this.rest()}`);
      else if (values.length > 1) comma = true;
      if (comma) {
        this.space();
        if (this.text[this.at] === end) {
          this.at++;
          return { values, list: true };
        }
      }
    }
  }

  private rest(): string {
    const rest = this.text.slice(this.at);
    return `"${rest.length > 16 ? `${rest.slice(0, 16)}…` : rest}"`;
  }

  private value(end: string | undefined): Json {
    const first = this.text[this.at]!;
    if (first === "=") return this.expression(end);
    if (first === "[" || first === "(") {
      this.at++;
      const items = this.items(CLOSING[first]);
      return first === "(" && !items.list ? items.values[0]! : items.values;
    }
    if (first === "'" || first === '"') return this.quoted(first);
    if (first === "{") return this.object();
    const number = NUMBER.exec(this.text.slice(this.at));
    if (number) {
      this.at += number[0].length;
      return Number(number[0].replaceAll("_", ""));
    }
    const word = /^[+-]?[A-Za-z_][\w.]*/.exec(this.text.slice(this.at));
    if (!word) throw new LiteralError(`cannot read ${this.rest()}`);
    this.at += word[0].length;
    if (/^[+-](inf|nan)$/.test(word[0])) return word[0] === "-inf" ? "-inf" : word[0].slice(1);
    return word[0] in WORDS ? WORDS[word[0]]! : word[0];
  }

  /** Up to the next comma outside brackets. */
  private expression(end: string | undefined): Json {
    const start = ++this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (depth === 0 && (char === "," || char === end)) break;
      if ("([".includes(char)) depth++;
      if (")]".includes(char)) depth--;
    }
    const text = this.text.slice(start, this.at).trim();
    if (text === "") throw new LiteralError("an expression is missing behind =");
    return { $: text };
  }

  private quoted(quote: string): string {
    const close = this.text.indexOf(quote, this.at + 1);
    if (close < 0) throw new LiteralError(`a closing ${quote} is missing`);
    const inner = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return inner;
  }

  /** An object is read as JSON, with the text up to its closing brace. */
  private object(): Json {
    let depth = 0;
    for (let end = this.at; end < this.text.length; end++) {
      if (this.text[end] === "{") depth++;
      if (this.text[end] === "}" && --depth === 0) {
        const inner = this.text.slice(this.at, end + 1);
        this.at = end + 1;
        try {
          return JSON.parse(inner) as Json;
        } catch {
          throw new LiteralError('an object is written as JSON: {"name": value}');
        }
      }
    }
    throw new LiteralError("a } is missing at the end");
  }
}

/** Reads a literal. Raises LiteralError. */
export function parseLiteral(text: string): Json {
  return new Reader(text).all();
}

/** A number as Python prints it: 1e-05, not 0.00001. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, power = ""] = value.toExponential().split("e");
    return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  return String(value);
}

export const isExpression = (value: Json | undefined): value is { $: string } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof value.$ === "string";

/** A value as it is typed; `inner` for items of a list, where text is quoted. */
export function formatLiteral(value: Json, inner = false): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return inner && !/^-?(inf|nan)$/.test(value) ? `'${value}'` : value;
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      Array.isArray(item) ? `[${formatLiteral(item, true)}]`.replace("[[]]", "[]") : formatLiteral(item, true),
    );
    if (!inner && value.length === 1) return `(${items[0]},)`;
    // A field that begins with = is one expression as a whole.
    if (!inner && items[0]?.startsWith("=")) return `(${items.join(", ")})`;
    return items.length === 0 ? "[]" : items.join(", ");
  }
  return isExpression(value) ? `= ${value.$}` : JSON.stringify(value);
}

/** Nested lists with their brackets, or one value. */
export function formatNested(value: Json): string {
  return Array.isArray(value) ? `[${formatLiteral(value, true)}]` : formatLiteral(value);
}
