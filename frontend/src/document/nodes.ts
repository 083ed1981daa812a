/** Commands on nodes: new ones, their places, parameters and fields. */
import { changeNode, needGraph, placed, setNodeField } from "./change";
import type { Command } from "./command";
import { type NetworkDoc, type NodeDoc, paramsOf, same, withGraph, withKey, withoutKey } from "./document";
import { nodeNameFault } from "./names";
import { Refusal } from "./refusal";
import { wired } from "./wires";

type Of<K extends Command["kind"]> = Extract<Command, { kind: K }>;

export function addNodes(document: NetworkDoc, command: Of<"add">): NetworkDoc {
  const graph = needGraph(document, command.graph);
  const added = Object.entries(command.nodes);
  for (const [key] of added) {
    const fault = nodeNameFault(graph, key);
    if (fault) throw new Refusal(`${key} cannot be the name of a node: ${fault}.`);
  }
  if (added.length === 0) return document;
  let next = withGraph(document, command.graph, { ...graph, nodes: placed(graph.nodes, added, command.after) });
  for (const wire of command.wires ?? []) {
    next = changeNode(next, command.graph, wire.to.node, (node) => wired(node, wire, wire.to.index !== undefined));
  }
  return next;
}

export function moveNodes(document: NetworkDoc, command: Of<"move">): NetworkDoc {
  const graph = needGraph(document, command.graph);
  let moved = false;
  const nodes = Object.entries(graph.nodes).map(([key, node]): [string, NodeDoc] => {
    const position = Object.hasOwn(command.positions, key) ? command.positions[key] : undefined;
    if (!position || same(node.position, position)) return [key, node];
    moved = true;
    return [key, { ...node, position }];
  });
  return moved ? withGraph(document, command.graph, { ...graph, nodes: Object.fromEntries(nodes) }) : document;
}

export function setParam(document: NetworkDoc, command: Of<"param">): NetworkDoc {
  return changeNode(document, command.graph, command.node, (node) => {
    const params = paramsOf(node);
    const old = Object.hasOwn(params, command.name) ? params[command.name] : undefined;
    if (same(old, command.value)) return node;
    if (command.value !== undefined) return { ...node, params: withKey(params, command.name, command.value) };
    const left = withoutKey(params, command.name);
    return setNodeField(node, "params", Object.keys(left).length > 0 ? left : undefined);
  });
}

export function setField(document: NetworkDoc, command: Of<"field">): NetworkDoc {
  return changeNode(document, command.graph, command.node, (node) => setNodeField(node, command.field, command.value));
}
