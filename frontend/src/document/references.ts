/** References: what a node reads of others in its graph - by wires, by sizes inside expressions, and by `call`. */
import { inputsOf, isObject, type Json, type NodeDoc, paramsOf, type Reference } from "./document";

/** Where an expression's text names a node: `x.shape[0]`, `lstm.h_n.shape[-1]`. The server uses the same pattern. */
const SIZE = /([A-Za-z_]\w*(?:\.\w+)*)\.shape\[/g;

export interface ParsedReference {
  node: string;
  /** null is the node's first output. */
  port: string | null;
}

/** Null when the text is no reference. */
export function parseReference(text: unknown): ParsedReference | null {
  if (typeof text !== "string" || text.length > 400) return null;
  const dot = text.indexOf(".");
  const node = dot < 0 ? text : text.slice(0, dot);
  const port = dot < 0 ? null : text.slice(dot + 1);
  return node === "" || port === "" ? null : { node, port };
}

export function formatReference(node: string, port: string | null = null): Reference {
  return port === null ? node : `${node}.${port}`;
}

/** One place where a node reads another. */
export type Use =
  | { kind: "wire"; port: string; index: number | null; reference: Reference }
  | { kind: "size"; param: string; reference: Reference }
  | { kind: "call"; reference: Reference };

/** Everything that a node reads, in the order in which it is written. */
export function usesOf(node: NodeDoc): Use[] {
  const found: Use[] = [];
  if (typeof node.call === "string") found.push({ kind: "call", reference: node.call });
  for (const [port, value] of Object.entries(inputsOf(node))) {
    if (Array.isArray(value)) {
      value.forEach((reference, index) => {
        if (typeof reference === "string") found.push({ kind: "wire", port, index, reference });
      });
    } else if (typeof value === "string") found.push({ kind: "wire", port, index: null, reference: value });
  }
  for (const [param, value] of Object.entries(paramsOf(node))) {
    for (const reference of sizesIn(value)) found.push({ kind: "size", param, reference });
  }
  return found;
}

/** The references whose sizes a parameter's value uses, those inside lists and nested layers too. */
export function sizesIn(value: Json | undefined): Reference[] {
  if (Array.isArray(value)) return value.flatMap(sizesIn);
  if (!isObject(value)) return [];
  const text = expressionOf(value);
  if (text === null) return Object.values(value).flatMap(sizesIn);
  return Array.from(text.matchAll(SIZE), (match) => match[1]!);
}

/** The text of `{"$": text}`; null for anything else. */
export function expressionOf(value: Json | undefined): string | null {
  if (!isObject(value)) return null;
  const keys = Object.keys(value);
  const text = keys.length === 1 && keys[0] === "$" ? value.$ : undefined;
  return typeof text === "string" ? text : null;
}

/** What becomes of a reference: another one, or null where it goes away. */
export type Follow = (reference: ParsedReference) => ParsedReference | null;

/**
 * The node with every reference followed; the same node when none changed. A wire that goes away leaves its port, and
 * its port leaves the node when it was the last; a parameter goes away with a size in it; `call` stays as it is.
 */
export function follow(node: NodeDoc, to: Follow): NodeDoc {
  let next = node;
  const inputs = inputsOf(node);
  const wired = Object.entries(inputs).map(([port, value]) => [port, followWires(value, to)] as const);
  if (wired.some(([port, value]) => value !== inputs[port])) {
    next = withField(next, "inputs", Object.fromEntries(wired.filter(([, value]) => value !== null)));
  }
  const params = paramsOf(node);
  const sized = Object.entries(params).map(([name, value]) => [name, followSizes(value, to)] as const);
  if (sized.some(([name, value]) => value !== params[name])) {
    next = withField(next, "params", Object.fromEntries(sized.filter(([, value]) => value !== undefined)));
  }
  if (typeof node.call === "string") {
    const called = to({ node: node.call, port: null });
    if (called !== null && called.node !== node.call) next = { ...next, call: called.node };
  }
  return next;
}

function withField(node: NodeDoc, field: "inputs" | "params", value: Record<string, unknown>): NodeDoc {
  if (Object.keys(value).length > 0) return { ...node, [field]: value };
  const { [field]: _gone, ...rest } = node;
  return rest;
}

function followText(text: string, to: Follow): string | null {
  const parsed = parseReference(text);
  if (parsed === null) return text;
  const found = to(parsed);
  return found === null ? null : formatReference(found.node, found.port);
}

function followWires(value: Reference | Reference[], to: Follow): Reference | Reference[] | null {
  if (!Array.isArray(value)) return typeof value === "string" ? followText(value, to) : value;
  const found = value
    .map((item) => (typeof item === "string" ? followText(item, to) : item))
    .filter((item) => item !== null);
  if (found.length === value.length && found.every((item, n) => item === value[n])) return value;
  return found.length > 0 ? found : null;
}

function followSizes(value: Json, to: Follow): Json | undefined {
  if (Array.isArray(value)) {
    const found = value.map((item) => followSizes(item, to));
    if (found.includes(undefined)) return undefined;
    return found.every((item, n) => item === value[n]) ? value : (found as Json[]);
  }
  if (!isObject(value)) return value;
  const text = expressionOf(value);
  if (text === null) {
    const found = Object.entries(value).map(([key, item]) => [key, followSizes(item, to)] as const);
    if (found.some(([, item]) => item === undefined)) return undefined;
    return found.every(([key, item]) => item === value[key]) ? value : (Object.fromEntries(found) as Json);
  }
  let gone = false;
  const changed = text.replace(SIZE, (whole, reference: string) => {
    const found = followText(reference, to);
    gone ||= found === null;
    return found === null ? whole : `${found}.shape[`;
  });
  if (gone) return undefined;
  return changed === text ? value : { $: changed };
}
