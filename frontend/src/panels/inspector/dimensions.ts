/** What the dimensions of a tensor are called, as far as the layers around it say. */
import type { NodeAnswer } from "@/api/answer";
import {
  calledNode,
  type GraphDoc,
  inputsOf,
  type NodeDoc,
  nodeOf,
  type Reference,
  typeName,
} from "@/document/document";
import { usesOf } from "@/document/references";

/** What the newest answer says of the nodes of the graph, by their keys. */
export type Answers = Pick<ReadonlyMap<string, NodeAnswer>, "get">;

const SPACE: Record<string, readonly string[]> = { "1": ["L"], "2": ["H", "W"], "3": ["D", "H", "W"] };
const SPATIAL =
  /^(Lazy)?(Conv|ConvTranspose|(Adaptive)?(Max|Avg)Pool|LPPool|FractionalMaxPool|MaxUnpool|BatchNorm|InstanceNorm|Dropout)(\d)d$/;
const FUNCTIONS = /^((adaptive_)?(max|avg|min)_pool|conv|conv_transpose|lp_pool)(\d)d$/;
const RECURRENT = /^(RNN|LSTM|GRU)$/;
const ATTENTION = /^(Transformer|MultiheadAttention)/;

function spatial(space: string, rank: number): string[] | null {
  const sizes = SPACE[space];
  if (!sizes) return null;
  if (rank === sizes.length + 2) return ["N", "C", ...sizes];
  return rank === sizes.length + 1 ? ["C", ...sizes] : null;
}

function sequence(node: NodeDoc, rank: number, last: string): string[] | null {
  if (rank === 2) return ["L", last];
  if (rank !== 3) return null;
  return node.params?.batch_first === true ? ["N", "L", last] : ["L", "N", last];
}

/** The names that a layer's own type gives a tensor on one of its ports; null where the type does not say. */
function byType(node: NodeDoc, port: string, rank: number): string[] | null {
  const type = typeName(node) ?? "";
  const space = SPATIAL.exec(type)?.at(-1) ?? FUNCTIONS.exec(type)?.at(-1);
  if (space !== undefined) return type === "BatchNorm1d" && rank === 2 ? ["N", "C"] : spatial(space, rank);
  if (RECURRENT.test(type)) {
    if (port === "h_n" || port === "c_n") return rank === 3 ? ["layers", "N", "H"] : ["layers", "H"];
    return sequence(node, rank, port === "input" ? "E" : "H");
  }
  if (ATTENTION.test(type) && !port.includes("mask") && port !== "attn_output_weights")
    return sequence(node, rank, "E");
  return null;
}

const parts = (reference: Reference): [string, string | null] => {
  const dot = reference.indexOf(".");
  return dot < 0 ? [reference, null] : [reference.slice(0, dot), reference.slice(dot + 1)];
};

/**
 * The names of an output's dimensions, `null` for those nobody names: by its own type, by what it passes through unchanged in shape, or
 * by who reads it.
 */
export function dimensionNames(graph: GraphDoc, answers: Answers, key: string, port: string): string[] | null {
  const shape = answers.get(key)?.outputs[port]?.shape;
  if (!shape || shape.length === 0) return null;
  return forwards(graph, answers, key, port, shape, 40) ?? readers(graph, key, port, shape.length);
}

function forwards(
  graph: GraphDoc,
  answers: Answers,
  key: string,
  port: string,
  shape: readonly number[],
  steps: number,
): string[] | null {
  const node = nodeOf(graph, key);
  if (!node || steps === 0) return null;
  const called = nodeOf(graph, calledNode(node) ?? "");
  const own = byType(called ?? node, port, shape.length);
  if (own) return own;
  const first = Object.values(inputsOf(node)).flat()[0];
  if (typeof first !== "string") return null;
  const [source, sourcePort] = parts(first);
  const outputs = answers.get(source)?.outputs ?? {};
  const from = sourcePort ?? Object.keys(outputs)[0];
  const before = from === undefined ? null : outputs[from]?.shape;
  if (from === undefined || !before) return null;
  if (before.length === shape.length && before.every((size, dim) => size === shape[dim])) {
    return forwards(graph, answers, source, from, before, steps - 1) ?? readers(graph, source, from, before.length);
  }
  const names = forwards(graph, answers, source, from, before, steps - 1);
  return names?.[0] === "N" && before[0] === shape[0] && shape.length === 2 ? ["N", "features"] : null;
}

/** What those who read it call it. */
function readers(graph: GraphDoc, key: string, port: string, rank: number): string[] | null {
  for (const node of Object.values(graph.nodes)) {
    for (const use of usesOf(node)) {
      if (use.kind !== "wire") continue;
      const [source, from] = parts(use.reference);
      if (source !== key || (from !== null && from !== port)) continue;
      const names = byType(node, use.port, rank);
      if (names) return names;
    }
  }
  return null;
}
