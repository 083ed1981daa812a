/** Tells source code from other text, and Python's literals from other words. */
import { isObject } from "./document";
import { Refusal } from "./refusal";

export type SourceFormat = "python" | "notebook";

/** A statement of a program, or a layer that is made: what no tensor and no document has. */
const PYTHON = /^[ \t]*(import\s+\w|from\s+[\w.]+\s+import\b|class\s+\w+.*:|def\s+\w+\s*\()|\bnn\.[A-Z]\w*\s*\(/m;

/** What kind of source a text is; null where it is none. */
export function sourceFormat(text: string): SourceFormat | null {
  if (/^\s*[{[]/.test(text)) {
    try {
      const data: unknown = JSON.parse(text);
      return isObject(data) && Array.isArray(data.cells) ? "notebook" : null;
    } catch {
      // no JSON: Python may begin with a list too
    }
  }
  return PYTHON.test(text) ? "python" : null;
}

/** The same notebook without what its cells printed and drew, which can be a hundred times its code. */
export function withoutOutputs(text: string): string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return text; // no notebook: the server says so
  }
  if (!isObject(data) || !Array.isArray(data.cells)) return text;
  const cells = data.cells.filter(isObject).map(({ cell_type, source }) => ({ cell_type, source }));
  return JSON.stringify({ cells });
}

const NAMES: Record<string, unknown> = { True: true, False: false, None: null, true: true, false: false, null: null };

/** A value as Python writes it. */
export function writeLiteral(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(writeLiteral).join(", ")}]`;
  if (isObject(value)) {
    const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeLiteral(item)}`);
    return `{${items.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** The value of a literal of Python: a number, True, None, a string, a list, a tuple, a dict. Throws Refusal. */
export function readLiteral(text: string): unknown {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()[\]{},:]|[^\s()[\]{},:"']+|["']/g) ?? [];
  let at = 0;
  const wrong = () => new Refusal("Write a value: 10, 0.5, True, None, 'text' or [1, 2].");
  const list = (end: string): unknown[] => {
    const items: unknown[] = [];
    while (tokens[at] !== end) {
      items.push(value());
      if (tokens[at] === ",") at += 1;
      else if (tokens[at] !== end) throw wrong();
    }
    at += 1;
    return items;
  };
  const dict = (): Record<string, unknown> => {
    const items: [string, unknown][] = [];
    while (tokens[at] !== "}") {
      const key = value();
      if (typeof key !== "string" || tokens[at] !== ":") throw wrong();
      at += 1;
      items.push([key, value()]);
      if (tokens[at] === ",") at += 1;
      else if (tokens[at] !== "}") throw wrong();
    }
    at += 1;
    return Object.fromEntries(items);
  };
  const value = (): unknown => {
    const token = tokens[at];
    if (token === undefined) throw wrong();
    at += 1;
    if (token === "[") return list("]");
    if (token === "(") return list(")");
    if (token === "{") return dict();
    if (Object.hasOwn(NAMES, token)) return NAMES[token];
    if (/^["']./.test(token)) return token.slice(1, -1).replace(/\\(.)/g, "$1");
    if (/^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(token)) return Number(token.replaceAll("_", ""));
    throw wrong();
  };
  const found = value();
  if (at < tokens.length) throw wrong();
  return found;
}

/** A shape: "1, 3, 32, 32", with or without brackets. Throws Refusal. */
export function readShape(text: string): number[] {
  const bare = text
    .trim()
    .replace(/^[([](.*)[)\]]$/s, "$1")
    .replace(/,\s*$/, "");
  const parts = bare.trim() === "" ? [] : bare.trim().split(/\s*[,×x]\s*|\s+/);
  if (!parts.every((part) => /^\d{1,9}$/.test(part))) throw new Refusal("Write whole numbers: 1, 3, 32, 32.");
  return parts.map(Number);
}
