/**
 * RFC 6902 patches: the fixes that the server offers.
 *
 * The server never sees where nodes stand on the canvas, and a fix may replace all nodes at once (a rename keeps the
 * order that way). So a patch is applied to what the server saw, and the looks are put back afterwards: a node that
 * was moved while the answer was under way is still where it was put.
 */
import { applyPatch as applyOperations, JsonPatchError } from "fast-json-patch";
import type { PatchOperation } from "./command";
import { type GraphDoc, isObject, type NetworkDoc, type NodeDoc } from "./document";
import { Refusal } from "./refusal";

const LOOKS = ["position", "note", "collapsed", "color"] as const;

/** The node as the engine sees it; the same node when it has no looks. */
function plainNode(node: NodeDoc): NodeDoc {
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
  return { ...plain, blocks: Object.fromEntries(blocks.map(([name, block]) => [name, plainGraph(block)])) };
}

function looksOf(node: NodeDoc | undefined): Partial<NodeDoc> {
  const found = LOOKS.flatMap((field) => (node && Object.hasOwn(node, field) ? [[field, node[field]]] : []));
  return Object.fromEntries(found);
}

/** A node keeps its looks by its name, or by its place where only its name changed. */
function withLooks<G extends GraphDoc>(graph: G, old: GraphDoc | undefined): G {
  if (!old || !isObject(graph.nodes)) return graph;
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

/** The patched document. Throws Refusal when a `test` of the patch fails, or it does not fit. */
export function applyPatch(document: NetworkDoc, patch: readonly PatchOperation[]): NetworkDoc {
  let patched: NetworkDoc;
  try {
    // Plain JSON in, plain JSON out: the library changes in place, so it works on a copy.
    const copy = JSON.parse(JSON.stringify(withoutLooks(document))) as NetworkDoc;
    patched = applyOperations(copy, patch as never[], true, true).newDocument;
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw new Refusal("The document has changed since; this fix no longer fits it.", { cause: error });
  }
  const next = withLooks(patched, document);
  if (!isObject(document.blocks) || !isObject(next.blocks)) return next;
  const before = document.blocks as Record<string, GraphDoc>;
  const blocks = Object.entries(next.blocks as Record<string, GraphDoc>);
  const looked = blocks.map(([name, block]) => [
    name,
    withLooks(block, Object.hasOwn(before, name) ? before[name] : undefined),
  ]);
  return { ...next, blocks: Object.fromEntries(looked) };
}
