/** Nodes taken away, with every wire and size that names them. */

import { needGraph } from "./change";
import type { Command } from "./command";
import { inputsOf, type NetworkDoc, type NodeDoc, nodeOf, paramsOf, withGraph } from "./document";
import { follow, type ParsedReference, parseReference } from "./references";

type Nodes = Record<string, NodeDoc>;

export function removeNodes(document: NetworkDoc, command: Extract<Command, { kind: "remove" }>): NetworkDoc {
  const graph = needGraph(document, command.graph);
  const gone = new Set(command.nodes.filter((key) => Object.hasOwn(graph.nodes, key)));
  if (gone.size === 0) return document;
  const heirs = inherit(graph.nodes, gone);
  const to = (reference: ParsedReference): ParsedReference | null => {
    if (!gone.has(reference.node)) return reference;
    return command.heal ? sourceOf(graph.nodes, reference, gone) : null;
  };
  const left = Object.entries(graph.nodes).filter(([key]) => !gone.has(key));
  const nodes = left.map(([key, node]) => [key, follow(heirs.get(key) ?? node, to)] as const);
  return withGraph(document, command.graph, { ...graph, nodes: Object.fromEntries(nodes) });
}

/** What a reader of a removed node reads instead: its first wire, past others that are removed too; null without one. */
function sourceOf(nodes: Nodes, reference: ParsedReference, gone: ReadonlySet<string>): ParsedReference | null {
  const passed = new Set<string>();
  let at: ParsedReference | null = reference;
  while (at !== null && gone.has(at.node)) {
    // Only a node's first output stands for what flows through it: h_n of an LSTM is no longer there.
    if (passed.has(at.node) || (at.port !== null && at.port !== "output")) return null;
    passed.add(at.node);
    const node: NodeDoc | undefined = nodeOf({ nodes }, at.node);
    const first = node ? Object.values(inputsOf(node))[0] : undefined;
    at = parseReference(Array.isArray(first) ? first[0] : first);
  }
  return at;
}

/**
 * Nodes that call a removed node lose their module. The first of them that stays takes it over, with type and
 * settings; the others call that one: what was shared stays shared.
 */
function inherit(nodes: Nodes, gone: ReadonlySet<string>): Map<string, NodeDoc> {
  const heirs = new Map<string, NodeDoc>();
  for (const target of gone) {
    const module = nodes[target]!;
    if (module.type === undefined) continue;
    const callers = Object.entries(nodes).filter(([key, node]) => node.call === target && !gone.has(key));
    const heir = callers.find(([, node]) => node.repeat === undefined) ?? callers[0];
    for (const [key, node] of callers) {
      heirs.set(key, key === heir![0] ? takingOver(node, module) : { ...node, call: heir![0] });
    }
  }
  return heirs;
}

function takingOver(caller: NodeDoc, module: NodeDoc): NodeDoc {
  const { call: _call, params: _params, ...rest } = caller;
  const params = { ...paramsOf(module), ...paramsOf(caller) };
  const { init, trainable } = module;
  return {
    type: module.type,
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(init !== undefined ? { init } : {}),
    ...(trainable !== undefined ? { trainable } : {}),
    ...rest,
  };
}
