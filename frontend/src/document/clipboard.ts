/** Nodes as JSON text and back: across tabs and into an e-mail. */
import type { Command } from "./command";
import {
  blocksOf,
  type GraphDoc,
  type GraphName,
  graphOf,
  isObject,
  type NetworkDoc,
  type NodeDoc,
  nodeOf,
  same,
} from "./document";
import { freshName, takenNames } from "./names";
import { readDocument } from "./read";
import { follow, type ParsedReference } from "./references";

/** The nodes in document order, with the blocks that they use; it is a document itself. */
export function copyNodes(document: NetworkDoc, name: GraphName, keys: Iterable<string>): string {
  const graph = graphOf(document, name);
  const wanted = new Set(keys);
  const nodes = Object.fromEntries(Object.entries(graph?.nodes ?? {}).filter(([key]) => wanted.has(key)));
  const blocks = usedBlocks(document, nodes);
  const copied = { format: "torchwire/1", nodes, ...(Object.keys(blocks).length > 0 ? { blocks } : {}) };
  return JSON.stringify(copied, null, 1);
}

function usedBlocks(document: NetworkDoc, nodes: Record<string, NodeDoc>): Record<string, GraphDoc> {
  const found = new Map<string, GraphDoc>();
  const todo = Object.values(nodes);
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    const block = node.type === undefined || found.has(node.type) ? undefined : graphOf(document, node.type);
    if (!block) continue;
    found.set(node.type!, block);
    todo.push(...Object.values(block.nodes));
  }
  return Object.fromEntries(found);
}

export interface Pasted {
  command: Command;
  /** The new nodes' names. */
  nodes: string[];
}

/**
 * The command that pastes a text into a graph. Names are fresh; wires between the pasted nodes follow them; wires from
 * outside stay where the graph has their source. `at` is where the upper left corner of it all goes. Throws Refusal
 * when the text holds no nodes.
 */
export function pasteNodes(document: NetworkDoc, name: GraphName, text: string, at: [number, number] | null): Pasted {
  const source = readDocument(parsed(text));
  const graph = graphOf(document, name)!;
  const taken = takenNames(graph);
  const names = new Map<string, string>();
  for (const key of Object.keys(source.nodes)) {
    const fresh = freshName(key, taken);
    names.set(key, fresh);
    taken.add(fresh);
  }
  const { commands, types } = neededBlocks(document, source);
  const offset = offsetOf(Object.values(source.nodes), at);
  const to = (reference: ParsedReference): ParsedReference | null => {
    const renamed = names.get(reference.node);
    if (renamed !== undefined) return { ...reference, node: renamed };
    return nodeOf(graph, reference.node) ? reference : null;
  };
  const nodes = Object.entries(source.nodes).map(([key, node]) => {
    const pasted = retyped(follow(node, to), types);
    // Two nodes of one attribute would be one module.
    const { attribute: _attribute, ...rest } = pasted;
    return [names.get(key)!, { ...rest, ...offset(rest) }] as const;
  });
  const add: Command = { kind: "add", graph: name, nodes: Object.fromEntries(nodes) };
  const command: Command = commands.length > 0 ? { kind: "sequence", commands: [...commands, add] } : add;
  return { command, nodes: [...names.values()] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no document: readDocument says so
  }
}

function retyped(node: NodeDoc, types: ReadonlyMap<string, string>): NodeDoc {
  const type = node.type === undefined ? undefined : types.get(node.type);
  return type === undefined ? node : { ...node, type };
}

/** Blocks that come along: as they are, under a fresh name where another block has theirs, not at all where it is the same. */
function neededBlocks(document: NetworkDoc, source: NetworkDoc): { commands: Command[]; types: Map<string, string> } {
  const blocks = Object.entries(blocksOf(source));
  const taken = new Set(Object.keys(isObject(document.blocks) ? document.blocks : {}));
  const types = new Map<string, string>();
  for (const [name, block] of blocks) {
    const here = graphOf(document, name);
    if (here && !same(here, block)) {
      const fresh = freshName(name, taken);
      types.set(name, fresh);
      taken.add(fresh);
    }
  }
  const commands = blocks
    .filter(([name]) => types.has(name) || !graphOf(document, name))
    .map(([name, block]): Command => {
      const nodes = Object.entries(block.nodes).map(([key, node]) => [key, retyped(node, types)] as const);
      return { kind: "block", name: types.get(name) ?? name, block: { ...block, nodes: Object.fromEntries(nodes) } };
    });
  return { commands, types };
}

/** Moves everything so that its upper left corner is at a point; to the side of the originals without one. */
function offsetOf(nodes: NodeDoc[], at: [number, number] | null): (node: NodeDoc) => { position?: [number, number] } {
  const places = nodes.map((node) => node.position).filter((position) => position !== undefined);
  if (places.length === 0) return () => (at ? { position: at } : {});
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  const [dx, dy] = at ? [at[0] - left, at[1] - top] : [32, 32];
  return ({ position }) => (position ? { position: [position[0] + dx, position[1] + dy] } : at ? { position: at } : {});
}
