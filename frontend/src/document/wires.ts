/** Commands on wires. A wire is a reference in the node that it ends in; there is no list of edges. */

import { changeNode, needGraph, needNode, placed, setNodeField } from "./change";
import type { Command, Wire } from "./command";
import { inputsOf, type NetworkDoc, type NodeDoc, type Reference, withGraph, withKey, withoutKey } from "./document";
import { nodeNameFault } from "./names";
import { parseReference } from "./references";
import { Refusal } from "./refusal";

type Of<K extends Command["kind"]> = Extract<Command, { kind: K }>;

/** The node with a wire into one of its ports. In a port that takes a list it is appended, or replaces the one at `index`. */
export function wired(node: NodeDoc, wire: Wire, many: boolean): NodeDoc {
  const inputs = inputsOf(node);
  const { port, index } = wire.to;
  const old = Object.hasOwn(inputs, port) ? inputs[port] : undefined;
  let value: Reference | Reference[] = wire.from;
  if (many || index !== undefined) {
    const list = old === undefined ? [] : Array.isArray(old) ? old : [old];
    const at = index === undefined ? list.length : Math.min(Math.max(index, 0), list.length);
    if (list[at] === wire.from) return node;
    value = [...list.slice(0, at), wire.from, ...list.slice(at + 1)];
    // A single wire in a port that takes one stays a single wire when it is replaced.
    if (!many && !Array.isArray(old) && value.length === 1) value = wire.from;
  }
  return value === old ? node : { ...node, inputs: withKey(inputs, port, value) };
}

/** The node without the wires of a port, or without the one at `index`. */
export function unwired(node: NodeDoc, port: string, index?: number): NodeDoc {
  const inputs = inputsOf(node);
  if (!Object.hasOwn(inputs, port)) return node;
  const old = inputs[port];
  if (index !== undefined && Array.isArray(old)) {
    if (index < 0 || index >= old.length) return node;
    const left = old.filter((_, n) => n !== index);
    if (left.length > 0) return { ...node, inputs: withKey(inputs, port, left) };
  }
  const left = withoutKey(inputs, port);
  return setNodeField(node, "inputs", Object.keys(left).length > 0 ? left : undefined);
}

export function connect(document: NetworkDoc, { graph, wire, many }: Of<"connect">): NetworkDoc {
  const source = parseReference(wire.from);
  if (!source)
    throw new Refusal(`${JSON.stringify(wire.from)} is no reference; a wire is written "node" or "node.port".`);
  needNode(needGraph(document, graph), source.node);
  return changeNode(document, graph, wire.to.node, (node) => wired(node, wire, many ?? false));
}

export function disconnect(document: NetworkDoc, { graph, to }: Of<"disconnect">): NetworkDoc {
  return changeNode(document, graph, to.node, (node) => unwired(node, to.port, to.index));
}

export function insert(document: NetworkDoc, { graph: name, key, node, port, many, on }: Of<"insert">): NetworkDoc {
  const graph = needGraph(document, name);
  const reader = needNode(graph, on.node);
  const fault = nodeNameFault(graph, key);
  if (fault) throw new Refusal(`${key} cannot be the name of a node: ${fault}.`);
  const wires = inputsOf(reader)[on.port];
  const carried = Array.isArray(wires) ? wires[on.index ?? 0] : wires;
  if (carried === undefined) throw new Refusal(`Nothing is wired to ${on.port} of ${on.node}.`);
  const source = parseReference(carried)?.node;
  const inserted = wired(node, { from: carried, to: { node: key, port } }, many ?? false);
  // It is constructed where it stands in the flow: behind its source, or in front of its reader.
  const keys = Object.keys(graph.nodes);
  const after = source !== undefined && Object.hasOwn(graph.nodes, source) ? source : keys[keys.indexOf(on.node) - 1];
  const nodes =
    after === undefined
      ? { ...Object.fromEntries([[key, inserted]]), ...graph.nodes }
      : placed(graph.nodes, [[key, inserted]], after);
  const index = Array.isArray(wires) ? (on.index ?? 0) : undefined;
  const end = wired(reader, { from: key, to: { ...on, index } }, false);
  return withGraph(document, name, { ...graph, nodes: withKey(nodes, on.node, end) });
}
