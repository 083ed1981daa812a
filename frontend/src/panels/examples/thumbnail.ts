/** A small drawing of a network: a bar for a node, a line for a wire, from top to bottom. */
import {
  blocksOf,
  type GraphDoc,
  inputsOf,
  isObject,
  type NetworkDoc,
  type NodeDoc,
  typeName,
} from "@/document/document";
import { parseReference } from "@/document/references";

export interface Bar {
  key: string;
  type: string;
  block: boolean;
  copies: number;
  row: number;
  /** The middle; 0 to 1, as are the width and the height that it has at most. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Thumbnail {
  bars: Bar[];
  wires: { from: number; to: number }[];
}

/**
 * Where nodes stand: a row for each step from the inputs, in a row the document's order. A row of a repeated node is the
 * higher the more copies there are. At most `most` nodes are drawn.
 */
export function thumbnailOf(graph: GraphDoc & Pick<NetworkDoc, "blocks">, most = 60): Thumbnail {
  const keys = Object.keys(graph.nodes).slice(0, most);
  const sources = sourcesOf(graph, keys);
  const depth = depthsOf(sources);
  const sizes = new Array<number>(Math.max(1, ...depth.map((row) => row + 1))).fill(0);
  const heights = new Array<number>(sizes.length).fill(1);
  const copies = keys.map((key) => copiesOf(graph, graph.nodes[key]!));
  depth.forEach((row, at) => {
    sizes[row]!++;
    heights[row] = Math.max(heights[row]!, 1 + Math.log2(copies[at]!));
  });
  const total = heights.reduce((sum, height) => sum + height, 0);
  const above = heights.map((_, row) => heights.slice(0, row).reduce((sum, height) => sum + height, 0));
  const placed = new Array<number>(sizes.length).fill(0);
  const bars = keys.map((key, at) => {
    const row = depth[at]!;
    const place = placed[row]!++;
    const type = typeName(graph.nodes[key]!) ?? "";
    return {
      key,
      type,
      block: Object.hasOwn(blocksOf(graph), type),
      copies: copies[at]!,
      row,
      x: (place + 0.5) / sizes[row]!,
      y: (above[row]! + heights[row]! / 2) / total,
      width: 1 / sizes[row]!,
      height: (1 + Math.log2(copies[at]!)) / total,
    };
  });
  return { bars, wires: sources.flatMap((from, to) => from.map((at) => ({ from: at, to }))) };
}

/** The nodes that each node reads, by number. */
function sourcesOf(graph: GraphDoc, keys: string[]): number[][] {
  const number = new Map(keys.map((key, at) => [key, at]));
  return keys.map((key) => [
    ...new Set(
      Object.values(inputsOf(graph.nodes[key]!))
        .flat()
        .map((reference) => number.get(parseReference(reference)?.node ?? ""))
        .filter((at) => at !== undefined),
    ),
  ]);
}

function depthsOf(sources: number[][]): number[] {
  const depth = new Array<number>(sources.length).fill(0);
  // Wires may lead back in a wrong document: as many rounds as there are nodes are enough for any right one.
  for (let round = 0, changed = true; changed && round < sources.length; round++) {
    changed = false;
    sources.forEach((from, to) => {
      for (const at of from) {
        if (depth[at]! + 1 > depth[to]! && depth[at]! + 1 < sources.length) {
          depth[to] = depth[at]! + 1;
          changed = true;
        }
      }
    });
  }
  return depth;
}

/** How often a node is repeated: a number, or the graph's parameter of that name. The engine knows the rest. */
function copiesOf(graph: GraphDoc, { repeat }: NodeDoc): number {
  const name = isObject(repeat) ? repeat.$ : undefined;
  const count = typeof name === "string" ? graph.params?.[name] : repeat;
  return typeof count === "number" && count >= 1 ? count : 1;
}
