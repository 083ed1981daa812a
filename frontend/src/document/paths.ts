/**
 * Paths: how answers and problems name nodes. A path begins in the document's own graph and goes on inside blocks:
 * `stage1.0.conv1` is conv1 of the block that stage1, repeated, uses; 0 is its first copy.
 */
import { type GraphName, graphOf, type NetworkDoc, type NodeDoc, nodeOf } from "./document";

export interface Place {
  graph: GraphName;
  node: string;
  /** The path of the use in which the graph is seen; null for the document's own graph, or for a block as such. */
  use: string | null;
}

/** The path of a node's first copy: what is inside it is named under this. */
function firstCopy(path: string, node: NodeDoc): string {
  return node.repeat === undefined || node.repeat === null ? path : `${path}.0`;
}

/** The path of a node of a graph in hand. */
export function pathOf(use: string | null, key: string): string {
  return use === null ? key : `${use}.${key}`;
}

/** The path under which the nodes inside a use of a block are named. */
export function pathThrough(document: NetworkDoc, graph: GraphName, use: string | null, key: string): string | null {
  const node = nodeOf(graphOf(document, graph), key);
  return node ? firstCopy(pathOf(use, key), node) : null;
}

/** The first use of a block, in document order, depth first; null when nothing uses it. */
export function firstUse(document: NetworkDoc, block: string): string | null {
  const search = (name: GraphName, use: string | null, inside: ReadonlySet<string>): string | null => {
    for (const [key, node] of Object.entries(graphOf(document, name)?.nodes ?? {})) {
      const type = node.type;
      if (type === undefined || inside.has(type) || !graphOf(document, type)) continue;
      if (node.when === false || node.repeat === 0) continue;
      const here = firstCopy(pathOf(use, key), node);
      const found = type === block ? here : search(type, here, new Set([...inside, type]));
      if (found !== null) return found;
    }
    return null;
  };
  return search(null, null, new Set());
}

/** Every place that a path passes through, outermost first; empty when it names nothing here. */
export function placesOn(document: NetworkDoc, path: string): Place[] {
  const parts = path.split(".");
  const found: Place[] = [];
  let graph: GraphName = null;
  let use: string | null = null;
  let at = 0;
  if (!nodeOf(document, parts[0]!) && graphOf(document, parts[0]!)) {
    // A fault of the block as such is named by the block, not by one of its uses.
    graph = parts[0]!;
    use = firstUse(document, graph);
    at = 1;
  }
  while (at < parts.length) {
    const key = parts[at]!;
    const node: NodeDoc | undefined = nodeOf(graphOf(document, graph), key);
    if (!node) break;
    found.push({ graph, node: key, use });
    const type: string | undefined = node.type;
    if (type === undefined || !graphOf(document, type)) break;
    let here = pathOf(use, key);
    at += 1;
    if (at < parts.length && /^\d+$/.test(parts[at]!)) {
      here = `${here}.${parts[at]}`;
      at += 1;
    }
    graph = type;
    use = here;
  }
  return found;
}

/** The nodes, in any graph, that use a block, directly or through other blocks. */
export function usersOf(document: NetworkDoc, block: string): Place[] {
  const found: Place[] = [];
  const todo = [block];
  const seen = new Set(todo);
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const graphs: GraphName[] = [null, ...Object.keys(document.blocks ?? {})];
    for (const graph of graphs) {
      for (const [key, node] of Object.entries(graphOf(document, graph)?.nodes ?? {})) {
        if (node.type !== name) continue;
        found.push({ graph, node: key, use: null });
        if (graph !== null && !seen.has(graph)) {
          seen.add(graph);
          todo.push(graph);
        }
      }
    }
  }
  return found;
}
