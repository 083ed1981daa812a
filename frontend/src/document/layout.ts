/** Places for nodes: the flow runs from top to bottom, branches go sideways and come back. */
import { layout as dagre, Graph } from "@dagrejs/dagre";
import type { GraphDoc } from "./document";
import { parseReference, usesOf } from "./references";

export interface Size {
  width: number;
  height: number;
}

/** The gap between two nodes above each other: the shape on the wire has room there. */
const RANK_GAP = 56;
const SIDE_GAP = 64;
/** Where a size is not known yet. */
const USUAL: Size = { width: 208, height: 72 };
/** Places are on the canvas's grid. */
const GRID = 8;

/** dagre goes down a graph by recursion, and the stack of a worker ends at about a thousand nodes below each other. */
const DEEPEST = 400;

/** The upper left corner of every node of the graph, for nodes of these sizes. */
export function layout(graph: GraphDoc, sizes: ReadonlyMap<string, Size>): Record<string, [number, number]> {
  const keys = Object.keys(graph.nodes);
  const edges = withoutSkips(keys, edgesOf(graph));
  const sizeOf = (key: string) => sizes.get(key) ?? USUAL;
  const depths = depthsOf(keys, edges);
  const deep = Math.max(0, ...depths.values()) > DEEPEST;
  const middles = deep ? inRows(keys, edges, depths, sizeOf) : byDagre(keys, edges, depths, sizeOf);
  const found = keys.map((key): [string, [number, number]] => {
    const { x, y } = middles.get(key)!;
    const { width, height } = sizeOf(key);
    return [key, [snap(x - width / 2), snap(y - height / 2)]];
  });
  return Object.fromEntries(found);
}

type SizeOf = (key: string) => Size;
type Middles = Map<string, { x: number; y: number }>;

function byDagre(keys: string[], edges: Edge[], depths: ReadonlyMap<string, number>, sizeOf: SizeOf): Middles {
  const plan = new Graph({ multigraph: false });
  plan.setGraph({ rankdir: "TB", ranksep: RANK_GAP, nodesep: SIDE_GAP, ranker: "network-simplex" });
  plan.setDefaultEdgeLabel(() => ({}));
  // By number: a name may be anything, and dagre takes an empty one for none.
  const ids = new Map(keys.map((key, n) => [key, `n${n}`]));
  for (const key of keys) plan.setNode(ids.get(key)!, { ...sizeOf(key) });
  const out = tally(edges.map((edge) => edge.from));
  const into = tally(edges.map((edge) => edge.to));
  for (const { from, to, size } of edges) {
    // The main line stays straight beside skips: a wire that is alone at both ends pulls most, then one on the longest
    // way to its reader; a skip and a size hardly.
    const alone = out.get(from) === 1 && into.get(to) === 1;
    const next = depths.get(to) === depths.get(from)! + 1;
    plan.setEdge(ids.get(from)!, ids.get(to)!, { weight: size ? 1 : alone ? 12 : next ? 6 : 1 });
  }
  dagre(plan);
  return new Map(keys.map((key) => [key, plan.node(ids.get(key)!) as { x: number; y: number }]));
}

/** A row for each depth; in it every node as near as there is room to the middle of what it reads. */
function inRows(keys: string[], edges: Edge[], depths: ReadonlyMap<string, number>, sizeOf: SizeOf): Middles {
  const sources = new Map<string, string[]>(keys.map((key) => [key, []]));
  const first = new Map<string, number>();
  for (const { from, to } of edges) {
    sources.get(to)!.push(from);
    first.set(from, Math.min(first.get(from) ?? Number.POSITIVE_INFINITY, depths.get(to)!));
  }
  const rows = new Map<number, string[]>();
  for (const key of keys) {
    // What reads nothing stands just above its first reader.
    const loose = sources.get(key)!.length === 0 && first.has(key);
    const row = loose ? Math.max(0, first.get(key)! - 1) : depths.get(key)!;
    rows.set(row, [...(rows.get(row) ?? []), key]);
  }
  const found: Middles = new Map();
  let top = 0;
  for (const row of [...rows.keys()].sort((a, b) => a - b)) {
    const wanted = rows.get(row)!.map((key) => {
      const above = sources.get(key)!.flatMap((source) => found.get(source)?.x ?? []);
      return { key, x: above.length > 0 ? above.reduce((sum, x) => sum + x, 0) / above.length : 0 };
    });
    wanted.sort((a, b) => a.x - b.x);
    let free = Number.NEGATIVE_INFINITY;
    const placed = wanted.map(({ key, x }) => {
      const half = sizeOf(key).width / 2;
      const middle = Math.max(x, free + half);
      free = middle + half + SIDE_GAP;
      return { key, x: middle, off: middle - x };
    });
    const off = placed.reduce((sum, one) => sum + one.off, 0) / placed.length;
    const height = Math.max(...placed.map(({ key }) => sizeOf(key).height));
    for (const { key, x } of placed) found.set(key, { x: x - off, y: top + height / 2 });
    top += height + RANK_GAP;
  }
  return found;
}

function tally(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/**
 * The edges that no longer way goes round. A skip is drawn beside what it skips; left in, it would push the main line
 * aside at every rank that it passes.
 */
function withoutSkips(keys: string[], edges: Edge[]): Edge[] {
  const depths = depthsOf(keys, edges);
  const readers = new Map<string, string[]>(keys.map((key) => [key, []]));
  for (const { from, to } of edges) readers.get(from)!.push(to);
  const goesRound = ({ from, to }: Edge): boolean => {
    const depth = depths.get(to)!;
    if (depth - depths.get(from)! < 2) return false;
    const seen = new Set<string>([from]);
    const todo = readers.get(from)!.filter((key) => key !== to);
    for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
      if (key === to) return true;
      if (seen.has(key) || depths.get(key)! >= depth) continue;
      seen.add(key);
      todo.push(...readers.get(key)!);
    }
    return false;
  };
  return edges.filter((edge) => !goesRound(edge));
}

/** The number of wires on the longest way to each node. A circle has no longest way: its nodes stay where they were found. */
function depthsOf(keys: string[], edges: Edge[]): Map<string, number> {
  const readers = new Map<string, string[]>(keys.map((key) => [key, []]));
  const waiting = tally(edges.map((edge) => edge.to));
  for (const { from, to } of edges) readers.get(from)!.push(to);
  const depths = new Map<string, number>(keys.map((key) => [key, 0]));
  const todo = keys.filter((key) => !waiting.has(key));
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    for (const to of readers.get(key)!) {
      depths.set(to, Math.max(depths.get(to)!, depths.get(key)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) todo.push(to);
    }
  }
  return depths;
}

interface Edge {
  from: string;
  to: string;
  size: boolean;
}

/** Who stands above whom, each pair once; a wire counts before a size. */
function edgesOf(graph: GraphDoc): Edge[] {
  const found = new Map<string, Edge>();
  for (const [to, node] of Object.entries(graph.nodes)) {
    for (const use of usesOf(node)) {
      const from = use.kind === "call" ? undefined : parseReference(use.reference)?.node;
      if (from === undefined || from === to || !Object.hasOwn(graph.nodes, from)) continue;
      const pair = `${from} ${to}`;
      const size = use.kind === "size";
      if (!found.has(pair) || !size) found.set(pair, { from, to, size });
    }
  }
  return [...found.values()];
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
