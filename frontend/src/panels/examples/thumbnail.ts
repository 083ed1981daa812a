/** A small drawing of a network: a dot for a node, a line for a wire, from top to bottom. */
import { type GraphDoc, inputsOf, typeName } from "@/document/document";
import { parseReference } from "@/document/references";

export interface Thumbnail {
  /** x and y from 0 to 1. */
  dots: { key: string; type: string; row: number; x: number; y: number }[];
  wires: { from: number; to: number }[];
}

/** Where nodes stand: a row for each step from the inputs, in a row the document's order. At most `most` nodes are drawn. */
export function thumbnailOf(graph: GraphDoc, most = 60): Thumbnail {
  const keys = Object.keys(graph.nodes).slice(0, most);
  const number = new Map(keys.map((key, at) => [key, at]));
  const sources = keys.map((key) => [
    ...new Set(
      Object.values(inputsOf(graph.nodes[key]!))
        .flat()
        .map((reference) => number.get(parseReference(reference)?.node ?? ""))
        .filter((at) => at !== undefined),
    ),
  ]);
  const depth = new Array<number>(keys.length).fill(0);
  // Wires may lead back in a wrong document: as many rounds as there are nodes are enough for any right one.
  for (let round = 0, changed = true; changed && round < keys.length; round++) {
    changed = false;
    sources.forEach((from, to) => {
      for (const at of from) {
        if (depth[at]! + 1 > depth[to]! && depth[at]! + 1 < keys.length) {
          depth[to] = depth[at]! + 1;
          changed = true;
        }
      }
    });
  }
  const rows = Math.max(1, ...depth.map((row) => row + 1));
  const placed = new Array<number>(rows).fill(0);
  const sizes = new Array<number>(rows).fill(0);
  for (const row of depth) sizes[row]!++;
  const dots = keys.map((key, at) => {
    const row = depth[at]!;
    const place = placed[row]!++;
    return {
      key,
      type: typeName(graph.nodes[key]!) ?? "",
      row,
      x: (place + 0.5) / sizes[row]!,
      y: (row + 0.5) / rows,
    };
  });
  return { dots, wires: sources.flatMap((from, to) => from.map((at) => ({ from: at, to }))) };
}
