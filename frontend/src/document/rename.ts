/** A node's new name. Its place stays; wires, sizes and calls follow, and so do the uses of a block whose port it is. */

import { needGraph, needNode } from "./change";
import type { Command } from "./command";
import { blocksOf, type GraphName, graphOf, inputsOf, type NetworkDoc, type NodeDoc, withGraph } from "./document";
import { nodeNameFault } from "./names";
import { follow, type ParsedReference } from "./references";
import { Refusal } from "./refusal";

export function renameNode(
  document: NetworkDoc,
  { graph: name, node: old, name: key }: Extract<Command, { kind: "rename" }>,
): NetworkDoc {
  const graph = needGraph(document, name);
  needNode(graph, old);
  if (old === key) return document;
  const fault = nodeNameFault(graph, key, old);
  if (fault) throw new Refusal(`${old} cannot be called ${key}: ${fault}.`);
  const to = (reference: ParsedReference) => (reference.node === old ? { ...reference, node: key } : reference);
  const nodes = Object.entries(graph.nodes).map(([at, node]) => [at === old ? key : at, follow(node, to)] as const);
  const renamed = withGraph(document, name, { ...graph, nodes: Object.fromEntries(nodes) });
  return name === null ? renamed : followPorts(renamed, name, old, key, new Set());
}

/**
 * Where a block is used, its inner nodes are seen as ports: an Input as an input port, an Output as an output port, any
 * other as the beginning of its parameters' names (`use.conv1.weight`). They follow too, through every level of blocks.
 */
function followPorts(document: NetworkDoc, block: string, old: string, key: string, seen: Set<string>): NetworkDoc {
  if (seen.has(block)) return document;
  const path = new Set([...seen, block]);
  const graphs: GraphName[] = [null, ...Object.keys(blocksOf(document))];
  let next = document;
  for (const name of graphs) {
    const graph = graphOf(next, name)!;
    const uses = usesOfBlock(graph.nodes, block);
    if (uses.size === 0) continue;
    const to = (reference: ParsedReference): ParsedReference =>
      uses.has(reference.node) && reference.port !== null
        ? { node: reference.node, port: renamedPort(reference.port, old, key) }
        : reference;
    const nodes = Object.entries(graph.nodes).map(([at, node]) => {
      const followed = follow(node, to);
      return [at, uses.has(at) ? renamedInputs(followed, old, key) : followed] as const;
    });
    next = withGraph(next, name, { ...graph, nodes: Object.fromEntries(nodes) });
    if (name === null) continue;
    for (const use of uses) next = followPorts(next, name, `${use}.${old}`, `${use}.${key}`, path);
  }
  return next;
}

/** The nodes that are a block: of its type, or a call of such a node. */
function usesOfBlock(nodes: Record<string, NodeDoc>, block: string): Set<string> {
  const uses = new Set(Object.keys(nodes).filter((key) => nodes[key]!.type === block));
  for (const [key, node] of Object.entries(nodes)) if (node.call !== undefined && uses.has(node.call)) uses.add(key);
  return uses;
}

/** `old`, `old.weight`, and in a repeated use `0.old.weight`. */
function renamedPort(port: string, old: string, key: string): string {
  const copy = /^\d+\./.exec(port)?.[0] ?? "";
  const rest = port.slice(copy.length);
  return rest === old || rest.startsWith(`${old}.`) ? copy + key + rest.slice(old.length) : port;
}

function renamedInputs(node: NodeDoc, old: string, key: string): NodeDoc {
  const inputs = Object.entries(inputsOf(node));
  const renamed = inputs.map(([port, value]) => [renamedPort(port, old, key), value] as const);
  if (renamed.every(([port], n) => port === inputs[n]![0])) return node;
  return { ...node, inputs: Object.fromEntries(renamed) };
}
