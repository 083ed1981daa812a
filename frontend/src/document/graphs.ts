/** Commands on whole graphs: blocks, and a graph's own fields. */

import { needGraph } from "./change";
import type { Command } from "./command";
import {
  type GraphDoc,
  isObject,
  type NetworkDoc,
  type NodeDoc,
  same,
  withGraph,
  withKey,
  withoutKey,
} from "./document";
import { nameFault } from "./names";
import { Refusal } from "./refusal";

export function setBlock(document: NetworkDoc, name: string, block: GraphDoc): NetworkDoc {
  const blocks = isObject(document.blocks) ? document.blocks : {};
  const isNew = !Object.hasOwn(blocks, name);
  const fault = isNew ? nameFault(name) : null;
  if (fault) throw new Refusal(`${name} cannot be the name of a block: ${fault}.`);
  if (!isNew && same(blocks[name], block)) return document;
  return { ...document, blocks: withKey(blocks, name, block) };
}

/** Its uses stay and are problems of the unknown type: what they were wired to is not lost. */
export function removeBlock(document: NetworkDoc, name: string): NetworkDoc {
  if (!isObject(document.blocks) || !Object.hasOwn(document.blocks, name)) return document;
  return { ...document, blocks: withoutKey(document.blocks, name) };
}

export function renameBlock(document: NetworkDoc, old: string, name: string): NetworkDoc {
  needGraph(document, old);
  if (old === name) return document;
  const fault = nameFault(name) ?? (Object.hasOwn(document.blocks!, name) ? `there is a block ${name} already` : null);
  if (fault) throw new Refusal(`${old} cannot be called ${name}: ${fault}.`);
  const blocks = Object.entries(document.blocks!).map(
    ([key, block]) => [key === old ? name : key, isObject(block) ? retyped(block, old, name) : block] as const,
  );
  return { ...retyped(document, old, name), blocks: Object.fromEntries(blocks) };
}

function retyped<G extends GraphDoc>(graph: G, old: string, name: string): G {
  const nodes = Object.entries(graph.nodes);
  const changed = nodes.map(([key, node]): [string, NodeDoc] => [
    key,
    node.type === old ? { ...node, type: name } : node,
  ]);
  return changed.every(([, node], n) => node === nodes[n]![1])
    ? graph
    : { ...graph, nodes: Object.fromEntries(changed) };
}

export function setGraphField(document: NetworkDoc, command: Extract<Command, { kind: "graph" }>): NetworkDoc {
  const { field, value } = command;
  const graph = needGraph(document, command.graph);
  if (same(graph[field], value)) return document;
  if (field === "params" && value !== undefined && !isObject(value)) {
    throw new Refusal("Parameters are an object of defaults by name.");
  }
  if (value !== undefined) return withGraph(document, command.graph, { ...graph, [field]: value });
  const { [field]: _gone, ...rest } = graph;
  // withGraph spreads a graph over the document, which would keep the field.
  if (command.graph === null) return rest as NetworkDoc;
  return withGraph(document, command.graph, rest);
}
