/** What only the canvas reads of a document: where nodes stand and how they look. The engine never sees it. */
import { type GraphDoc, isObject, type NetworkDoc, type NodeDoc } from "./document";

const LOOKS = ["position", "note", "collapsed", "color"] as const;

/** The node as the engine sees it; the same node when it has no looks. */
export function plainNode(node: NodeDoc): NodeDoc {
  if (!LOOKS.some((field) => Object.hasOwn(node, field))) return node;
  const { position: _p, note: _n, collapsed: _c, color: _o, ...rest } = node;
  return rest;
}

function plainGraph<G extends GraphDoc>(graph: G): G {
  const { canvas: _canvas, ...rest } = graph;
  const nodes = Object.entries(graph.nodes).map(([key, node]) => [key, plainNode(node)] as const);
  return { ...rest, nodes: Object.fromEntries(nodes) } as unknown as G;
}

/** The document as it is posted: without what only the canvas reads. */
export function withoutLooks(document: NetworkDoc): NetworkDoc {
  const plain = plainGraph(document);
  if (!isObject(document.blocks)) return plain;
  const blocks = Object.entries(document.blocks as Record<string, GraphDoc>);
  return {
    ...plain,
    blocks: Object.fromEntries(blocks.map(([name, block]) => [name, isObject(block) ? plainGraph(block) : block])),
  };
}

function looksOf(node: NodeDoc | undefined): Partial<NodeDoc> {
  const found = LOOKS.flatMap((field) => (node && Object.hasOwn(node, field) ? [[field, node[field]]] : []));
  return Object.fromEntries(found);
}

/** A node keeps its looks by its name, or by its place where only its name changed. */
export function withLooks<G extends GraphDoc>(graph: G, old: GraphDoc | undefined): G {
  if (!isObject(old) || !isObject(graph) || !isObject(graph.nodes)) return graph;
  const before = Object.keys(old.nodes);
  const after = Object.keys(graph.nodes);
  const nodes = after.map((key, n): [string, NodeDoc] => {
    const place = before[n];
    const renamed = before.length === after.length && place !== undefined && !Object.hasOwn(graph.nodes, place);
    const origin = Object.hasOwn(old.nodes, key) ? key : renamed ? place : undefined;
    return [key, { ...graph.nodes[key]!, ...looksOf(origin === undefined ? undefined : old.nodes[origin]) }];
  });
  const canvas = old.canvas === undefined ? {} : { canvas: old.canvas };
  return { ...graph, nodes: Object.fromEntries(nodes), ...canvas };
}
