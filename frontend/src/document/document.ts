/** The network document (`torchwire/1`) as the page holds it. Plain JSON: what is saved is what is here. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A wire's end: `"conv1"` (first output) or `"lstm.h_n"`. */
export type Reference = string;

export interface NodeDoc {
  type?: string;
  call?: string;
  params?: Record<string, Json>;
  inputs?: Record<string, Reference | Reference[]>;
  repeat?: Json;
  when?: Json;
  attribute?: string;
  init?: Json;
  trainable?: boolean;
  position?: [number, number];
  note?: string;
  collapsed?: boolean;
  color?: string;
}

/** The document's own graph, or a block. The order of `nodes` is meaning: it is the construction order. */
export interface GraphDoc {
  params?: Record<string, Json>;
  nodes: Record<string, NodeDoc>;
  init?: Json;
  canvas?: Json;
}

export interface NetworkDoc extends GraphDoc {
  format: "torchwire/1";
  name?: string;
  seed?: number;
  training?: boolean;
  blocks?: Record<string, GraphDoc>;
}

/** Which graph of a document: null is the document's own, a name is a block's. */
export type GraphName = string | null;

/** One output port or input port of a node of the graph in hand. `index` is the place in a port that takes a list. */
export interface PortAddress {
  node: string;
  port: string;
  index?: number;
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The blocks by name. A loaded document may hold anything there: what is no object is no block. */
export function blocksOf(document: { blocks?: unknown }): Record<string, GraphDoc> {
  if (!isObject(document.blocks)) return {};
  const blocks = document.blocks as unknown as Record<string, GraphDoc>;
  const known = Object.entries(blocks).filter(([, block]) => isObject(block));
  return known.length === Object.keys(blocks).length ? blocks : Object.fromEntries(known);
}

/** The graph of this name; undefined when there is no such block. */
export function graphOf(document: NetworkDoc, name: GraphName): GraphDoc | undefined {
  if (name === null) return document;
  const blocks = document.blocks;
  if (!isObject(blocks) || !Object.hasOwn(blocks, name)) return undefined;
  return isObject(blocks[name]) ? blocks[name] : undefined;
}

export function nodeOf(graph: GraphDoc | undefined, key: string): NodeDoc | undefined {
  return graph && Object.hasOwn(graph.nodes, key) ? graph.nodes[key] : undefined;
}

/** What a node's wires say. A loaded document may hold anything here; what is no object holds no wires. */
export function inputsOf(node: NodeDoc): Record<string, Reference | Reference[]> {
  return isObject(node.inputs) ? node.inputs : {};
}

/** The name of its type. A loaded document may hold anything there: what is no text names none. */
export function typeName(node: NodeDoc): string | undefined {
  return typeof node.type === "string" ? node.type : undefined;
}

/** The node whose module it runs again, likewise. */
export function calledNode(node: NodeDoc): string | undefined {
  return typeof node.call === "string" ? node.call : undefined;
}

/** The network's name, likewise; empty where there is none. */
export function titleOf(document: NetworkDoc): string {
  return typeof document.name === "string" ? document.name : "";
}

export function paramsOf(node: NodeDoc): Record<string, Json> {
  return isObject(node.params) ? node.params : {};
}

/** The document with another graph in the place of one of its graphs; the same document when nothing changed. */
export function withGraph(document: NetworkDoc, name: GraphName, graph: GraphDoc): NetworkDoc {
  if (graph === graphOf(document, name)) return document;
  if (name === null) return { ...document, ...graph };
  return { ...document, blocks: withKey(isObject(document.blocks) ? document.blocks : {}, name, graph) };
}

/** A record with one key set at its old place, or at the end. Never by assignment: `__proto__` is a key like others. */
export function withKey<T>(record: Record<string, T>, key: string, value: T): Record<string, T> {
  return { ...record, ...Object.fromEntries([[key, value]]) };
}

export function withoutKey<T>(record: Record<string, T>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Whether two JSON values say the same. The order of keys counts: in `nodes` it is meaning. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = Object.entries(b);
  return (
    left.length === right.length && left.every(([key, value], n) => right[n]?.[0] === key && same(value, right[n][1]))
  );
}
