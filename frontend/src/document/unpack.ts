/** A use of a block replaced by the block's nodes. */
import type { Command } from "./command";
import {
  type GraphDoc,
  type GraphName,
  graphOf,
  inputsOf,
  isObject,
  type Json,
  type NetworkDoc,
  type NodeDoc,
  nodeOf,
  paramsOf,
  withGraph,
} from "./document";
import { removeBlock } from "./graphs";
import { freshName, takenNames } from "./names";
import { usersOf } from "./paths";
import { expressionOf, follow, type ParsedReference, parseReference } from "./references";
import { Refusal } from "./refusal";

export interface Unpacked {
  command: Command;
  /** The nodes that stand in its place. */
  nodes: string[];
}

/** The block itself goes with its last use. Throws Refusal where nodes cannot stand for the use. */
export function unpackBlock(document: NetworkDoc, name: GraphName, use: string): Unpacked {
  const graph = graphOf(document, name)!;
  const node = nodeOf(graph, use)!;
  const type = node.type ?? "";
  const block = graphOf(document, type);
  if (!block) throw new Refusal(`${use} is no use of a block.`);
  refuse(graph, use, node, block);

  const values = { ...paramsOf(node) };
  for (const [param, fallback] of Object.entries(isObject(block.params) ? block.params : {})) {
    // A default may be an expression of the parameters before it.
    if (!Object.hasOwn(values, param)) values[param] = fill(fallback, values);
  }
  const inner = Object.entries(block.nodes).filter(([, one]) => one.type !== "Input" && one.type !== "Output");
  const taken = takenNames(graph);
  taken.delete(use);
  const names = new Map<string, string>();
  for (const [key] of inner) {
    const fresh = freshName(key, taken);
    taken.add(fresh);
    names.set(key, fresh);
  }

  const wired = inputsOf(node);
  /** What a reference of the block means outside of it. */
  const outer = (reference: ParsedReference): ParsedReference | null => {
    const key = names.get(reference.node);
    if (key !== undefined) return { node: key, port: reference.port };
    const source = Object.hasOwn(wired, reference.node) ? wired[reference.node] : undefined;
    return parseReference(Array.isArray(source) ? source[0] : source);
  };
  const outputs = Object.entries(block.nodes).filter(([, one]) => one.type === "Output");
  const given = (key: string | undefined): ParsedReference | null => {
    const source = outputs.find(([output]) => output === key)?.[1];
    const value = source ? inputsOf(source).value : undefined;
    const parsed = parseReference(Array.isArray(value) ? value[0] : value);
    return parsed && outer(parsed);
  };
  /** What a reader of the use reads now. */
  const followed = (reference: ParsedReference): ParsedReference | null => {
    if (reference.node !== use) return reference;
    const [first] = outputs;
    if (reference.port === null || (reference.port === "output" && outputs.length === 1)) return given(first?.[0]);
    if (outputs.some(([key]) => key === reference.port)) return given(reference.port);
    const parameter = parseReference(reference.port);
    const key = parameter ? names.get(parameter.node) : undefined;
    return key === undefined ? null : { node: key, port: parameter!.port };
  };

  const shift = offset(
    node,
    inner.map(([, one]) => one),
  );
  const made = inner.map(([key, one]): [string, NodeDoc] => {
    const moved = Array.isArray(one.position) ? { position: shift(one.position) } : {};
    const frozen = node.trainable === false ? { trainable: false } : {};
    return [names.get(key)!, { ...filled(follow(one, outer), values), ...moved, ...frozen }];
  });
  const nodes = Object.entries(graph.nodes).flatMap(([key, other]): [string, NodeDoc][] =>
    key === use ? made : [[key, follow(other, followed)]],
  );
  let next = withGraph(document, name, { ...graph, nodes: Object.fromEntries(nodes) });
  if (usersOf(next, type).length === 0) next = removeBlock(next, type);
  return { command: { kind: "replace", document: next }, nodes: made.map(([key]) => key) };
}

function refuse(graph: GraphDoc, use: string, node: NodeDoc, block: GraphDoc): void {
  const because = (words: string) => new Refusal(`${use} cannot be unpacked: ${words}.`);
  if (node.repeat !== undefined && node.repeat !== null)
    throw because("it is repeated, each copy with its own weights");
  if (node.when !== undefined && node.when !== null) throw because("`when` switches all of it");
  if (node.init ?? block.init) throw because("`init` is for all that is in it");
  const caller = Object.entries(graph.nodes).find(([, one]) => one.call === use);
  if (caller) throw because(`${caller[0]} runs it again`);
  if (!Object.values(block.nodes).some((one) => one.type === "Output")) throw because(`${node.type} has no Output`);
}

/** Parameters of the block in expressions, by the values that this use gives. */
function filled(node: NodeDoc, values: Record<string, Json>): NodeDoc {
  const next = { ...node };
  if (isObject(node.params)) next.params = fill(node.params, values) as Record<string, Json>;
  if (node.repeat !== undefined) next.repeat = fill(node.repeat, values);
  if (node.when !== undefined) next.when = fill(node.when, values);
  return next;
}

function fill(value: Json, values: Record<string, Json>): Json {
  const text = expressionOf(value);
  if (text === null) {
    if (Array.isArray(value)) return value.map((item) => fill(item, values));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
  }
  if (Object.hasOwn(values, text.trim())) return values[text.trim()]!;
  const changed = text.replace(/(?<![\w.])[A-Za-z_]\w*/g, (word) =>
    Object.hasOwn(values, word) ? written(word, values[word]!) : word,
  );
  return changed === text ? value : { $: changed };
}

function written(name: string, value: Json): string {
  const text = expressionOf(value);
  if (text !== null) return /^\w+$/.test(text) ? text : `(${text})`;
  if (typeof value === "number") return value < 0 ? `(${value})` : String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (Array.isArray(value)) return `(${value.map((item) => `${written(name, item)},`).join(" ")})`;
  throw new Refusal(`It cannot be unpacked: the value of ${name} does not fit into an expression.`);
}

/** The nodes come to where the use stands. */
function offset(use: NodeDoc, nodes: readonly NodeDoc[]): (position: [number, number]) => [number, number] {
  const places = nodes.flatMap(({ position }) => (Array.isArray(position) && position.length === 2 ? [position] : []));
  if (!Array.isArray(use.position) || places.length === 0) return (position) => position;
  const across = Math.round(places.reduce((sum, [x]) => sum + x, 0) / places.length);
  const top = Math.min(...places.map(([, y]) => y));
  const [dx, dy] = [use.position[0] - across, use.position[1] - top];
  return ([x, y]) => [x + dx, y + dy];
}
