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
const SIDE_GAP = 40;
/** Where a size is not known yet. */
const USUAL: Size = { width: 208, height: 72 };
/** Places are on the canvas's grid. */
const GRID = 8;

/** The upper left corner of every node of the graph, for nodes of these sizes. */
export function layout(graph: GraphDoc, sizes: ReadonlyMap<string, Size>): Record<string, [number, number]> {
  const keys = Object.keys(graph.nodes);
  const plan = new Graph({ multigraph: false });
  plan.setGraph({ rankdir: "TB", ranksep: RANK_GAP, nodesep: SIDE_GAP, ranker: "network-simplex" });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const key of keys) plan.setNode(key, { ...(sizes.get(key) ?? USUAL) });
  for (const key of keys) {
    for (const use of usesOf(graph.nodes[key]!)) {
      const source = use.kind === "call" ? null : parseReference(use.reference)?.node;
      // Sizes pull less than wires: the flow stays straight.
      if (source && source !== key && Object.hasOwn(graph.nodes, source)) {
        plan.setEdge(source, key, { weight: use.kind === "size" ? 0 : 2 });
      }
    }
  }
  dagre(plan);
  const found = keys.map((key): [string, [number, number]] => {
    const { x, y } = plan.node(key) as { x: number; y: number };
    const { width, height } = sizes.get(key) ?? USUAL;
    return [key, [snap(x - width / 2), snap(y - height / 2)]];
  });
  return Object.fromEntries(found);
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}

/** Whether nodes have no places yet: a document from a script, or an example. */
export function needsLayout(graph: GraphDoc): boolean {
  return Object.values(graph.nodes).some((node) => !node.position);
}
