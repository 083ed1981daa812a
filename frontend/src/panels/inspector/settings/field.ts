/** Text in a settings field <-> a parameter's value, by the kinds of the catalogue. What is no value is refused with the reason. */
import type { LayerParam } from "@/api/answer";
import type { Json } from "@/document/document";
import { formatLiteral, formatNested, isExpression, LiteralError, parseLiteral } from "./literal";

export type Parsed = { ok: true; value: Json | undefined } | { ok: false; reason: string };

/** The dtypes that a CPU computes with. */
export const DTYPES = "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128".split(
  " ",
);

const EXPRESSION_LENGTH = 200;

class Refused extends Error {}

/** Kinds whose value is one of few: shown as a list to choose from. */
export function optionsOf(param: LayerParam): Json[] | null {
  const none: Json[] = param.nullable || param.kind === "bool_or_none" ? [null] : [];
  const plus = (choices: Json[]): Json[] => [...choices, ...none.filter((item) => !choices.includes(item))];
  if (param.kind === "bool" || param.kind === "bool_or_none") return plus([true, false]);
  if (param.kind === "dtype") return plus(DTYPES);
  if (param.choices !== null && ["choice", "string", "any"].includes(param.kind)) return plus(param.choices);
  return null;
}

/** What stands in the field for a value; "" for none. */
export function formatField(param: LayerParam, value: Json | undefined): string {
  if (value === undefined) return "";
  if (isExpression(value)) return `= ${value.$}`;
  if (typeof value === "string") {
    // Text that would be read as something else keeps its quotes.
    return param.kind === "any" && value !== "" && wouldChange(value) ? `'${value}'` : value;
  }
  return ["tensor", "number_or_tensor", "any"].includes(param.kind) ? formatNested(value) : formatLiteral(value);
}

function wouldChange(text: string): boolean {
  try {
    return parseLiteral(text) !== text;
  } catch {
    return true;
  }
}

/** The value of a text; no text is no value, which is torch's default or an inferred one. */
export function parseField(param: LayerParam, text: string): Parsed {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: read(param, trimmed) };
  } catch (error) {
    if (error instanceof LiteralError || error instanceof Refused) return { ok: false, reason: error.message };
    throw error;
  }
}

function read(param: LayerParam, text: string): Json {
  if (text.startsWith("=")) return expression(text.slice(1).trim());
  if (param.kind === "index") return text;
  if (param.kind === "string" && param.choices === null && !["None", "null"].includes(text)) return unquoted(text);
  const value = parseLiteral(text);
  if (value === null) {
    if (param.nullable || ["any", "bool_or_none"].includes(param.kind) || (!param.required && param.default === null)) {
      return null;
    }
    throw new Refused(`${param.name} cannot be None`);
  }
  // A word beside numbers: padding='same'.
  if (param.choices?.includes(value)) return value;
  const found = byKind(param, value, text);
  if (param.choices !== null && ["string", "choice", "int", "float", "number"].includes(param.kind)) {
    throw new Refused(`one of ${param.choices.map((choice) => formatLiteral(choice)).join(", ")}`);
  }
  for (const item of Array.isArray(found) ? found : [found]) bounded(param, item);
  return found;
}

function expression(text: string): Json {
  if (text === "") throw new Refused("an expression is missing behind =");
  if (text.length > EXPRESSION_LENGTH) {
    throw new Refused(`an expression has at most ${EXPRESSION_LENGTH} characters, this has ${text.length}`);
  }
  return { $: text };
}

const unquoted = (text: string): string => /^(['"])(.*)\1$/.exec(text)?.[2] ?? text;

function byKind(param: LayerParam, value: Json, text: string): Json {
  switch (param.kind) {
    case "int":
      return integer(value);
    case "float":
      return number(value);
    case "number":
      // JSON cannot tell 1.0 from 1: a typed point insists.
      return typeof value === "boolean" ? value : /^[+-]?\d+\.0*$/.test(text) ? { $: text } : number(value);
    case "bool":
    case "bool_or_none":
      if (typeof value !== "boolean") throw new Refused("True or False");
      return value;
    case "choice":
    case "string":
      if (typeof value !== "string") {
        const choices = param.choices?.map((choice) => formatLiteral(choice)).join(", ");
        throw new Refused(choices ? `one of ${choices}` : "text");
      }
      return value;
    case "dtype": {
      const name = typeof value === "string" ? value.replace(/^torch\./, "") : value;
      if (typeof name !== "string" || !DTYPES.includes(name)) throw new Refused(`a dtype: ${DTYPES.join(", ")}`);
      return name;
    }
    case "int_or_ints":
      return Array.isArray(value) ? list(param, value, integer, "integers") : integer(value, wordsOf(param));
    case "float_or_floats":
      return Array.isArray(value) ? list(param, value, number, "numbers") : number(value);
    case "ints":
      return list(param, Array.isArray(value) ? value : [value], integer, "integers");
    case "floats":
      return list(param, Array.isArray(value) ? value : [value], number, "numbers");
    case "tensor":
      return nested(value);
    case "number_or_tensor":
      return Array.isArray(value) ? nested(value) : number(value);
    default:
      return value;
  }
}

const wordsOf = (param: LayerParam): string => {
  const words = (param.choices ?? []).filter((choice) => typeof choice === "string");
  return words.length > 0 ? `, ${words.map((word) => `'${word}'`).join(" or ")}` : "";
};

function integer(value: Json, words = ""): Json {
  if (isExpression(value)) return value;
  if (typeof value !== "number" || !Number.isInteger(value))
    throw new Refused(`an integer${words}, or = an expression`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER + 1) throw new Refused("an integer within 2**53");
  return value;
}

function number(value: Json): Json {
  if (isExpression(value) || typeof value === "number") return value;
  if (typeof value === "string" && ["inf", "-inf", "nan"].includes(value)) return value;
  throw new Refused("a number, or = an expression");
}

function list(param: LayerParam, items: Json[], each: (item: Json) => Json, what: string): Json[] {
  if (param.length !== null && items.length !== param.length && !(items.length === 1 && param.length === 1)) {
    throw new Refused(`${param.length} ${what}, this is ${items.length}`);
  }
  return items.map((item) => (item === null && param.nullable ? null : each(item)));
}

/** Nested lists of numbers, each level of one length. */
function nested(value: Json): Json {
  const shape = (item: Json): string => {
    if (!Array.isArray(item)) {
      if (typeof item !== "boolean") number(item);
      return "";
    }
    const shapes = new Set(item.map(shape));
    if (shapes.size > 1) throw new Refused("the rows have different lengths");
    return `${item.length},${[...shapes][0] ?? ""}`;
  };
  shape(value);
  return value;
}

function bounded(param: LayerParam, value: Json): void {
  if (typeof value !== "number") return;
  if (param.min !== null && value < param.min) throw new Refused(`at least ${param.min}`);
  if (param.max !== null && value > param.max) throw new Refused(`at most ${param.max}`);
}

/** What torch takes when the field is empty, as its placeholder. */
export function placeholderOf(param: LayerParam, inferred: Json | undefined): string {
  if (inferred !== undefined) return formatField(param, inferred);
  if (param.inferred) return "from the input";
  if (param.required) return exampleOf(param);
  return param.default === null ? "None" : formatField(param, param.default);
}

function exampleOf(param: LayerParam): string {
  switch (param.kind) {
    case "int_or_ints":
      return param.length === 2 ? "3 or 3, 5" : "3";
    case "ints":
      return "2, 3";
    case "tensor":
      return "[[1, 2], [3, 4]]";
    case "index":
      return ":, -1";
    default:
      return "required";
  }
}
