/** What every command is made of: finding a graph and a node, and changing one. */
import {
  type GraphDoc,
  type GraphName,
  graphOf,
  type NetworkDoc,
  type NodeDoc,
  nodeOf,
  same,
  withGraph,
  withKey,
} from "./document";
import { Refusal } from "./refusal";

/** The graph, or a Refusal. */
export function needGraph(document: NetworkDoc, name: GraphName): GraphDoc {
  const graph = graphOf(document, name);
  if (!graph) throw new Refusal(`There is no block ${name}.`);
  return graph;
}

/** The node, or a Refusal. */
export function needNode(graph: GraphDoc, key: string): NodeDoc {
  const node = nodeOf(graph, key);
  if (!node) throw new Refusal(`There is no node ${key}.`);
  return node;
}

/** The document with one node changed; the same document when the node is the same. */
export function changeNode(
  document: NetworkDoc,
  name: GraphName,
  key: string,
  change: (node: NodeDoc, graph: GraphDoc) => NodeDoc,
): NetworkDoc {
  const graph = needGraph(document, name);
  const node = needNode(graph, key);
  const next = change(node, graph);
  return next === node ? document : withGraph(document, name, { ...graph, nodes: withKey(graph.nodes, key, next) });
}

/** The nodes with new ones behind `after`, or at the end. */
export function placed(
  nodes: Record<string, NodeDoc>,
  added: readonly (readonly [string, NodeDoc])[],
  after?: string,
): Record<string, NodeDoc> {
  const entries: (readonly [string, NodeDoc])[] = Object.entries(nodes);
  const at = after === undefined ? -1 : entries.findIndex(([key]) => key === after);
  entries.splice(at < 0 ? entries.length : at + 1, 0, ...added);
  return Object.fromEntries(entries);
}

/** The node with one field set at its old place; undefined removes it. */
export function setNodeField(node: NodeDoc, field: keyof NodeDoc, value: unknown): NodeDoc {
  if (same(node[field], value)) return node;
  if (value !== undefined) return { ...node, [field]: value };
  const { [field]: _gone, ...rest } = node;
  return rest;
}
